"""Mirror cells: both reports of a pair as arrays of products and periods, from the lake's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepot.errors import EstimateError
from entrepot.flows.legs import SQL
from entrepot.flows.mirror_noise import Reports
from entrepot.flows.mirror_options import MirrorOptions
from entrepot.flows.mirror_reports import Choice, chosen_reports
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Bools, Floats
from entrepot.flows.products import Product, products_of, wanted_items
from entrepot.flows.scope import Scope
from entrepot.lake import Engine

SIDES = ("export", "import")
# The stage at which each side usually values goods: at the exporter's border, and with freight at the importer's.
_STAGE = {"export": "fob", "import": "cif"}
_REPORT_TYPES = {
    "group_id": "INTEGER",
    **dict.fromkeys(("side", "reporter_iso3", "partner_iso3", "source_id", "partner_role", "currency"), "VARCHAR"),
    **dict.fromkeys(("freq", "row_period", "period"), "VARCHAR"),
    "year": "INTEGER",
    "valuation": "VARCHAR",
}


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
    fill_reports(engine, [(0, *entry) for entry in _entries(choice, options)])
    products = _products(engine, choice, options)
    engine.connection.execute("CREATE OR REPLACE TEMP TABLE mirror_products AS SELECT * FROM product_codes")
    engine.step(SQL, "mirror_codes")
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


def fill_reports(engine: Engine, entries: Sequence[tuple[Any, ...]]) -> None:
    """Fill ``mirror_reports``: the rows that are read, as group, side, reporter, partner, source, role, currency,
    freq, row period and period.
    """
    rows = [(*entry, int(entry[-1][:4]), _STAGE[entry[1]]) for entry in entries]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(_REPORT_TYPES)}
    engine.table("mirror_reports", columns, _REPORT_TYPES)


def _entries(choice: Choice, options: MirrorOptions) -> list[tuple[str, ...]]:
    territories, listed = (options.exporter, options.importer), set(choice.periods())
    return [
        (
            report.side,
            *(territories if report.side == "export" else territories[::-1]),
            report.source_id,
            report.partner_role,
            report.currency,
            report.row_freq,
            row_period,
            period,
        )
        for report in choice.reports
        for period, row_periods in report.periods(choice.level).items()
        if period in listed
        for row_period in row_periods
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
    periods = sorted(choice.common()) or choice.periods()
    event = options.event[: len(periods[0])]
    if not periods[0] <= event <= periods[-1]:
        raise EstimateError(
            f"event {options.event} is outside the reports, which run from {periods[0]} to {periods[-1]}",
            remedy="Choose an --event with periods before and after it.",
        )


def _products(engine: Engine, choice: Choice, options: MirrorOptions) -> list[Product]:
    """Return the products, with ``product_codes`` filled."""
    first, last = choice.periods()[0], choice.periods()[-1]
    question = RoutesOptions(
        destination=options.importer,
        event=f"{first[:4]}-01",
        products=options.products,
        level=max(choice.level, 4),
    )
    wanted = wanted_items(question)
    if wanted is not None:
        _check_told_apart(choice, max(len(item.hs_code) for item in wanted), options)
    engine.step(SQL, "mirror_code_use", level=max(choice.level, 2))
    if choice.level < 4:
        return _wide_products(engine, choice)
    engine.connection.execute("CREATE OR REPLACE TEMP TABLE code_use AS SELECT * FROM mirror_code_use")
    start, end = int(first[:4]) * 12, int(last[:4]) * 12 + 11
    window = Scope(start, end + 1, end, reports=(), pairs=(), currency={}, caveats=(), left_out={})
    products = products_of(engine, question, window)
    return products + (_withheld_codes(engine, choice, len(products)) if wanted is None else [])


def _withheld_codes(engine: Engine, choice: Choice, first: int) -> list[Product]:
    """Return the headings under which a report puts goods whose code it withholds, added to ``product_codes``."""
    engine.step(SQL, "mirror_withheld_codes", level=choice.level)
    codes = [code for (code,) in engine.rows("SELECT DISTINCT hs_code FROM mirror_withheld_codes ORDER BY hs_code")]
    for index, code in enumerate(codes, first):
        engine.connection.execute(
            "INSERT INTO product_codes SELECT hs_revision, hs_code, year, $index FROM mirror_withheld_codes"
            " WHERE hs_code = $code",
            {"index": index, "code": code},
        )
    return [Product(code, (code,), True, (), None, "", ("confidential_code",)) for code in codes]


def _check_told_apart(choice: Choice, finest: int, options: MirrorOptions) -> None:
    """A list of finer codes than a report holds would be compared with whole headings."""
    held = min(
        max(length for digits in report.named.values() or report.digits.values() for length in digits)
        for report in choice.reports
    )
    if choice.level < finest and held < finest:
        raise EstimateError(
            f"products has codes of {finest} digits and the reports of {options.exporter} and {options.importer}"
            f" have {held or 'only the total'} in common",
            remedy="Name coarser products, or ingest finer reports.",
        )


def _wide_products(engine: Engine, choice: Choice) -> list[Product]:
    """Chapters and the total mean the same under every revision."""
    uses = engine.rows("SELECT hs_revision, hs_code FROM mirror_code_use ORDER BY ALL")
    if choice.level == 0:
        uses = [("", "TOTAL")]
        for (revision,) in engine.rows("SELECT DISTINCT coalesce(hs_revision, '') FROM flows WHERE hs_code = 'TOTAL'"):
            uses.append((revision, "TOTAL"))
    names = sorted({code[:2] if choice.level else code for _, code in uses})
    years = range(int(choice.periods()[0][:4]), int(choice.periods()[-1][:4]) + 1)
    table = [
        (revision, code, year, names.index(code[:2] if choice.level else code))
        for revision, code in sorted(set(uses))
        for year in years
    ]
    types = {"hs_revision": "VARCHAR", "hs_code": "VARCHAR", "year": "INTEGER", "product_id": "INTEGER"}
    engine.table("product_codes", {name: [row[i] for row in table] for i, name in enumerate(types)}, types)
    return [Product(name, (name,), True, (), None, "", ("precious_metals",) if name == "71" else ()) for name in names]
