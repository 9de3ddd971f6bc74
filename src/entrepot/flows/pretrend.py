"""Pre-trend: did a series move against a control set's expectation already before the event?

The past is cut into an older and a newer half. The change between them is held against what the control set, formed in
the same way from the same halves, would have expected. A control set that did not follow the series before the event is
a poor guide to what would have followed it.

Source: docs/methods/routes.md, section 4.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np

from entrepot.flows.controls import growth_of
from entrepot.flows.noise import Noise
from entrepot.flows.panel import Bools, Floats, Ints, Panel
from entrepot.flows.sellers import Sellers
from entrepot.numerics import normal_cdf

# Months in each half below which nothing can be said.
_LEAST_HALF = 3
# Fewer series than this cannot tell drift from noise.
_LEAST_SERIES = 20
# Squares beyond this many variances are drawn in, and what the mean of such squares is where all is normal.
_FAR, _SPREAD = 9.0, 0.9945


def pretrend_p(panel: Panel, noise: Noise, *, otherwise: float, sellers: Sellers | None = None) -> dict[str, Floats]:
    """Return, per control set, the two-sided probability of a past movement against the controls as large as seen.

    Args:
        panel: the series.
        noise: what their past says, from ``noise_of``.
        otherwise: variance of slow drift to assume where the table is too small to tell.
        sellers: what others sell, where the sets count it.

    Returns:
        control set -> n p-values; NaN where a half has less than three known months or the series never traded.
    """
    half = panel.n_before // 2
    older, newer = noise.logs[:, :half], noise.logs[:, half : panel.n_before]
    n_older, n_newer = _known(older), _known(newer)
    good = (n_older >= _LEAST_HALF) & (n_newer >= _LEAST_HALF) & (noise.active > 0)
    with warnings.catch_warnings():
        # A half without a known month has no mean; its series says nothing.
        warnings.simplefilter("ignore", RuntimeWarning)
        change = np.where(good, np.nanmean(newer, axis=1) - np.nanmean(older, axis=1), 0.0)
    sampling = noise.variance * (1 / np.maximum(n_older, 1) + 1 / np.maximum(n_newer, 1))
    variance = sampling + _drift(change, sampling, good, otherwise=otherwise)
    past = replace(panel, values=panel.values[:, : panel.n_before], n_before=half)
    found = {}
    before = sellers.until(panel.n_before) if sellers else None
    for name, expected in growth_of(past, change, variance, sellers=before).values().items():
        z = (change - expected * noise.visible) / np.sqrt(variance)
        found[name] = np.where(good, 2 * normal_cdf(-np.abs(z)), np.nan)
    return found


def _known(values: Floats) -> Ints:
    return np.asarray((~np.isnan(values)).sum(axis=1))


def _drift(change: Floats, sampling: Floats, good: Bools, *, otherwise: float) -> float:
    """Variance of slow drift: what makes the spread of the changes, far ones drawn in, that of a normal law.

    A movement that all series share is none of it. Levels drift with heavy tails, so that a spread taken from the
    middle of the table alone would reject too often.
    """
    if good.sum() < _LEAST_SERIES:
        return otherwise
    square, noise = (change[good] - np.median(change[good])) ** 2, sampling[good]
    low, high = 0.0, float(np.mean(square))
    for _ in range(40):
        middle = (low + high) / 2
        with np.errstate(invalid="ignore", divide="ignore"):
            is_more = np.nanmean(np.minimum(square / (noise + middle), _FAR)) > _SPREAD
        low, high = (middle, high) if is_more else (low, middle)
    return high
