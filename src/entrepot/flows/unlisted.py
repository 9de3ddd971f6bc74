"""Unlisted: how an intermediary's trade beyond the goods asked about moved, from totals less those goods.

Extracts often hold listed goods alone. Where the same reporters' monthly totals are in the lake too, from whatever
source, the rest of the trade is known as one series an intermediary, and its growth is a control set of its own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import month_index
from entrepot.flows.legs import SQL, Legs
from entrepot.flows.noise import Noise
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Floats, Panel
from entrepot.flows.scope import Scope
from entrepot.lake import Engine

# A rest smaller than this share of the total says more about how both were rounded than about trade.
_LEAST_REST = 0.1


def unlisted_growth(engine: Engine, leg: str, data: Legs, noise: Noise, options: RoutesOptions) -> dict[str, Floats]:
    """Return {"unlisted": n, change in logs of each series' intermediary's unlisted trade}, empty without totals.

    NaN where the intermediary has no totals in some month, or where nearly all of its trade is asked about.
    """
    panel, scope = data.panels[leg], data.scope
    reports = _total_reports(engine, scope, scope.currency.get(leg, ""), options)
    if not len(panel) or not reports:
        return {}
    names = ("source_id", "reporter_iso3", "flow", "partner_role", "currency")
    columns = dict(zip(names, map(list, zip(*reports, strict=True)), strict=True))
    engine.table("total_reports", columns, dict.fromkeys(names, "VARCHAR"))
    asked = [i for i, product in enumerate(data.products) if product.is_tested]
    engine.table("asked_products", {"product_id": asked}, {"product_id": "INTEGER"})
    engine.step(SQL, "total_pairs", leg=leg)
    engine.step(SQL, "total_months")
    engine.step(SQL, "asked_months")
    totals = _monthly(engine, "total_months", data)
    rest = totals - np.nan_to_num(_monthly(engine, "asked_months", data))
    growth = _growth(rest, totals, _seasons(panel, noise, len(data.via)), scope.n_before, options)
    return {"unlisted": growth[panel.via]} if not np.isnan(growth[panel.via]).all() else {}


def _total_reports(engine: Engine, scope: Scope, currency: str, options: RoutesOptions) -> list[tuple[str, ...]]:
    """The report of totals of each reporter of the scope, where it has every month; its own source first."""
    rows = engine.rows(
        "SELECT DISTINCT source_id, reporter_iso3, flow, partner_role, currency, period FROM coverage"
        " WHERE freq = 'M' AND NOT is_aggregate AND digits = 0 AND currency = $currency",
        currency=currency,
    )
    months: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for source_id, reporter, flow, role, stated, period in rows:
        months[source_id, reporter, flow, role, stated].add(month_index(period))
    window = set(range(scope.first_month, scope.last_month + 1))
    own = {(r.source_id, r.reporter_iso3, r.flow, r.partner_role) for r in scope.reports}
    wanted = {(r.reporter_iso3, r.flow) for r in scope.reports}
    best: dict[tuple[str, str], tuple[str, ...]] = {}
    for report in sorted(months, key=lambda report: (report[:4] not in own, report)):
        if report[1:3] in wanted and window <= months[report]:
            best.setdefault((report[1], report[2]), report)
    return list(best.values())


def _monthly(engine: Engine, table: str, data: Legs) -> Floats:
    """Intermediaries x months, NaN where the table has no row."""
    out = np.full((len(data.via), data.scope.n_months), np.nan)
    place = {iso3: i for i, iso3 in enumerate(data.via)}
    for via, month, value in engine.rows(f"SELECT via_iso3, month, value FROM {table}"):
        if via in place and value is not None:
            out[place[via], month - data.scope.first_month] = value
    return out


def _seasons(panel: Panel, noise: Noise, n_via: int) -> Floats:
    """The season of each intermediary's goods together, by what they weigh."""
    top = np.zeros((n_via, panel.values.shape[1]))
    np.add.at(top, panel.via, noise.level[:, None] * noise.season)
    whole = np.bincount(panel.via, noise.level, n_via)[:, None]
    return np.where(whole > 0, top / np.where(whole > 0, whole, 1.0), 1.0)


def _growth(
    rest: Floats, totals: Floats, season: Floats, n_before: int, options: RoutesOptions
) -> NDArray[np.floating[Any]]:
    age = np.arange(n_before)[::-1]
    weight = 0.5 ** (age / options.method.half_life)
    level = (weight * rest[:, :n_before] / season[:, :n_before]).sum(axis=1) / weight.sum()
    after = rest[:, n_before:].sum(axis=1) / season[:, n_before:].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        enough = (rest[:, :n_before].sum(axis=1) >= _LEAST_REST * totals[:, :n_before].sum(axis=1)) & (
            rest[:, n_before:].sum(axis=1) >= _LEAST_REST * totals[:, n_before:].sum(axis=1)
        )
        return np.asarray(np.where(enough & (level > 0) & (after > 0), np.log(after / level), np.nan))
