"""Common: what the routes of the API share: the workbench, parameters, answers that are documented."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool

from entrepot.web.listings import Listings
from entrepot.web.shapes import Error
from entrepot.web.workbench import Workbench


def _workbench(request: Request) -> Workbench:
    found: Workbench = request.app.state.workbench
    return found


Bench = Annotated[Workbench, Depends(_workbench)]
DatasetName = Annotated[
    str, Path(description="Id of a list, as /catalog names it; default or all for all of them.", max_length=100)
]
Limit = Annotated[int, Query(ge=0, le=100, description="How many results.")]
Threshold = Annotated[float, Query(gt=0, le=1, description="Score from which a candidate counts as a match.")]

_WORDS = {
    400: "The request is wrong.",
    401: "Nobody is logged in.",
    403: "This role may not do that, or the request comes from elsewhere.",
    404: "There is no such thing.",
    413: "The request is too large.",
    415: "The body is of another type.",
    422: "A part of the request is not valid, or the data cannot answer it.",
    429: "Too many requests.",
    503: "Not ready, or too busy.",
}


def responses(model: Any, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document says of a route's answers."""
    usual = {401, 403, 404, 422, 429, 503, *statuses}
    return {
        200: {"model": model, "description": "The answer."},
        **{status: {"model": Error, "description": _WORDS[status]} for status in sorted(usual)},
    }


async def at_hand(bench: Workbench) -> Listings:
    """Return the lists, loaded where nobody has asked for them before, without keeping others waiting."""
    return bench.listings if bench.is_ready else await run_in_threadpool(lambda: bench.listings)
