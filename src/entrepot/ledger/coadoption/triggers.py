"""Common triggers: what others did shortly before two acts, as a rival explanation of their closeness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.ledger.columns import topic_of
from entrepot.ledger.entry import Entry

# Words that name nobody.
_COMMON = {
    "the",
    "and",
    "for",
    "from",
    "with",
    "ban",
    "bank",
    "banks",
    "payment",
    "scheme",
    "rule",
    "stopped",
    "export",
}
_NO_TRIGGER = {"statement", "claim", "proposal", "observer", "member", "associate", "judgement"}


@dataclass(frozen=True, slots=True)
class Trigger:
    """An act of somebody else before a pair.

    Attributes:
        entry_id: the act.
        days_before: days before the earlier act of the pair.
        why: what it has in common with the pair.
        usual_share: share of the period's days that have such an act as shortly before; near one says nothing.
    """

    entry_id: str
    days_before: int
    why: str
    usual_share: float


def triggers(
    a: Entry, b: Entry, *, day: int, others: Sequence[Entry], within: int, period: tuple[int, int]
) -> tuple[Trigger, ...]:
    """Return the acts of others up to ``within`` days before ``day`` that touch what the two acts touch."""
    words, topics = _names(a) & _names(b), {topic_of(a), topic_of(b)}
    told = [(entry, why) for entry in others if (why := _touches(entry, a, b, words, topics))]
    days = [entry.start.last for entry, _ in told if entry.start]
    share = _covered(days, within, period)
    return tuple(
        Trigger(entry.entry_id, day - entry.start.last, why, share)
        for entry, why in told
        if entry.start and 0 <= day - entry.start.last <= within
    )


def _touches(entry: Entry, a: Entry, b: Entry, words: set[str], topics: set[str]) -> str:
    own = {a.jurisdiction, b.jurisdiction}
    if entry.jurisdiction in own or entry.instrument in _NO_TRIGGER or entry.status or entry.start is None:
        return ""
    if shared := sorted(_names(entry) & words):
        return f"names {', '.join(shared[:3])}, too"
    if topic_of(entry) in topics:
        return "is on the same topic"
    return "names both jurisdictions" if own <= set(entry.targets) else ""


def _names(entry: Entry) -> set[str]:
    """Proper names in what the act is about: words with a capital letter that stand for somebody or something."""
    text = " ".join((*entry.targets, entry.title.partition(":")[2], entry.scope))
    return {word for word in re.findall(r"\b[A-Z][\w-]{2,}", text) if word.casefold() not in _COMMON}


def _covered(days: Sequence[int], within: int, period: tuple[int, int]) -> float:
    first, last = period
    covered: set[int] = set()
    for day in days:
        covered.update(range(max(first, day), min(last, day + within) + 1))
    return len(covered) / max(last - first + 1, 1)
