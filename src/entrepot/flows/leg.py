"""Leg: one leg's series with what inference says of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.flows.infer import Inference, infer
from entrepot.flows.options import Method
from entrepot.flows.panel import Bools, Floats, Ints, Panel
from entrepot.flows.products import Product


@dataclass(frozen=True)
class Leg:
    """One leg: its panel, its estimates, and which of its series can be tested.

    Attributes:
        name: in, out or direct.
        panel: the series.
        inference: the estimates.
        key: n, via and product as one number, rising.
        is_testable: n, whether the past allows an estimate.
    """

    name: str
    panel: Panel
    inference: Inference
    key: Ints
    is_testable: Bools

    def rows_of(self, keys: Ints) -> Ints:
        """Return the row of each key, -1 where the leg has no such series."""
        at = np.searchsorted(self.key, keys)
        at[at == len(self.key)] = 0
        return np.where(self.key[at] == keys, at, -1) if len(self.key) else np.full(len(keys), -1)

    def excess(self, control: str) -> Floats:
        """Return observed less expected under a control set."""
        return self.inference.observed - self.inference.expected[control]


def leg_of(name: str, panel: Panel, products: list[Product], method: Method, *, controls: str) -> Leg:
    """Return a leg with its estimates; direct trade is held against its own past alone."""
    inference = infer(panel, method, controls="own" if name == "direct" else controls)
    has_past = np.array([not product.reason for product in products], dtype=bool)[panel.product]
    known_after = ~np.isnan(panel.after).all(axis=1)
    return Leg(
        name=name,
        panel=panel,
        inference=inference,
        key=panel.via.astype(np.int64) * len(products) + panel.product,
        is_testable=has_past & known_after & (inference.known_before >= method.least_before),
    )
