"""Least squares under a sign."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def nonnegative_least_squares(a: ArrayLike, b: ArrayLike) -> Floats:
    """Return the ``x`` without negative parts for which ``a @ x`` comes nearest to ``b``.

    Args:
        a: rows x columns.
        b: rows.

    Source: Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23, over the triangle of ``a`` and begun at
    the columns that are positive without the constraint.
    """
    matrix = np.asarray(a, dtype=float)
    q, triangle = np.linalg.qr(matrix)
    target = q.T @ np.asarray(b, dtype=float)
    n = triangle.shape[1]
    least = 10 * max(matrix.shape) * np.finfo(float).eps * float(np.abs(triangle).sum(axis=0).max(initial=0.0))
    least *= max(float(np.abs(target).max(initial=0.0)), 1e-300)
    x, used = _begun(triangle, target)
    refused = np.zeros(n, dtype=bool)
    while True:
        pull = np.where(used | refused, -np.inf, triangle.T @ (target - triangle @ x))
        if not n or pull.max() <= least:
            return x
        entering = int(np.argmax(pull))
        used[entering] = True
        following, kept = _feasible(triangle, target, x, used.copy())
        if kept[entering] and _miss(triangle, target, following) < _miss(triangle, target, x):
            x, used, refused = following, kept, np.zeros(n, dtype=bool)
        else:
            # Rounding said that the column helps, and it does not.
            used[entering], refused[entering] = False, True


def _begun(triangle: Floats, target: Floats) -> tuple[Floats, Bools]:
    """A first solution: columns are left out until those that stay are positive."""
    used = np.ones(triangle.shape[1], dtype=bool)
    while True:
        x = _solved(triangle, target, used)
        wrong = used & (x <= 0)
        if not wrong.any():
            return x, used
        used = used & ~wrong


def _feasible(triangle: Floats, target: Floats, x: Floats, used: Bools) -> tuple[Floats, Bools]:
    """The solution over ``used``, reached from ``x`` without leaving the positive side; what reaches 0 drops out."""
    while True:
        aim = _solved(triangle, target, used)
        wrong = used & (aim <= 0)
        if not wrong.any():
            return aim, used
        share = np.where(wrong, x / np.where(wrong, x - aim, 1.0), np.inf)
        share = np.where(wrong & (x <= 0), 0.0, share)
        x = x + share.min() * (aim - x)
        used = used & (share > share.min())
        x = np.where(used, x, 0.0)


def _solved(triangle: Floats, target: Floats, used: Bools) -> Floats:
    x = np.zeros(triangle.shape[1])
    if used.any():
        x[used] = np.linalg.lstsq(triangle[:, used], target, rcond=None)[0]
    return x


def _miss(triangle: Floats, target: Floats, x: Floats) -> float:
    return float(np.sum((target - triangle @ x) ** 2))
