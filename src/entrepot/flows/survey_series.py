"""Survey series: which series a survey holds, and their months, one destination at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.flows.legs import chapters, hide_unborn
from entrepot.flows.panel import Bools, Floats, Ints, Panel
from entrepot.flows.products import Product
from entrepot.flows.scope import Scope
from entrepot.flows.survey_scope import Pairs
from entrepot.lake import Engine


@dataclass(frozen=True)
class SurveySeries:
    """The n series of a survey, by pair (so by destination), then by product.

    Attributes:
        pairs: the pairs of territories.
        products: the products.
        pair: n, index of the pair; never falls.
        product: n, index of the product.
    """

    pairs: Pairs
    products: list[Product]
    pair: Ints
    product: Ints

    def __len__(self) -> int:
        return len(self.pair)

    @property
    def destination(self) -> Ints:
        return self.pairs.importer[self.pair]

    @property
    def via(self) -> Ints:
        return self.pairs.exporter[self.pair]

    @property
    def is_origin(self) -> Bools:
        return self.pairs.is_origin[self.pair]

    def by_destination(self) -> list[slice]:
        """Return the series of each destination that has any."""
        destination = self.destination
        starts = np.flatnonzero(np.diff(destination, prepend=-1))
        ends = [*starts[1:].tolist(), len(destination)]
        return [slice(start, end) for start, end in zip(starts.tolist(), ends, strict=True)]


def months_of(engine: Engine, scope: Scope, series: SurveySeries, part: slice) -> Floats:
    """Return the months of consecutive series, n x T: NaN where unknown. Reads the engine table ``leg_rows``."""
    pair, product = series.pair[part], series.product[part]
    first, last = int(pair[0]), int(pair[-1])
    rows = engine.arrays(
        "SELECT pair_id, product_id, month, hundredths FROM leg_rows WHERE pair_id BETWEEN $first AND $last",
        first=first,
        last=last,
    )
    n, size, months = len(pair), len(series.products), scope.n_months
    place = np.zeros((last - first + 1) * size, dtype=np.int64)
    place[(pair - first).astype(np.int64) * size + product] = np.arange(n)
    cell = place[(rows["pair_id"] - first).astype(np.int64) * size + rows["product_id"].astype(np.int64)] * months
    cell += rows["month"].astype(np.int64) - scope.first_month
    # Whole hundredths add up alike in whatever order they come.
    values = np.bincount(cell, np.nan_to_num(rows["hundredths"]), n * months) / 100
    unknown = cell[np.isnan(rows["hundredths"])]
    values[unknown[~(values[unknown] > 0)]] = np.nan
    values = values.reshape(n, months)
    values[~series.pairs.is_reported[pair]] = np.nan
    hide_unborn(values, product, series.products, scope)
    return values


def panel_of(scope: Scope, products: list[Product], values: Floats, via: Ints, product: Ints) -> Panel:
    """Return series as a panel, in which all products are tested that are asked about."""
    asked = np.array([one.is_tested for one in products], dtype=bool)
    return Panel(
        values=values,
        n_before=scope.n_before,
        first_month=scope.first_month,
        via=via,
        product=product,
        chapter=chapters(products)[product],
        is_tested=asked[product],
    )
