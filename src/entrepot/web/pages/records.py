"""Records: one payment, person or shipment pasted and put to the red flags."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from entrepot.web.api.common import Bench
from entrepot.web.checking import Checked, check_records, kind_names, read_pasted
from entrepot.web.errors import Refused
from entrepot.web.pages.language import language_of
from entrepot.web.pages.rendering import page
from entrepot.web.security import refuse_forged

router = APIRouter(include_in_schema=False)

_EXAMPLE = (
    "payment_id,value_date,amount,currency,payer_name,payer_country,beneficiary_name,beneficiary_country,purpose\n"
    "p-1,2024-05-01,48200,EUR,Example Trading GmbH,DEU,Example Import LLC,KGZ,Invoice 12: integrated circuits"
)


@router.get("/record")
def form(request: Request, kind: Annotated[str, Query(max_length=40)] = "payment") -> Response:
    """Show the form for a record."""
    return _page(request, kind, _EXAMPLE if kind == "payment" else "", _today(), None)


@router.post("/record")
def check(
    request: Request,
    bench: Bench,
    text: Annotated[str, Form(max_length=200_000)],
    kind: Annotated[str, Form(max_length=40)] = "payment",
    as_of: Annotated[str, Form(max_length=10)] = "",
    csrf: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Put what was pasted to the flags, and show what fired, why, and what would clear it."""
    refuse_forged(request, csrf)
    day = as_of or _today()
    try:
        found = check_records(bench.ledger, kind, read_pasted(kind, text), as_of=day, language=language_of(request))
    except Refused as error:
        return _page(request, kind, text, day, None, error)
    return _page(request, kind, text, day, found)


def _page(
    request: Request, kind: str, text: str, day: str, found: Checked | None, error: Refused | None = None
) -> Response:
    records: dict[str, list[dict[str, Any]]] = {}
    for row in found.rows if found else ():
        records.setdefault(str(row["record_id"]), []).append(row)
    return page(
        request,
        "record.html.j2",
        status=error.status if error else 200,
        kind=kind,
        kinds=kind_names(),
        text=text,
        day=day,
        found=found,
        records=records,
        error=error,
    )


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")
