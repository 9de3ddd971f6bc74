"""Checking: records that came in a request put to the red flags, as ``entrepot check`` does with files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from entrepot.alerts import CheckOptions, check_few
from entrepot.codes import parse_day
from entrepot.lake import get_kind, kinds
from entrepot.ledger import Ledger
from entrepot.redflags import Flags, shipped_flags
from entrepot.web.errors import Refused

# Kinds of records that one pasted record can be; the others only make sense beside many.
LANGUAGES = ("en", "ru", "kk", "ky", "tr")
_MOST_RECORDS = 100
_LONGEST = 5_000
_SHOWN = 5
_GRAVITY = {"stop": 0, "ask": 1, "pass": 2}

Record = dict[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a few records came to.

    Attributes:
        decision: the gravest of the records': stop, ask or pass.
        rows: the table of ``entrepot check``.
        notes: what of the records could not be used.
    """

    decision: str
    rows: list[dict[str, Any]]
    notes: tuple[str, ...]


@cache
def flags() -> Flags:
    """Return the shipped flags, read once."""
    return shipped_flags()


def check_records(
    ledger: Ledger,
    kind: str,
    records: Sequence[Mapping[str, Any]],
    *,
    as_of: str,
    language: str = "en",
    beside: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> Checked:
    """Return the outcome of every flag for a few records of one kind, and a decision.

    Args:
        as_of: the day whose knowledge counts.
        beside: records of other kinds that belong to them.

    Raises:
        NotFound: there is no such kind.
        Refused: no record, too many, or a language that there is not.
    """
    parse_day(as_of)
    if language not in LANGUAGES:
        raise Refused(422, f"language {language[:20]!r} is none", f"Use one of {', '.join(LANGUAGES)}.")
    given = {kind: records, **(beside or {})}
    if not records or sum(map(len, given.values())) > _MOST_RECORDS:
        raise Refused(422, "no records or too many", f"Send 1 to {_MOST_RECORDS}; more with `entrepot check`.")
    options = CheckOptions(as_of, language=language)  # type: ignore[arg-type]
    taken = {name: [cleaned(name, row) for row in rows] for name, rows in given.items()}
    made = check_few(kind, taken, flags(), ledger, options)
    table = made.table.rows()
    notes = [str(fault) for reading in made.readings for fault in reading.faults]
    ignored = sorted(
        {str(column)[:60] for name, rows in given.items() for row in rows for column in _others(name, row)}
    )
    if ignored:
        notes.append(f"not read: {', '.join(ignored[:20])}")
    if not table:
        raise Refused(422, "no record could be used", "; ".join(notes[:_SHOWN]) or "Give the record's id.")
    return Checked(min((row["decision"] for row in table), key=lambda one: _GRAVITY.get(one, 1)), table, tuple(notes))


def cleaned(kind: str, record: Mapping[str, Any]) -> Record:
    """Return the cells of a record that its kind has, as text; a record without an id gets one."""
    found = get_kind(kind)
    cells = {name: _cell(record[name]) for name in found.columns if name in record and record[name] is not None}
    if found.id and not cells.get(found.id, "").strip():
        cells[found.id] = "record"
    return cells


def read_pasted(kind: str, text: str) -> list[dict[str, Any]]:
    """Return the records of a pasted text: a JSON object or list of them, or CSV with a header.

    Raises:
        Refused: it is neither.
    """
    stripped = text.strip()
    try:
        if stripped[:1] in "[{" and stripped:
            found = json.loads(stripped)
            rows = found if isinstance(found, list) else [found]
        else:
            rows = list(csv.DictReader(io.StringIO(stripped), delimiter=_delimiter(stripped), restkey="_more"))
    except (ValueError, RecursionError, csv.Error) as error:
        raise Refused(422, "the text is neither JSON nor CSV", "Paste an object, or a header line and rows.") from error
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise Refused(422, "the text holds no record", "Paste an object, or a header line and rows.")
    if not set(get_kind(kind).columns) & {name for row in rows for name in row}:
        raise Refused(422, f"no column of kind {kind} is in the text", "docs/records.md names the columns.")
    return rows


def kind_names() -> list[str]:
    """Return the kinds of records that have flags of their own."""
    used = {flag.kind for flag in flags().flags} - {"corridor"}
    return sorted(name for name, kind in kinds().items() if name in used and kind.id)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(_cell(one) for one in value)
    # Half a surrogate pair, which JSON can carry, is no text; a zero character the engine does not take.
    return str(value)[:_LONGEST].encode("utf-8", "replace").decode().replace("\0", " ")


def _others(kind: str, record: Mapping[str, Any]) -> set[str]:
    return {str(name) for name in record} - set(get_kind(kind).columns)


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max((",", ";", "\t"), key=head.count)
