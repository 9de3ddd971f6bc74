"""Shares with their intervals: small counts say little, and the interval says how little."""

from __future__ import annotations

from math import exp, log, sqrt

# 90 %, as everywhere in this project.
_Z = 1.6448536269514722


def wilson(hits: int, of: int) -> tuple[float | None, float | None]:
    """Return the 90 % interval of a share, by Wilson's score; (None, None) of nothing."""
    if of == 0:
        return None, None
    share, spread = hits / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def ratio_interval(hits: int, of: int, other_hits: int, other_of: int) -> tuple[float | None, float | None]:
    """Return the 90 % interval of the ratio of two shares, by the logarithm with half a hit added (Walter 1975)."""
    if of == 0 or other_of == 0:
        return None, None
    a, b = hits + 0.5, other_hits + 0.5
    middle = log(a / (of + 0.5)) - log(b / (other_of + 0.5))
    spread = _Z * sqrt(max(1 / a - 1 / (of + 0.5) + 1 / b - 1 / (other_of + 0.5), 0.0))
    return exp(middle - spread), exp(middle + spread)
