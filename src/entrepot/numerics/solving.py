"""Solving: roots of rising functions, element by element."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_STEPS = 200
_CLOSE = 4e-16


def increasing_root(
    function: Callable[[Floats], tuple[Floats, Floats]], target: Floats, start: Floats, low: Floats, high: Floats
) -> Floats:
    """Return where a rising function meets its target, by Newton's steps kept between bounds that halve otherwise.

    Args:
        function: value and slope at every element.
        target: value sought.
        start, low, high: first guess and bounds.
    """
    x = np.clip(start, low, high)
    for _ in range(_MOST_STEPS):
        value, slope = function(x)
        low, high = np.where(value <= target, x, low), np.where(value >= target, x, high)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = x + (target - value) / slope
        following = np.where((step > low) & (step < high), step, (low + high) / 2)
        is_done = np.abs(following - x) <= _CLOSE * (1 + np.abs(x))
        x = np.where(value == target, x, following)
        if (is_done | (value == target)).all():
            break
    return np.asarray(x)
