"""The ledger: entries by id, and the questions that are put to them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import parse_day
from entrepot.errors import EntryRecorded, LedgerError, NotFound
from entrepot.ledger.columns import Columns, Mask, columns_of
from entrepot.ledger.entry import Citation, Entry
from entrepot.ledger.filters import Filters, kept, refuse_unknown
from entrepot.ledger.packs import Completeness
from entrepot.ledger.rows import Chosen, Rows, Stock
from entrepot.ledger.standing import Standing, as_known, statuses

Places = NDArray[np.int64]


class Standings(Sequence[Standing]):
    """The answer to a question: standings by date and id, made when they are looked at.

    Attributes:
        entries: the entries that spoke for their acts, as recorded; a standing has what was known of its entry.
        statuses: their statuses, in the same order.
    """

    def __init__(self, entries: Sequence[Entry], statuses: Sequence[str], *, on: int, known: int) -> None:
        self.entries, self.statuses, self._days = entries, tuple(statuses), (on, known)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Standing]:
        return map(self._standing, self.entries, self.statuses)

    @overload
    def __getitem__(self, index: int) -> Standing: ...
    @overload
    def __getitem__(self, index: slice) -> Standings: ...
    def __getitem__(self, index: int | slice) -> Standing | Standings:
        if isinstance(index, slice):
            on, known = self._days
            return Standings(self.entries[index], self.statuses[index], on=on, known=known)
        return self._standing(self.entries[index], self.statuses[index])

    def _standing(self, entry: Entry, status: str) -> Standing:
        on, known = self._days
        return Standing(as_known(entry, known), status, on)


class Ledger:
    """Entries of the shipped pack and of the user's packs. Make one with :func:`open_ledger`.

    Days are text (YYYY-MM-DD). ``on`` is the day a question is about; ``known`` the day whose knowledge counts, by
    default the same as ``on``. An entry speaks as known on a day if the world could know of it by then, and, where it
    is the user's own, if it had been recorded by then; a correction hides the entry that it replaces from the day on
    which the correction itself speaks.
    """

    def __init__(
        self, entries: Iterable[Entry], *, rows: Rows | None = None, complete: Iterable[Completeness] = ()
    ) -> None:
        """
        Raises:
            EntryRecorded: two entries have one id.
            LedgerError: a correction of an unknown entry, or corrections in a circle.
        """
        self._stock = Stock(tuple(entries), rows)
        self._columns = self._stock.columns()
        self._asked: dict[int, tuple[Entry, Columns]] = {}
        self.complete = tuple(complete)
        self._places = {entry_id: place for place, entry_id in enumerate(self._columns.ids)}
        if len(self._places) < len(self._columns):
            raise _taken(Chosen(self._stock, range(len(self._columns))))
        self._corrects = np.full(len(self._columns), -1, dtype=np.int32)
        for place, entry_id in self._columns.replaces.items():
            if entry_id not in self._places:
                entry = self._at(place)
                raise LedgerError(
                    f"it corrects {entry_id!r}, which is no entry",
                    where=f"{entry.where} ({entry.entry_id})",
                    remedy="Write under `replaces` the id of the entry that it corrects.",
                )
            self._corrects[place] = self._places[entry_id]
        self._order = _by_date(self._columns)
        # Made now, so that the first question is as quick as the others.
        self._knew = self._columns.knew[:, 1]
        self._refuse_circles()

    def __len__(self) -> int:
        return len(self._columns)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._all())

    def get(self, entry_id: str) -> Entry:
        """Return an entry as it was recorded, corrected since or not.

        Raises:
            NotFound: there is no such entry; those with the nearest ids are named.
        """
        return self._at(self._place(entry_id))

    def standing(self, entry_id: str, *, on: str, known: str | None = None) -> Standing | None:
        """Return what an act amounts to on a day, by the entry that spoke for it as known then.

        Any entry of the act's history names it. None where nobody could know of it yet.
        """
        day, asked = _days(on, known)
        speaking = self._speaking(asked)
        spoke = [place for place in self._acts(entry_id) if speaking[place]]
        if not spoke:
            return None
        entry, columns = self._alone(spoke[-1])
        return Standing(as_known(entry, asked), str(statuses(columns, on=day, known=asked)[0]), day)

    def history(self, entry_id: str) -> tuple[Entry, ...]:
        """Return an act's entries, corrections behind what they correct, whichever of them is named."""
        return tuple(self._stock.at(self._acts(entry_id)))

    def sources(self, entry_id: str) -> tuple[Citation, ...]:
        """Return who says so: the citations of an act's entries, each once."""
        return tuple(dict.fromkeys(citation for entry in self.history(entry_id) for citation in entry.sources))

    def select(self, filters: Filters | None = None, *, on: str, known: str | None = None) -> Standings:
        """Return the acts that fit every filter, by date and id, each by the entry that spoke for it."""
        day, asked = _days(on, known)
        mask = self._speaking(asked)
        found = statuses(self._columns, on=day, known=asked)
        if filters and filters.statuses:
            mask = mask & np.isin(found, filters.statuses)
        if filters is not None:
            mask = mask & kept(self._columns, filters, known=asked)
        chosen = self._order[mask[self._order]]
        return Standings(Chosen(self._stock, chosen.tolist()), found[chosen].tolist(), on=day, known=asked)

    def refuse_unknown(self, filters: Filters) -> None:
        """Refuse words of a question that no entry can have, which would look like an empty answer.

        Raises:
            NotFound: no such kind, jurisdiction, instrument, topic or status.
            CodeError: a product that is no code.
        """
        refuse_unknown(self._columns, filters)

    def in_force(self, filters: Filters | None = None, *, on: str, known: str | None = None) -> Sequence[Entry]:
        """Return the entries that are in force on a day, as known on a day; none where another status is asked for."""
        asked = filters or Filters()
        if asked.statuses and "in_force" not in asked.statuses:
            return ()
        return self.select(replace(asked, statuses=("in_force",)), on=on, known=known).entries

    def parts(self, entry_id: str) -> tuple[Entry, ...]:
        """Return the entries that are part of an act, by date."""
        ids = {self._columns.ids[place] for place in self._acts(entry_id)}
        found = np.zeros(len(self), dtype=bool)
        found[[place for place, act in self._columns.part_of.items() if act in ids]] = True
        return tuple(self._stock.at(self._order[found[self._order]].tolist()))

    def contradicting(self, entry_id: str) -> tuple[Entry, ...]:
        """Return the entries that name one as saying something else, by date."""
        found = np.zeros(len(self), dtype=bool)
        found[[place for place, named in self._columns.contradicts.items() if entry_id in named]] = True
        return tuple(self._stock.at(self._order[found[self._order]].tolist()))

    def is_complete(self, *, jurisdictions: Iterable[str], topic: str, first: str, last: str) -> bool:
        """Return whether a pack declares to hold every act of these jurisdictions on a topic in a period."""
        asked = frozenset(jurisdictions)
        return any(
            asked <= item.jurisdictions and topic in item.topics and item.first <= first and last <= item.last
            for item in self.complete
        )

    def _all(self) -> Chosen:
        return Chosen(self._stock, self._order.tolist())

    def _at(self, place: int) -> Entry:
        return self._stock.at([place])[0]

    def _alone(self, place: int) -> tuple[Entry, Columns]:
        """An entry with its own columns, kept: checks ask after the same few acts on day after day."""
        if place not in self._asked:
            entry = self._at(place)
            self._asked[place] = entry, columns_of([entry])
        return self._asked[place]

    def _acts(self, entry_id: str) -> list[int]:
        """Positions of an act's entries, corrections behind what they correct, whichever of them is named."""
        place = self._place(entry_id)
        while (before := int(self._corrects[place])) >= 0:
            place = before
        return list(self._chain(place))

    def _place(self, entry_id: str) -> int:
        if entry_id in self._places:
            return self._places[entry_id]
        near = difflib.get_close_matches(entry_id, self._places, n=3)
        remedy = f"Did you mean {' or '.join(near)}?" if near else "`entrepot measures list` shows them."
        raise NotFound(f"no entry {entry_id!r}", where="ledger", remedy=remedy)

    def _speaking(self, known: int) -> Mask:
        speaks: NDArray[np.bool_] = (self._knew <= known) & (self._columns.recorded <= known)
        hidden = self._corrects[speaks & (self._corrects >= 0)]
        speaks[hidden] = False
        return speaks

    @cached_property
    def _corrections(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for place in np.flatnonzero(self._corrects >= 0).tolist():
            found.setdefault(int(self._corrects[place]), []).append(place)
        instants = {place: self._at(place).recorded_at for many in found.values() if len(many) > 1 for place in many}
        rank = np.argsort(self._order)
        return {place: sorted(many, key=lambda i: (instants.get(i, ""), rank[i])) for place, many in found.items()}

    def _chain(self, place: int) -> Iterator[int]:
        yield place
        for correction in self._corrections.get(place, ()):
            yield from self._chain(correction)

    def _refuse_circles(self) -> None:
        corrects = self._corrects.tolist()
        sound: set[int] = set()
        for first in np.flatnonzero(self._corrects >= 0).tolist():
            path: list[int] = []
            place = first
            while corrects[place] >= 0 and place not in sound:
                if place in path:
                    entry = self._at(first)
                    ids = " -> ".join(self._columns.ids[i] for i in [*path, place])
                    remedy = "Let each correction name an earlier entry."
                    raise LedgerError(f"corrections in a circle: {ids}", where=entry.where, remedy=remedy)
                path.append(place)
                place = corrects[place]
            sound.update(path)


def _by_date(columns: Columns) -> Places:
    """Positions by date and id."""
    by_id = np.array(sorted(range(len(columns)), key=columns.ids.__getitem__), dtype=np.int64)
    return np.asarray(by_id[np.argsort(columns.first_day()[by_id], kind="stable")])


def _days(on: str, known: str | None) -> tuple[int, int]:
    return parse_day(on), parse_day(known or on)


def _taken(entries: Iterable[Entry]) -> EntryRecorded:
    """The error of the first id that is there twice; there is one."""
    seen: dict[str, Entry] = {}
    twice = next(entry for entry in entries if seen.setdefault(entry.entry_id, entry) is not entry)
    remedy = "What is recorded stays: give the correction an id of its own and name the other in `replaces`."
    found = f"{twice.entry_id!r} is recorded already, in {seen[twice.entry_id].where}"
    return EntryRecorded(found, where=twice.where, remedy=remedy)
