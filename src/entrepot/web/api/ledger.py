"""Ledger: measures with their status on a day, as `entrepot measures` answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.responses import Response

from entrepot.codes import parse_day
from entrepot.ledger import Filters, Ledger, Standing, fields_of, topic_of
from entrepot.web.api.common import Bench, responses
from entrepot.web.sending import json_response

router = APIRouter(tags=["Ledger"])

Listed = Annotated[str, Query(max_length=400, description="Any of these, joined by commas.")]
Day = Annotated[str, Query(max_length=10, examples=["2024-05-01"])]


class Measures(BaseModel):
    """Entries of the ledger with their status on a day. What is alleged or proposed says so, and binds nobody."""

    on: str
    known: str
    total: int
    offset: int
    measures: list[dict[str, Any]]


class Measure(BaseModel):
    """One entry of the ledger with its status on a day, and who says so."""

    measure: dict[str, Any]


@router.get("/measures", responses=responses(Measures, 400))
def measures(
    bench: Bench,
    kind: Listed = "",
    jurisdiction: Listed = "",
    instrument: Listed = "",
    topic: Listed = "",
    target: Listed = "",
    product: Listed = "",
    status: Listed = "",
    since: Day = "",
    until: Day = "",
    on: Day = "",
    known: Day = "",
    limit: Annotated[int, Query(ge=0, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """List measures, memberships and claims with their status on a day, as known on a day."""
    day = on or _today()
    filters = Filters(
        kinds=_parts(kind),
        jurisdictions=_parts(jurisdiction),
        instruments=_parts(instrument),
        topics=_parts(topic),
        targets=_parts(target),
        products=_parts(product),
        statuses=_parts(status),
        since=since or None,
        until=until or None,
    )
    for text in filter(None, (day, known, since, until)):
        parse_day(text)
    bench.ledger.refuse_unknown(filters)
    found = bench.ledger.select(filters, on=day, known=known or None)
    sent = [_measure(bench.ledger, one, day) for one in found[offset : offset + limit]]
    return json_response({"on": day, "known": known or day, "total": len(found), "offset": offset, "measures": sent})


@router.get("/measures/{entry_id}", responses=responses(Measure, 400))
def measure(bench: Bench, entry_id: Annotated[str, Path(max_length=200)], on: Day = "", known: Day = "") -> Response:
    """Show one entry: its dates, its status and why, its doubts, and who says so."""
    day = on or _today()
    for text in filter(None, (day, known)):
        parse_day(text)
    entry = bench.ledger.get(entry_id)
    standing = bench.ledger.standing(entry_id, on=day, known=known or day)
    if standing is not None:
        return json_response({"measure": _measure(bench.ledger, standing, day)})
    why = f"nobody could know of it on {known or day}"
    return json_response({"measure": {**fields_of(entry), "on": day, "status": "not_known", "why": why}})


def _measure(ledger: Ledger, standing: Standing, day: str) -> dict[str, Any]:
    entry = standing.entry
    return {
        **fields_of(entry),
        "topic": topic_of(entry),
        "on": day,
        "status": standing.status,
        "why": standing.why,
        "must_ask": standing.must_ask,
        "may_block": standing.may_block,
        "history": [one.entry_id for one in ledger.history(entry.entry_id)],
    }


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")
