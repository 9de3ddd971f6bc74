"""Dates of birth, or of a firm's foundation: how far two agree, as precisely as both are known."""

from __future__ import annotations

from functools import lru_cache

from entrepot.parties.features.facts import Facts
from entrepot.parties.features.found import Found

Date = tuple[int, int, int]


def birth_date(query: Facts, candidate: Facts) -> Found | None:
    """Return how far the dates agree, of the two that agree best; None where either side has none."""
    best: Found | None = None
    for one in query.births:
        for other in candidate.births:
            found = _compared(one, other)
            if best is None or found.score > best.score:
                best = found
    return best


@lru_cache(maxsize=1 << 14)
def _compared(one: Date, other: Date) -> Found:
    score, detail = _likeness(one, other)
    return Found(score, detail, _text(one), _text(other))


def _likeness(one: Date, other: Date) -> tuple[float, str]:
    known = min(_precision(one), _precision(other))
    if one[:known] == other[:known]:
        return ((0.3, "same year"), (0.6, "same month"), (1.0, "same day"))[known - 1]
    if known == 3:
        return _days(one, other)
    apart = abs(one[0] - other[0])
    if apart == 1:
        return -0.2, "a year apart"
    if apart == 0:
        return -0.5, "same year, other month"
    return -1.0, f"{apart} years apart"


def _days(one: Date, other: Date) -> tuple[float, str]:
    if one[0] == other[0] and one[1:] == (other[2], other[1]):
        return 0.6, "same but for day and month, which are exchanged"
    wrong = sum(a != b for a, b in zip(_text(one), _text(other), strict=True))
    if wrong == 1:
        return 0.2, "same but for one digit"
    if (1, 1) in (one[1:], other[1:]) and abs(one[0] - other[0]) <= 1:
        # The first of January stands for a day that nobody knew.
        return (0.1, "same year, day not known") if one[0] == other[0] else (-0.2, "a year apart, day not known")
    apart = abs(one[0] - other[0])
    return (-0.6, "same year, other day") if apart == 0 else (-1.0, f"{apart} years apart")


def _precision(date: Date) -> int:
    return 3 if date[2] else 2 if date[1] else 1


def _text(date: Date) -> str:
    return "-".join(part for part, is_known in ((f"{date[0]:04}", 1), (f"{date[1]:02}", date[1]), (f"{date[2]:02}", date[2])) if is_known)
