"""Simulated worlds whose truth is known, asked as a user asks."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.flows import Routes, routes
from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest
from entrepot.world import WorldOptions, preset, simulate
from tests.factory import AT

# Neither the weights nor the benchmark have seen these seeds.
SEEDS = (7001, 7002)


def options(seed: int, **changes: Any) -> WorldOptions:
    """Return a world of seconds: 18 territories, 150 goods, four and a half years."""
    usual = {"n_territories": 18, "n_products": 150, "first_month": "2019-01", "last_month": "2023-06"}
    return preset("demo", **{**usual, "seed": seed, **changes})


@dataclass(frozen=True)
class Known:
    """An answer and, row by row, what was planted into the inward leg and how much of it was recorded going on."""

    lake: Lake
    answer: Routes
    rows: list[dict[str, Any]]
    planted: NDArray[np.float64]
    onward: NDArray[np.float64]

    @property
    def is_alert(self) -> NDArray[np.bool_]:
        return np.array([row["is_alert"] for row in self.rows], dtype=bool)

    def seen_value(self) -> tuple[float, float]:
        """Return the planted money under an alert and all of it, of routes whose onward leg was recorded.

        What goes on unrecorded, or through a further intermediary, leaves the onward leg as it was; the row, whose
        p-value is the larger of its legs', then rightly says nothing.
        """
        has_out = np.array([row["evidence"] == "both" for row in self.rows], dtype=bool)
        seen = np.where(has_out & (self.onward < 0.05 * self.planted), 0.0, self.planted)
        return float(seen[self.is_alert].sum()), float(seen.sum())

    def holds(self) -> NDArray[np.bool_]:
        """Return whether each row's interval holds what was planted."""
        low, high = (np.array([row[name] for row in self.rows]) for name in ("excess_low", "excess_high"))
        return (low <= self.planted + 1e-6) & (self.planted <= high + 1e-6)


def known(folder: Path, world: WorldOptions, **question: Any) -> Known:
    """Make a world, read it into a lake, ask for routes, and put the truth beside the tested rows."""
    made = simulate(folder / "world", world)
    lake = open_lake(folder / "lake", create=True)
    ingest(lake, "flows", made.flows, at=AT)
    ingest(lake, "hs-concordance", made.concordance, at=AT)
    answer = routes(lake, **{"destination": "RUS", "event": world.event, "products": "chpl", **question})
    truth: dict[tuple[str, str, str], float] = defaultdict(float)
    with made.truth_series.open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            truth[row["leg"], row["via_iso3"], row["product"]] += float(row["export_report_usd"])
    rows = [row for row in answer if row["rank"] is not None and row["evidence"] != "out"]

    def planted(leg: str) -> NDArray[np.float64]:
        return np.array([sum(truth[leg, row["via_iso3"], c] for c in row["hs_codes"].split(";")) for row in rows])

    return Known(lake, answer, rows, planted("in"), planted("out"))
