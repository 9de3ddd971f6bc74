"""Rows of a lake as entries that are made when somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import overload

import numpy as np

from entrepot.lake import Engine
from entrepot.ledger.beside import is_same, is_touched, standing_alone
from entrepot.ledger.columns import Columns, columns_of
from entrepot.ledger.entry import Entry
from entrepot.ledger.table import LAKE, lake_columns, lake_entries

# Entries that are made at once when all are gone through.
_BLOCK = 10_000


@dataclass(frozen=True)
class Rows:
    """A lake's entries, of which only the columns are in memory.

    Attributes:
        engine: a session on the version that they are read from; it stays open as long as the rows are held.
        columns: what questions look at.
        lock: a session answers one question at a time.
    """

    engine: Engine
    columns: Columns
    lock: Lock

    def entries(self, places: Sequence[int]) -> list[Entry]:
        """Return the entries at some positions."""
        if not len(places):
            return []
        ids = [self.columns.ids[place] for place in places]
        with self.lock:
            found = {one.entry_id: one for one in lake_entries(self.engine, ids)}
        return [found[entry_id] for entry_id in ids]


def rows_of(engine: Engine) -> Rows:
    """Return the entries in the table ``ledger`` of a lake's session, which the rows keep.

    Raises:
        LedgerError: a row is no entry: another program wrote it.
    """
    return Rows(engine, lake_columns(engine), Lock())


def rows_beside(rows: Rows, others: Sequence[Entry]) -> tuple[Rows, list[Entry]]:
    """Return a lake's rows as they can stand beside the entries of packs, as ``beside`` says.

    Returns:
        The rows that stay as they are, and the few that do not, as entries.
    """
    columns, packed = rows.columns, {entry.entry_id: entry for entry in others}
    clashes = [place for place, entry_id in enumerate(columns.ids) if entry_id in packed]
    twice = [p for p, e in zip(clashes, rows.entries(clashes), strict=True) if is_same(e, packed[e.entry_id])]
    moved = {columns.ids[p]: f"{columns.ids[p]}@{LAKE}" for p in clashes if p not in set(twice)}
    known = {*packed, *columns.ids} - set(moved)
    touched = [place for place, links in _links(columns).items() if is_touched(links, known)]
    touched = sorted({*touched, *(p for p in clashes if columns.ids[p] in moved)} - set(twice))
    if not touched and not twice:
        return rows, []
    keep = np.ones(len(columns), dtype=bool)
    keep[[*touched, *twice]] = False
    alone = [standing_alone(entry, moved, known) for entry in rows.entries(touched)]
    return replace(rows, columns=columns.left(keep)), alone


def _links(columns: Columns) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = dict(columns.contradicts)
    for named in (columns.replaces, columns.part_of):
        for place, entry_id in named.items():
            found[place] = (*found.get(place, ()), entry_id)
    return found


class Stock:
    """Entries by position: those of packs, then a lake's."""

    def __init__(self, entries: Sequence[Entry], rows: Rows | None) -> None:
        self._entries, self._rows = tuple(entries), rows

    def columns(self) -> Columns:
        """Return the columns of them all."""
        own = columns_of(self._entries)
        return own if self._rows is None else own.beside(self._rows.columns)

    def at(self, places: Sequence[int]) -> list[Entry]:
        """Return the entries at some positions, made at once."""
        n = len(self._entries)
        beyond = [place - n for place in places if place >= n]
        made = iter(self._rows.entries(beyond) if self._rows is not None else ())
        return [self._entries[place] if place < n else next(made) for place in places]


class Chosen(Sequence[Entry]):
    """Some of the entries, in a stated order; each is made when it is looked at, many at once when gone through."""

    def __init__(self, stock: Stock, places: Sequence[int]) -> None:
        self._stock, self._places = stock, places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Entry]:
        for start in range(0, len(self._places), _BLOCK):
            yield from self._stock.at(self._places[start : start + _BLOCK])

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Chosen: ...
    def __getitem__(self, index: int | slice) -> Entry | Chosen:
        if isinstance(index, slice):
            return Chosen(self._stock, self._places[index])
        return self._stock.at([self._places[index]])[0]
