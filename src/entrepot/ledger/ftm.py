"""Entries as FollowTheMoney entities of schema Sanction, for tools that read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from entrepot.ledger.ledger import Standings


def ftm_entities(found: Standings) -> Iterator[dict[str, Any]]:
    """Yield an entity of schema Sanction for each standing; values are lists of texts, dates ISO 8601 prefixes.

    Sanction links a party to a programme; the ledger's targets are words, so there is no link, and only those that
    are codes of states are given, as ``country``. ``provisions`` holds the title, ``description`` the doubts,
    ``status`` the derived status. A span of dates has no place in FtM and is left out.
    """
    for entry, status in zip(found.entries, found.statuses, strict=True):
        dates = {stage: str(date) for stage, date in entry.dates.items() if "/" not in str(date) and date.is_sure}
        properties = {
            "recordId": [entry.entry_id],
            "authority": [entry.jurisdiction],
            "program": [entry.instrument],
            "programId": [entry.regime],
            "provisions": [entry.title],
            "summary": [entry.summary],
            "description": list(entry.doubts),
            "status": [status],
            "listingDate": [dates.get("published") or dates.get("adopted") or dates.get("date", "")],
            "startDate": [dates.get("effective", "")],
            "endDate": [dates.get("removed", "")],
            "country": [target for target in entry.targets if len(target) == 3 and target.isupper()],
            "sourceUrl": [citation.url for citation in entry.sources],
        }
        yield {
            "id": entry.entry_id,
            "caption": entry.title,
            "schema": "Sanction",
            "properties": {name: kept for name, values in properties.items() if (kept := [v for v in values if v])},
            "datasets": [entry.pack],
            "referents": [],
        }
