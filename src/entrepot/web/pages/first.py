"""First: one sentence with its range, the river behind it, and the switch of control sets that moves both."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from entrepot.cases import AlertFilter, get_alert, list_alerts
from entrepot.errors import EntrepotError
from entrepot.web.api.common import Bench
from entrepot.web.asked import Answer
from entrepot.web.desk import AtDesk, Turn
from entrepot.web.pages.rendering import page
from entrepot.web.question import month

router = APIRouter(include_in_schema=False)

# A page that waits for an estimate asks again so often, in seconds.
_AGAIN = "2"
_MOST_CLAIMS = 6


@router.get("/")
def first(
    request: Request,
    bench: Bench,
    turn: AtDesk,
    controls: Annotated[str, Query(max_length=60)] = "",
    known: Annotated[str, Query(max_length=7)] = "",
) -> Response:
    """Show the answer to the server's own question; with ``known``, from what had been published by that month."""
    question = bench.options.question.asked()
    whole = bench.estimates.begin("routes", bench.version, question)
    asked = {**question, "as_of": month(known, "known")} if known else question
    found = bench.estimates.begin("routes", bench.version, asked) if known and isinstance(whole, Answer) else whole
    if not isinstance(found, Answer):
        return waiting(request, found)
    return page(
        request,
        "first.html.j2",
        **shown(found, controls),
        datasets=list(bench.listings.datasets.values()),
        known=known,
        months=_months(whole, question["event"]) if isinstance(whole, Answer) else [],
        claims=_claims(turn) if request.state.session.may("propose") else [],
    )


def _months(whole: Answer, event: str) -> list[str]:
    """The months whose knowledge can be asked for: from the second after the event to the last of the answer."""
    window = whole.page["scope"].window
    if not window:
        return []
    first, last = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (event, window[1]))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(first + 2, last + 1)]


def _claims(turn: Turn) -> list[dict[str, Any]]:
    """What articles on the desk claim of trade, put to the data: the latest of each thing, with its alert."""
    store = turn.desk.find()
    if store is None:
        return []
    found: dict[str, dict[str, Any]] = {}
    for alert in list_alerts(store, AlertFilter(source="read", limit=_MOST_CLAIMS), day=turn.day):
        told = [one.finding for one in get_alert(store, alert.alert_id, day=turn.day).findings if one.finding]
        claim = next((one for one in reversed(told) if one.source == "read"), None)
        if claim is not None:
            # One claim may be about several things; the gravest alert stands for it.
            found.setdefault(claim.rule, {"alert": alert, "claim": claim.detail})
    return list(found.values())


def shown(found: Answer, controls: str) -> dict[str, Any]:
    """Return what a page shows of a routes answer under one control set."""
    parts = dict(found.page)
    views = parts["views"]
    view = next((one for one in views if one.name == controls), views[0])
    return {**parts, "view": view}


def waiting(request: Request, why: EntrepotError | None) -> Response:
    """Return the page of an answer that is being worked out, or of one that there is none of."""
    if why is None:
        return page(request, "waiting.html.j2", headers={"Refresh": _AGAIN, "Cache-Control": "no-store"})
    return page(request, "unanswered.html.j2", status=200, why=why)
