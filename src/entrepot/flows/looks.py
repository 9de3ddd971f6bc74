"""Looks: what a p-value is worth when the same series are looked at month after month.

Whoever looks every month finds a small p-value sooner or later. ``benchmarks/routes/looks.py`` has counted on quiet
trade how much sooner. Two questions are told apart, and neither answer depends on how long a watch will go on, so that
a later month never changes what an earlier one said:

- how often does a quiet series ever show as small a p-value at any of 24 monthly looks (``p_over_looks``)?
- how often has one done so by this look, with money above what any control set expects (``p_of_looks``)? From these
  the share of false alarms among all routes that were alerts up to this look is estimated.

Source: docs/methods/watch.md, section 2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.flows.panel import Floats

FILE = Path(__file__).parent / "looks.json"


@dataclass(frozen=True)
class Looks:
    """What was counted on quiet series.

    Attributes:
        version: changes whenever a number changes.
        looks: number of monthly looks over which the level holds.
        log_p: rising logarithms of a p-value at one look.
        log_ever: logarithm of the share of quiet series with one as small at any of ``looks`` looks.
        log_alarmed: number of looks so far -> logarithm of the share with one as small at any of them, and money
            above what any control set expects.
    """

    version: str
    looks: int
    log_p: Floats
    log_ever: Floats
    log_alarmed: dict[int, Floats]


@dataclass(frozen=True)
class Adjusted:
    """What p-values are worth at one of several looks.

    Attributes:
        count: number of looks so far, this one included.
    """

    count: int

    def shown(self, p: Floats) -> Floats:
        """Return p-values for the table: over all looks."""
        return p_over_looks(p)

    def counted(self, p: Floats) -> Floats:
        """Return p-values from which false discoveries up to this look are counted."""
        return p_of_looks(p, count=self.count)


@cache
def looks() -> Looks:
    """Return the counts that this version of entrepot ships."""
    return looks_of(json.loads(FILE.read_text("utf-8")))


def looks_of(data: dict[str, Any]) -> Looks:
    """Return counts from their file's content."""
    return Looks(
        version=data["version"],
        looks=int(data["looks"]),
        log_p=_logs(data["p_value"]),
        log_ever=_logs(data["ever"]),
        log_alarmed={int(count): _logs(shares) for count, shares in data["alarmed"].items()},
    )


def p_over_looks(p: Floats, *, counted: Looks | None = None) -> Floats:
    """Return the share of quiet series with a p-value as small at any of ``looks`` monthly looks; NaN stays.

    Never below the p-value itself, never above that times the number of looks, and rising with it.
    """
    counted = counted or looks()
    return _bounded(p, _share(p, counted.log_ever, counted), counted.looks)


def p_of_looks(p: Floats, *, count: int, counted: Looks | None = None) -> Floats:
    """Return the share of quiet series that could have been alerts at any of the ``count`` looks so far; NaN stays.

    At the first look it is the p-value itself. Between the numbers of looks that were counted, and past the last of
    them, the share grows with the logarithm of their number.
    """
    counted = counted or looks()
    known = sorted(counted.log_alarmed)
    above = next((i for i, n in enumerate(known) if n >= count), len(known) - 1)
    low, high = known[max(above - 1, 0)], known[max(above, 1)]
    part = (np.log(count) - np.log(low)) / (np.log(high) - np.log(low))
    few, many = (_share(p, counted.log_alarmed[n], counted) for n in (low, high))
    return _bounded(p, few + part * np.maximum(many - few, 0), count)


def _share(p: Floats, log_share: Floats, counted: Looks) -> Floats:
    """Logarithm of a share; below the smallest p-value counted it is taken to fall as fast as the p-value."""
    log_p = np.log(np.maximum(p, 1e-300))
    return np.asarray(np.interp(log_p, counted.log_p, log_share) + np.minimum(log_p - counted.log_p[0], 0))


def _bounded(p: Floats, log_share: Floats, count: int) -> Floats:
    log_p = np.log(np.maximum(p, 1e-300))
    share = np.exp(np.clip(log_share, log_p, np.minimum(log_p + np.log(count), 0)))
    return np.asarray(np.where(np.isnan(p), np.nan, share))


def _logs(values: list[float]) -> Floats:
    return np.asarray(np.log(np.array(values, dtype=float)))
