"""The ledger: entries by id, and the questions that are put to them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import parse_day
from entrepot.errors import EntryRecorded, LedgerError, NotFound
from entrepot.ledger.columns import Mask, columns_of
from entrepot.ledger.entry import Citation, Entry
from entrepot.ledger.filters import Filters, Labels
from entrepot.ledger.packs import Completeness
from entrepot.ledger.standing import Standing, standing, statuses


@dataclass(frozen=True)
class Standings(Sequence[Standing]):
    """The answer to a question: standings by date and id, made when they are looked at.

    Attributes:
        entries: the entries that spoke for their acts.
        statuses: their statuses, in the same order.
    """

    entries: tuple[Entry, ...]
    statuses: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> Standing:  # type: ignore[override]
        return Standing(self.entries[index], self.statuses[index])


class Ledger:
    """Entries of the shipped pack and of the user's packs. Make one with :func:`open_ledger`.

    Days are text (YYYY-MM-DD). ``on`` is the day a question is about; ``known`` the day whose knowledge counts, by
    default the same as ``on``. An entry speaks as known on a day if the world could know of it by then, and, where it
    is the user's own, if it had been recorded by then; a correction hides the entry that it replaces from the day on
    which the correction itself speaks.
    """

    def __init__(self, entries: Iterable[Entry], *, complete: Iterable[Completeness] = ()) -> None:
        """
        Raises:
            EntryRecorded: two entries have one id.
            LedgerError: a correction of an unknown entry, or corrections in a circle.
        """
        self._entries = tuple(sorted(entries, key=_by_date))
        self.complete = tuple(complete)
        self._places = {entry.entry_id: place for place, entry in enumerate(self._entries)}
        if len(self._places) < len(self._entries):
            raise _taken(self._entries)
        for entry in self._entries:
            if entry.replaces and entry.replaces not in self._places:
                raise LedgerError(
                    f"it corrects {entry.replaces!r}, which is no entry",
                    where=f"{entry.where} ({entry.entry_id})",
                    remedy="Write under `replaces` the id of the entry that it corrects.",
                )
        self._columns = columns_of(self._entries, self._places)
        self._labels = Labels(self._entries)
        self._refuse_circles()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def get(self, entry_id: str) -> Entry:
        """Return an entry as it was recorded, corrected since or not.

        Raises:
            NotFound: there is no such entry; those with the nearest ids are named.
        """
        return self._entries[self._place(entry_id)]

    def standing(self, entry_id: str, *, on: str, known: str | None = None) -> Standing | None:
        """Return what an act amounts to on a day, by the entry that spoke for it as known then.

        Any entry of the act's history names it. None where nobody could know of it yet.
        """
        day, asked = _days(on, known)
        speaking = self._speaking(asked)
        spoke = [entry for entry in self.history(entry_id) if speaking[self._places[entry.entry_id]]]
        return standing(spoke[-1], on=day, known=asked) if spoke else None

    def history(self, entry_id: str) -> tuple[Entry, ...]:
        """Return an act's entries, corrections behind what they correct, whichever of them is named."""
        place = self._place(entry_id)
        while (before := int(self._columns.replaces[place])) >= 0:
            place = before
        return tuple(self._entries[found] for found in self._chain(place))

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
            mask = mask & self._labels.keep(filters)
        chosen = np.flatnonzero(mask)
        return Standings(tuple(map(self._entries.__getitem__, chosen.tolist())), tuple(found[chosen].tolist()))

    def in_force(self, filters: Filters | None = None, *, on: str, known: str | None = None) -> tuple[Entry, ...]:
        """Return the entries that are in force on a day, as known on a day."""
        found = self.select(filters, on=on, known=known)
        return tuple(e for e, status in zip(found.entries, found.statuses, strict=True) if status == "in_force")

    def parts(self, entry_id: str) -> tuple[Entry, ...]:
        """Return the entries that are part of an act, by date."""
        ids = {entry.entry_id for entry in self.history(entry_id)}
        return tuple(entry for entry in self._entries if entry.part_of in ids)

    def is_complete(self, *, jurisdictions: Iterable[str], topic: str, first: str, last: str) -> bool:
        """Return whether a pack declares to hold every act of these jurisdictions on a topic in a period."""
        asked = frozenset(jurisdictions)
        return any(
            asked <= item.jurisdictions and topic in item.topics and item.first <= first and last <= item.last
            for item in self.complete
        )

    def _place(self, entry_id: str) -> int:
        if entry_id in self._places:
            return self._places[entry_id]
        near = difflib.get_close_matches(entry_id, self._places, n=3)
        remedy = f"Did you mean {' or '.join(near)}?" if near else "`entrepot measures list` shows them."
        raise NotFound(f"no entry {entry_id!r}", where="ledger", remedy=remedy)

    def _speaking(self, known: int) -> Mask:
        columns = self._columns
        speaks: NDArray[np.bool_] = (columns.knew[:, 1] <= known) & (columns.recorded <= known)
        hidden = columns.replaces[speaks & (columns.replaces >= 0)]
        speaks[hidden] = False
        return speaks

    @cached_property
    def _corrections(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for place in np.flatnonzero(self._columns.replaces >= 0):
            found.setdefault(int(self._columns.replaces[place]), []).append(int(place))
        return found

    def _chain(self, place: int) -> Iterator[int]:
        yield place
        for correction in sorted(self._corrections.get(place, ()), key=lambda i: self._entries[i].recorded_at):
            yield from self._chain(correction)

    def _refuse_circles(self) -> None:
        sound = set(np.flatnonzero(self._columns.replaces < 0).tolist())
        for first in np.flatnonzero(self._columns.replaces >= 0).tolist():
            path: list[int] = []
            place = first
            while place not in sound:
                if place in path:
                    entry = self._entries[first]
                    ids = " -> ".join(self._entries[i].entry_id for i in [*path, place])
                    remedy = "Let each correction name an earlier entry."
                    raise LedgerError(f"corrections in a circle: {ids}", where=entry.where, remedy=remedy)
                path.append(place)
                place = int(self._columns.replaces[place])
            sound.update(path)


def _by_date(entry: Entry) -> tuple[int, str]:
    return min((date.first for date in entry.dates.values() if date.first), default=0), entry.entry_id


def _days(on: str, known: str | None) -> tuple[int, int]:
    return parse_day(on), parse_day(known or on)


def _taken(entries: Sequence[Entry]) -> EntryRecorded:
    """The error of the first id that is there twice; there is one."""
    seen: dict[str, Entry] = {}
    twice = next(entry for entry in entries if seen.setdefault(entry.entry_id, entry) is not entry)
    remedy = "What is recorded stays: give the correction an id of its own and name the other in `replaces`."
    found = f"{twice.entry_id!r} is recorded already, in {seen[twice.entry_id].where}"
    return EntryRecorded(found, where=twice.where, remedy=remedy)
