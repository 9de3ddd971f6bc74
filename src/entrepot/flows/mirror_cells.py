"""Mirror cells: both reports of a pair as arrays of products and periods, from the lake's rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepot.errors import EstimateError
from entrepot.flows.legs import SQL
from entrepot.flows.mirror_noise import Reports
from entrepot.flows.mirror_options import MirrorOptions
from entrepot.flows.mirror_products import mirror_products
from entrepot.flows.mirror_reports import Choice, chosen_reports
from entrepot.flows.panel import Bools, Floats
from entrepot.flows.products import Product
from entrepot.lake import Engine

SIDES = ("export", "import")
# The stage at which each side usually values goods: at the exporter's border, and with freight at the importer's.
_STAGE = {"export": "fob", "import": "cif"}
_REPORT_TYPES = {
    **dict.fromkeys(("report_id", "group_id"), "INTEGER"),
    **dict.fromkeys(("side", "reporter_iso3", "partner_iso3", "source_id", "partner_role", "currency"), "VARCHAR"),
    **dict.fromkeys(("freq", "valuation"), "VARCHAR"),
}
_PERIOD_TYPES = {"report_id": "INTEGER", "row_period": "VARCHAR", "period": "VARCHAR"}


@dataclass(frozen=True)
class Cells:
    """Both reports of one pair; arrays are products down, periods across.

    Attributes:
        periods: the periods, in order.
        product: index of each row's product.
        values: side -> value; NaN where it is unknown, zero where a reporting side has no such row.
        has_row: side -> whether the report has a row for the cell.
        reports: side -> whether the side reports in a period (length of periods).
        is_partial: side -> whether some of the records added up have no value.
        is_rounded_away: side -> whether the report has the cell, rounded to zero.
        unit: side -> what the values are rounded to, 0 where they are not.
        margin: factor by which imports are divided before they are held against exports.
        is_margin_sure: whether both valuations are known, so that the margin follows from them.
    """

    periods: list[str]
    product: list[int]
    values: dict[str, Floats]
    has_row: dict[str, Bools]
    reports: dict[str, Bools]
    is_partial: dict[str, Bools]
    is_rounded_away: dict[str, Bools]
    unit: dict[str, float]
    margin: Floats
    is_margin_sure: Bools

    @property
    def imports_fob(self) -> Floats:
        return self.values["import"] / self.margin

    def noise_input(self) -> Reports:
        """Return both reports as the noise is learned from them."""
        return Reports(self.values["export"], self.imports_fob, self.unit["export"], self.unit["import"])


@dataclass(frozen=True)
class Pair:
    """One pair, read from the lake.

    Attributes:
        choice: the reports that are used.
        products: the products, by index.
        cells: both reports.
    """

    choice: Choice
    products: list[Product]
    cells: Cells


def pair_of(engine: Engine, options: MirrorOptions) -> Pair:
    """Return both reports of a pair.

    Raises:
        EstimateError: neither side names the other, the event is outside the reports, or the products cannot be told
            apart at the reports' common level.
        MixedCurrency: both sides report, never in one currency.
        UnknownCode: the products option names no list, file or HS code.
    """
    engine.step(SQL, "mirror_named", exporter=options.exporter, importer=options.importer)
    choice = chosen_reports(engine, options)
    _check_event(choice, options)
    fill_reports(engine, _readings(choice, options))
    products = mirror_products(engine, choice, options)
    engine.step(SQL, "mirror_codes")
    engine.step(SQL, "mirror_mixed", level=choice.level)
    engine.step(SQL, "mirror_cells", level=choice.level)
    held = {
        side: frozenset(report.periods(choice.level)) if (report := choice.side(side)) is not None else frozenset()
        for side in SIDES
    }
    cells = cells_of(engine, 0, choice.periods(), held, cif=options.cif)
    _hide_counterpart(cells, products)
    return Pair(choice, products, cells)


def _hide_counterpart(cells: Cells, products: list[Product]) -> None:
    """The other side has the goods of a withheld code under their own: its report of them is unknown, not zero."""
    withheld = np.array(["confidential_code" in products[i].caveats for i in cells.product], dtype=bool)
    for side in SIDES:
        cells.values[side][withheld[:, None] & ~cells.has_row[side]] = np.nan


@dataclass(frozen=True)
class Reading:
    """Rows of ``flows`` that are read: one report of one partner.

    Attributes:
        group: index of the pair, or of the bloc and its partner, that the report belongs to.
        side: export or import.
        reporter_iso3: who reports.
        partner_iso3: the other side.
        report: source, partner's role, currency and frequency of the rows.
        periods: (row period, period) of each period that is read.
    """

    group: int
    side: str
    reporter_iso3: str
    partner_iso3: str
    report: tuple[str, str, str, str]
    periods: tuple[tuple[str, str], ...]


def fill_reports(engine: Engine, readings: Sequence[Reading]) -> None:
    """Fill ``mirror_reports`` and ``mirror_periods``, which the steps join."""
    reports = [
        (i, r.group, r.side, r.reporter_iso3, r.partner_iso3, *r.report, _STAGE[r.side]) for i, r in enumerate(readings)
    ]
    engine.table("mirror_reports", _columns(_REPORT_TYPES, reports), _REPORT_TYPES)
    periods = [(i, row_period, period) for i, r in enumerate(readings) for row_period, period in r.periods]
    engine.table("mirror_periods", _columns(_PERIOD_TYPES, periods), _PERIOD_TYPES)


def _columns(names: Iterable[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _readings(choice: Choice, options: MirrorOptions) -> list[Reading]:
    territories, listed = (options.exporter, options.importer), set(choice.periods())
    return [
        Reading(
            0,
            report.side,
            *(territories if report.side == "export" else territories[::-1]),
            (report.source_id, report.partner_role, report.currency, report.row_freq),
            tuple(
                (row_period, period)
                for period, row_periods in report.periods(choice.level).items()
                if period in listed
                for row_period in row_periods
            ),
        )
        for report in choice.reports
    ]


def cells_of(
    engine: Engine, group: int, periods: list[str], reports: dict[str, frozenset[str]], *, cif: float
) -> Cells:
    """Return both reports of one group of ``mirror_cells``, which the steps have made."""
    rows = engine.arrays(
        "SELECT side, product_id, period, value, n_unknown, n_fob, n_cif, n_rows, is_rounded, least_rounded"
        " FROM mirror_cells WHERE group_id = $group ORDER BY product_id, period, side",
        group=group,
    )
    product, at = np.unique(rows["product_id"].astype(np.int64), return_inverse=True)
    column = np.searchsorted(np.array(periods, dtype=object), rows["period"].astype(object))
    reporting = {side: np.array([p in reports[side] for p in periods], dtype=bool) for side in SIDES}
    shape = (len(product), len(periods))
    filled: dict[str, dict[str, Floats]] = {}
    for side in SIDES:
        is_side = rows["side"] == side
        here = (at[is_side], column[is_side])
        filled[side] = {
            name: np.zeros(shape) for name in ("value", "n_unknown", "n_fob", "n_cif", "n_rows", "is_rounded")
        }
        for name, array in filled[side].items():
            array[here] = np.nan_to_num(rows[name][is_side].astype(float))
        filled[side]["value"][:, ~reporting[side]] = np.nan
        filled[side]["value"][(filled[side]["n_unknown"] > 0) & ~(filled[side]["value"] > 0)] = np.nan
    margin, is_sure = _margin(filled, cif)
    has_row = {side: filled[side]["n_rows"] > 0 for side in SIDES}
    return Cells(
        periods=periods,
        product=product.tolist(),
        values={side: filled[side]["value"] for side in SIDES},
        has_row=has_row,
        reports=reporting,
        is_partial={side: (filled[side]["n_unknown"] > 0) & (filled[side]["value"] > 0) for side in SIDES},
        is_rounded_away={
            side: has_row[side] & (filled[side]["is_rounded"] > 0) & (filled[side]["value"] == 0) for side in SIDES
        },
        unit={side: _unit(rows["least_rounded"][rows["side"] == side]) for side in SIDES},
        margin=margin,
        is_margin_sure=is_sure,
    )


def _margin(filled: dict[str, dict[str, Floats]], cif: float) -> tuple[Floats, Bools]:
    """The margin is taken off unless the two reports are known to be at one stage.

    A side without a row in a cell has the valuation of its other rows.
    """
    stage = {side: _stage(filled[side]) for side in SIDES}
    is_same = (stage["import"] == "fob") | (stage["export"] == "cif")
    is_sure = is_same | ((stage["import"] == "cif") & (stage["export"] == "fob"))
    return np.where(is_same, 1.0, 1.0 + cif), np.asarray(is_sure)


def _stage(filled: dict[str, Floats]) -> Any:
    n, stage = filled["n_rows"], np.full(filled["n_rows"].shape, "", dtype=object)
    for name in ("fob", "cif"):
        count = filled[f"n_{name}"]
        stage[(n > 0) & (count == n)] = name
        if count.sum() == n.sum() > 0:
            stage[n == 0] = name
    return stage


def _unit(least: Floats) -> float:
    known = least[~np.isnan(least.astype(float))].astype(float)
    return float(known.min()) if known.size else 0.0


def _check_event(choice: Choice, options: MirrorOptions) -> None:
    if options.event is None:
        return
    periods = choice.periods()
    event = options.event[: len(periods[0])]
    if not periods[0] <= event <= periods[-1]:
        raise EstimateError(
            f"event {options.event} is outside the reports that are compared, which run from {periods[0]} to"
            f" {periods[-1]}",
            remedy="Choose an --event with periods before and after it.",
        )
