"""Mirror variance: how noisy each log ratio is, by the product's own ratios and those of products of like size."""

from __future__ import annotations

import numpy as np

from entrepot.flows.panel import Floats
from entrepot.numerics import digamma, tetragamma, trigamma

LEAST_VARIANCE = 0.05**2


def squeezed_of(variance: Floats, freedom: Floats, size: Floats) -> tuple[Floats, float]:
    """Variances drawn towards those of products of like size, and the degrees of freedom so gained.

    Source: Smyth 2004, Linear models and empirical Bayes methods, section 6.2; trend as in limma.
    """
    trend, excess = trend_of(variance, freedom, size)
    seen = freedom > 0
    if seen.sum() < 3:
        return np.maximum(variance, LEAST_VARIANCE), 0.0
    extra = float(min(2 * _inverse_trigamma(excess), freedom.sum())) if excess > 0 else float(freedom.sum())
    shift = digamma(extra / 2) - np.log(extra / 2)
    prior = np.exp(trend + shift)
    return np.asarray((extra * prior + freedom * variance) / (extra + freedom)), extra


def trend_of(variance: Floats, freedom: Floats, size: Floats) -> tuple[Floats, float]:
    """Expected log variance at each product's size, and how much log variances differ beyond sampling."""
    seen = freedom > 0
    if not seen.any():
        return np.zeros(len(variance)), 0.0
    half = freedom[seen] / 2
    logs = np.log(np.maximum(variance[seen], LEAST_VARIANCE)) - digamma(half) + np.log(half)
    x = np.clip(size, *np.quantile(size[seen], [0.02, 0.98]))
    degree = 2 if seen.sum() >= 30 and np.ptp(x[seen]) > 0 else 0
    weight = np.sqrt(1 / trigamma(half))
    fit = np.polyfit(x[seen], logs, degree, w=weight)
    residual = logs - np.polyval(fit, x[seen])
    sampling = trigamma(half)
    excess = float(np.average(residual**2 - sampling, weights=1 / sampling**2))
    return np.asarray(np.polyval(fit, x)), excess


def _inverse_trigamma(value: float) -> float:
    """Return x with trigamma(x) = value, by Newton's steps on 1 / trigamma."""
    x = 0.5 + 1 / value
    for _ in range(50):
        at = float(trigamma(x))
        step = at * (1 - at / value) / float(tetragamma(x))
        x += step
        if abs(step) < 1e-8 * x:
            break
    return x
