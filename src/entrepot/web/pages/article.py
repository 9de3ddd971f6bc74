"""Article: a pasted text with its claims marked, each with its speaker, hedge and date."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from entrepot.web.api.common import Bench
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
    text: Annotated[str, Form(max_length=2 * LONGEST)],
    csrf: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Mark the claims of a text."""
    refuse_forged(request, csrf)
    # A form ends its lines as no text does.
    plain = text.replace("\r\n", "\n")
    try:
        found: dict[str, Any] = bench.estimates.once("read", {"text": plain, "language": ""}).value
    except Refused as error:
        return page(request, "article.html.j2", status=error.status, text=text, found=None, marked=(), error=error)
    marked = pieces(found["text"], found["claims"])
    return page(request, "article.html.j2", text=text, found=found, marked=marked, error=None)
