"""Survey: every destination, intermediary and product at once.

``routes`` answers for one destination. A survey looks at the whole world to see where to ask: plain estimates of every
pair of exporter and importer by product, before and from the event on, beside what the origins sell to the exporter;
and, where asked, the calibrated evidence of ``routes`` for the same series. docs/methods/routes.md says what it leaves
out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepot.codes import month_text
from entrepot.errors import ConfigError
from entrepot.flows.legs import SQL, fill_row_tables
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Bools, Floats, Ints
from entrepot.flows.products import Product
from entrepot.flows.scope import Scope
from entrepot.flows.survey_evidence import EVIDENCE, alerts_of, evidence_numbers
from entrepot.flows.survey_scope import pairs_of, survey_scope
from entrepot.flows.survey_series import SurveySeries
from entrepot.lake import Engine, Lake, Table

PLAIN = ("observed", "expected", "excess", "growth", "in_observed", "in_expected", "in_excess", "in_growth")
SURVEY_TYPES = {
    "destination_iso3": "VARCHAR",
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "hs_codes": "VARCHAR",
    "is_origin": "BOOLEAN",
    "window_start": "VARCHAR",
    "window_end": "VARCHAR",
    "currency": "VARCHAR",
    **dict.fromkeys(PLAIN, "DOUBLE"),
}
EVIDENCE_TYPES = {**dict.fromkeys(EVIDENCE, "DOUBLE"), "is_alert": "BOOLEAN"}
# A question of routes names a destination; a survey has all of them, and nobody's bloc holds Antarctica.
_NOWHERE = "ATA"


@dataclass(frozen=True)
class Survey:
    """Estimates of n series, as arrays: a table of the whole world is too large for Python's own objects.

    Attributes:
        series: which destination, intermediary and product each series is; in this order.
        numbers: n each; money over window_start .. window_end, growth as observed over expected, NaN where unknown.
            ``in_`` columns are what the origins sell to the intermediary.
        is_alert: n, whether the series met the threshold; all false without evidence.
        window_start: first treated month.
        window_end: last month.
    """

    series: SurveySeries
    numbers: dict[str, Floats]
    is_alert: Bools
    window_start: str
    window_end: str

    def __len__(self) -> int:
        return len(self.series)

    def rows_of(self, *, destination: str | None = None, via: str | None = None) -> Ints:
        """Return the places of the series of the products asked about, of a destination, an intermediary, or both."""
        asked = np.array([product.is_tested for product in self.series.products], dtype=bool)
        keep = asked[self.series.product]
        for iso3, at in ((destination, self.series.destination), (via, self.series.via)):
            if iso3 is not None:
                names = self.series.pairs.territories
                keep &= at == names.index(iso3) if iso3 in names else np.zeros(len(self), dtype=bool)
        return np.flatnonzero(keep)

    def table(self, rows: Ints) -> Table:
        """Return some of the series as a table: one row each, in the order given; NULL where unknown."""
        series = self.series
        names = np.array(series.pairs.territories, dtype=object)
        products = [series.products[i] for i in series.product[rows]]
        currency = np.array(series.pairs.currency, dtype=object)
        columns: dict[str, Any] = {
            "destination_iso3": names[series.destination[rows]],
            "via_iso3": names[series.via[rows]],
            "product_id": [product.product_id for product in products],
            "hs_codes": [";".join(product.codes) for product in products],
            "is_origin": series.is_origin[rows].tolist(),
            "window_start": [self.window_start] * len(rows),
            "window_end": [self.window_end] * len(rows),
            "currency": currency[series.pair[rows]],
            "is_alert": self.is_alert[rows].tolist(),
        }
        for name, values in self.numbers.items():
            columns[name] = [None if value != value else value for value in values[rows].tolist()]
        more = EVIDENCE_TYPES if "p_value" in self.numbers else {}
        return Table(columns, {**SURVEY_TYPES, **more})


def survey(lake: Lake, *, event: str, has_evidence: bool = False, **question: Any) -> Survey:
    """Return estimates for every destination, intermediary and product that trade.

    Args:
        lake: an open lake with monthly flows.
        event: first treated month, YYYY-MM.
        has_evidence: add intervals and p-values as ``routes`` forms them, each destination's series held against each
            other, and false discoveries counted over the whole world. Takes many times longer.
        **question: further fields of :class:`RoutesOptions`: until, origins, products, level, as_of, alpha, controls,
            method.

    Returns:
        grain destination, via, product, for all territories. Without evidence ``expected`` is the mean month before
        the event times the months from it on; ``is_origin`` marks direct trade, where the seller is an origin itself.

    Raises:
        ConfigError: a part of the question is malformed.
        EstimateError: the lake has no monthly rows, the event is outside them, or nobody reports the whole window.
        MixedCurrency: a report, or what the origins sell, is in several currencies.

    Source: docs/methods/routes.md.
    """
    options = RoutesOptions(destination=_NOWHERE, event=event, **question)
    if options.has_sellers:
        raise ConfigError("survey does not count other sellers", remedy="Ask routes with --sellers.")
    with lake.engine(as_of=options.as_of) as engine:
        scope = survey_scope(engine, options)
        products = fill_row_tables(engine, options, scope)
        if has_evidence:
            # Kept, as the months themselves are read afterwards.
            engine.step(SQL, "leg_rows", level=options.level)
        series, numbers = plain_numbers(engine, options, scope, products, is_kept=has_evidence)
        is_alert = np.zeros(len(series), dtype=bool)
        if has_evidence:
            numbers |= evidence_numbers(engine, options, scope, series)
            is_alert = alerts_of(numbers, options.alpha)
    return Survey(series, numbers, is_alert, options.event, month_text(scope.last_month))


def plain_numbers(
    engine: Engine, options: RoutesOptions, scope: Scope, products: list[Product], *, is_kept: bool
) -> tuple[SurveySeries, dict[str, Floats]]:
    """Return the series and, of each, what the mean month of its past would have come to."""
    engine.step(
        SQL,
        "survey_sums",
        using=() if is_kept else ("leg_rows",),
        level=options.level,
        event=scope.event_month,
    )
    found = engine.arrays("SELECT pair_id, product_id, hundredths_before, hundredths_after FROM survey_sums")
    pairs = pairs_of(scope)
    order = np.argsort(found["pair_id"].astype(np.int64) * max(len(products), 1) + found["product_id"], kind="stable")
    series = SurveySeries(
        pairs=pairs,
        products=products,
        pair=found["pair_id"][order].astype(np.int32),
        product=found["product_id"][order].astype(np.int32),
    )
    before, observed = (np.nan_to_num(found[f"hundredths_{part}"][order]) / 100 for part in ("before", "after"))
    known_before, known_after = _known_months(scope, series)
    has_past = ~np.array([bool(product.reason) for product in products], dtype=bool)[series.product]
    has_past &= (known_before >= options.method.least_before) & (known_after > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.where(has_past, before / known_before * known_after, np.nan)
    return series, _beside(series, observed, expected)


def _known_months(scope: Scope, series: SurveySeries) -> tuple[Ints, Ints]:
    """Months of each series that are known before the event, the code being there, and from it on."""
    reported = series.pairs.is_reported
    after = reported[:, scope.n_before :].sum(axis=1, dtype=np.int64)
    # Column c holds the months from c to the event.
    since = np.zeros((len(reported), scope.n_before + 1), dtype=np.int64)
    since[:, :-1] = np.cumsum(reported[:, scope.n_before - 1 :: -1], axis=1)[:, ::-1]
    born = np.array([product.born or 0 for product in series.products], dtype=np.int64)
    begin = np.clip(born - scope.first_month, 0, scope.n_before)
    return since[series.pair, begin[series.product]], after[series.pair]


def _beside(series: SurveySeries, observed: Floats, expected: Floats) -> dict[str, Floats]:
    """The plain numbers: each series, and what the origins sell to the one that sells it on."""
    numbers = {"observed": observed, "expected": expected}
    size = len(series.products)
    sold = np.flatnonzero(series.is_origin)
    key_in = series.destination[sold].astype(np.int64) * size + series.product[sold]
    key = series.via.astype(np.int64) * size + series.product
    count = len(series.pairs.territories) * size
    # Direct trade has no inward leg.
    is_there = (np.bincount(key_in, minlength=count)[key] > 0) & ~series.is_origin
    for name, values in (("in_observed", observed), ("in_expected", expected)):
        # A part that cannot be estimated leaves the sum unknown.
        total = np.bincount(key_in, values[sold], count)
        numbers[name] = np.where(is_there, total[key], np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        for leg in ("", "in_"):
            seen, hoped = numbers[f"{leg}observed"], numbers[f"{leg}expected"]
            numbers[f"{leg}excess"] = seen - hoped
            numbers[f"{leg}growth"] = np.where(hoped > 0, seen / hoped, np.nan)
    return numbers
