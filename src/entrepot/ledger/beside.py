"""A lake's entries beside those of packs: what is the same, what took an id, and links that lead nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from entrepot.ledger.entry import Entry
from entrepot.ledger.table import LAKE


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
    known = {*packed, *(entry.entry_id for entry in kept)} - set(moved)
    return [standing_alone(e, moved, known) if is_touched(_named(e), known) else e for e in kept]


def _named(entry: Entry) -> tuple[str, ...]:
    return (entry.entry_id, entry.replaces, entry.part_of, *entry.contradicts)


def is_touched(named: Iterable[str], known: Collection[str]) -> bool:
    """Return whether one of the ids that an entry names is not known."""
    return any(entry_id and entry_id not in known for entry_id in named)


def standing_alone(entry: Entry, moved: Mapping[str, str], known: Collection[str]) -> Entry:
    """Return an entry under the id that is left to it, with a doubt for each link that leads nowhere."""
    doubts = list(entry.doubts)
    if entry.entry_id in moved:
        doubts.append(f"A pack has another entry under the id {entry.entry_id}.")
    given = (entry.replaces, entry.part_of, *entry.contradicts)
    lost = [link for link in given if link and link not in known and link not in moved]
    doubts += [f"It names {link}, which is not in the ledger." for link in lost]
    return replace(
        entry,
        entry_id=moved.get(entry.entry_id, entry.entry_id),
        replaces="" if entry.replaces in lost else moved.get(entry.replaces, entry.replaces),
        part_of="" if entry.part_of in lost else moved.get(entry.part_of, entry.part_of),
        contradicts=tuple(moved.get(link, link) for link in entry.contradicts if link not in lost),
        doubts=tuple(doubts),
    )
