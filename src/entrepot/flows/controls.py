"""Control sets: what the growth of other series says a series would have done.

Each set is a leave-one-out mean of the changes of other series, where outlying changes are drawn in and thin groups
are drawn towards the next wider one. Changes are in logs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from entrepot.flows.linear import Linear, changes, nothing, others
from entrepot.flows.panel import Bools, Floats, Ints, Panel
from entrepot.flows.sellers import Sellers, Shared, shared_growth

SETS = ("own", "destination", "sister", "via", "pooled")

# A group weighs as much as the wider one when it holds this many typical series.
_PRIOR_SERIES = 8.0
# Changes farther from the middle than this many robust standard deviations are drawn in.
_REACH = 2.0


@dataclass(frozen=True)
class Growth:
    """What control sets expect of n series, and the changes it is made of.

    Attributes:
        sets: control set -> expected change of the level, in logs.
        used: n, the changes as they enter the sets, outlying ones drawn in.
        is_active: n, series with trade in more than half of the months before; no others enter.
        shared: what other sellers' growth adds to every set but own; its weights are not those of ``sets``.
    """

    sets: dict[str, Linear]
    used: Floats
    is_active: Bools
    shared: Shared

    def values(self) -> dict[str, Floats]:
        """Return control set -> expected changes, as numbers."""
        return {name: growth.value for name, growth in self.sets.items()}


def growth_sets(panel: Panel, change: Floats, variance: Floats, *, sellers: Sellers | None = None) -> dict[str, Floats]:
    """Return, per control set, the expected change of each series' level; see :func:`growth_of`."""
    return growth_of(panel, change, variance, sellers=sellers).values()


def growth_of(panel: Panel, change: Floats, variance: Floats, *, sellers: Sellers | None = None) -> Growth:
    """Return, per control set, the expected change of each series' level, with the weights behind it.

    Args:
        panel: the series; those that are not tested are preferred as controls where there are enough.
        change: n, change of each series.
        variance: n, sampling variance of each change plus drift.
        sellers: what sellers outside the origins sell of the same goods, where that is to count.

    Returns:
        own, destination, sister, via and pooled, each of length n.
    """
    n = len(panel)
    active = (panel.before > 0).mean(axis=1) > 0.5 if n else np.zeros(0, dtype=bool)
    clean = active & ~panel.is_tested
    # Where a list is asked about, unlisted goods are the controls; without any, all goods are.
    usable = clean if clean.sum() >= 20 else active
    if not usable.any():
        return Growth({name: nothing(n) for name in SETS}, change, active, Shared.nothing(n))
    weight = np.where(usable, 1 / variance, 0.0)
    drawn_in = changes(_drawn_in(change, usable))
    prior = _PRIOR_SERIES * float(np.median(weight[usable]))
    # A table of one series has nobody to learn from: it is drawn towards no change.
    none, whole = nothing(n), np.zeros(n, dtype=np.int64)
    overall = others(drawn_in, weight, whole, wider=none, prior=prior / _PRIOR_SERIES)
    via = others(drawn_in, weight, panel.via, wider=overall, prior=prior)
    sister = others(drawn_in, weight, _both(panel.via, panel.chapter), wider=via, prior=prior)
    # What the product did elsewhere, beside what each of those destinations did overall.
    all_weight = np.where(active, 1 / variance, 0.0)
    chapter = others(drawn_in - via, all_weight, panel.chapter, wider=none, prior=prior)
    product = others(drawn_in - via, all_weight, panel.product, wider=chapter, prior=prior / 2)
    sets = {
        "own": none,
        "destination": overall + product,
        "sister": sister,
        "via": via,
        "pooled": sister + 0.5 * product,
    }
    if sellers is None:
        return Growth(sets, drawn_in.value, active, Shared.nothing(n))
    shared = shared_growth(panel, change, variance, sets["pooled"].value, sellers)
    grown = {name: replace(growth, value=growth.value + shared.growth) for name, growth in sets.items()}
    return Growth({**grown, "own": none}, drawn_in.value, active, shared)


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
    # A table in which nothing is expected has nothing to correct.
    prior = max(_PRIOR_SERIES * float(most), 1e-9)
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


def _both(a: Ints, b: Ints) -> Ints:
    joined: Ints = np.unique(a.astype(np.int64) * (int(b.max()) + 1) + b, return_inverse=True)[1]
    return joined
