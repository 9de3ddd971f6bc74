"""Normal law: distribution and quantiles."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_STANDARD = NormalDist()


def normal_cdf(x: ArrayLike) -> Floats:
    """Return the probability that a standard normal lies below each ``x``; exact to 1e-12 of itself in the far tail.

    Source: the C library's erfc, which loses nothing in the lower tail.
    """
    values = np.asarray(x, dtype=float)
    tails = np.fromiter(map(math.erfc, (values / -math.sqrt(2.0)).ravel()), float, values.size)
    return np.asarray(0.5 * tails.reshape(values.shape))


def normal_quantile(p: ArrayLike) -> Floats:
    """Return the values below which a standard normal lies with probability ``p``; NaN outside 0 to 1.

    Source: Wichura 1988, algorithm AS 241 (PPND16), as Python's ``statistics`` has it; exact to 1e-15 of itself.
    """
    shares = np.asarray(p, dtype=float)
    return np.asarray(np.fromiter(map(_quantile, shares.ravel()), float, shares.size).reshape(shares.shape))


def _quantile(p: float) -> float:
    if 0.0 < p < 1.0:
        return _STANDARD.inv_cdf(p)
    return {0.0: -math.inf, 1.0: math.inf}.get(p, math.nan)
