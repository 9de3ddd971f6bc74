"""Watched: the answer of ``watch``, a row a route with the first month of its alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.flows.result import ROUTE_TYPES
from entrepot.lake import Table

_FIRST = ("via_iso3", "destination_iso3", "product_id", "hs_codes")
WATCH_TYPES = {
    **{name: ROUTE_TYPES[name] for name in _FIRST},
    "first_month": "VARCHAR",
    **{name: kind for name, kind in ROUTE_TYPES.items() if name not in _FIRST},
}
LOOK_TYPES = {
    "month": "VARCHAR",
    "window_end": "VARCHAR",
    "rows": "BIGINT",
    "tested": "BIGINT",
    "alerts": "BIGINT",
    "first_alerts": "BIGINT",
    "skipped": "VARCHAR",
}
GROWTH_TYPES = {
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "first_month": "VARCHAR",
    "month": "VARCHAR",
    "currency": "VARCHAR",
    "observed": "DOUBLE",
    "expected": "DOUBLE",
    "excess": "DOUBLE",
    "excess_low": "DOUBLE",
    "excess_high": "DOUBLE",
    "p_value": "DOUBLE",
    "q_value": "DOUBLE",
    "is_alert": "BOOLEAN",
}


class Watch(Table):
    """Routes with the first month in which each would have been an alert; columns as the contract of ``watch``.

    Attributes:
        looks: one row a month looked at: last month of its window, rows, those tested, alerts, alerts for the first
            time; ``skipped`` says why a month could not be answered, and is None where it could.
        growth: how the evidence of every route that was ever an alert grew, one row a route and look.
        parameters: the question, the months and the number of looks over which the level holds.
        caveat_texts: what each caveat id means.
    """

    def __init__(
        self,
        columns: Mapping[str, Sequence[Any]],
        *,
        looks: Table,
        growth: Table,
        parameters: dict[str, Any],
        caveat_texts: dict[str, str],
    ) -> None:
        super().__init__(columns, {**WATCH_TYPES, **{name: "DOUBLE" for name in columns if name not in WATCH_TYPES}})
        self.looks = looks
        self.growth = growth
        self.parameters = parameters
        self.caveat_texts = caveat_texts
