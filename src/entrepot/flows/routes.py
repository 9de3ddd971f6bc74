"""Routes: the main job. Which intermediaries take more of a product than their controls explain, by how much at least.

``routes`` reads the lake, forms the series of each leg, infers, and ranks. docs/methods/routes.md is the method.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from entrepot.codes import month_text
from entrepot.flows.attachments import (
    measures_in_window,
    mirror_of_top,
    origins_of,
    paths_of_top,
    river_of,
    sources_used,
    totals_of,
)
from entrepot.flows.caveats import CAVEATS
from entrepot.flows.covered import covered_shares
from entrepot.flows.infer import Inference, infer, q_values
from entrepot.flows.legs import Legs, legs_of
from entrepot.flows.options import CONTROL_SETS, RoutesOptions
from entrepot.flows.panel import Bools, Floats, Panel
from entrepot.flows.products import list_title
from entrepot.flows.result import ROUTE_TYPES, Routes
from entrepot.flows.scope import customs_union
from entrepot.lake import Engine, Lake


@dataclass(frozen=True)
class Leg:
    """One leg's panel and what inference says of it."""

    name: str
    panel: Panel
    inference: Inference
    row_of: dict[tuple[int, int], int]  # (via, product) -> row


def routes(lake: Lake, *, destination: str, event: str, **question: Any) -> Routes:
    """Return the ranked table of routes to a destination.

    Args:
        lake: an open lake with monthly flows.
        destination: ISO3 of the sanctioned market.
        event: first treated month, YYYY-MM.
        **question: the other fields of :class:`RoutesOptions` (until, origins, via, products, level, as_of, alpha,
            controls, method).

    Returns:
        grain via, product. Money in ``currency`` over window_start .. window_end; shares 0-1. Rows that could not
        be tested have NULL estimates and say why in ``caveats``. Attached: paths, totals, river, mirror, measures,
        sources.

    Raises:
        ConfigError: a part of the question is malformed.
        UnknownCode: a territory, group, list or HS code is not known.
        EstimateError: the data cannot answer: no monthly rows, event outside them, destination never present.
        MixedCurrency: one leg's reports are in several currencies.

    Source: docs/methods/routes.md.
    """
    options = RoutesOptions(destination=destination, event=event, **question)
    with lake.engine() as engine:
        return _routes(engine, options)


def _routes(engine: Engine, options: RoutesOptions) -> Routes:
    data = legs_of(engine, options)
    legs = {
        name: _leg(name, panel, options) for name, panel in data.panels.items() if name != "direct" and len(panel)
    }
    direct = _leg("direct", data.panels["direct"], options) if len(data.panels.get("direct", ())) else None
    rows = _rows(data, legs, direct, options)
    covered_shares(rows, data, legs, options)
    _judge(rows, options)
    rows.sort(key=_order)
    for rank, row in enumerate((r for r in rows if r["p_value"] is not None), start=1):
        row["rank"] = rank
    top = [row for row in rows if row["p_value"] is not None][: options.method.top]
    origins = origins_of(engine, rows, data, options)
    for row in rows:
        row["top_origins"] = origins.text(row)
    return Routes(
        {name: [row.get(name) for row in rows] for name in ROUTE_TYPES},
        paths=paths_of_top(top, data, legs, options),
        totals=totals_of(data, legs, direct, options),
        river=river_of(data, legs, origins, options),
        mirror=mirror_of_top(engine, top, data, options),
        measures=measures_in_window(engine, data.scope),
        sources=sources_used(engine, data.scope),
        parameters=_parameters(options, data),
        caveat_texts={key: CAVEATS[key] for key in sorted(_used(rows))},
        control_sets=CONTROL_SETS,
        product_names={},
    )


def _leg(name: str, panel: Panel, options: RoutesOptions) -> Leg:
    controls = "own" if name == "direct" else options.controls
    return Leg(
        name=name,
        panel=panel,
        inference=infer(panel, options.method, controls=controls),
        row_of={(int(v), int(p)): i for i, (v, p) in enumerate(zip(panel.via, panel.product, strict=True))},
    )


def _rows(data: Legs, legs: dict[str, Leg], direct: Leg | None, options: RoutesOptions) -> list[dict[str, Any]]:
    lost = _lost_direct(direct)
    found: dict[tuple[int, int], dict[str, int]] = {}
    for name in ("in", "out"):
        if name in legs:
            leg = legs[name]
            for key, row in leg.row_of.items():
                if leg.panel.is_tested[row]:
                    found.setdefault(key, {})[name] = row
    has_in, has_out = "in" in legs, "out" in legs
    return [
        _row(key, at, data, legs, lost, has_in=has_in, has_out=has_out, options=options)
        for key, at in sorted(found.items())
    ]


def _row(
    key: tuple[int, int],
    at: dict[str, int],
    data: Legs,
    legs: dict[str, Leg],
    lost: dict[int, float],
    *,
    has_in: bool,
    has_out: bool,
    options: RoutesOptions,
) -> dict[str, Any]:
    via, product = data.via[key[0]], data.products[key[1]]
    main = "in" if "in" in at else "out"
    leg, row = legs[main], at[main]
    scope = data.scope
    reason = product.reason or _reason(leg, row, options)
    out: dict[str, Any] = {
        "via_iso3": via,
        "destination_iso3": options.destination,
        "product_id": product.product_id,
        "hs_codes": ";".join(product.codes),
        "evidence": "both" if len(at) == 2 else main,
        "window_start": month_text(scope.event_month),
        "window_end": month_text(scope.last_month),
        "currency": scope.currency[main],
        "control_set": options.controls,
        "is_alert": False,
        "_key": key,
        "_leg": main,
    }
    caveats = [*scope.caveats, *product.caveats, *_leg_caveats(leg, row, via, scope.event_month, options)]
    if not (has_in and has_out):
        caveats.append("in_leg_only" if has_in else "out_leg_only")
    if reason:
        caveats.insert(0, reason)
    else:
        out |= _estimates(leg, row, options)
        if len(at) == 2 and not _reason(legs["out"], at["out"], options):
            second = _estimates(legs["out"], at["out"], options)
            out["p_value"] = max(out["p_value"], second["p_value"])
            for name in ("observed", "expected", "excess", "excess_low", "excess_high"):
                out[f"out_{name}"] = second[name]
        if lost.get(key[1], 0) > 0 and main == "in":
            out["share_of_lost_direct"] = out["excess"] / lost[key[1]]
        if out["excess_min"] < 0 < out["excess_max"]:
            caveats.append("controls_disagree")
    out["caveats"] = list(dict.fromkeys(caveats))
    return out


def _estimates(leg: Leg, row: int, options: RoutesOptions) -> dict[str, Any]:
    inference, name = leg.inference, options.controls
    observed = float(inference.observed[row])
    by_set = [observed - float(expected[row]) for expected in inference.expected.values()]
    return {
        "observed": observed,
        "expected": float(inference.expected[name][row]),
        "excess": observed - float(inference.expected[name][row]),
        "excess_low": observed - float(inference.high[name][row]),
        "excess_high": observed - float(inference.low[name][row]),
        "excess_min": min(by_set),
        "excess_max": max(by_set),
        "p_value": float(inference.p_value[row]),
    }


def _reason(leg: Leg, row: int, options: RoutesOptions) -> str:
    if leg.inference.known_before[row] < options.method.least_before:
        return "too_few_months"
    if np.isnan(leg.panel.after[row]).all():
        return "withheld_after_event"
    return ""


def _leg_caveats(leg: Leg, row: int, via: str, event_month: int, options: RoutesOptions) -> Iterator[str]:
    inference, panel = leg.inference, leg.panel
    if inference.active_before[row] == 0:
        yield "new_route"
    elif inference.active_before[row] < inference.known_before[row] / 4:
        yield "few_active_months"
    if np.isnan(panel.values[row]).any():
        yield "unknown_months"
    if customs_union(via, options.destination, on=f"{month_text(event_month)}-01"):
        yield "customs_union"
    if (panel.is_tested | (panel.via == panel.via[row])).all():
        yield "no_controls"


def _judge(rows: list[dict[str, Any]], options: RoutesOptions) -> None:
    """Add q-values over the whole table and say which rows are alerts."""
    p = np.array([row.get("p_value") if row.get("p_value") is not None else np.nan for row in rows], dtype=float)
    for row, p_value, q in zip(rows, p, q_values(p), strict=True):
        row["p_value"] = None if np.isnan(p_value) else float(p_value)
        row["q_value"] = None if np.isnan(q) else float(q)
        row["is_alert"] = bool(q <= options.alpha and row["excess_low"] > 0 and row["excess_min"] > 0)
        row["caveats"] = "; ".join(row["caveats"])


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    name = (row["via_iso3"], row["product_id"])
    if row["is_alert"]:
        return (0, -row["excess_low"], *name)
    if row["p_value"] is not None:
        return (1, row["p_value"], *name)
    return (2, 0.0, *name)


def _lost_direct(direct: Leg | None) -> dict[int, float]:
    """Product -> fall of the origins' direct trade with the destination against its own past."""
    if direct is None:
        return {}
    fall = direct.inference.expected["own"] - direct.inference.observed
    return {int(p): float(f) for p, f in zip(direct.panel.product, fall, strict=True)}


def _used(rows: list[dict[str, Any]]) -> set[str]:
    return {caveat for row in rows for caveat in row["caveats"].split("; ") if caveat}


def _parameters(options: RoutesOptions, data: Legs) -> dict[str, Any]:
    scope = data.scope
    return {
        **{key: value for key, value in asdict(options).items() if key != "method"},
        "window": [month_text(scope.first_month), month_text(scope.last_month)],
        "months_before": scope.n_before,
        "months_after": scope.n_months - scope.n_before,
        "goods": list_title(options),
        "origins_left_out": scope.left_out,
        "method": asdict(options.method),
    }


__all__ = ["Bools", "Floats", "Leg", "routes"]
