"""Gamma functions: logarithm of the beta function, and the derivatives of the logarithm of gamma."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Bernoulli numbers B2, B4, ..., B14. With seven of them the series below are exact to the last digits from _FAR on.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
_FAR = 15


def digamma(x: ArrayLike) -> Floats:
    """Return the derivative of log gamma at ``x`` > 0; NaN elsewhere. Exact to 1e-14, absolutely where it is near zero.

    Source: recurrence 5.5.2 and series 5.11.2 of the NIST Digital Library of Mathematical Functions.
    """
    x, sum_ = _shifted(x, lambda z: -1 / z)
    series = sum(b / (2 * k * x ** (2 * k)) for k, b in enumerate(_BERNOULLI, 1))
    return np.asarray(sum_ + np.log(x) - 0.5 / x - series)


def trigamma(x: ArrayLike) -> Floats:
    """Return the second derivative of log gamma at ``x`` > 0; NaN elsewhere. Exact to 1e-14 of itself.

    Source: recurrence 5.15.5 and series 5.15.8 of the NIST Digital Library of Mathematical Functions.
    """
    x, sum_ = _shifted(x, lambda z: 1 / z**2)
    series = sum(b / x ** (2 * k + 1) for k, b in enumerate(_BERNOULLI, 1))
    return np.asarray(sum_ + 1 / x + 0.5 / x**2 + series)


def tetragamma(x: ArrayLike) -> Floats:
    """Return the third derivative of log gamma at ``x`` > 0; NaN elsewhere. Exact to 1e-14 of itself.

    Source: recurrence 5.15.5 and series 5.15.9 of the NIST Digital Library of Mathematical Functions.
    """
    x, sum_ = _shifted(x, lambda z: -2 / z**3)
    series = sum((2 * k + 1) * b / x ** (2 * k + 2) for k, b in enumerate(_BERNOULLI, 1))
    return np.asarray(sum_ - 1 / x**2 - 1 / x**3 - series)


def log_beta(a: ArrayLike, b: ArrayLike) -> Floats:
    """Return the logarithm of the beta function; the smaller of ``a`` and ``b`` above 0.

    Exact to 1e-13 where the smaller is below 100, however large the other: the difference of two nearly equal log
    gammas is never formed.

    Source: Stirling's series 5.11.1 of the NIST Digital Library of Mathematical Functions, written for the difference.
    """
    a, b = np.broadcast_arrays(np.asarray(a, dtype=float), np.asarray(b, dtype=float))
    small, large = np.minimum(a, b), np.maximum(a, b)
    own = np.fromiter(map(math.lgamma, small.ravel()), float, small.size).reshape(small.shape)
    product, far = np.ones(small.shape), large.copy()
    for _ in range(_FAR):
        is_near = far < _FAR
        product = np.where(is_near, product * (1 + small / far), product)
        far = np.where(is_near, far + 1, far)
    both = far + small
    difference = small - (far - 0.5) * np.log1p(small / far) - small * np.log(both)
    return np.asarray(own + np.log(product) + difference + _stirling(far) - _stirling(both))


def _stirling(x: Floats) -> Floats:
    """What Stirling's formula leaves out of log gamma."""
    return np.asarray(sum(b / (2 * k * (2 * k - 1) * x ** (2 * k - 1)) for k, b in enumerate(_BERNOULLI, 1)))


def _shifted(x: ArrayLike, step: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """Return ``x`` moved up by whole steps until the series holds, and the sum of what each step adds."""
    values = np.asarray(x, dtype=float)
    values = np.where(values > 0, values, np.nan)
    added = np.zeros(values.shape)
    for _ in range(_FAR):
        is_near = values < _FAR
        with np.errstate(over="ignore"):
            added = np.where(is_near, added + step(np.where(is_near, values, 1.0)), added)
        values = np.where(is_near, values + 1, values)
    return values, added
