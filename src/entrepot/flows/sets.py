"""Sets: what each control set says of the top rows, side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from entrepot.flows.leg import Leg
from entrepot.flows.options import RoutesOptions
from entrepot.flows.ranking import Ranking, side_by_side
from entrepot.flows.result import SET_TYPES
from entrepot.lake import Table


def seen_sets(legs: dict[str, Leg]) -> set[str]:
    """Return the control sets that speak of any leg."""
    return {name for key, leg in legs.items() if key != "direct" for name in leg.inference.expected}


def sets_of_top(ranking: Ranking, legs: dict[str, Leg], options: RoutesOptions) -> Table:
    """Return the estimates and pre-trend test of every control set for the top rows, of the leg of the headline."""
    estimates = {name: side_by_side(leg) for name, leg in legs.items() if name != "direct"}
    rows: list[dict[str, Any]] = []
    for i in np.flatnonzero(ranking.is_ranked)[: options.method.top]:
        name = "in" if ranking.at["in"][i] >= 0 else "out"
        at = int(ranking.at[name][i])
        entry = {column: ranking.labels[column][i] for column in ("via_iso3", "product_id")}
        for control, expected in legs[name].inference.expected.items():
            if np.isnan(expected[at]):
                continue
            rows.append(
                {**entry, "control_set": control, "expected": float(expected[at])}
                | {
                    column: _known(estimates[name][f"{control}_{column}"][at])
                    for column in ("excess", "excess_low", "excess_high", "pretrend_p")
                }
            )
    return Table.from_rows(rows, SET_TYPES)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
