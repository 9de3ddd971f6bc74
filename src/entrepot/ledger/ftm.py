"""Entries as FollowTheMoney entities: a Sanction each, and the things that they bear on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from entrepot.codes import Dated, day_text, find_iso2, find_territory
from entrepot.ledger.entry import Entry
from entrepot.ledger.ledger import Standings

Entity = dict[str, Any]


def ftm_entities(found: Standings) -> Iterator[Entity]:
    """Yield an entity of schema Sanction for each standing, before it the things that it names, each once.

    Values are lists of text. A target that is a state is a Territory. Other targets are words, of which nobody said
    whether they are a party: they are a Note, never a LegalEntity. ``provisions`` holds title, scope and codes,
    ``description`` the doubts, ``status`` the derived status, ``endDate`` the last day. A date that is doubted or a
    span has no place in FtM and is left out. docs/ledger-schema.md has the whole table.
    """
    told: set[str] = set()
    for one in found:
        entry, status = one.entry, one.status
        targets = _targets(entry)
        yield from (target for target in targets if target["id"] not in told)
        told.update(target["id"] for target in targets)
        yield _sanction(entry, status, [target["id"] for target in targets])


def _sanction(entry: Entry, status: str, targets: Sequence[str]) -> Entity:
    dates = {stage: text for stage, date in entry.dates.items() if (text := _date(date))}
    removed = entry.dates.get("removed")
    last = day_text(removed.first - 1) if removed and removed.is_day and "removed" in dates else dates.get("removed")
    goods = [
        f"{item.hs_revision} {item.hs_code}{f' ({item.coverage})' if item.coverage else ''}" for item in entry.goods
    ]
    properties = {
        "entity": targets,
        "recordId": [entry.entry_id],
        "authority": [entry.jurisdiction],
        "country": [_country(entry.jurisdiction)],
        "program": [entry.instrument],
        "programId": [entry.regime],
        "provisions": [entry.title, entry.scope, *goods],
        "summary": [entry.summary],
        "description": [*entry.doubts, *entry.exemptions],
        "status": [status],
        "listingDate": [dates.get("published") or dates.get("adopted")],
        "startDate": [dates.get("effective")],
        "endDate": [last],
        "date": [dates.get("date") or dates.get("signed") or dates.get("announced")],
        "sourceUrl": [citation.url for citation in entry.sources],
        "publisher": [citation.title for citation in entry.sources],
        "retrievedAt": [citation.read_date for citation in entry.sources if "/" not in citation.read_date],
        "modifiedAt": [entry.recorded_at[:10]],
    }
    return _entity(entry.entry_id, "Sanction", entry.title, properties, entry.pack)


def _targets(entry: Entry) -> list[Entity]:
    states = [code for code in entry.targets if (found := find_territory(code)) and found.code == code]
    words = [text for text in entry.targets if text not in states] or ([] if states else [entry.scope or entry.title])
    made = [
        _entity(
            f"territory-{code.lower()}", "Territory", code, {"name": [code], "country": [_country(code)]}, entry.pack
        )
        for code in states
    ]
    if words:
        made.append(_entity(f"{entry.entry_id}-target", "Note", words[0], {"name": words}, entry.pack))
    return made


def _entity(
    entity_id: str, schema: str, caption: str, properties: Mapping[str, Sequence[str | None]], pack: str
) -> Entity:
    kept = {name: [v for v in dict.fromkeys(values) if v] for name, values in properties.items()}
    return {
        "id": entity_id,
        "caption": caption,
        "schema": schema,
        "properties": {name: values for name, values in kept.items() if values},
        "datasets": [pack],
        "referents": [],
    }


def _country(code: str) -> str | None:
    """FtM's codes are two letters in lower case; the EU has one, other blocs and bodies have none."""
    return "eu" if code in ("EU", "EU27") else (find_iso2(code) or "").lower() or None


def _date(date: Dated) -> str:
    return str(date) if date.is_sure and "/" not in str(date) else ""
