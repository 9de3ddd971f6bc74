"""Units: what each importer buys of the goods from the exporters, month by month, as the lake's reports say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.codes import month_text
from entrepot.flows.legs import Legs, legs_of
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Bools, Floats
from entrepot.lake import Engine


@dataclass(frozen=True)
class Units:
    """Monthly series of importers.

    Attributes:
        names: ISO3 of each importer.
        values: n x t, money; NaN where a month is unknown.
        first_month, event_month: month indices.
        currency: of the values.
        n_products: how many products are added up.
        caveats: what the reading says, ids as in routes.
    """

    names: list[str]
    values: Floats
    first_month: int
    event_month: int
    currency: str
    n_products: int
    caveats: tuple[str, ...]

    @property
    def periods(self) -> list[str]:
        """Months as text."""
        return [month_text(self.first_month + i) for i in range(self.values.shape[1])]

    @property
    def before(self) -> Bools:
        """Which months lie before the event."""
        months: Bools = self.first_month + np.arange(self.values.shape[1]) < self.event_month
        return months


def units_of(engine: Engine, options: RoutesOptions) -> Units:
    """Return the series of every importer; the one called destination in the options is an importer like the others."""
    legs = legs_of(engine, options)
    found: dict[str, Floats] = {}
    used: set[int] = set()
    for leg in ("in", "direct"):
        if leg in legs.panels:
            found |= _by_importer(legs, leg, options.destination, used)
    names = sorted(found)
    empty = np.zeros((0, legs.scope.n_months))
    return Units(
        names=names,
        values=np.array([found[name] for name in names]) if names else empty,
        first_month=legs.scope.first_month,
        event_month=legs.scope.event_month,
        currency=legs.scope.currency.get("in", ""),
        n_products=len(used),
        caveats=(*legs.scope.caveats, *(("codes_left_out",) if _has_unborn(legs) else ())),
    )


def _has_unborn(legs: Legs) -> bool:
    return any(p.is_tested and p.born is not None and p.born > legs.scope.first_month for p in legs.products)


def _is_comparable(legs: Legs, product: int) -> bool:
    """Whether a product was asked for and had a code in every month; one born later would make trade out of nothing."""
    item = legs.products[product]
    return item.is_tested and (item.born is None or item.born <= legs.scope.first_month)


def _by_importer(legs: Legs, leg: str, destination: str, used: set[int]) -> dict[str, Floats]:
    """Sum of the products that can be compared through the window; a month is unknown where a large part of it is."""
    panel = legs.panels[leg]
    kept = np.array([_is_comparable(legs, int(p)) for p in panel.product], dtype=bool)
    used.update(int(p) for p in panel.product[kept])
    found = {}
    for via in np.unique(panel.via[kept]):
        rows = panel.values[kept & (panel.via == via)]
        level = np.nan_to_num(np.nanmean(np.where(np.isnan(rows).all(axis=1)[:, None], 0, rows), axis=1))
        unknown = (np.isnan(rows) * level[:, None]).sum(axis=0) > 0.1 * max(level.sum(), 1e-9)
        name = destination if leg == "direct" else legs.via[int(via)]
        found[name] = np.where(unknown, np.nan, np.nan_to_num(rows).sum(axis=0))
    return found
