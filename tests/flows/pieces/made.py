"""A market with one route of everything: both legs with a lag, weights, both reports, a neighbouring code, a hub."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.flows import Routes
from entrepot.lake import Lake
from tests.factory import Row, added, asked, lake_of, planted, present, quiet, series

N = 30
GOOD, NEIGHBOUR = "854231", "854239"
VIAS = ("KAZ", "KGZ", "ARM", "UZB", "TUR")


def months(level: float, *, seed: int, after: float = 1.0, spread: float = 0.2) -> list[float]:
    """Return 18 months at a level and 12 at a multiple of it."""
    luck = np.random.default_rng(seed)
    steps = np.where(np.arange(N) < 18, level, level * after)
    return [float(v) for v in np.round(steps * np.exp(luck.normal(0, spread, N)), 2)]


def weighed(values: Iterable[float], price: Iterable[float] | float, **other: Any) -> list[Row]:
    """Rows of a series with the weight that a price a kilogram gives."""
    values = list(values)
    prices = [price] * len(values) if isinstance(price, float) else list(price)
    rows = series(values, **other)
    kept = [p for v, p in zip(values, prices, strict=True) if v > 0]
    return [{**row, "netweight_kg": round(row["value"] / p, 4)} for row, p in zip(rows, kept, strict=True)]


def market() -> list[Row]:
    """Chips to all intermediaries at ten a kilogram; goods around them; reporters that are there every month."""
    rows = quiet(4, vias=VIAS, products=24)
    for i, via in enumerate(VIAS):
        if via != "KAZ":
            rows += weighed(months(4000.0, seed=50 + i), 10.0, partner_iso3=via, hs_code=GOOD)
        rows += weighed(months(3000.0, seed=70 + i), 12.0, partner_iso3=via, hs_code=NEIGHBOUR)
    for reporter in ("POL", "KAZ", "KGZ", "TUR"):
        rows += present(reporter_iso3=reporter)
    return [*rows, *present(), *series([2e6] * 18 + [1e5] * 12, partner_iso3="RUS", hs_code=GOOD)]


def route(via: str = "KAZ", *, after: float = 20.0, price: Iterable[float] | float = 10.0, seed: int = 9) -> list[Row]:
    """The inward leg of one intermediary, ``after`` times as large from the event on."""
    return weighed(months(4000.0, seed=seed, after=after), price, partner_iso3=via, hs_code=GOOD)


def onward(values: Iterable[float], via: str = "KAZ", **other: Any) -> list[Row]:
    """What an intermediary reports sending to Russia."""
    return weighed(values, 10.0, **{"reporter_iso3": via, "partner_iso3": "RUS", "hs_code": GOOD, **other})


def answered(folder: Path, *groups: Iterable[Row], **question: Any) -> Routes:
    """Put the market and more into a lake and ask for chips."""
    return asked(lake(folder, *groups), **{"products": GOOD, **question})


def lake(folder: Path, *groups: Iterable[Row]) -> Lake:
    plain = [{"netweight_kg": "", **row} for row in [*market(), *(row for group in groups for row in group)]]
    return lake_of(folder, plain)


def piece(found: Routes, name: str, via: str = "KAZ") -> Row:
    """Return one piece of a row."""
    here = [p for p in found.pieces if (p["via_iso3"], p["product_id"], p["piece"]) == (via, GOOD, name)]
    assert len(here) == 1, [(p["via_iso3"], p["piece"]) for p in found.pieces]
    return here[0]


__all__ = ["GOOD", "NEIGHBOUR", "added", "answered", "lake", "market", "months", "onward", "piece", "planted", "route"]
