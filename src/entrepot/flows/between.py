"""Between: what third territories send to intermediaries, as series with their rise after the event.

The origins' own trade is the inward leg. This is the rest of what an intermediary receives: other sellers, who answer
whether demand rose for everybody, and other intermediaries, through which a route may run in two hops.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from entrepot.flows.evidence import band
from entrepot.flows.legs import SQL, Legs
from entrepot.flows.noise import noise_of
from entrepot.flows.options import Method, RoutesOptions
from entrepot.flows.panel import Floats, Ints, Panel
from entrepot.flows.scope import complete_reports
from entrepot.lake import Engine

_PAIR_TYPES = {
    "pair_id": "INTEGER",
    "importer_iso3": "VARCHAR",
    **dict.fromkeys(("reporter_iso3", "partner_iso3", "flow", "source_id", "partner_role", "currency"), "VARCHAR"),
}
_WANTED_TYPES = {"importer_iso3": "VARCHAR", "product_id": "INTEGER"}


@dataclass(frozen=True)
class Between:
    """Series of third territories to intermediaries; arrays of length n unless said otherwise.

    Attributes:
        exporter: ISO3 of the seller.
        importer: ISO3 of the intermediary that buys.
        product: index of the product.
        values: n x T, money a month; zero where nothing was recorded, NaN where the reporter is silent.
        excess: money from the event on above the series' own past.
        low: lower end of its 90 % interval.
        high: upper end.
    """

    exporter: list[str]
    importer: list[str]
    product: Ints
    values: Floats
    excess: Floats
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.product)

    def of(self, importer: str, product: int) -> list[int]:
        """Return the series that bring a product to an intermediary."""
        return self._places.get((importer, product), [])

    @cached_property
    def _places(self) -> dict[tuple[str, int], list[int]]:
        found: dict[tuple[str, int], list[int]] = {}
        for i, key in enumerate(zip(self.importer, self.product.tolist(), strict=True)):
            found.setdefault(key, []).append(i)
        return found


def fill_spans(engine: Engine, products: list[int]) -> None:
    """Fill ``piece_spans`` with the codes of some products."""
    engine.table("piece_products", {"product_id": products}, {"product_id": "INTEGER"})
    engine.step(SQL, "piece_spans")


def between(engine: Engine, data: Legs, options: RoutesOptions, wanted: list[tuple[str, int]]) -> Between:
    """Return what third territories send to some intermediaries, each of some products.

    The seller's report is read where it is there for the whole window in the currency of the inward leg, else the
    buyer's. The origins and the destination are no third territories.
    """
    pairs = _pairs(engine, data, options, sorted({importer for importer, _ in wanted}))
    if not pairs:
        return _empty(data.scope.n_months)
    fill_spans(engine, sorted({product for _, product in wanted}))
    cells = sorted(set(wanted))
    engine.table("piece_wanted", {n: [c[i] for c in cells] for i, n in enumerate(_WANTED_TYPES)}, _WANTED_TYPES)
    rows_of_pairs = [(number, _names(pair)[1], *pair) for number, (pair, _) in enumerate(pairs)]
    columns = {name: [row[i] for row in rows_of_pairs] for i, name in enumerate(_PAIR_TYPES)}
    engine.table("piece_pairs", columns, _PAIR_TYPES)
    engine.step(SQL, "piece_rows")
    engine.step(SQL, "piece_between", level=options.level)
    rows = engine.arrays("SELECT pair_id, product_id, month, value FROM piece_between")
    size = len(data.products)
    keys, at = np.unique(
        rows["pair_id"].astype(np.int64) * size + rows["product_id"].astype(np.int64), return_inverse=True
    )
    values = np.zeros((len(keys), data.scope.n_months))
    values[at, rows["month"].astype(np.int64) - data.scope.first_month] = rows["value"]
    pair, product = keys // size, keys % size
    months = np.arange(data.scope.first_month, data.scope.last_month + 1)
    for place, (_, reported) in enumerate(pairs):
        values[pair == place] = np.where(np.isin(months, reported), values[pair == place], np.nan)
    names = [_names(pairs[i][0]) for i in pair.tolist()]
    importer = [name[1] for name in names]
    ends = _ends(values, data, importer, product, options.method)
    return Between([name[0] for name in names], importer, product, values, *ends)


def _names(pair: tuple[str, ...]) -> tuple[str, str]:
    reporter, partner, flow = pair[:3]
    return (reporter, partner) if flow == "export" else (partner, reporter)


def _pairs(
    engine: Engine, data: Legs, options: RoutesOptions, importers: list[str]
) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Whose report of each pair is read, and the months it has."""
    scope = data.scope
    money = scope.currency.get("in") or scope.currency.get("out", "")
    reports = {
        key: report
        for key, report in complete_reports(engine, options, scope.first_month, scope.last_month).items()
        if report.currency == money
    }
    outside = options.origin_codes() | {options.destination}
    sellers = sorted(({iso3 for iso3, _ in reports} | set(data.via)) - outside)
    found: list[tuple[tuple[str, ...], tuple[int, ...]]] = []
    for importer in importers:
        for seller in sellers:
            report = reports.get((seller, "export")) or reports.get((importer, "import"))
            if report is None or seller == importer:
                continue
            partner = importer if report.flow == "export" else seller
            key = (report.source_id, report.partner_role, report.currency)
            found.append(((report.reporter_iso3, partner, report.flow, *key), tuple(report.months)))
    return found


def _ends(
    values: Floats, data: Legs, importer: list[str], product: Ints, method: Method
) -> tuple[Floats, Floats, Floats]:
    """Excess over the series' own past and season, and its interval, by the noise of series like it."""
    if not len(values):
        return np.zeros(0), np.zeros(0), np.zeros(0)
    panel = Panel(
        values=values,
        n_before=data.scope.n_before,
        first_month=data.scope.first_month,
        via=np.unique(importer, return_inverse=True)[1],
        product=product,
        chapter=np.unique([data.products[i].codes[0][:2] for i in product.tolist()], return_inverse=True)[1],
        is_tested=np.ones(len(values), dtype=bool),
    )
    noise = noise_of(panel, method)
    is_known = ~np.isnan(panel.after)
    exposure = np.where(is_known, noise.season[:, panel.n_before :], 0.0).sum(axis=1)
    observed = np.nansum(panel.after, axis=1)
    expected, low, high = band(noise.level * exposure, noise, is_known.sum(axis=1))
    return observed - expected, observed - high, observed - low


def _empty(months: int) -> Between:
    nothing = np.zeros(0)
    return Between([], [], np.zeros(0, dtype=np.int64), np.zeros((0, months)), nothing, nothing, nothing)
