"""Sides: both reports of the same trade, month by month, with the gap that is ordinary for them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from entrepot.report import both_sides
from entrepot.web.api.common import Bench
from entrepot.web.asked import Answer
from entrepot.web.pages.first import waiting
from entrepot.web.pages.rendering import page
from entrepot.web.question import mirror_question

router = APIRouter(include_in_schema=False)

Short = Annotated[str, Query(max_length=100)]


@router.get("/sides")
def sides(
    request: Request,
    bench: Bench,
    exporter: Short = "",
    importer: Short = "",
    goods: Short = "",
    event: Short = "",
) -> Response:
    """Show a mirror comparison, one product after the other."""
    asked = {"exporter": exporter, "importer": importer, "goods": goods, "event": event or bench.options.question.event}
    if not exporter or not importer or not goods:
        return page(request, "sides.html.j2", asked=asked, panels=None, texts={})
    question = mirror_question({**asked, "products": goods})
    found = bench.estimates.begin("mirror", bench.version, question)
    if not isinstance(found, Answer):
        return waiting(request, found)
    return page(request, "sides.html.j2", asked=asked, panels=both_sides(found.rows), texts=found.texts)
