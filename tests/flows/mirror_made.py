"""Lakes with two reporters, made of a few cells or of simulated noise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import month_index, month_text
from entrepot.lake import Lake
from tests.lake.made import cell, new_lake, put

PAIR = {"exporter": "DEU", "importer": "KAZ"}


def export(period: str, value: float | None, **other: Any) -> dict[str, Any]:
    """Germany's report of exports to Kazakhstan."""
    return cell(period, value, **{"currency": "USD", **other})


def imported(period: str, value: float | None, **other: Any) -> dict[str, Any]:
    """Kazakhstan's report of imports from Germany."""
    given = {"reporter_iso3": "KAZ", "partner_iso3": "DEU", "flow": "import", "partner_role": "consignment"}
    return cell(period, value, **{**given, "valuation": "cif", "currency": "USD", **other})


def lake_of(folder: Path, *rows: dict[str, Any], source: str = "flows") -> Lake:
    yearly = [{**row, "freq": "A"} if len(row["period"]) == 4 else row for row in rows]
    lake = new_lake(folder)
    put(lake, f"{source}.csv", *yearly, source=source)
    return lake


def months(first: str, n: int) -> list[str]:
    return [month_text(month_index(first) + i) for i in range(n)]


def noisy(
    seed: int, *, products: int = 60, periods: int = 30, drift: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both reports, products down and periods across, with a median absolute log ratio near 0.58 and quiet months."""
    luck = np.random.default_rng(seed)
    active = luck.random((products, periods)) < luck.beta(3, 1.5, products)[:, None]
    level = luck.normal(11, 1.5, products)[:, None] + luck.normal(0, 0.8, (products, periods))
    lasting = luck.normal(0, 0.6, products)[:, None] + np.cumsum(luck.normal(0, drift, (products, periods)), axis=1)
    spread = np.exp(luck.normal(np.log(0.45), 0.3, products))[:, None]
    exports = np.exp(level + spread * luck.standard_normal(level.shape)) * active
    imports = np.exp(level + lasting + spread * luck.standard_t(4, level.shape)) * active
    return exports, imports * (luck.random(level.shape) > 0.04)


def rows_of(exports: NDArray[np.float64], imports: NDArray[np.float64], first: str) -> list[dict[str, Any]]:
    """Cells of both reports; a zero is an absent row."""
    rows = []
    names: Sequence[str] = months(first, exports.shape[1])
    for make, values in ((export, exports), (imported, imports)):
        for product, period in np.argwhere(values > 0):
            rows.append(make(names[period], float(values[product, period]), hs_code=f"84{product + 1000:04d}"))
    return rows
