"""Measures: the ledger as a timeline, and one entry with who says so."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from entrepot.codes import parse_day
from entrepot.errors import ConfigError
from entrepot.ledger import Filters, Ledger, topics
from entrepot.report import timeline
from entrepot.web.api.common import Bench
from entrepot.web.pages.rendering import page

router = APIRouter(include_in_schema=False)

_MOST = 120
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
Short = Annotated[str, Query(max_length=200)]


@router.get("/timeline")
def measures(
    request: Request,
    bench: Bench,
    jurisdiction: Short = "KGZ,KAZ",
    topic: Short = "",
    since: Short = "2022-01-01",
    on: Short = "",
    q: Short = "",
) -> Response:
    """Show measures in the order of time, with their status on a day."""
    day = on or datetime.now(UTC).strftime("%Y-%m-%d")
    for text in filter(None, (day, since)):
        parse_day(text)
    filters = Filters(
        jurisdictions=_parts(jurisdiction.upper()), topics=_parts(topic), targets=_parts(q), since=since or None
    )
    found = bench.ledger.select(filters, on=day)
    shown = found[:_MOST]
    picture = timeline(shown, on=day, has_title=False) if len(shown) else ""
    answer = page(
        request,
        "timeline.html.j2",
        standings=list(shown),
        n_found=len(found),
        picture=picture,
        asked={"jurisdiction": jurisdiction, "topic": topic, "since": since, "on": day, "q": q},
        topics=topics(),
        jurisdictions=_jurisdictions(bench.ledger),
    )
    # The picture brings its own style; its hash lets it in, and nothing else inline.
    request.state.style_hashes = [
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in _STYLE.findall(picture)
    ]
    return answer


def _parts(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if len(found) > 100:
        raise ConfigError("more than a hundred parts", remedy="Ask for fewer.")
    return found


def _jurisdictions(ledger: Ledger) -> list[str]:
    return sorted({entry.jurisdiction for entry in ledger if entry.jurisdiction})
