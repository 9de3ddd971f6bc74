"""Covered share: how much of a row's trade an act covered on the flow's own dates, as bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from entrepot.codes import ProductItem, month_text
from entrepot.flows.legs import Legs
from entrepot.flows.options import RoutesOptions

if TYPE_CHECKING:
    from entrepot.flows.routes import Leg


def covered_shares(rows: list[dict[str, Any]], data: Legs, legs: dict[str, Leg], options: RoutesOptions) -> None:
    """Add covered_share_low and covered_share_high to rows whose list entries say what they cover.

    Low counts months in which every code of the row was wholly covered; high counts months in which at least a part
    was. A row none of whose entries states a coverage keeps NULL: unknown is not zero.
    """
    for row in rows:
        items = [item for item in data.products[row["_key"][1]].items if item.coverage is not None]
        if not items:
            continue
        leg = legs[row["_leg"]]
        values = np.nan_to_num(leg.panel.after[leg.row_of[row["_key"]]])
        if (total := values.sum()) <= 0:
            continue
        codes = data.products[row["_key"][1]].codes
        months = [month_text(data.scope.event_month + i) for i in range(len(values))]
        full = np.array([all(_is_full(code, items, month) for code in codes) for month in months])
        part = np.array([any(_in_force(item, month) for item in items) for month in months])
        row["covered_share_low"] = float((values * full).sum() / total)
        row["covered_share_high"] = float((values * part).sum() / total)


def _is_full(code: str, items: list[ProductItem], month: str) -> bool:
    return any(i.coverage == "full" and code.startswith(i.hs_code) and _in_force(i, month) for i in items)


def _in_force(item: ProductItem, month: str) -> bool:
    """Whether an entry is in force in a month, from its first day on."""
    return (item.valid_from or "") <= f"{month}-01" and (item.valid_to is None or item.valid_to > f"{month}-01")
