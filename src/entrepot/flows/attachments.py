"""What a report shows beside the ranked table: paths, totals, river, mirror, measures, sources."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from entrepot.codes import month_text, parse_dated
from entrepot.flows.leg import Leg
from entrepot.flows.legs import Legs
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Bools
from entrepot.flows.ranking import Ranking
from entrepot.flows.result import (
    MEASURE_TYPES,
    PATH_TYPES,
    RIVER_TYPES,
    SOURCE_TYPES,
    TOTAL_TYPES,
)
from entrepot.flows.scope import Scope
from entrepot.lake import Engine, Table
from entrepot.ledger import lake_entries, standing, uncorrected
from entrepot.numerics import normal_quantile


def origin_texts(ranking: Ranking, legs: dict[str, Leg]) -> list[str | None]:
    """Return, per row, the origins that carry the rise of the inward leg, e.g. ``DEU 61%; POL 20%``."""
    rise = _rises(legs.get("in"))
    return [_carriers(rise[row]) if row in rise else None for row in ranking.at["in"].tolist()]


def _rises(leg: Leg | None) -> dict[int, dict[str, float]]:
    """Row of the inward leg -> origin -> money above the origin's own past."""
    rises: dict[int, dict[str, float]] = defaultdict(dict)
    if leg is not None and leg.origins is not None:
        origins = leg.origins
        up = origins.rise > 0
        for row, name, value in zip(
            origins.sums.row[up].tolist(), origins.names[up], origins.rise[up].tolist(), strict=True
        ):
            rises[row][name] = value
    return rises


def _carriers(rise: dict[str, float]) -> str | None:
    total = sum(rise.values())
    top = sorted(rise.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    return "; ".join(f"{o} {100 * v / total:.0f}%" for o, v in top if v >= 0.005 * total) or None


def paths_of_top(ranking: Ranking, data: Legs, legs: dict[str, Leg], options: RoutesOptions) -> Table:
    """Return observed and expected months of the top rows, by leg and control set."""
    rows: list[dict[str, Any]] = []
    for i in np.flatnonzero(ranking.is_ranked)[: options.method.top]:
        entry = {name: ranking.labels[name][i] for name in ("via_iso3", "product_id")}
        for name in ("in", "out"):
            if (at := int(ranking.at[name][i])) >= 0:
                rows += _path(entry, name, legs[name], at, data.scope, options)
    return Table.from_rows(rows, PATH_TYPES)


def _path(
    entry: dict[str, str], name: str, leg: Leg, at: int, scope: Scope, options: RoutesOptions
) -> list[dict[str, Any]]:
    values, inference = leg.panel.values[at], leg.inference
    spread = float(inference.spread_month[at])
    tail = float(normal_quantile(0.5 + options.method.interval / 2))
    rows = []
    for control, growth in inference.growth.items():
        if np.isnan(growth[at]):
            continue
        change = np.where(np.arange(len(values)) >= scope.n_before, growth[at], 0.0)
        expected = inference.level[at] * inference.season[at] * np.exp(change)
        middle = expected * np.exp(-(spread**2) / 4)
        low, high = middle * np.exp(-tail * spread), middle * np.exp(tail * spread)
        rows += [
            {
                **entry,
                "leg": name,
                "control_set": control,
                "period": month_text(scope.first_month + i),
                "observed": None if np.isnan(values[i]) else float(values[i]),
                "expected": float(expected[i]),
                "low": float(low[i]),
                "high": float(high[i]),
            }
            for i in range(len(values))
        ]
    return rows


def complete_sets(leg: Leg) -> list[str]:
    """Return the control sets that say something of every tested series; the others have no sums."""
    tested = leg.panel.is_tested & leg.is_testable
    return [name for name, growth in leg.inference.growth.items() if not np.isnan(growth[tested]).any()]


def totals_of(data: Legs, legs: dict[str, Leg], options: RoutesOptions) -> Table:
    """Return sums over tested products by control set and intermediary, and the fall of direct trade."""
    name = "in" if "in" in legs else "out"
    if name not in legs:
        return Table.from_rows([], TOTAL_TYPES)
    leg = legs[name]
    tested = leg.panel.is_tested & leg.is_testable
    lost = _lost(legs.get("direct"))
    rows = []
    for control in complete_sets(leg):
        for via in [None, *np.unique(leg.panel.via[tested])]:
            pick = tested & (leg.panel.via == via) if via is not None else tested
            rows.append(
                {
                    "control_set": control,
                    "via_iso3": "ALL" if via is None else data.via[via],
                    **_sum(leg, pick, control, options),
                    "lost_direct": lost,
                }
            )
    return Table.from_rows(rows, TOTAL_TYPES)


def _lost(direct: Leg | None) -> float | None:
    if direct is None:
        return None
    fall = -float(direct.excess("own")[direct.panel.is_tested & direct.is_testable].sum())
    return fall if fall > 0 else None


def _sum(leg: Leg, pick: Bools, control: str, options: RoutesOptions) -> dict[str, float]:
    """Sum over series. Monthly noise averages out over them; the controls' own error does not."""
    inference = leg.inference
    observed, expected = float(inference.observed[pick].sum()), float(inference.expected[control][pick].sum())
    tail = float(normal_quantile(0.5 + options.method.interval / 2))
    spread = (inference.high[control][pick] - inference.low[control][pick]) / (2 * tail)
    own_noise = float(np.sqrt((spread**2).sum()))
    shared = options.method.least_drift * expected / np.sqrt(max(len(np.unique(leg.panel.via[pick])), 1))
    error = tail * float(np.hypot(own_noise, shared))
    return {
        "observed": observed,
        "expected": expected,
        "excess": observed - expected,
        "excess_low": observed - expected - error,
        "excess_high": observed - expected + error,
    }


def river_of(data: Legs, legs: dict[str, Leg], options: RoutesOptions) -> Table:
    """Return excess by control set, origin and intermediary; origin NULL is the onward leg where it is seen."""
    if "in" not in legs:
        return Table.from_rows([], RIVER_TYPES)
    leg = legs["in"]
    tested = leg.panel.is_tested & leg.is_testable
    rise: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row, by_origin in _rises(leg).items():
        if tested[row]:
            for origin, value in by_origin.items():
                rise[int(leg.panel.via[row])][origin] += value
    rows: list[dict[str, Any]] = []
    for control in complete_sets(leg):
        for via in np.unique(leg.panel.via[tested]):
            total = _sum(leg, tested & (leg.panel.via == via), control, options)
            rows += _split(total, rise.get(int(via), {}), control, data.via[via])
            onward = _onward(legs, int(via), control, options)
            rows.append({"control_set": control, "via_iso3": data.via[via], **onward})
    return Table.from_rows(rows, RIVER_TYPES)


def _split(total: dict[str, float], rise: dict[str, float], control: str, via: str) -> list[dict[str, Any]]:
    """Share an intermediary's excess among the origins whose trade rose."""
    top = sorted(rise.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    whole = sum(rise.values())
    shares = {origin: value / whole for origin, value in top} if whole > 0 else {}
    shares["other"] = 1 - sum(shares.values())
    return [
        {"control_set": control, "origin_iso3": origin, "via_iso3": via}
        | {name: total[name] * share for name in ("excess", "excess_low", "excess_high")}
        for origin, share in shares.items()
        if share > 0.005
    ]


def _onward(legs: dict[str, Leg], via: int, control: str, options: RoutesOptions) -> dict[str, float | None]:
    names = ("excess", "excess_low", "excess_high")
    if "out" not in legs:
        return dict.fromkeys(names)
    leg = legs["out"]
    pick = leg.panel.is_tested & leg.is_testable & (leg.panel.via == via)
    if not pick.any():
        return dict.fromkeys(names)
    total = _sum(leg, pick, control, options)
    return {name: total[name] for name in names}


def measures_in_window(engine: Engine, scope: Scope) -> Table:
    """Return the lake's dated measures inside the window, with their status at its end; alleged ones stay alleged."""
    first, last = month_text(scope.first_month), month_text(scope.last_month)
    day = parse_dated(last).last
    dated = [(str(entry.start or entry.world_knew or ""), entry) for entry in uncorrected(lake_entries(engine))]
    rows = [
        (date, entry.jurisdiction, entry.title, standing(entry, on=day, known=day).status)
        for date, entry in sorted(dated, key=lambda item: (item[0], item[1].entry_id))
        if first <= date[:7] <= last
    ]
    return Table.from_rows([dict(zip(MEASURE_TYPES, row, strict=True)) for row in rows], MEASURE_TYPES)


def sources_used(engine: Engine, scope: Scope) -> Table:
    """Return the snapshots whose rows the question could read, with the number of monthly rows each holds."""
    used = sorted({report.source_id for report in scope.reports})
    rows = engine.rows(
        "SELECT s.snapshot_id, s.source_id, s.publisher, s.title, s.url, s.retrieved_at, s.licence, s.sha256,"
        " sum(c.n_rows) FROM snapshots AS s INNER JOIN coverage AS c ON s.snapshot_id = c.snapshot_id"
        " WHERE c.freq = 'M' GROUP BY ALL ORDER BY s.source_id, s.title, s.snapshot_id"
    )
    return Table.from_rows([dict(zip(SOURCE_TYPES, row, strict=True)) for row in rows if row[1] in used], SOURCE_TYPES)
