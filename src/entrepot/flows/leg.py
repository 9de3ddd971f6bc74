"""Leg: one leg's series with what inference says of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.flows.controls import Growth, growth_of
from entrepot.flows.infer import Inference, infer, moved
from entrepot.flows.legs import Legs
from entrepot.flows.noise import Noise, noise_of
from entrepot.flows.options import Method, RoutesOptions
from entrepot.flows.origins import Origins, is_close, origins_of
from entrepot.flows.panel import Bools, Floats, Ints, Panel
from entrepot.flows.pretrend import pretrend_p
from entrepot.flows.sellers import Sellers, sellers_of
from entrepot.flows.unlisted import unlisted_growth
from entrepot.lake import Engine


@dataclass(frozen=True)
class Leg:
    """One leg: its panel, its estimates, and which of its series can be tested.

    Attributes:
        name: in, out or direct.
        panel: the series.
        inference: the estimates.
        key: n, via and product as one number, rising.
        is_testable: n, whether the past allows an estimate.
        origins: who carries the series looked at closely; None on the direct leg.
        pretrend: control set -> n, how odd the past is against it; see ``pretrend_p``. Empty on the direct leg.
        sellers: what others sell of the same goods, where the question counts it and somebody does.
    """

    name: str
    panel: Panel
    inference: Inference
    key: Ints
    is_testable: Bools
    origins: Origins | None
    pretrend: dict[str, Floats]
    sellers: Sellers | None

    def rows_of(self, keys: Ints) -> Ints:
        """Return the row of each key, -1 where the leg has no such series."""
        at = np.searchsorted(self.key, keys)
        at[at == len(self.key)] = 0
        return np.where(self.key[at] == keys, at, -1) if len(self.key) else np.full(len(keys), -1)

    def excess(self, control: str) -> Floats:
        """Return observed less expected under a control set."""
        return self.inference.observed - self.inference.expected[control]


def held_against(panel: Panel, method: Method, *, sellers: Sellers | None = None) -> tuple[Noise, Growth]:
    """Return what the past says of each series, and what the control sets expect of it."""
    noise = noise_of(panel, method)
    return noise, growth_of(panel, noise.change, noise.sampling + noise.drift, sellers=sellers)


def leg_of(engine: Engine, name: str, data: Legs, options: RoutesOptions) -> Leg:
    """Return a leg with its estimates; direct trade is held against its own past alone."""
    panel, method = data.panels[name], options.method
    controls = "own" if name == "direct" else options.controls
    # Others who sell to the destination are what the onward leg looks at, not its controls.
    sellers = sellers_of(engine, data, options) if options.has_sellers and name == "in" else None
    noise, controlled = held_against(panel, method, sellers=sellers)
    growth = controlled.values()
    origins = None
    if name != "direct":
        growth |= unlisted_growth(engine, name, data, noise, options)
        origins = origins_of(
            engine,
            name,
            panel,
            via=data.via,
            trifle=noise.trifle,
            close=is_close(moved(noise, growth[controls])),
            scope=data.scope,
        )
    inference = infer(
        panel,
        noise,
        growth=growth,
        controls=controls,
        method=method,
        origins=origins.sums if origins else None,
        sellers=sellers,
        shared=controlled.shared,
    )
    has_past = np.array([not product.reason for product in data.products], dtype=bool)[panel.product]
    known_after = ~np.isnan(panel.after).all(axis=1)
    return Leg(
        name=name,
        panel=panel,
        inference=inference,
        key=panel.via.astype(np.int64) * len(data.products) + panel.product,
        is_testable=has_past & known_after & (inference.known_before >= method.least_before),
        origins=origins,
        pretrend={} if name == "direct" else pretrend_p(panel, noise, otherwise=method.least_drift**2, sellers=sellers),
        sellers=sellers,
    )
