"""Common triggers: what others did shortly before two acts, as a rival explanation of their closeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Other:
    """An act that may be a trigger: whose, on what, its day (number) and the proper names in it."""

    entry_id: str
    jurisdiction: str
    topic: str
    day: int
    names: frozenset[str]
    targets: frozenset[str]


def others_of(entries: Iterable[Entry]) -> tuple[Other, ...]:
    """Return the acts among entries that may be triggers: in the record as acts, with a first day."""
    return tuple(
        Other(e.entry_id, e.jurisdiction, topic_of(e), e.start.last, names_of(e), frozenset(e.targets))
        for e in entries
        if e.start and e.kind != "membership" and e.instrument not in _NO_TRIGGER and not e.status
    )


def triggers(
    a: Entry, b: Entry, *, day: int, others: Sequence[Other], within: int, period: tuple[int, int]
) -> tuple[Trigger, ...]:
    """Return the acts of others up to ``within`` days before ``day`` that touch what the two acts touch."""
    words, topics = names_of(a) & names_of(b), {topic_of(a), topic_of(b)}
    own = {a.jurisdiction, b.jurisdiction}
    told = [(one, why) for one in others if one.jurisdiction not in own and (why := _touches(one, own, words, topics))]
    share = _covered([one.day for one, _ in told], within, period)
    return tuple(Trigger(one.entry_id, day - one.day, why, share) for one, why in told if 0 <= day - one.day <= within)


def _touches(one: Other, own: set[str], words: frozenset[str], topics: set[str]) -> str:
    if words and (shared := sorted(one.names & words)):
        return f"names {', '.join(shared[:3])}, too"
    if one.topic in topics:
        return "is on the same topic"
    return "names both jurisdictions" if own <= one.targets else ""


def names_of(entry: Entry) -> frozenset[str]:
    """Proper names in what the act is about: words with a capital letter that stand for somebody or something."""
    text = " ".join((*entry.targets, entry.title.partition(":")[2], entry.scope))
    return frozenset(word for word in re.findall(r"\b[A-Z][\w-]{2,}", text) if word.casefold() not in _COMMON)


def _covered(days: Sequence[int], within: int, period: tuple[int, int]) -> float:
    first, last = period
    covered, reached = 0, first - 1
    for day in sorted(set(days)):
        end = min(last, day + within)
        covered += max(0, end - max(reached, day - 1))
        reached = max(reached, end)
    return covered / max(last - first + 1, 1)
