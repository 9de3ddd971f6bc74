"""Article: a pasted text with its claims marked, each with its speaker, hedge and date."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from entrepot.web.api.alerts import fold
from entrepot.web.api.common import Bench
from entrepot.web.desk import AtDesk
from entrepot.web.errors import Refused
from entrepot.web.pages.rendering import page
from entrepot.web.reading import LONGEST, pieces
from entrepot.web.security import refuse_forged

router = APIRouter(include_in_schema=False)


@router.get("/article")
def form(request: Request) -> Response:
    """Show the form for a text."""
    return page(request, "article.html.j2", text="", found=None, marked=(), error=None)


@router.post("/article")
def read(
    request: Request,
    bench: Bench,
    turn: AtDesk,
    text: Annotated[str, Form(max_length=2 * LONGEST)],
    keep: Annotated[str, Form(max_length=3)] = "",
    csrf: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Mark the claims of a text, each with what the data say; with ``keep`` those that data speak to become alerts."""
    refuse_forged(request, csrf)
    # A form ends its lines as no text does.
    plain = text.replace("\r\n", "\n")
    try:
        found: dict[str, Any] = bench.estimates.once("read", {"text": plain, "language": "", "as_of": turn.day}).value
    except Refused as error:
        return page(request, "article.html.j2", status=error.status, text=text, found=None, marked=(), error=error)
    if keep:
        fold(bench, turn, "read", found["claims"])
        return RedirectResponse("/desk?source=read", 303)
    marked = pieces(found["text"], found["claims"])
    return page(request, "article.html.j2", text=text, found=found, marked=marked, error=None)
