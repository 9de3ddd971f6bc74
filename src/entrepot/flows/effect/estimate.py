"""The estimate: one series against a weighted mean of controls, and how often chance does as much.

Series are scaled by their own mean, so that a control stands for a pattern in time and not for a size; the weights are
not negative, sum to one and are drawn towards equal ones. The reference of every test is the same estimate at other
dates: under a stated effect the treated months are brought back to what they would have been, weights are fitted to all
months alike, and the block of treated months is moved round the whole window. Months keep their neighbours, so a
persistent series is compared with persistent stretches of itself (Chernozhukov, Wuethrich and Zhu 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.flows.panel import Bools, Floats
from entrepot.numerics import nonnegative_least_squares

# Pull of the weights towards equal ones, in months of data of unit noise.
_RIDGE = 2.0
_SUM_TO_ONE = 100.0
# A counterfactual below this share of its mean is no yardstick for a relative residual.
_LEAST_LEVEL = 0.05
# A stretch without trade counts as this share of the mean, so that its logarithm exists.
_LEAST_RATIO = 0.001
_LEVEL = 0.90
# Shares that the moved blocks reject less often than this lie in the interval. The weights are fitted, so at 0.10 the
# interval covers a little less than 90 %; benchmarks/effect says how much.
_REJECTED = 0.08
# Effects that are looked at lie between these; an interval that reaches one of them has no end on that side.
_SMALLEST, _LARGEST = -0.999, 50.0


@dataclass(frozen=True)
class Change:
    """A change over a block of months, as a share of what would have been.

    Attributes:
        share: the estimate; -0.2 is a fifth less.
        low, high: 90 % interval; None where it has no end that the data can show.
        p_value: how often the same block at another date deviates as much.
    """

    share: float
    low: float | None
    high: float | None
    p_value: float


def control_weights(y: Floats, x: Floats, *, ridge: float = _RIDGE) -> Floats:
    """Return the weights of controls whose mean comes nearest to a series.

    Args:
        y: t, a series scaled by its mean.
        x: t x n, the controls, scaled likewise.
        ridge: pull towards equal weights; without any this is the synthetic control of Abadie and Gardeazabal (2003).
    """
    n = x.shape[1]
    pull = np.sqrt(ridge * n * float(np.var(y - x.mean(axis=1)))) or 1e-6
    rows = np.vstack([x, np.full((1, n), _SUM_TO_ONE), pull * np.eye(n)])
    target = np.concatenate([y, [_SUM_TO_ONE], np.full(n, pull / n)])
    raw = nonnegative_least_squares(rows, target)
    weights: Floats = raw / raw.sum()
    return weights


def counterfactual(y: Floats, x: Floats, fit: Bools) -> tuple[Floats, Floats]:
    """Return what ``y`` would have been in every month, and the controls' weights, from the months of ``fit``."""
    level, means = y[fit].mean(), x[fit].mean(axis=0)
    scaled = x / means
    weights = control_weights(y[fit] / level, scaled[fit])
    return level * (scaled @ weights), weights


def change(y: Floats, x: Floats, block: Bools, *, fit: Bools) -> Change:
    """Return the change in a block of months.

    Args:
        y: t, the treated series; more than zero on average in the months of ``fit``.
        x: t x n, the controls.
        block: t, the months that may have changed, next to each other.
        fit: t, months of the past that the point estimate is fitted to.
    """
    expected, _ = counterfactual(y, x, fit)
    share = float(y[block].sum() / expected[block].sum() - 1)
    low = _end(y, x, block, share, down=True)
    high = _end(y, x, block, share, down=False)
    return Change(share, low, high, p_value(y, x, block, 0.0))


def p_value(y: Floats, x: Floats, block: Bools, share: float) -> float:
    """Return how often the block, moved round the window, stands out as much as it does if the effect were ``share``.

    A stretch stands out by the logarithm of its mean over that of the other months, each month relative to its
    counterfactual; so the scale, which was fitted to all months, drops out.
    """
    apart = np.abs(_stretches(_ratios(y, x, block, share), block))
    return float(np.mean(apart >= apart[0] * (1 - 1e-9)))


def unit_p_value(y: Floats, x: Floats, block: Bools, *, fit: Bools) -> float:
    """Return the rank of the series' change among those of the controls, each held against the others."""
    own = abs(_log_change(y, x, block, fit))
    others = [abs(_log_change(x[:, j], np.delete(x, j, axis=1), block, fit)) for j in range(x.shape[1])]
    return (1 + sum(other >= own for other in others)) / (1 + len(others))


def month_band(y: Floats, expected: Floats, fit: Bools) -> tuple[Floats, Floats, Floats]:
    """Return for each month the change and its 90 % band, from how far single months of the past lay off."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, y / expected, np.nan)
    past = np.sort(ratio[fit & np.isfinite(ratio)])
    tail = (1 - _LEVEL) / 2 * (1 + 1 / max(len(past), 1))
    lower, upper = np.quantile(past, [max(tail - 1 / len(past), 0), min(1 - tail + 1 / len(past), 1)])
    high: Floats = ratio / lower - 1 if lower > 0 else np.full_like(ratio, np.nan)
    share: Floats = ratio - 1
    low: Floats = ratio / upper - 1
    return share, low, high


def _log_change(y: Floats, x: Floats, block: Bools, fit: Bools) -> float:
    expected = counterfactual(y, x, fit)[0][block].sum()
    return float(np.log(max(y[block].sum(), 0.01 * expected) / expected)) if expected > 0 else 0.0


def _ratios(y: Floats, x: Floats, block: Bools, share: float) -> Floats:
    """The treated series without the effect, over the counterfactual that was fitted to all its months."""
    undone = np.where(block, y / (1 + share), y)
    expected, _ = counterfactual(undone, x, np.ones(len(y), dtype=bool))
    ratios: Floats = undone / np.maximum(expected, _LEAST_LEVEL * undone.mean())
    return ratios


def _stretches(ratios: Floats, block: Bools) -> Floats:
    """How far the block and every stretch of its length round the window lies from the rest; the block comes first."""
    length, start = int(block.sum()), int(np.argmax(block))
    turned = np.roll(ratios, -start)
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([turned, turned[:length]]))])
    inside = (sums[length:] - sums[:-length])[: len(turned)]
    rest = (ratios.sum() - inside) / (len(ratios) - length)
    least = _LEAST_RATIO * ratios.mean()
    apart: Floats = np.log(np.maximum(inside / length, least) / np.maximum(rest, least))
    return apart


def _end(y: Floats, x: Floats, block: Bools, share: float, *, down: bool) -> float | None:
    """The far end of the effects that the data do not reject, by bisection outward from the estimate."""
    limit = _SMALLEST if down else _LARGEST
    held, step = max(share, _SMALLEST), max(0.05 * (1 + share), 0.001)
    rejected = held
    while p_value(y, x, block, rejected) > _REJECTED:
        held = rejected
        if held == limit:
            return None
        rejected = max(held - step, limit) if down else min(held + step, limit)
        step *= 1.6
    for _ in range(12):
        middle = (held + rejected) / 2
        if p_value(y, x, block, middle) > _REJECTED:
            held = middle
        else:
            rejected = middle
    return float(held)
