"""Ranks within rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def row_ranks(values: ArrayLike) -> Floats:
    """Return the rank of each value in its row, from 1; equal values share their mean rank, rows with NaN have none.

    Source: mid-ranks, as in Wilcoxon's rank sum test.
    """
    rows = np.asarray(values, dtype=float)
    n = rows.shape[1]
    if not n:
        return np.zeros(rows.shape)
    order = np.argsort(rows, axis=1, kind="stable")
    ordered = np.take_along_axis(rows, order, axis=1)
    starts = np.ones(rows.shape, dtype=bool)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    ends = np.roll(starts, -1, axis=1)
    ends[:, -1] = True
    place = np.arange(n)
    first = np.maximum.accumulate(np.where(starts, place, 0), axis=1)
    last = np.minimum.accumulate(np.where(ends, place, n - 1)[:, ::-1], axis=1)[:, ::-1]
    found = np.empty(rows.shape)
    np.put_along_axis(found, order, (first + last) / 2 + 1, axis=1)
    found[np.isnan(rows).any(axis=1)] = np.nan
    return found
