"""Dates of birth, or of a firm's foundation: how far two agree, as precisely as both are known."""

from __future__ import annotations

from functools import lru_cache

from entrepot.parties.features.facts import Facts
from entrepot.parties.features.found import Found

Date = tuple[int, ...]


def birth_date(query: Facts, candidate: Facts) -> Found | None:
    """Return how far the dates agree, of the two that agree best; None where either side has none."""
    best: tuple[float, str] | None = None
    pair: tuple[Date, Date] = ((), ())
    for one in query.births:
        for other in candidate.births:
            found = _likeness(one, other)
            if best is None or found[0] > best[0]:
                best, pair = found, (one, other)
    return Found(*best, _text(pair[0]), _text(pair[1])) if best else None


_SAME = ((0.3, "same year"), (0.6, "same month"), (1.0, "same day"))


def _likeness(one: Date, other: Date) -> tuple[float, str]:
    known = min(len(one), len(other))
    if one[:known] == other[:known]:
        return _SAME[known - 1]
    apart = abs(one[0] - other[0])
    if known == 3:
        return _days(one, other, apart)
    if apart == 1:
        return -0.2, "a year apart"
    if apart == 0:
        return -0.5, "same year, other month"
    return -1.0, f"{apart} years apart"


def _days(one: Date, other: Date, apart: int) -> tuple[float, str]:
    agreeing = (one[0] == other[0]) + (one[1] == other[1]) + (one[2] == other[2])
    if apart == 0 and one[1:] == (other[2], other[1]):
        return 0.6, "same but for day and month, which are exchanged"
    if agreeing == 2 and sum(a != b for a, b in zip(_text(one), _text(other), strict=True)) == 1:
        return 0.2, "same but for one digit"
    if apart <= 1 and ((1, 1) in (one[1:], other[1:])):
        # The first of January stands for a day that nobody knew.
        return (-0.2, "a year apart, day not known") if apart else (0.1, "same year, day not known")
    return (-1.0, f"{apart} years apart") if apart else (-0.6, "same year, other day")


@lru_cache(maxsize=1 << 14)
def _text(date: Date) -> str:
    return "-".join((f"{date[0]:04}", *(f"{part:02}" for part in date[1:])))
