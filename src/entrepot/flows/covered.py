"""Covered share: how much of a row's trade an act covered on the flow's own dates, as bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from entrepot.codes import month_text
from entrepot.flows.leg import Leg
from entrepot.flows.legs import Legs
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Floats, Ints
from entrepot.flows.products import Product
from entrepot.ledger import provisions


class Entry(Protocol):
    """What a list's entry and a provision have in common."""

    @property
    def hs_code(self) -> str: ...
    @property
    def coverage(self) -> str | None: ...
    @property
    def valid_from(self) -> str | None: ...
    @property
    def valid_to(self) -> str | None: ...


def covered_shares(
    numbers: dict[str, Floats],
    data: Legs,
    legs: dict[str, Leg],
    at: dict[str, Ints],
    product: Ints,
    options: RoutesOptions,
) -> None:
    """Fill covered_share_low and covered_share_high of the inward leg where an act or list says what it covers.

    Low counts months in which every code of the row was wholly covered from the first day on; high counts months in
    which any part was covered on any day. Where nothing is known, or the bounds say no more than 0 to 1, both stay
    NULL: unknown is not zero.
    """
    if "in" not in legs:
        return
    exporters = {pair[2] for pair in data.scope.pairs if pair[0] == "in"}
    for index, item in enumerate(data.products):
        entries = _entries(item, exporters, options)
        rows = np.flatnonzero((product == index) & (at["in"] >= 0)) if entries else ()
        if not len(rows):
            continue
        values = np.nan_to_num(legs["in"].panel.after[at["in"][rows]])
        full, part = _months(item.codes, entries, data.scope.event_month, values.shape[1])
        total = np.where(values.sum(axis=1) > 0, values.sum(axis=1), np.nan)
        low, high = (values * full).sum(axis=1) / total, (values * part).sum(axis=1) / total
        says_something = (low > 0) | (high < 1)
        numbers["covered_share_low"][rows] = np.where(says_something, low, np.nan)
        numbers["covered_share_high"][rows] = np.where(says_something, high, np.nan)


def _entries(product: Product, exporters: set[str], options: RoutesOptions) -> list[Entry]:
    """List entries that state a coverage, and provisions that bind every origin of the leg."""
    stated: list[Entry] = [entry for entry in product.items if entry.coverage is not None]
    known = {entry for code in product.codes for entry in provisions(code, destination=options.destination)}
    binding = [p for p in known if exporters <= p.binds(on=options.group_day())]
    return stated + sorted(binding, key=lambda p: (p.hs_code, p.valid_from))


def _months(codes: tuple[str, ...], entries: Sequence[Entry], first: int, n: int) -> tuple[Floats, Floats]:
    """For each month: whether every code was wholly covered, and whether any was at least in part."""
    months = [month_text(first + i) for i in range(n)]
    full = [all(any(_is_full(code, entry, month) for entry in entries) for code in codes) for month in months]
    part = [any(_touches(entry, month) for entry in entries) for month in months]
    return np.array(full, dtype=float), np.array(part, dtype=float)


def _is_full(code: str, entry: Entry, month: str) -> bool:
    whole_month = (entry.valid_from or "") <= f"{month}-01" and (entry.valid_to or "9999") > f"{month}-31"
    return entry.coverage == "full" and code.startswith(entry.hs_code) and whole_month


def _touches(entry: Entry, month: str) -> bool:
    return (entry.valid_from or "") <= f"{month}-31" and (entry.valid_to or "9999") > f"{month}-01"
