"""Sellers: what other sellers' trade in the same good to the same intermediary says a series would have done.

A factory that opens or a fashion that comes raises what everybody sells, the origins among others. How much of such a
movement the two share is learned from the table at hand, over all its goods: where other sellers say nothing of the
origins' trade, nothing is taken from them.

Source: docs/methods/routes.md, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.flows.between import between
from entrepot.flows.legs import Legs
from entrepot.flows.linear import changes, nothing, others
from entrepot.flows.noise import Noise, noise_of
from entrepot.flows.options import Method, RoutesOptions
from entrepot.flows.panel import Bools, Floats, Panel
from entrepot.lake import Engine

# Sellers that trade in fewer of the months before the event have no level to move from.
_LEAST_ACTIVE = 0.25
# Fewer series than this cannot tell how much of a movement is shared.
_LEAST_SERIES = 20
# Changes farther from the middle than this many robust standard deviations are drawn in, the origins' nearer.
_REACH, _REACH_ORIGINS = 4.0, 2.0


@dataclass(frozen=True)
class Shared:
    """What other sellers' growth says of n series.

    Attributes:
        growth: n, change in logs that the series share with other sellers.
        explained: n, how much of the variance of slow drift that takes away.
    """

    growth: Floats
    explained: Floats

    @classmethod
    def nothing(cls, n: int) -> Shared:
        """Return what is said where nobody else sells."""
        return cls(np.zeros(n), np.zeros(n))


@dataclass(frozen=True)
class Sellers:
    """What sellers outside the origins sell of each of n series' goods to its intermediary.

    Attributes:
        values: n x T, money a month of those that are known in every month; zero where they sell none.
        method: parameters of the method.
    """

    values: Floats
    method: Method

    def backwards(self, keep: Bools) -> Sellers:
        """Return some of the series with time reversed."""
        return replace(self, values=self.values[keep, ::-1].copy())

    def until(self, months: int) -> Sellers:
        """Return the first months alone."""
        return replace(self, values=self.values[:, :months])


def sellers_of(engine: Engine, data: Legs, options: RoutesOptions) -> Sellers | None:
    """Return what others sell of the goods of the inward leg; None where the lake has none of it."""
    panel = data.panels["in"]
    size = len(data.products)
    keys = panel.via.astype(np.int64) * size + panel.product
    wanted = [(data.via[via], product) for via, product in zip(panel.via.tolist(), panel.product.tolist(), strict=True)]
    found = between(engine, data, options, wanted)
    place = {iso3: i for i, iso3 in enumerate(data.via)}
    whole = np.flatnonzero(~np.isnan(found.values).any(axis=1))
    if not len(whole):
        return None
    key = np.array([place[found.importer[i]] for i in whole.tolist()], dtype=np.int64) * size + found.product[whole]
    values = np.zeros(panel.values.shape)
    np.add.at(values, np.searchsorted(keys, key), found.values[whole])
    return Sellers(values, options.method)


def shared_growth(panel: Panel, change: Floats, variance: Floats, expected: Floats, sellers: Sellers) -> Shared:
    """Return the part of other sellers' growth that the origins' series can be expected to share.

    Other sellers' growth is that beyond their other goods to the same intermediary, drawn towards none by its own
    sampling error and by how closely the origins' series follow such growth over the whole table.

    Args:
        panel: the origins' series.
        change: n, change of each series.
        variance: n, its sampling variance plus drift.
        expected: n, what the controls alone expect of it.
        sellers: what others sell.

    Returns:
        zeros where others hardly sell.
    """
    noise = noise_of(replace(panel, values=sellers.values), sellers.method)
    is_active = (sellers.values[:, : panel.n_before] > 0).mean(axis=1) > _LEAST_ACTIVE
    pairs = is_active & ((panel.before > 0).mean(axis=1) > 0.5)
    if pairs.sum() < _LEAST_SERIES:
        return Shared.nothing(len(panel))
    drawn = _drawn_in(noise.change, is_active, _REACH)
    weight = np.where(is_active, 1 / (noise.sampling + noise.drift), 0.0)
    # A seller's only good has no other to be held against, and is left at what all of them did.
    everyone = others(changes(drawn), weight, np.zeros(len(panel), dtype=np.int64), wider=nothing(len(panel)), prior=1)
    beyond = drawn - others(changes(drawn), weight, panel.via, wider=everyone, prior=1).value
    left = change - expected
    left = _drawn_in(left, pairs, _REACH_ORIGINS) - np.median(left[pairs])
    counts = 1 / np.sqrt((variance[pairs] + 0.1) * (noise.sampling[pairs] + noise.drift + 0.1))
    shared = max(float((counts * left[pairs] * beyond[pairs]).sum() / counts.sum()), 0.0)
    # How far sellers' growth spreads beyond its sampling error; what is shared is a part of that.
    spread = float((weight * (beyond**2 - noise.sampling)).sum() / weight.sum())
    pull = np.where(is_active, shared / (max(spread, shared, 1e-12) + noise.sampling), 0.0)
    return Shared(pull * beyond, pull * shared)


def less_drift(noise: Noise, shared: Shared, method: Method) -> Floats:
    """Return n variances of slow drift, less what other sellers explain of it."""
    return np.asarray(np.maximum(noise.drift - shared.explained, method.least_drift**2))


def _drawn_in(values: Floats, among: Bools, reach: float) -> Floats:
    middle = float(np.median(values[among]))
    far = reach * max(1.48 * float(np.median(np.abs(values[among] - middle))), 0.05)
    return np.clip(values, middle - far, middle + far)
