"""Student's t: distribution and quantiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from entrepot.numerics.beta import tails
from entrepot.numerics.gamma import log_beta
from entrepot.numerics.normal import normal_cdf, normal_quantile
from entrepot.numerics.solving import increasing_root

Floats = NDArray[np.float64]

_TINY = 1e-300
# From this many degrees of freedom on a double cannot tell the law from the normal one.
_NORMAL = 1e17
# The square of a ratio beyond this one is no double.
_FAR = 1e100


def student_cdf(t: ArrayLike, freedom: ArrayLike) -> Floats:
    """Return the probability that Student's t with ``freedom`` degrees lies below each ``t``.

    NaN where the degrees are not above 0. Exact to about 1e-13 of itself, in the lower tail too; the upper tail at
    ``t`` is the value at ``-t``.

    Source: 26.5.27 of Abramowitz and Stegun, Handbook of Mathematical Functions, over the incomplete beta function.
    """
    t, freedom = np.broadcast_arrays(np.asarray(t, dtype=float), np.asarray(freedom, dtype=float))
    good = (freedom > 0) & ~np.isnan(t)
    is_normal = freedom >= _NORMAL
    upper = _upper(np.where(good, np.abs(t), 0.0), np.where(good & ~is_normal, freedom, 1.0))
    found = np.where(t > 0, 1 - upper, upper)
    if is_normal.any():
        found = np.where(is_normal, normal_cdf(np.where(good, t, 0.0)), found)
    return np.where(good, found, np.nan)


def student_quantile(p: ArrayLike, freedom: ArrayLike) -> Floats:
    """Return the values below which Student's t lies with probability ``p``; NaN outside 0 to 1.

    Source: Newton's steps on the logarithm of the nearer tail over the area sine of t, kept between bounds.
    """
    p, freedom = np.broadcast_arrays(np.asarray(p, dtype=float), np.asarray(freedom, dtype=float))
    good = (p > 0) & (p < 1) & (freedom > 0)
    tail = np.where(good, np.minimum(p, 1 - p), 0.25)
    degrees = np.where(good & (freedom < _NORMAL), freedom, 1.0)
    constant = log_beta(degrees / 2, 0.5) + np.log(degrees) / 2

    def rising(u: Floats) -> tuple[Floats, Floats]:
        """Minus the logarithm of the tail, and its slope over u, of which t is the hyperbolic sine."""
        t = np.sinh(u)
        upper = np.maximum(_upper(t, degrees), _TINY)
        with np.errstate(over="ignore"):
            density = np.exp((degrees + 1) / 2 * _log_rest(t / np.sqrt(degrees)) - constant)
            return -np.log(upper), density * np.cosh(u) / upper

    start = np.arcsinh(-normal_quantile(tail))
    u = increasing_root(rising, -np.log(tail), start, np.zeros(p.shape), np.full(p.shape, 709.0))
    size = np.where(freedom >= _NORMAL, -normal_quantile(tail), np.sinh(u))
    ends = np.where(p == 0, -np.inf, np.where(p == 1, np.inf, np.nan))
    return np.where(good, np.where(p == 0.5, 0.0, np.where(p > 0.5, size, -size)), np.where(freedom > 0, ends, np.nan))


def _upper(t: Floats, freedom: Floats) -> Floats:
    """The upper tail at ``t`` not below 0."""
    ratio = t / np.sqrt(freedom)
    log_x = _log_rest(ratio)
    with np.errstate(divide="ignore"):
        # The logarithm of 1 - x = r^2 / (1 + r^2); where r is far, x is nothing beside 1.
        log_y = np.where(ratio < _FAR, 2 * np.log(np.minimum(ratio, _FAR)) + log_x, 0.0)
    lower, _ = tails((log_x, log_y), (np.exp(log_x), np.exp(log_y)), freedom / 2, np.full(t.shape, 0.5))
    return 0.5 * lower


def _log_rest(ratio: Floats) -> Floats:
    """The logarithm of 1 / (1 + ratio^2)."""
    near = np.minimum(ratio, _FAR)
    with np.errstate(divide="ignore"):
        return np.where(ratio < _FAR, -np.log1p(near**2), -2 * np.log(np.maximum(ratio, 1.0)))
