"""First: one sentence with its range, the river behind it, and the switch of control sets that moves both."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from entrepot.errors import EntrepotError
from entrepot.web.api.common import Bench
from entrepot.web.asked import Answer
from entrepot.web.pages.rendering import page

router = APIRouter(include_in_schema=False)

# A page that waits for an estimate asks again so often, in seconds.
_AGAIN = "2"


@router.get("/")
def first(request: Request, bench: Bench, controls: Annotated[str, Query(max_length=60)] = "") -> Response:
    """Show the answer to the server's own question."""
    found = bench.estimates.begin("routes", bench.version, bench.options.question.asked())
    if not isinstance(found, Answer):
        return waiting(request, found)
    return page(request, "first.html.j2", **shown(found, controls), datasets=list(bench.listings.datasets.values()))


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
