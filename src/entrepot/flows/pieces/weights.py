"""Weights: money and kilograms by leg, intermediary, product and month, where reports give both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from entrepot.flows.legs import SQL
from entrepot.flows.panel import Floats, Ints
from entrepot.flows.pieces.between import fill_spans
from entrepot.flows.pieces.looked import Looked
from entrepot.lake import Engine

# Of a heading with many codes the neighbours nearest in number are enough to say how prices scatter.
_MOST_NEIGHBOURS = 12


@dataclass(frozen=True)
class Weights:
    """Series of money and weight; arrays n x T, NaN where a month has no row with both.

    Attributes:
        leg: in, out or direct.
        via: ISO3 of the intermediary.
        product: index of the product.
        value: money a month.
        kg: kilograms a month.
        n_before: months before the event.
    """

    leg: list[str]
    via: list[str]
    product: Ints
    value: Floats
    kg: Floats
    n_before: int

    def __len__(self) -> int:
        return len(self.leg)

    @cached_property
    def log_price(self) -> Floats:
        """Return the logarithm of money a kilogram, n x T."""
        return np.asarray(np.log(self.value) - np.log(self.kg))

    @cached_property
    def place(self) -> dict[tuple[str, str, int], int]:
        """Return (leg, via, product) -> row."""
        return {key: i for i, key in enumerate(zip(self.leg, self.via, self.product.tolist(), strict=True))}


def weights_of(engine: Engine, looked: Looked) -> Weights:
    """Return money and weight of the products looked at and of their neighbours under one heading."""
    scope, options = looked.data.scope, looked.options
    wanted = sorted({near for row in looked.rows.tolist() for near in _near(looked, looked.product(row))})
    # Many publishers give no weights at all: then nothing is read twice.
    if not wanted or not engine.rows("SELECT 1 FROM flows WHERE netweight_kg > 0 LIMIT 1"):
        nothing = np.zeros((0, scope.n_months))
        return Weights([], [], np.zeros(0, dtype=np.int64), nothing, nothing, scope.n_before)
    fill_spans(engine, wanted)
    engine.step(SQL, "piece_weights", level=options.level)
    rows = engine.rows(
        "SELECT leg, via_iso3, product_id, month, value, kg FROM piece_weights"
        " ORDER BY leg, via_iso3, product_id, month"
    )
    keys = list(dict.fromkeys((leg, via, product) for leg, via, product, *_ in rows))
    place = {key: i for i, key in enumerate(keys)}
    value, kg = (np.full((len(keys), scope.n_months), np.nan) for _ in range(2))
    for leg, via, product, month, money, weight in rows:
        at = place[leg, via, product], month - scope.first_month
        value[at], kg[at] = money, weight
    return Weights(
        leg=[key[0] for key in keys],
        via=[key[1] for key in keys],
        product=np.array([key[2] for key in keys], dtype=np.int64),
        value=value,
        kg=kg,
        n_before=scope.n_before,
    )


def _near(looked: Looked, product: int) -> list[int]:
    """A product and its neighbours under the heading, those nearest in number first."""
    same = looked.headings()[looked.heading(product)]
    codes = looked.data.products

    def distance(other: int) -> int:
        return abs(int(codes[other].codes[0]) - int(codes[product].codes[0]))

    return sorted(same, key=lambda other: (distance(other), other))[: _MOST_NEIGHBOURS + 1]
