"""What chance would do: the acts of one jurisdiction moved against those of the other, through the whole period.

Moving a jurisdiction's whole calendar round the period keeps how many acts it passes and how they cluster, and breaks
only what ties them to the other's calendar. All moves by whole days are enumerated, so the p-values are exact, not
sampled, under law-making that is as likely at one time of the period as at another.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]


def closeness(a: Days, b: Days, *, length: int) -> NDArray[np.int64]:
    """Return how near the nearest of ``b`` is to each ``a``, for every move of ``b`` round a period of ``length`` days.

    Returns:
        grain move (0 is no move), act of a; days, round the period.
    """
    moved = (b[None, :] + np.arange(length)[:, None]) % length
    nearest = np.full((length, len(a)), length, dtype=np.int64)
    for column, day in enumerate(a):
        gap = np.abs(moved - day % length)
        nearest[:, column] = np.minimum(gap, length - gap).min(axis=1)
    return nearest


def share_of_moves(statistic: NDArray[np.float64 | np.int64], observed: float, *, is_small: bool) -> float:
    """Return the share of moves whose statistic is at least as extreme as the observed one; no move counts as one."""
    extreme = statistic <= observed if is_small else statistic >= observed
    return float(max(extreme.mean(), 1 / len(statistic)))


def every_move(b: Days, *, length: int, statistic: Callable[[Days], float]) -> NDArray[np.float64]:
    """Return a statistic of ``b`` under every move round the period; the first is without a move."""
    return np.array([statistic((b + move) % length) for move in range(length)])
