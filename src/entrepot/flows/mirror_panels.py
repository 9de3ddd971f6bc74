"""Mirror panels: both reports of the inward leg, for the rows that a report of routes shows in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepot.codes import month_index, month_text
from entrepot.flows.legs import SQL, Legs
from entrepot.flows.mirror_cells import Cells, Reading, cells_of, fill_reports
from entrepot.flows.mirror_noise import Band, change_test, quiet_band
from entrepot.flows.mirror_products import pick_products
from entrepot.flows.mirror_reports import ROLES
from entrepot.flows.result import MIRROR_TYPES
from entrepot.flows.scope import Report, Scope
from entrepot.lake import Engine, Table

# Further products, evenly spaced, from which an intermediary's quiet time is learned.
_POOL = 60


@dataclass(frozen=True)
class MirrorPanels:
    """Both reports of some rows, and whether their gap changed.

    Attributes:
        table: grain via, product, month of the window; columns MIRROR_TYPES.
        changes: (ISO3 of the intermediary, index of the product) -> change of the log ratio importer over exporter at
            the event, and its two-sided p-value; only what could be tested.
    """

    table: Table
    changes: dict[tuple[str, int], tuple[float, float]]


def mirror_panels(
    engine: Engine, data: Legs, keys: Sequence[tuple[int, int]], *, level: int, cif: float = 0.07
) -> MirrorPanels:
    """Return both reports of origins -> intermediary for some rows of ``routes``.

    Args:
        engine: the engine in which ``legs_of`` has made its tables.
        data: what ``legs_of`` returned.
        keys: (via, product) as indices into ``data.via`` and ``data.products``.
        level: digits of the question.
        cif: margin of cif over fob values, 0 to 1.

    Returns:
        the table and the changes. ``export_value`` sums the origins that report, ``import_value`` what the
        intermediary reports from the same origins in the same month; an origin that is silent in a month is left out
        of both. Nothing for an intermediary whose own reports are not in the lake in the currency of the leg.

    Source: docs/methods/mirror.md.
    """
    vias = sorted({data.via[via] for via, _ in keys})
    imports = _import_reports(engine, data.scope, vias, level)
    readings, months = _readings(data.scope, imports)
    if not readings:
        return MirrorPanels(Table.from_rows([], MIRROR_TYPES), {})
    fill_reports(engine, readings)
    _pick_products(engine, data, keys)
    engine.step(SQL, "mirror_codes")
    engine.step(SQL, "mirror_mixed", level=level)
    engine.step(SQL, "mirror_cells", level=level)
    rows: list[dict[str, Any]] = []
    changes: dict[tuple[str, int], tuple[float, float]] = {}
    for group, iso3 in enumerate(sorted(imports)):
        cells = cells_of(engine, group, _window(data.scope), months[iso3], cif=cif)
        wanted = {product for via, product in keys if data.via[via] == iso3}
        rows += _rows(cells, data, iso3, wanted)
        changes |= _changes(cells, data.scope, iso3, wanted)
    return MirrorPanels(Table.from_rows(rows, MIRROR_TYPES), changes)


def _window(scope: Scope) -> list[str]:
    return [month_text(month) for month in range(scope.first_month, scope.last_month + 1)]


def _import_reports(engine: Engine, scope: Scope, vias: list[str], level: int) -> dict[str, Report]:
    """The intermediaries' own import reports in the leg's currency, at most one each."""
    found: dict[tuple[str, str, str, str, str], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for source_id, reporter, flow, role, currency, period, digits in engine.rows(
        "SELECT source_id, reporter_iso3, flow, partner_role, currency, period, digits FROM coverage"
        " WHERE freq = 'M' AND NOT is_aggregate AND flow = 'import' AND digits >= $level"
        " AND currency = $currency AND period BETWEEN $first AND $last GROUP BY ALL ORDER BY ALL",
        level=level,
        currency=scope.currency.get("in", ""),
        first=month_text(scope.first_month),
        last=month_text(scope.last_month),
    ):
        if reporter in vias:
            found[source_id, reporter, flow, role, currency][month_index(period)].add(digits)
    reports = [
        Report(*key, months={month: tuple(sorted(digits)) for month, digits in months.items()})
        for key, months in found.items()
    ]
    most: dict[str, int] = {}
    for report in reports:
        most[report.reporter_iso3] = max(most.get(report.reporter_iso3, 0), len(report.months))
    best: dict[str, Report] = {}
    for report in sorted(
        reports,
        key=lambda r: (
            2 * len(r.months) < most[r.reporter_iso3],
            ROLES["import"].index(r.partner_role),
            -len(r.months),
            r.source_id,
        ),
    ):
        best.setdefault(report.reporter_iso3, report)
    return best


def _readings(scope: Scope, imports: dict[str, Report]) -> tuple[list[Reading], dict[str, dict[str, frozenset[str]]]]:
    """What is read, and the months in which each side of each intermediary reports."""
    exports = {report.reporter_iso3: report for report in scope.reports if report.flow == "export"}
    window = set(range(scope.first_month, scope.last_month + 1))
    readings: list[Reading] = []
    months: dict[str, dict[str, set[int]]] = {iso3: {"export": set(), "import": set()} for iso3 in imports}
    for leg, via, origin, _, side in scope.pairs:
        if leg == "in" and side == "export" and via in imports:
            group = sorted(imports).index(via)
            ours = window & set(exports[origin].months)
            readings.append(_reading(group, "export", exports[origin], via, ours))
            # An origin that is silent in a month is left out of both sums.
            theirs = ours & set(imports[via].months)
            readings.append(_reading(group, "import", imports[via], origin, theirs))
            months[via]["export"] |= ours
            months[via]["import"] |= theirs
    seen = {
        iso3: {side: frozenset(map(month_text, of_side)) for side, of_side in sides.items()}
        for iso3, sides in months.items()
    }
    return readings, seen


def _reading(group: int, side: str, report: Report, partner: str, months: set[int]) -> Reading:
    names = [month_text(month) for month in sorted(months)]
    key = (report.source_id, report.partner_role, report.currency, "M")
    return Reading(group, side, report.reporter_iso3, partner, key, tuple(zip(names, names, strict=True)))


def _pick_products(engine: Engine, data: Legs, keys: Sequence[tuple[int, int]]) -> None:
    """Fill ``mirror_products`` with the codes of the rows' products and of a pool beside them."""
    wanted = {product for _, product in keys}
    traded = np.unique(data.panels["in"].product) if "in" in data.panels else np.zeros(0, dtype=np.int64)
    pool = traded[np.linspace(0, len(traded) - 1, min(_POOL, len(traded))).astype(np.int64)].tolist()
    pick_products(engine, wanted | set(pool))


def _rows(cells: Cells, data: Legs, iso3: str, wanted: set[int]) -> list[dict[str, Any]]:
    scope = data.scope
    quiet = np.arange(scope.n_months) < scope.n_before
    quiet &= cells.reports["export"] & cells.reports["import"]
    band = quiet_band(cells.noise_input(), quiet)
    return [
        row
        for at, product in enumerate(cells.product)
        if product in wanted
        for row in _months(cells, band, at, {"via_iso3": iso3, "product_id": data.products[product].product_id})
    ]


def _changes(cells: Cells, scope: Scope, iso3: str, wanted: set[int]) -> dict[tuple[str, int], tuple[float, float]]:
    both = cells.reports["export"] & cells.reports["import"]
    is_before = np.arange(scope.n_months) < scope.n_before
    if not (both & is_before).any() or not (both & ~is_before).any():
        return {}
    change = change_test(cells.noise_input(), both & is_before, both & ~is_before)
    return {
        (iso3, product): (float(change.size[at]), float(change.p_value[at]))
        for at, product in enumerate(cells.product)
        if product in wanted and not np.isnan(change.p_value[at])
    }


def _months(cells: Cells, band: Band, at: int, entry: dict[str, str]) -> list[dict[str, Any]]:
    exports, imports = cells.values["export"][at], cells.values["import"][at]
    margin = cells.margin[at]
    share = np.where(imports > 0, 1 / margin - exports / np.where(imports > 0, imports, 1.0), np.nan)
    columns = {
        "export_value": exports,
        "import_value": imports,
        "gap_share": share,
        "gap_quiet_low": (1 - np.exp(-band.low[at])) / margin,
        "gap_quiet_high": (1 - np.exp(-band.high[at])) / margin,
    }
    return [
        {
            **entry,
            "period": period,
            **{name: None if np.isnan(values[i]) else float(values[i]) for name, values in columns.items()},
        }
        for i, period in enumerate(cells.periods)
    ]
