"""Check: a record, such as one payment, put to the red flags: pass, ask or stop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from entrepot.web.api.common import Bench, responses
from entrepot.web.checking import check_records
from entrepot.web.sending import json_response

router = APIRouter(tags=["Records"])

Record = dict[str, Any]


class CheckQuery(BaseModel):
    """A record and what belongs to it; the columns of each kind are in docs/records.md."""

    kind: str = Field("payment", max_length=40)
    record: Record | None = Field(None, examples=[{"payment_id": "p1", "amount": "1200", "currency": "EUR"}])
    records: list[Record] = Field(default_factory=list, max_length=100)
    beside: dict[Annotated[str, Field(max_length=40)], list[Record]] = Field(default_factory=dict, max_length=20)
    as_of: str = Field("", max_length=10, description="The day whose knowledge counts; today by default.")
    language: str = Field("en", max_length=5)
    only_fired: bool = Field(True, description="Leave out flags that did not fire.")


class Checked(BaseModel):
    """The decision, and the rows of `entrepot check` behind it. A flag that fired is a reason to look."""

    decision: Literal["pass", "ask", "stop"]
    as_of: str
    flags: list[dict[str, Any]]
    notes: list[str]


@router.post("/check", responses=responses(Checked, 400, 413))
def check(bench: Bench, body: CheckQuery) -> Response:
    """Put one record to the red flags: pass, ask or stop, with what fired, why, and what would clear it."""
    day = body.as_of or datetime.now(UTC).strftime("%Y-%m-%d")
    records = [*([body.record] if body.record is not None else []), *body.records]
    found = check_records(bench.ledger, body.kind, records, as_of=day, language=body.language, beside=body.beside)
    rows = [row for row in found.rows if not body.only_fired or row["outcome"] == "fired"]
    return json_response({"decision": found.decision, "as_of": day, "flags": rows, "notes": found.notes})
