"""Entries as CSV, out and in again, and other compilers' plainer tables of dated measures."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from entrepot.ledger.entry import STAGES, Entry

# Lists whose items are codes or short names are joined by `;`; what may itself hold a semicolon is JSON.
_JOINED = ("targets", "contradicts")
_JSON = ("suspended", "doubts", "exemptions", "goods", "facts", "sources")
_TEXTS = ("scope", "summary", "binds", "regime", "speaker", "stance", "part_of", "replaces", "recorded_at")
COLUMNS = (
    *("id", "kind", "jurisdiction", "instrument", "title"),
    *STAGES,
    *("end", "status", "confidence"),
    *_JOINED,
    *_TEXTS,
    *_JSON,
)
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_GUARD = "'"
# In plainer tables the status is typed; these follow from dates.
_DERIVED = {"in_force", "ended", "suspended", "announced"}


def ledger_csv(entries: Iterable[Entry]) -> str:
    """Return entries as CSV text, one a row, that a pack reads back; docs/ledger.md names the columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        writer.writerow({name: _guarded(value) for name, value in row_of(entry).items()})
    return text.getvalue()


def row_of(entry: Entry) -> dict[str, str]:
    """Return an entry as a row of COLUMNS."""
    fields = fields_of(entry)
    row = {name: str(fields.get(name, "")) for name in COLUMNS}
    row |= {stage: str(entry.dates.get(stage, "")) for stage in STAGES}
    row |= {name: ";".join(fields.get(name, ())) for name in _JOINED}
    return row | {name: json.dumps(fields[name], ensure_ascii=False) if fields.get(name) else "" for name in _JSON}


def fields_of(entry: Entry) -> dict[str, Any]:
    """Return an entry's fields as a data file has them; those that say nothing are left out."""
    whole = asdict(entry)
    made = {
        "id": entry.entry_id,
        **{name: whole[name] for name in ("kind", "jurisdiction", "instrument", "title", "status", "confidence")},
        "dates": {stage: str(when) for stage, when in entry.dates.items()},
        "end": "nominal" if not entry.is_end_sure else "set" if entry.is_end_set else "",
        "suspended": [
            {"from": str(p.start), "to": str(p.end or ""), "afterwards": "" if p.is_end_sure else "unknown"}
            for p in entry.suspensions
        ],
        **{name: list(whole[name]) for name in ("targets", "contradicts", "doubts", "exemptions")},
        **{name: whole[name] for name in _TEXTS},
        "goods": [{k: str(v) for k, v in item.items() if v is not None} for item in whole["goods"]],
        "facts": entry.facts,
        "sources": [
            {"title": c.title, "url": c.url, "language": c.language, "sha256": c.sha256, "read": c.read_date}
            | ({"primary": "yes"} if c.is_primary else {})
            for c in entry.sources
        ],
    }
    return {name: value for name, value in made.items() if value}


def fields_of_row(row: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the fields of an entry from a row of CSV: our own columns, or a plain table's.

    A plain table has id, date, jurisdiction, instrument and source, and if wanted end_date (the last day), target,
    scope, status, confidence and summary. Its date is of unknown stage, or that of the announcement where the status
    says announced.
    """
    cells = {name: _unguarded(value.strip()) for name, value in row.items() if name and value and value.strip()}
    if "title" not in cells and "date" in cells:
        return _plain(cells)
    fields: dict[str, Any] = {name: value for name, value in cells.items() if name not in STAGES}
    fields["dates"] = {stage: cells[stage] for stage in STAGES if stage in cells}
    for name in _JOINED:
        fields[name] = [item.strip() for item in cells.get(name, "").split(";") if item.strip()]
    return fields | {name: json.loads(cells[name]) for name in _JSON if name in cells}


def _plain(cells: dict[str, str]) -> dict[str, Any]:
    typed = cells.get("status", "reported")
    dates = {"announced" if typed == "announced" else "date": cells["date"]}
    if end := cells.get("end_date"):
        dates["removed"] = _day_after(end)
    scope = cells.get("scope", "")
    return {
        **{name: cells[name] for name in ("id", "jurisdiction", "instrument") if name in cells},
        "title": scope or cells.get("instrument", ""),
        "dates": dates,
        "status": "" if typed in _DERIVED else typed,
        "confidence": cells.get("confidence", "medium"),
        "targets": [item.strip() for item in cells.get("target", "").split(";") if item.strip()],
        "scope": scope,
        "summary": cells.get("summary", ""),
        "sources": [{"title": text.strip()} for text in re.split(r"\s;\s", cells.get("source", "")) if text.strip()],
    }


def _day_after(text: str) -> str:
    """The first day after a last day; a month or year stays as it is, for its last day is not known."""
    return (date.fromisoformat(text) + timedelta(days=1)).isoformat() if len(text) == 10 else text


def _guarded(text: str) -> str:
    return _GUARD + text if _FORMULA.match(text) or text.startswith(_GUARD) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith(_GUARD) and (_FORMULA.match(text[1:]) or text[1:2] == _GUARD) else text
