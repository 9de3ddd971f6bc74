"""Entries as CSV, out and in again, and other compilers' plainer tables of dated measures."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from entrepot.codes import day_text, parse_dated
from entrepot.errors import CodeError, LedgerError
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
# Columns of other compilers' plain tables of dated measures.
PLAIN = (
    *("id", "date", "end_date", "jurisdiction", "instrument", "title", "target", "scope", "status", "confidence"),
    *("summary", "source", "recorded_at"),
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
    row |= {name: _joined(fields.get(name, ())) for name in _JOINED}
    return row | {name: json.dumps(fields[name], ensure_ascii=False) if fields.get(name) else "" for name in _JSON}


def _joined(items: Sequence[str]) -> str:
    is_safe = all(item == item.strip() and item and ";" not in item for item in items)
    text = ";".join(items)
    return text if is_safe and not text.startswith("[") else json.dumps(items, ensure_ascii=False)


def fields_of(entry: Entry) -> dict[str, Any]:
    """Return an entry's fields as a data file has them; those that say nothing are left out."""
    made = {
        "id": entry.entry_id,
        **{n: getattr(entry, n) for n in ("kind", "jurisdiction", "instrument", "title", "status", "confidence")},
        "dates": {stage: str(when) for stage, when in entry.dates.items()},
        "end": "nominal" if not entry.is_end_sure else "set" if entry.is_end_set else "",
        "suspended": [
            {"from": str(p.start), "to": str(p.end or ""), "afterwards": "" if p.is_end_sure else "unknown"}
            | {name: str(day) for name, day in (("known", p.known), ("to_known", p.end_known)) if day}
            for p in entry.suspensions
        ],
        **{name: list(getattr(entry, name)) for name in ("targets", "contradicts", "doubts", "exemptions")},
        **{name: getattr(entry, name) for name in _TEXTS},
        "goods": [{k: str(v) for k, v in asdict(item).items() if v is not None} for item in entry.goods],
        "facts": entry.facts,
        "sources": [
            {"title": c.title, "url": c.url, "language": c.language, "sha256": c.sha256, "read": c.read_date}
            | ({"primary": "yes"} if c.is_primary else {})
            for c in entry.sources
        ],
    }
    return {name: value for name, value in made.items() if value}


def fields_of_row(row: Mapping[str, str | None], *, where: str = "") -> dict[str, Any]:
    """Return the fields of an entry from a row of CSV: our own columns, or a plain table's.

    A plain table has id, date, jurisdiction, instrument and source, and if wanted end_date (the last day), title,
    target, scope, status, confidence and summary. Its date is of unknown stage, or that of the announcement where the
    status says announced. Several sources are divided by `` ; ``; a leading ``F`` says that they were opened, ``K``
    that they are cited from knowledge.

    Raises:
        LedgerError: more cells than columns, an unknown column, or a cell that should hold JSON and does not.
    """
    if None in row:
        remedy = "Put cells that hold the separator between quotes."
        raise LedgerError("the row has more cells than the header", where=where, remedy=remedy)
    cells = {name: _unguarded(value.strip()) for name, value in row.items() if value and value.strip()}
    is_plain = "source" in row and "sources" not in row
    columns = PLAIN if is_plain else COLUMNS
    if unknown := sorted(set(row) - set(columns)):
        remedy = f"Columns are {', '.join(columns)}."
        raise LedgerError(f"unknown column {unknown[0]!r}", where=where, remedy=remedy)
    return fields_of_plain(cells, where=where) if is_plain else fields_of_cells(cells, where=where)


def fields_of_cells(cells: Mapping[str, str], *, where: str) -> dict[str, Any]:
    """Return the fields of an entry from cells of COLUMNS, the empty ones left out.

    Raises:
        LedgerError: a cell that should hold JSON does not.
    """
    fields: dict[str, Any] = {name: value for name, value in cells.items() if name not in STAGES}
    fields["dates"] = {stage: cells[stage] for stage in STAGES if stage in cells}
    for name in (name for name in _JOINED if name in cells):
        fields[name] = items_of(cells[name], name, where)
    return fields | {name: _json(cells[name], name, where) for name in _JSON if name in cells}


def items_of(text: str, name: str, where: str) -> Any:
    """Return the items of a cell: joined by `;`, or as JSON.

    Raises:
        LedgerError: it begins like JSON and is none.
    """
    return _json(text, name, where) if text.startswith("[") else _split(text)


def _split(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


def _json(text: str, name: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LedgerError(f"{name} is no JSON ({error})", where=where, remedy="See docs/ledger-schema.md.") from error


def fields_of_plain(cells: Mapping[str, str], *, where: str) -> dict[str, Any]:
    """Return the fields of an entry from the cells of a plain table, the empty ones left out.

    Raises:
        LedgerError: the last day is no date.
    """
    typed = cells.get("status", "reported")
    dates = {"announced" if typed == "announced" else "date": cells.get("date", "")}
    if end := cells.get("end_date"):
        dates["removed"] = _day_after(end, where)
    scope, mark, source = cells.get("scope", ""), *_mark(cells.get("source", ""))
    return {
        **{name: cells[name] for name in ("id", "jurisdiction", "instrument", "recorded_at") if name in cells},
        "title": cells.get("title") or scope or cells.get("instrument", ""),
        "dates": dates,
        "status": "" if typed in _DERIVED else typed,
        "confidence": cells.get("confidence", "medium"),
        "targets": _split(cells.get("target", "")),
        "scope": scope,
        "summary": cells.get("summary", ""),
        "sources": [_source(text, mark) for text in re.split(r"\s;\s", source) if text.strip()],
    }


def _mark(source: str) -> tuple[str, str]:
    mark, gap, rest = source.partition(" ")
    return (mark, rest) if gap and mark in ("F", "K") else ("", source)


def _source(text: str, mark: str) -> dict[str, str]:
    text = text.strip()
    host = re.match(r"https?://(?:www\.)?([^/\s]+)", text)
    cited = {"title": host[1], "url": text} if host else {"title": text}
    return cited | ({"read": "yes"} if mark == "F" else {})


def _day_after(text: str, where: str) -> str:
    """The first day after a last day; a month or year stays as it is, for its last day is not known."""
    try:
        last = parse_dated(text)
        return day_text(last.first + 1) if last.is_day else text
    except (CodeError, ValueError) as error:
        found = f"end_date {text!r} is no last day"
        raise LedgerError(found, where=where, remedy="Write a day, month or year.") from error


def _guarded(text: str) -> str:
    return _GUARD + text if _FORMULA.match(text) or text.startswith(_GUARD) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith(_GUARD) and (_FORMULA.match(text[1:]) or text[1:2] == _GUARD) else text
