"""The lake's table ``ledger``: entries as rows of text, and rows as entries again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from entrepot.lake import LEDGER, Engine, identifier
from entrepot.ledger.entry import Entry
from entrepot.ledger.form import COLUMNS, fields_of_cells, row_of
from entrepot.ledger.reading import entry_of

LAKE = "lake"
# Names in the table that differ from those of a CSV file: `id` and `end` are taken there, or words of SQL.
_RENAMED = {"id": "entry_id", "end": "end_kind"}
_NAMES = {name: _RENAMED.get(name, name) for name in COLUMNS}
TYPES = {column.name: column.type for column in LEDGER.columns if column.name != "snapshot_id"}


def ledger_rows(entries: Sequence[Entry], source_rows: Iterable[int]) -> dict[str, list[str | int | None]]:
    """Return the columns of the lake's table for entries, each with its record's number in the bytes it came from."""
    rows = [row_of(entry) for entry in entries]
    columns: dict[str, list[str | int | None]] = {
        ours: [row[name] or None for row in rows] for name, ours in _NAMES.items()
    }
    return columns | {"source_row": list(source_rows)}


def lake_entries(engine: Engine) -> tuple[Entry, ...]:
    """Return the entries in the table ``ledger`` of a lake's session, by id.

    Raises:
        LedgerError: a row is no entry: another program wrote it.
    """
    columns = ", ".join(identifier(name) for name in ("snapshot_id", "source_row", *_NAMES.values()))
    rows = engine.rows(f"SELECT {columns} FROM ledger ORDER BY entry_id")
    return tuple(_entry(f"lake snapshot {row[0]} record {row[1]}", row[2:]) for row in rows)


def _entry(where: str, values: Sequence[str | None]) -> Entry:
    cells = {name: value for name, value in zip(_NAMES, values, strict=True) if value}
    return entry_of({**fields_of_cells(cells, where=where), "pack": LAKE}, where=where)


def uncorrected(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries that no other one of them corrects."""
    given = tuple(entries)
    corrected = {entry.replaces for entry in given}
    return tuple(entry for entry in given if entry.entry_id not in corrected)


def is_same(entry: Entry, other: Entry) -> bool:
    """Return whether two entries say the same, whenever and wherever they were entered."""
    return _content(entry) == _content(other)


def _content(entry: Entry) -> Entry:
    return replace(entry, recorded_at="", pack="", where="")


def beside(lasting: Sequence[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Return a lake's entries as they can stand beside those of packs, which may have come later.

    Nothing can be taken out of a lake. So an entry that a pack holds, too, is left to the pack; one whose id a pack
    took for something else keeps its words under ``ID@lake``; a link to what is nowhere becomes a doubt.
    """
    packed = {entry.entry_id: entry for entry in others}
    kept = [e for e in lasting if e.entry_id not in packed or not is_same(e, packed[e.entry_id])]
    moved = {entry.entry_id: f"{entry.entry_id}@{LAKE}" for entry in kept if entry.entry_id in packed}
    known = {*packed, *(entry.entry_id for entry in kept)}
    return [_standing_alone(entry, moved, known) for entry in kept]


def _standing_alone(entry: Entry, moved: dict[str, str], known: set[str]) -> Entry:
    doubts = list(entry.doubts)
    if entry.entry_id in moved:
        doubts.append(f"A pack has another entry under the id {entry.entry_id}.")
    lost = [link for link in (entry.replaces, entry.part_of, *entry.contradicts) if link and link not in known]
    doubts += [f"It names {link}, which is not in the ledger." for link in lost]
    return replace(
        entry,
        entry_id=moved.get(entry.entry_id, entry.entry_id),
        replaces="" if entry.replaces in lost else moved.get(entry.replaces, entry.replaces),
        part_of="" if entry.part_of in lost else moved.get(entry.part_of, entry.part_of),
        contradicts=tuple(moved.get(link, link) for link in entry.contradicts if link not in lost),
        doubts=tuple(doubts),
    )
