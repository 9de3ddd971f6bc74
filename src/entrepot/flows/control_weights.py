"""Control weights: which series stand behind the growth that a control set expects of a row.

Source: docs/methods/routes.md, section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepot.errors import NotFound
from entrepot.flows.controls import Growth
from entrepot.flows.leg import Leg, held_against
from entrepot.flows.noise import Noise
from entrepot.flows.panel import Floats, Ints
from entrepot.flows.routes import Work
from entrepot.lake import Table

WEIGHT_TYPES = {
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "leg": "VARCHAR",
    "control_set": "VARCHAR",
    "growth": "DOUBLE",
    "control_via_iso3": "VARCHAR",
    "control_product_id": "VARCHAR",
    "weight": "DOUBLE",
    "change": "DOUBLE",
    "contribution": "DOUBLE",
    "is_active": "BOOLEAN",
}
Key = tuple[str, str]


@dataclass(frozen=True)
class Behind:
    """What stands behind one row's estimates: its leg and row there, noise and growth of the leg's series."""

    leg: Leg
    at: int
    noise: Noise
    growth: Growth


def control_weights(work: Work, *, rows: Sequence[Key] | None = None, most: int = 200) -> Table:
    """Return which series' changes make up the growth that each control set expects of a row.

    Args:
        work: a worked answer.
        rows: (via_iso3, product_id) of the rows wanted; None means the alerts, and where there are none the top rows.
        most: lines a row and control set, the heaviest first; the lighter ones are added up in one more line, with
            control_via_iso3 and control_product_id NULL.

    Returns:
        grain via, product, control set, control. growth and change are in natural logarithms; change is as it enters
        the set, outlying ones drawn in; contribution is weight x change, and the contributions of a row and control set
        add up to growth. is_active: the control traded in more than half of the months before the event. A set without
        controls (own) has no lines; unlisted has one, the intermediary's total less the goods asked about. Where other
        sellers count, what their growth adds is a line of the row's own via and product, with weight 1.

    Raises:
        NotFound: a row that the answer does not have, or that could not be tested.

    Source: docs/methods/routes.md, section 4.
    """
    lines: list[dict[str, Any]] = []
    for key, behind in behind_rows(work, rows):
        entry = {"via_iso3": key[0], "product_id": key[1], "leg": behind.leg.name}
        for name, growth in behind.leg.inference.growth.items():
            if not np.isnan(growth[behind.at]):
                shared = {**entry, "control_set": name, "growth": float(growth[behind.at])}
                lines += [{**shared, **line} for line in _lines(work, behind, name, most)]
    return Table.from_rows(lines, WEIGHT_TYPES)


def chosen_rows(work: Work, rows: Sequence[Key] | None) -> Ints:
    """Return the places in the ranking of the rows named, else of the alerts, else of the top rows."""
    ranking, top = work.ranking, work.options.method.top
    tested = np.flatnonzero(ranking.is_ranked)
    if rows is None:
        alerts = np.flatnonzero(ranking.is_alert)
        return np.asarray(alerts if len(alerts) else tested[:top])
    names = list(zip(ranking.labels["via_iso3"], ranking.labels["product_id"], strict=True))
    place = {names[i]: int(i) for i in tested}
    for key in rows:
        if key not in place:
            raise NotFound(
                f"no tested row of {key[0]} and product {key[1]!r}", remedy="Take via_iso3 and product_id of a row."
            )
    return np.array([place[key] for key in rows], dtype=np.int64)


def behind_rows(work: Work, rows: Sequence[Key] | None) -> list[tuple[Key, Behind]]:
    """Return what stands behind each chosen row, in the order of rank; a leg is worked out once."""
    held: dict[str, tuple[Noise, Growth]] = {}
    found = []
    for i in chosen_rows(work, rows):
        name = "in" if work.ranking.at["in"][i] >= 0 else "out"
        leg = work.legs[name]
        if name not in held:
            held[name] = held_against(leg.panel, work.options.method, sellers=leg.sellers)
        key = (str(work.ranking.labels["via_iso3"][i]), str(work.ranking.labels["product_id"][i]))
        found.append((key, Behind(leg, int(work.ranking.at[name][i]), *held[name])))
    return found


def heaviest(weights: Floats, most: int) -> tuple[Ints, Ints]:
    """Return the rows with the largest weights, and the other rows with any; equal weights in order of rows."""
    order = np.argsort(-np.abs(weights), kind="stable")[: np.count_nonzero(weights)]
    return order[:most], order[most:]


def _lines(work: Work, behind: Behind, name: str, most: int) -> list[dict[str, Any]]:
    if name not in behind.growth.sets:
        growth = float(behind.leg.inference.growth[name][behind.at])
        via = work.data.via[int(behind.leg.panel.via[behind.at])]
        whole = {"weight": 1.0, "change": growth, "contribution": growth, "is_active": True}
        return [{"control_via_iso3": via, "control_product_id": "TOTAL", **whole}]
    weights, used, panel = behind.growth.sets[name].weights(behind.at), behind.growth.used, behind.leg.panel
    shown, rest = heaviest(weights, most)
    lines: list[dict[str, Any]] = [
        {
            "control_via_iso3": work.data.via[int(panel.via[j])],
            "control_product_id": work.data.products[int(panel.product[j])].product_id,
            "weight": float(weights[j]),
            "change": float(used[j]),
            "contribution": float(weights[j] * used[j]),
            "is_active": bool(behind.growth.is_active[j]),
        }
        for j in shown
    ]
    shared = float(behind.growth.shared.growth[behind.at])
    if shared and name != "own":
        row = {"control_via_iso3": work.data.via[int(panel.via[behind.at])]}
        row["control_product_id"] = work.data.products[int(panel.product[behind.at])].product_id
        lines.append({**row, "weight": 1.0, "change": shared, "contribution": shared, "is_active": True})
    if len(rest):
        lines.append({"weight": float(weights[rest].sum()), "contribution": float(weights[rest] @ used[rest])})
    return lines
