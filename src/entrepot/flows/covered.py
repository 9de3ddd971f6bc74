"""Covered share: how much of a row's trade an act covered on the flow's own dates, as bounds."""

from __future__ import annotations

import numpy as np

from entrepot.codes import ProductItem, month_text
from entrepot.flows.leg import Leg
from entrepot.flows.legs import Legs
from entrepot.flows.panel import Floats, Ints


def covered_shares(
    numbers: dict[str, Floats], data: Legs, legs: dict[str, Leg], at: dict[str, Ints], product: Ints
) -> None:
    """Fill covered_share_low and covered_share_high for rows whose list entries say what they cover.

    Low counts months in which every code of the row was wholly covered; high counts months in which at least a part
    was. A row none of whose entries states a coverage keeps NULL: unknown is not zero.
    """
    for index, item in enumerate(data.products):
        items = [entry for entry in item.items if entry.coverage is not None]
        if not items:
            continue
        rows = np.flatnonzero(product == index)
        for name in ("in", "out"):
            pick = rows[at[name][rows] >= 0] if name == "in" else rows[(at["in"][rows] < 0) & (at[name][rows] >= 0)]
            if len(pick):
                values = np.nan_to_num(legs[name].panel.after[at[name][pick]])
                full, part = _months(item.codes, items, data.scope.event_month, values.shape[1])
                total = np.where(values.sum(axis=1) > 0, values.sum(axis=1), np.nan)
                numbers["covered_share_low"][pick] = (values * full).sum(axis=1) / total
                numbers["covered_share_high"][pick] = (values * part).sum(axis=1) / total


def _months(codes: tuple[str, ...], items: list[ProductItem], first: int, n: int) -> tuple[Floats, Floats]:
    """For each month: whether every code was wholly covered, and whether any was at least in part."""
    months = [month_text(first + i) for i in range(n)]
    full = [all(_is_full(code, items, month) for code in codes) for month in months]
    part = [any(_in_force(item, month) for item in items) for month in months]
    return np.array(full, dtype=float), np.array(part, dtype=float)


def _is_full(code: str, items: list[ProductItem], month: str) -> bool:
    return any(i.coverage == "full" and code.startswith(i.hs_code) and _in_force(i, month) for i in items)


def _in_force(item: ProductItem, month: str) -> bool:
    """Whether an entry is in force on the first day of a month."""
    return (item.valid_from or "") <= f"{month}-01" and (item.valid_to is None or item.valid_to > f"{month}-01")
