"""Explore: the ranked routes with filters, and one route month by month."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from entrepot.errors import NotFound
from entrepot.web.api.common import Bench
from entrepot.web.asked import Answer
from entrepot.web.pages.first import waiting
from entrepot.web.pages.rendering import page
from entrepot.web.question import routes_question

router = APIRouter(include_in_schema=False)

_PER_PAGE = 50
_ASKED = ("destination", "event", "until", "via", "products", "origins", "level")


@router.get("/explore")
def explore(
    request: Request,
    bench: Bench,
    q: Annotated[str, Query(max_length=100)] = "",
    country: Annotated[str, Query(max_length=60)] = "",
    alerts: Annotated[str, Query(max_length=3)] = "",
    number: Annotated[int, Query(ge=1, le=1000, alias="page")] = 1,
) -> Response:
    """Show the ranking, filtered."""
    question, found = _answer(request, bench)
    if not isinstance(found, Answer):
        return waiting(request, found)
    words = q.strip().lower()
    kept = [
        row
        for row in found.page["table"].rows
        if (not alerts or row.is_alert)
        and (not country or row.via == country)
        and (not words or words in f"{row.product} {row.name} {row.notes}".lower())
    ]
    start = (number - 1) * _PER_PAGE
    return page(
        request,
        "explore.html.j2",
        **found.page,
        question=question,
        rows=kept[start : start + _PER_PAGE],
        n_kept=len(kept),
        number=number,
        n_pages=max(1, -(-len(kept) // _PER_PAGE)),
        q=q,
        country=country,
        alerts=bool(alerts),
        asked=_link(request),
    )


@router.get("/route/{anchor}")
def route(request: Request, bench: Bench, anchor: str) -> Response:
    """Show one route month by month: its charts, what speaks for and against, its lawful explanations."""
    _, found = _answer(request, bench)
    if not isinstance(found, Answer):
        return waiting(request, found)
    panel = next((one for one in found.page["panels"] if one.anchor == anchor), None)
    if panel is None:
        raise NotFound("no such route among the first of the ranking", remedy="Choose one of /explore.")
    return page(request, "route.html.j2", **found.page, panel=panel, asked=_link(request))


def _answer(request: Request, bench: Bench) -> tuple[dict[str, Any], Any]:
    given = {name: request.query_params[name] for name in _ASKED if name in request.query_params}
    question = routes_question(given, bench.options.question)
    return question, bench.estimates.begin("routes", bench.version, question)


def _link(request: Request) -> dict[str, str]:
    """The parts of the question that links carry on."""
    return {name: request.query_params[name] for name in _ASKED if request.query_params.get(name)}
