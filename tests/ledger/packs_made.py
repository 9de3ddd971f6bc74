"""Packs of a few lines, and lakes with a file of entries, each in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from entrepot.lake import Lake, open_lake
from entrepot.ledger import Entry, entry_of
from entrepot.sources import IngestReport, ingest

AT = "2026-02-01T00:00:00Z"
HEAD = {"id": "mine", "title": "Mine", "recorded_at": AT}


def fields(entry_id: str = "kaz-1", **other: Any) -> dict[str, Any]:
    """The fields of a valid entry, as a data file has them; None leaves one out."""
    plain = {
        "id": entry_id,
        "jurisdiction": "KAZ",
        "instrument": "card_rule",
        "title": "Cards for a year",
        "dates": {"effective": "2025-01-19"},
        "sources": [{"title": "Resolution 96", "url": "https://adilet.example/96", "read": "2026-01-02"}],
    }
    return {name: value for name, value in {**plain, **other}.items() if value is not None}


def entry(entry_id: str = "kaz-1", **other: Any) -> Entry:
    """A valid entry."""
    return entry_of({"recorded_at": AT, "pack": "mine", **fields(entry_id, **other)}, where="made")


def pack(folder: Path, *entries: dict[str, Any], head: dict[str, Any] | None = None, text: str = "") -> Path:
    """A folder that holds a pack of these entries; ``text`` is the file of entries word for word."""
    made = folder / "pack"
    made.mkdir(exist_ok=True)
    (made / "pack.yml").write_text(yaml.safe_dump(HEAD if head is None else head, allow_unicode=True), "utf-8")
    written = text or yaml.safe_dump({"entries": list(entries)}, allow_unicode=True)
    (made / "measures.yml").write_text(written, "utf-8")
    return made


def new_lake(folder: Path) -> Lake:
    return open_lake(folder / "lake", create=True, memory_limit="500MB", threads=2)


def taken_in(lake: Lake, text: str, name: str = "mine.csv", *, at: str = AT) -> IngestReport:
    """Ingest a CSV file with this text as entries of the ledger."""
    path = lake.path.parent / name
    path.write_text(text, "utf-8")
    return ingest(lake, "measures", path, at=at)
