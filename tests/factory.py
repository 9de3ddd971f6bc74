"""Made trade in one line: a valid row of the flows source, a series of months, a lake of them, a quiet market.

``flow()`` is one valid row; every keyword changes one of its columns. A value of None is an empty cell.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.codes import month_index, month_text
from entrepot.flows import Routes, routes
from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest

AT = "2024-05-01T00:00:00+00:00"
Row = dict[str, Any]

# One origin each and a window inside one HS revision, so that nothing but the case at hand matters.
ORIGINS = "DEU,POL"
QUESTION: dict[str, Any] = {"destination": "RUS", "event": "2020-07", "origins": ORIGINS}


def flow(period: str = "2020-01", value: float | None = 100.0, **other: Any) -> Row:
    """One valid row of the flows source: Germany's export of a chip to Kazakhstan."""
    row = {
        "period": period,
        "reporter_iso3": "DEU",
        "partner_iso3": "KAZ",
        "flow": "export",
        "hs_code": "854231",
        "hs_revision": "",
        "partner_role": "destination",
        "value": "" if value is None else value,
        "currency": "EUR",
        "valuation": "fob",
    }
    return {**row, **other}


def months(first: str, n: int) -> list[str]:
    """Return n months from the first on."""
    return [month_text(month_index(first) + i) for i in range(n)]


def series(values: Sequence[float | None], first: str = "2019-01", **other: Any) -> list[Row]:
    """One row a month; a zero is written as an absent row, None as a row with an empty value."""
    periods = months(first, len(values))
    return [flow(p, v, **other) for p, v in zip(periods, values, strict=True) if v is None or v > 0]


def present(first: str = "2019-01", n: int = 30, **other: Any) -> list[Row]:
    """Rows that only show that a reporter reports in each month: gravel to Norway."""
    return series([50.0] * n, first, **{"hs_code": "251710", "partner_iso3": "NOR", **other})


def written(path: Path, rows: Iterable[Row]) -> Path:
    """Write rows as CSV with every column that any row has."""
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def lake_of(folder: Path, *groups: Iterable[Row], concordance: Sequence[tuple[str, str, str]] = ()) -> Lake:
    """Ingest rows into a new lake, after changes of codes (code before, code after, "2022 to 2017")."""
    lake = open_lake(folder / "lake", create=True, memory_limit="500MB")
    if concordance:
        named = [{"code.after": b, "code.before": a, "adjustment": c} for a, b, c in concordance]
        ingest(lake, "hs-concordance", written(folder / "concordance.csv", named), at=AT)
    rows = [row for group in groups for row in group]
    ingest(lake, "flows", written(folder / "trade.csv", rows), at=AT)
    return lake


def asked(lake: Lake, **question: Any) -> Routes:
    """Answer the usual question, changed where said."""
    return routes(lake, **{**QUESTION, **question})


def row_of(found: Iterable[Row], via: str = "KAZ", product: str = "854231") -> Row:
    """Return the one row of an intermediary and product."""
    rows = [row for row in found if (row["via_iso3"], row["product_id"]) == (via, product)]
    assert len(rows) == 1, [(row["via_iso3"], row["product_id"]) for row in found]
    return rows[0]


def quiet(
    seed: int,
    *,
    vias: Sequence[str] = ("KAZ", "KGZ", "ARM", "UZB"),
    products: int = 40,
    n: int = 30,
    first: str = "2019-01",
    spread: float = 0.35,
    **other: Any,
) -> list[Row]:
    """A quiet market: lognormal months around lasting levels, with gaps, from Germany and Poland."""
    luck = np.random.default_rng(seed)
    rows: list[Row] = []
    for via in vias:
        for product in range(products):
            level, active = luck.normal(9, 1.2), luck.random(n) < luck.beta(6, 1.5)
            share = luck.beta(2, 2)
            values = np.exp(level + luck.normal(0, spread, n)) * active
            code = f"84{7100 + product:04d}"
            for reporter, part in (("DEU", share), ("POL", 1 - share)):
                found = [round(float(v * part), 2) for v in values]
                rows += series(
                    found, first, **{"reporter_iso3": reporter, "partner_iso3": via, "hs_code": code, **other}
                )
    return rows


def planted(value: float, *, via: str, code: str, first: str = "2020-07", n: int = 12, **other: Any) -> list[Row]:
    """A steady flow of a new origin's on top of whatever else there is."""
    given = {"reporter_iso3": "POL", "partner_iso3": via, "hs_code": code, **other}
    return series([value * (1 + 0.1 * (i % 3)) for i in range(n)], first, **given)


def added(rows: Iterable[Row]) -> list[Row]:
    """Rows of one cell summed into one, as a publisher would give them."""
    whole: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(value for name, value in row.items() if name != "value")
        whole[key] = {**row, "value": row["value"] + (whole[key]["value"] if key in whole else 0)}
    return list(whole.values())
