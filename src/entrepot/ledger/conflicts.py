"""Contradictions between entries: found and shown, never averaged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from entrepot.ledger.entry import Entry
from entrepot.ledger.ledger import Ledger

# Two acts of one kind on one target that start so close together, in days, may be one act that is dated twice.
_SAME_ACT = 62


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two entries that cannot both be the whole truth.

    Attributes:
        a, b: ids of the entries.
        kind: ``contradicts`` (one names the other), ``corrected_twice`` or ``dated_twice``.
        sentence: what they disagree on.
    """

    a: str
    b: str
    kind: str
    sentence: str


def conflicts(ledger: Ledger) -> tuple[Conflict, ...]:
    """Return every contradiction between entries, by kind and ids."""
    found = {(c.a, c.b, c.kind): c for c in (*_named(ledger), *_corrected(ledger), *_dated(ledger))}
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[2], key[:2])))


def _named(ledger: Ledger) -> Iterator[Conflict]:
    for entry in ledger:
        for other in entry.contradicts:
            a, b = sorted((entry.entry_id, ledger.get(other).entry_id))
            yield Conflict(a, b, "contradicts", f"{entry.entry_id} names {other} as saying something else")


def _corrected(ledger: Ledger) -> Iterator[Conflict]:
    by_corrected: dict[str, list[str]] = {}
    for entry in ledger:
        if entry.replaces:
            by_corrected.setdefault(entry.replaces, []).append(entry.entry_id)
    for corrected, ids in by_corrected.items():
        for a, b in combinations(sorted(ids), 2):
            yield Conflict(a, b, "corrected_twice", f"both correct {corrected}")


def _dated(ledger: Ledger) -> Iterator[Conflict]:
    groups: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in ledger:
        if entry.kind != "membership" and not entry.replaces and not entry.part_of:
            # A state as a target says little: many acts of one kind bear on it.
            for target in (name for name in entry.targets if not re.fullmatch("[A-Z]{3}", name)):
                groups.setdefault((entry.jurisdiction, entry.instrument, target.casefold()), []).append(entry)
    for group in groups.values():
        for a, b in combinations(sorted(group, key=lambda e: e.entry_id), 2):
            if a.start and b.start and a.start != b.start and abs(a.start.first - b.start.first) <= _SAME_ACT:
                sentence = f"one kind of act on one target, dated {a.start} and {b.start}: one act or two?"
                yield Conflict(a.entry_id, b.entry_id, "dated_twice", sentence)
