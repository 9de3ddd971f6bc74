"""Checks of a pack before it is used or handed in: what the loader would refuse, all of it at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from entrepot.errors import EntryRecorded, LedgerError
from entrepot.ledger.entry import Entry
from entrepot.ledger.packs import complete_of, entries_in, pack_head

# Fields that name other entries.
_LINKS = ("replaces", "part_of", "contradicts")


@dataclass(frozen=True)
class PackCheck:
    """What a check of a pack found.

    Attributes:
        entries: entries that could be read.
        citations: their sources.
        unopened: sources cited from knowledge: no day says when they were read. Allowed, but to be opened.
        unread: ids of the entries none of whose sources was opened.
        unsure: entries whose status is proposed, reported, alleged or disputed.
        problems: what is wrong, by file; a pack with any is not loaded.
    """

    entries: int
    citations: int
    unopened: int
    unread: tuple[str, ...]
    unsure: int
    problems: tuple[LedgerError, ...]


def check_pack(folder: Path, *, beside: Iterable[Entry] = ()) -> PackCheck:
    """Return everything that is wrong with a pack, and how much of it rests on sources that nobody opened.

    Args:
        beside: entries of other packs that it may refer to, whose ids it may not take.

    Raises:
        NotFound: the folder has no pack.yml.
    """
    problems: list[LedgerError] = []
    entries: list[Entry] = []
    try:
        head = pack_head(folder)
    except LedgerError as error:
        return PackCheck(0, 0, 0, (), 0, (error,))
    try:
        complete_of(head, folder / "pack.yml")
    except LedgerError as error:
        problems.append(error)
    for found in entries_in(folder, head):
        if isinstance(found, LedgerError):
            problems.append(found)
        else:
            entries.append(found)
    problems += link_faults(entries, {entry.entry_id for entry in beside})
    cited = [citation for entry in entries for citation in entry.sources]
    return PackCheck(
        entries=len(entries),
        citations=len(cited),
        unopened=sum(not citation.read_date for citation in cited),
        unread=tuple(entry.entry_id for entry in entries if not any(one.read_date for one in entry.sources)),
        unsure=sum(entry.status is not None for entry in entries),
        problems=tuple(problems),
    )


def link_faults(entries: Sequence[Entry], beside: Collection[str] = ()) -> Iterator[LedgerError]:
    """Yield what is wrong between entries: an id taken twice, a link to nothing, corrections in a circle.

    Args:
        beside: ids of entries that stand already.
    """
    known = {entry.entry_id: entry for entry in entries}
    seen: dict[str, str] = dict.fromkeys(beside, "another pack")
    for entry in entries:
        if entry.entry_id in seen:
            remedy = "What is recorded stays: give the correction an id of its own and name the other in `replaces`."
            found = f"id {entry.entry_id!r} is taken, in {seen[entry.entry_id]}"
            yield EntryRecorded(found, where=entry.where, remedy=remedy)
        seen[entry.entry_id] = entry.where
    for entry in entries:
        yield from _dangling(entry, seen)
    yield from _circles(known)


def _dangling(entry: Entry, known: Collection[str]) -> Iterator[LedgerError]:
    place = f"{entry.where} ({entry.entry_id})"
    for name in _LINKS:
        named = getattr(entry, name)
        for other in (named,) if isinstance(named, str) else named:
            if other == entry.entry_id:
                yield LedgerError(f"{name} names the entry itself", where=place, remedy="Name another entry.")
            elif other and other not in known:
                remedy = f"Write under {name} the id of an entry of this pack or of the shipped one."
                yield LedgerError(f"{name} is {other!r}, which is no entry", where=place, remedy=remedy)


def _circles(entries: dict[str, Entry]) -> Iterator[LedgerError]:
    sound: set[str] = set()
    for first in entries.values():
        path: list[str] = []
        entry: Entry | None = first
        while entry is not None and entry.entry_id not in sound and entry.entry_id not in path:
            path.append(entry.entry_id)
            entry = entries.get(entry.replaces) if entry.replaces else None
        if entry is not None and entry.entry_id in path and len(path) > path.index(entry.entry_id) + 1:
            ids = " -> ".join([*path[path.index(entry.entry_id) :], entry.entry_id])
            remedy = "Let each correction name an earlier entry."
            yield LedgerError(f"corrections in a circle: {ids}", where=first.where, remedy=remedy)
        sound.update(path)


def refuse_faults(entries: Sequence[Entry], beside: Collection[str] = ()) -> None:
    """Raise the first of :func:`link_faults`.

    Raises:
        EntryRecorded: an id is taken.
        LedgerError: a link to nothing, or corrections in a circle.
    """
    for fault in link_faults(entries, beside):
        raise fault
