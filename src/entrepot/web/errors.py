"""Errors: every exception becomes one JSON shape and a status, or one page.

``{"detail": "one line", "kind": "NotFound", "where": "", "remedy": ""}``; ``detail`` is what clients of yente read.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as PlainException
from starlette.responses import Response

from entrepot.errors import (
    CodeError,
    ConfigError,
    Conflict,
    DeskError,
    EntrepotError,
    EstimateError,
    LakeBusy,
    LakeError,
    NotFound,
    SecondPersonNeeded,
    SourceError,
)
from entrepot.web.sending import json_response

_LOG = logging.getLogger("entrepot.web")

# The first that fits counts.
_STATUS: tuple[tuple[type[EntrepotError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (SecondPersonNeeded, 403),
    (DeskError, 422),
    (LakeBusy, 503),
    (LakeError, 500),
    (EstimateError, 422),
    (CodeError, 422),
    (ConfigError, 400),
    (SourceError, 400),
)
_KINDS = {
    400: "BadRequest",
    401: "NotLoggedIn",
    403: "NotAllowed",
    404: "NotFound",
    405: "WrongMethod",
    408: "TooSlow",
    409: "Conflict",
    413: "TooLarge",
    414: "TooLarge",
    415: "WrongType",
    421: "WrongHost",
    422: "BadRequest",
    429: "TooMany",
    503: "NotReady",
}


class Refused(HTTPException):
    """A request that is not answered: the status, what was found, and what to do."""

    def __init__(self, status: int, found: str, remedy: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, found, dict(headers or {}))
        self.status, self.found, self.remedy = status, found, remedy

    def __str__(self) -> str:
        return self.found

    def __reduce__(self) -> tuple[Any, ...]:
        return Refused, (self.status, self.found, self.remedy)


def error_shape(status: int, found: str, *, kind: str = "", where: str = "", remedy: str = "") -> dict[str, str]:
    """Return the one shape in which errors are sent."""
    line = f"{found.rstrip('.')}. {remedy}" if remedy else found
    return {
        "detail": " ".join(line.split()),
        "kind": kind or _KINDS.get(status, "ServerError"),
        "where": where,
        "remedy": remedy,
    }


def status_of(error: EntrepotError) -> int:
    """Return the HTTP status of an error of the package."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def add_handlers(app: FastAPI) -> None:
    """Turn every exception into the one shape."""

    async def own(request: Request, error: Exception) -> Response:
        assert isinstance(error, EntrepotError)
        return _sent(request, status_of(error), error_of(error))

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        shape = error_shape(error.status, error.found, remedy=error.remedy)
        return _sent(request, error.status, shape, error.headers)

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, PlainException)
        return _sent(request, error.status_code, error_shape(error.status_code, str(error.detail)), error.headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _sent(request, 422, error_shape(422, *_first(error), remedy="See /openapi.json for what is taken."))

    app.add_exception_handler(EntrepotError, own)
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(PlainException, plain)
    app.add_exception_handler(RequestValidationError, invalid)


def failed(request: Request, error: Exception) -> Response:
    """Return the answer to a request that the server failed at, and write where it did to the log.

    What a stranger sent is not written there, nor is the message, which may quote it.
    """
    where = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("a %s request failed: %s\n%s", request.method, type(error).__name__, where)
    return _sent(request, 500, error_shape(500, "the server failed", remedy="Its log says where."))


def error_of(error: EntrepotError) -> dict[str, str]:
    """Return the shape of an error of the package; paths of this machine stay here."""
    where = "" if error.where.startswith(("/", "\\")) else error.where
    return error_shape(status_of(error), error.found, kind=type(error).__name__, where=where, remedy=error.remedy)


def _first(error: RequestValidationError) -> tuple[str]:
    """The first fault: where in the request, and what is wrong with it."""
    fault: Mapping[str, Any] = error.errors()[0]
    where = ".".join(str(part) for part in fault.get("loc", ()))
    return (f"{where}: {fault.get('msg', 'not valid')}"[:300],)


def _sent(request: Request, status: int, shape: dict[str, str], headers: Mapping[str, str] | None = None) -> Response:
    page = getattr(request.app.state, "error_page", None)
    if page is not None and _wants_page(request):
        return page(request, status, shape)  # type: ignore[no-any-return]
    return json_response(shape, status=status, headers=headers)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
