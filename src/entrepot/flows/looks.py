"""Looks: what a p-value is worth when the same series are looked at month after month.

Whoever looks every month finds a small p-value sooner or later. ``benchmarks/routes/looks.py`` has counted on quiet
trade how often a series ever shows as small a p-value at any of 24 monthly looks (``p_over_looks``). False alarms add
up over the looks while a true one is counted once, so each look's share of false discoveries is counted ``SPENT``
times. Neither depends on how long a watch will go on, so that a later month never changes what an earlier one said.

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


# By how much a look's share of false discoveries is multiplied, so that the share among all alerts of a watch so far is
# near alpha. Chosen on plantings of seeds 4100 and 4101 and worlds 101 and 103; docs/benchmarks.md judges it on others.
SPENT = 1.6


@dataclass(frozen=True)
class Looks:
    """What was counted on quiet series.

    Attributes:
        version: changes whenever a number changes.
        looks: number of monthly looks over which the level holds.
        log_p: rising logarithms of a p-value at one look.
        log_ever: logarithm of the share of quiet series with one as small at any of ``looks`` looks.
    """

    version: str
    looks: int
    log_p: Floats
    log_ever: Floats


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
    )


def p_over_looks(p: Floats, *, counted: Looks | None = None) -> Floats:
    """Return the share of quiet series with a p-value as small at any of ``looks`` monthly looks; NaN stays.

    Never below the p-value itself, never above that times the number of looks, and rising with it.
    """
    counted = counted or looks()
    return _bounded(p, _share(p, counted.log_ever, counted), counted.looks)


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
