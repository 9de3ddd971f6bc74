"""Entries of the ledger from a table of dated measures, each record by itself: a bad one is an issue, others stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from entrepot.codes import bloc_ids, find_territory
from entrepot.errors import EntrepotError, SourceError
from entrepot.lake import Engine, identifier
from entrepot.ledger import BODIES, Entry, entry_of, fields_of_row
from entrepot.sources.columns import Matched
from entrepot.sources.model import Layout
from entrepot.sources.opening import Raw

_LINKS = ("replaces", "part_of", "contradicts")
_PACK = "lake"
Issue = tuple[str, int, str, str, str]


@dataclass(frozen=True)
class Found:
    """What a file holds.

    Attributes:
        records: entries, each with the number of its record.
        issues: file, record, field, value and reason of each record that is no entry.
    """

    records: list[tuple[Entry, int]]
    issues: list[Issue]


def read_entries(engine: Engine, raw: Raw, matched: Matched, *, at: str, where: str) -> Found:
    """Return the entries of a file.

    Args:
        matched: the layout of the file, and which column of ``raw`` is which of ours.
        at: UTC instant to record: what a file says of its own recording does not count here.

    Raises:
        SourceError: more than half of the records are no entries.
    """
    columns = matched.columns
    names = ", ".join(f"CAST({identifier(column)} AS VARCHAR)" for column in columns.values())
    found = Found([], [])
    for file, number, *values in engine.rows(f"SELECT source_file, source_row, {names} FROM {raw.view} ORDER BY 2"):
        cells = _cells(dict(zip(columns, values, strict=True)), matched.layout)
        place = f"{where} record {number}"
        try:
            fields = {**fields_of_row(cells, where=place), "recorded_at": at, "pack": _PACK}
            found.records.append((entry_of(fields, where=place), number))
        except EntrepotError as error:
            found.issues.append(_issue(file, number, cells, error))
    if len(found.issues) > len(found.records):
        _, number, _, _, reason = found.issues[0]
        total = len(found.issues) + len(found.records)
        raise SourceError(
            f"{len(found.issues):,} of {total:,} records are no entries, the first in record {number}: {reason}",
            where=where,
            remedy="Check that the file is of this source.",
        )
    return found


def _cells(given: dict[str, str | None], layout: Layout) -> dict[str, str | None]:
    cells = {name: (value or "").strip() for name, value in given.items()}
    cells |= {name: value for name, value in layout.constants.items() if not cells.get(name)}
    cells = {name: layout.values.get(name, {}).get(value, value) for name, value in cells.items()}
    return {**cells, "jurisdiction": _actor(cells.get("jurisdiction", ""))}


def _actor(text: str) -> str:
    """A state's code where a file names it; blocs and bodies as they are, and what is unknown, too: it is refused."""
    if text in BODIES or text in bloc_ids():
        return text
    territory = find_territory(text) or find_territory(text, scheme="iso2")
    return territory.code if territory and not territory.is_aggregate else text


def _issue(file: str, number: int, cells: dict[str, Any], error: EntrepotError) -> Issue:
    reason = f"{error.found}. {error.remedy}" if error.remedy else error.found
    return file, number, "id", str(cells.get("id") or ""), reason


def leave_out_dangling(found: Found, standing: Collection[str]) -> Found:
    """Return what was found without the entries that name one that is nowhere; each is an issue."""
    records, issues = list(found.records), list(found.issues)
    while True:
        known = {*standing, *(entry.entry_id for entry, _ in records)}
        lost = [(entry, number, gone) for entry, number in records if (gone := _gone(entry, known))]
        if not lost:
            return Found(records, sorted(issues, key=lambda issue: issue[1]))
        issues += [
            (entry.where.rpartition(" record ")[0], number, name, other, f"{name} names {other!r}, which is no entry")
            for entry, number, (name, other) in lost
        ]
        records = [(entry, number) for entry, number in records if not _gone(entry, known)]


def _gone(entry: Entry, known: set[str]) -> tuple[str, str] | None:
    for name in _LINKS:
        named = getattr(entry, name)
        for other in (named,) if isinstance(named, str) else named:
            if other and other not in known:
                return name, other
    return None
