"""Common: what the routes of the API share: the workbench, parameters, answers that are documented."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from entrepot.web.errors import Refused
from entrepot.web.listings import Listings
from entrepot.web.shapes import Error
from entrepot.web.workbench import Workbench


def workbench_of(request: Request) -> Workbench:
    """Return the workbench of the server that a request came to."""
    found: Workbench = request.app.state.workbench
    return found


# Not a plain function: those are called in a thread, which costs more than all they do.
async def _workbench(request: Request) -> Workbench:
    return workbench_of(request)


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
    409: "Somebody else decided in the meantime.",
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


def refuse_type(request: Request, wanted: str) -> None:
    """Refuse a body of another type; a form of another site cannot send JSON.

    Raises:
        Refused: the body is of another type.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        raise Refused(415, "the body is of another type", f"Send it as {wanted}.")


def fault_of(error: ValidationError) -> str:
    """Return the first fault of a body or of parameters in one line, without what was sent."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part)[:60] for part in fault["loc"])
    return f"{where}: {fault['msg']}".lstrip(": ")[:300]
