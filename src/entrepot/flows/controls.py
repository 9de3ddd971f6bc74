"""Control sets: what the growth of other series says a series would have done.

Each set is a leave-one-out mean of the changes of other series, where outlying changes are drawn in and thin groups
are drawn towards the next wider one. Changes are in logs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from entrepot.flows.panel import Bools, Floats, Ints, Panel

# A group weighs as much as the wider one when it holds this many typical series.
_PRIOR_SERIES = 8.0
# Changes farther from the middle than this many robust standard deviations are drawn in.
_REACH = 2.0


def growth_sets(panel: Panel, change: Floats, variance: Floats) -> dict[str, Floats]:
    """Return, per control set, the expected change of each series' level.

    Args:
        panel: the series; those that are not tested are preferred as controls where there are enough.
        change: n, change of each series.
        variance: n, sampling variance of each change plus drift.

    Returns:
        own, destination, sister, via and pooled, each of length n.
    """
    n = len(panel)
    if n == 0:
        return {name: np.zeros(0) for name in ("own", "destination", "sister", "via", "pooled")}
    active = (panel.before > 0).mean(axis=1) > 0.5
    clean = active & ~panel.is_tested
    # Where a list is asked about, unlisted goods are the controls; without any, all goods are.
    usable = clean if clean.sum() >= 20 else active
    weight = np.where(usable, 1 / variance, 0.0)
    if not usable.any():
        return {name: np.zeros(n) for name in ("own", "destination", "sister", "via", "pooled")}
    drawn_in = _drawn_in(change, usable)
    prior = _PRIOR_SERIES * float(np.median(weight[usable]))
    # A table of one series has nobody to learn from: it is drawn towards no change.
    overall = _others(drawn_in, weight, np.zeros(n, dtype=np.int64), np.zeros(n), prior / _PRIOR_SERIES)
    via = _others(drawn_in, weight, panel.via, overall, prior)
    sister = _others(drawn_in, weight, _both(panel.via, panel.chapter), via, prior)
    # What the product did elsewhere, beside what each of those destinations did overall.
    all_weight = np.where(active, 1 / variance, 0.0)
    chapter = _others(drawn_in - via, all_weight, panel.chapter, np.zeros(n), prior)
    product = _others(drawn_in - via, all_weight, panel.product, chapter, prior / 2)
    return {
        "own": np.zeros(n),
        "destination": overall + product,
        "sister": sister,
        "via": via,
        "pooled": sister + 0.5 * product,
    }


def money_factor(panel: Panel, observed: Floats, expected: Floats) -> Floats:
    """Return, per series, by how much the intermediary's other series missed their expected money, all together.

    Growth is learned in logs, series by series; money is carried by few. Each series counts at most double or half
    of what was expected of it, the largest no more than the hundredth largest, and the factor is held near one.
    """
    if not len(panel):
        return np.ones(0)
    usable = ~panel.is_tested if (~panel.is_tested).sum() >= 20 else np.ones(len(panel), dtype=bool)
    most = np.sort(expected)[-min(100, len(expected))]
    weight = np.where(usable, np.minimum(1.0, most / np.maximum(expected, 1e-9)), 0.0)
    seen = weight * np.clip(observed, expected / 2, expected * 2)
    hoped = weight * expected
    prior = _PRIOR_SERIES * most
    size = int(panel.via.max()) + 1
    sums = np.bincount(panel.via, seen, size)[panel.via] - seen
    hopes = np.bincount(panel.via, hoped, size)[panel.via] - hoped
    return np.asarray(np.clip((sums + prior) / (hopes + prior), 0.75, 1 / 0.75))


def has_controls(panel: Panel) -> Bools:
    """Return, per series, whether the same intermediary has other series that are not tested themselves."""
    if not len(panel):
        return np.zeros(0, dtype=bool)
    clean = np.bincount(panel.via, ~panel.is_tested, int(panel.via.max()) + 1)
    return np.asarray(clean[panel.via] >= 3)


def _drawn_in(change: Floats, usable: NDArray[np.bool_]) -> Floats:
    middle = float(np.median(change[usable]))
    reach = _REACH * max(1.48 * float(np.median(np.abs(change[usable] - middle))), 0.05)
    return np.clip(change, middle - reach, middle + reach)


def _others(change: Floats, weight: Floats, group: Ints, wider: Floats, prior: float) -> Floats:
    """Weighted mean over the other members of each series' group, drawn towards the wider group's."""
    size = int(group.max()) + 1
    weights = np.bincount(group, weight, size)[group] - weight
    sums = np.bincount(group, weight * change, size)[group] - weight * change
    return np.asarray((sums + prior * wider) / (weights + prior))


def _both(a: Ints, b: Ints) -> Ints:
    joined: Ints = np.unique(a.astype(np.int64) * (int(b.max()) + 1) + b, return_inverse=True)[1]
    return joined
