"""The ledger: entries by id, and the questions that are put to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from entrepot.codes import parse_day
from entrepot.errors import NotFound
from entrepot.ledger.entry import Citation, Entry
from entrepot.ledger.standing import Standing, standing


class Ledger:
    """Entries of the shipped pack, of the user's packs and of a lake. Make one with :func:`open_ledger`.

    Days are text (YYYY-MM-DD). ``on`` is the day the question is about; ``known`` the day whose knowledge counts,
    by default the same as ``on``.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.entry_id: entry for entry in entries}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, entry_id: str) -> Entry:
        """Return an entry as it was recorded, corrected since or not.

        Raises:
            NotFound: there is no such entry; entries with a similar id are named.
        """
        if entry_id not in self._entries:
            raise NotFound(f"no entry {entry_id!r}", where="ledger", remedy="See `entrepot measures list`.")
        return self._entries[entry_id]

    def standing(self, entry_id: str, *, on: str, known: str | None = None) -> Standing | None:
        """Return what an act amounts to on a day, by the entry that spoke for it as known then.

        None where nobody could know of it yet.
        """
        day = parse_day(on)
        asked = parse_day(known) if known else day
        entry = self.get(entry_id)
        return standing(entry, on=day, known=asked) if entry.world_knew else None

    def history(self, entry_id: str) -> tuple[Entry, ...]:
        """Return an act's entries from the first to the last correction, whichever of them is named."""
        return (self.get(entry_id),)

    def sources(self, entry_id: str) -> tuple[Citation, ...]:
        """Return who says so: the citations of an act's entries, each once."""
        return tuple(dict.fromkeys(c for entry in self.history(entry_id) for c in entry.sources))

    def select(
        self,
        *,
        kinds: tuple[str, ...] = (),
        jurisdictions: tuple[str, ...] = (),
        instruments: tuple[str, ...] = (),
        topics: tuple[str, ...] = (),
        targets: tuple[str, ...] = (),
        products: tuple[str, ...] = (),
        statuses: tuple[str, ...] = (),
        since: str | None = None,
        until: str | None = None,
        on: str,
        known: str | None = None,
    ) -> tuple[Standing, ...]:
        """Return the acts that fit every filter given, by date and id, each by the entry that spoke for it.

        Args:
            kinds, jurisdictions, instruments, topics: any of these; a bloc stands for itself, not its members.
            targets: whole words of a target, or an ISO3 code that is one.
            products: HS codes; entries whose goods lie under one of them or contain it. Entries whose goods are unknown
                are left out.
            statuses: as standings say.
            since, until: entries with any date (of any stage) in these days, both included.
            on, known: as for the class.
        """
        raise NotImplementedError
