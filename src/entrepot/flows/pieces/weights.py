"""Weights: money and kilograms by leg, intermediary, product and month, where reports give both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from entrepot.flows.between import fill_spans
from entrepot.flows.legs import SQL
from entrepot.flows.panel import Floats, Ints
from entrepot.flows.pieces.looked import Looked
from entrepot.lake import Engine

# Of a heading with many codes the neighbours nearest in number are enough to say how prices scatter.
_MOST_NEIGHBOURS = 6
# A product that this many others buy says itself how its price scatters.
_ENOUGH_PEERS = 15
_LEAST_MONTHS = 3


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
    """Return money and weight of the products looked at, and of the neighbours of those that few others buy."""
    scope, options = looked.data.scope, looked.options
    peers = _peers(looked)
    wanted = sorted(
        {
            near
            for row in looked.rows.tolist()
            for near in _near(looked, looked.product(row), peers[looked.main(row)[0]])
        }
    )
    # Many publishers give no weights at all: then nothing is read twice.
    if not wanted or not engine.rows("SELECT 1 FROM flows WHERE netweight_kg > 0 LIMIT 1"):
        nothing = np.zeros((0, scope.n_months))
        return Weights([], [], np.zeros(0, dtype=np.int64), nothing, nothing, scope.n_before)
    fill_spans(engine, wanted)
    engine.step(SQL, "piece_weighed", level=options.level)
    engine.step(SQL, "piece_weights")
    rows = engine.arrays("SELECT line, product_id, month, value, kg FROM piece_weights")
    size = len(looked.data.products)
    keys, at = np.unique(
        rows["line"].astype(np.int64) * size + rows["product_id"].astype(np.int64), return_inverse=True
    )
    place = at, rows["month"].astype(np.int64) - scope.first_month
    value, kg = (np.full((len(keys), scope.n_months), np.nan) for _ in range(2))
    value[place], kg[place] = rows["value"], rows["kg"]
    lines = scope.lines()
    return Weights(
        leg=[lines[line][0] for line in (keys // size).tolist()],
        via=[lines[line][1] for line in (keys // size).tolist()],
        product=keys % size,
        value=value,
        kg=kg,
        n_before=scope.n_before,
    )


def _peers(looked: Looked) -> dict[str, Ints]:
    """Leg -> number of intermediaries that buy each product in more than a few months on both sides of the event."""
    size = len(looked.data.products)
    found: dict[str, Ints] = {leg: np.zeros(size, dtype=np.int64) for leg in ("in", "out")}
    for leg, count in found.items():
        if leg in looked.legs:
            panel = looked.legs[leg].panel
            active = ((panel.before > 0).sum(axis=1) >= _LEAST_MONTHS) & (
                (panel.after > 0).sum(axis=1) >= _LEAST_MONTHS
            )
            found[leg] = count + np.bincount(panel.product[active], minlength=size)
    return found


def _near(looked: Looked, product: int, peers: Ints) -> list[int]:
    """A product and, where few others buy it, its neighbours under the heading, those nearest in number first."""
    if peers[product] > _ENOUGH_PEERS:
        return [product]
    same = looked.headings()[looked.heading(product)]
    codes = looked.data.products

    def distance(other: int) -> int:
        return abs(int(codes[other].codes[0]) - int(codes[product].codes[0]))

    return sorted(same, key=lambda other: (distance(other), other))[: _MOST_NEIGHBOURS + 1]
