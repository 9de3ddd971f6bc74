"""Read: an article's claims: who says what, how sure, since when; never a rating of truth."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from entrepot.codes import parse_day
from entrepot.web.api.common import Bench, responses
from entrepot.web.reading import LONGEST
from entrepot.web.sending import json_response

router = APIRouter(tags=["Articles"])


class ReadQuery(BaseModel):
    """A text, and its language where that is known."""

    text: str = Field(max_length=LONGEST)
    language: str = Field("", max_length=5)
    as_of: str = Field("", max_length=10, description="The day whose knowledge counts; today by default.")


class Claims(BaseModel):
    """The text as it was read, what is known of where it comes from, and its claims as `entrepot read` writes them."""

    text: str
    known: dict[str, dict[str, str]]
    claims: list[dict[str, Any]]
    notes: list[str]


@router.post("/read", responses=responses(Claims, 400, 413))
def read(bench: Bench, body: ReadQuery) -> Response:
    """Read a text: each claim with its quote, speaker, hedge, topic, date and what the data say; nothing is kept."""
    day = body.as_of or datetime.now(UTC).strftime("%Y-%m-%d")
    parse_day(day)
    question = {"text": body.text, "language": body.language, "as_of": day}
    return json_response(bench.estimates.once("read", question).value)
