"""Substitution through three neighbours against published estimates: ``python benchmarks/literature.py``.

Question: of what the EU's exports to Russia fell short from March 2022 on, which part went to Armenia, Kazakhstan and
Kyrgyzstan instead? First as a plain ratio of before and after, then with every control set of ``routes``, by horizon.
The tables of docs/methods/routes.md, section "What published work finds", are made by this command. Needs the EU27
extract and the members' monthly totals; ENTREPOT_TEST_DATA names the folder that holds them.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from entrepot.codes import product_list
from entrepot.flows import Routes, routes
from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest

DATA = Path(os.environ.get("ENTREPOT_TEST_DATA", Path(__file__).parents[2] / "shared" / "data")) / "trade"
GOODS = DATA / "eurostat-cn8-sanctioned/eu27_exports_cn8_monthly.parquet"
TOTALS = DATA / "eurostat-totals/eu27_by_member_monthly_totals_2019-2024.csv.gz"
VIAS = ("ARM", "KAZ", "KGZ")
HORIZONS = ("2022-08", "2022-11")
AT = "2024-09-01T00:00:00+00:00"


@dataclass(frozen=True)
class Naive:
    """Before and after, March to ``until`` of 2021 and 2022, million euro.

    Attributes:
        rise: of listed exports to the three neighbours.
        fall: of listed exports to Russia.
        rise_beyond: the same rise beyond what each neighbour's unlisted goods grew by.
    """

    rise: float
    fall: float
    rise_beyond: float

    @property
    def ratio(self) -> float:
        return self.rise / self.fall

    @property
    def ratio_beyond(self) -> float:
        return self.rise_beyond / self.fall


def made_lake(folder: Path) -> Lake:
    """Return a lake of both extracts."""
    lake = open_lake(folder / "lake", create=True)
    ingest(lake, "flows", GOODS, mapping="eurostat-cn8-exports", at=AT)
    ingest(lake, "flows", TOTALS, mapping="eurostat-member-totals", at=AT)
    return lake


def naive(lake: Lake, *, products: str, until: str) -> Naive:
    """Return the plain ratio of before and after, and the one beyond the growth of unlisted goods."""
    listed = _sums(lake, until, _codes(products))
    every, totals = _sums(lake, until, None), _sums(lake, until, ("TOTAL",))
    rise = {via: listed[via][1] - listed[via][0] for via in VIAS}
    growth = {via: (totals[via][1] - every[via][1]) / (totals[via][0] - every[via][0]) for via in VIAS}
    beyond = sum(listed[via][1] - listed[via][0] * growth[via] for via in VIAS)
    return Naive(sum(rise.values()) / 1e6, (listed["RUS"][0] - listed["RUS"][1]) / 1e6, beyond / 1e6)


def _codes(products: str) -> tuple[str, ...] | None:
    return None if products == "all" else tuple(item.hs_code for item in product_list(products).items)


def _sums(lake: Lake, until: str, codes: tuple[str, ...] | None) -> dict[str, tuple[float, float]]:
    """Exports of March to a month of 2021 and of 2022, by partner; None means every good of the extract."""
    month = int(until[5:])
    which = "hs_code <> 'TOTAL'" if codes is None else "(" + " OR ".join(f"hs_code LIKE '{c}%'" for c in codes) + ")"
    with lake.engine() as engine:
        rows = engine.rows(
            "SELECT partner_iso3, substr(period, 1, 4), sum(value) FROM flows WHERE freq = 'M' AND flow = 'export'"
            f" AND NOT is_aggregate AND reporter_iso3 <> 'GBR' AND {which} AND substr(period, 1, 4) IN ('2021', '2022')"
            " AND CAST(substr(period, 6, 2) AS INTEGER) BETWEEN 3 AND $month GROUP BY ALL",
            month=month,
        )
    found = {(partner, year): value for partner, year, value in rows}
    return {via: (found[via, "2021"], found[via, "2022"]) for via in (*VIAS, "RUS")}


def ours(lake: Lake, *, products: str, until: str) -> Routes:
    """Return the answer of routes for the three neighbours."""
    return routes(
        lake,
        destination="RUS",
        event="2022-03",
        until=until,
        origins="EU27",
        via=",".join(VIAS),
        products=products,
        controls="all",
    )


def shares(found: Routes) -> dict[str, tuple[float, float, float]]:
    """Return, per control set, the excess over the fall of direct trade, with the ends of its 90 % interval."""
    return {
        row["control_set"]: tuple(row[name] / row["lost_direct"] for name in ("excess", "excess_low", "excess_high"))
        for row in found.totals
        if row["via_iso3"] == "ALL" and row["lost_direct"]
    }


def main() -> None:
    """Print the tables of the page."""
    with tempfile.TemporaryDirectory() as folder:
        lake = made_lake(Path(folder))
        print("| goods | until | plain before and after | beyond the growth of unlisted goods |\n|---|---|---|---|")
        for products in ("all", "chpl"):
            for until in HORIZONS:
                found = naive(lake, products=products, until=until)
                print(f"| {products} | {until} | {found.ratio:.1%} | {found.ratio_beyond:.1%} |")
        print("\n| control set | " + " | ".join(f"{p}, {u}" for p in ("all", "chpl") for u in HORIZONS) + " |")
        print("|" + "---|" * 5)
        columns = [shares(ours(lake, products=p, until=u)) for p in ("all", "chpl") for u in HORIZONS]
        for name in columns[0]:
            told = (column[name] for column in columns)
            cells = (f"{100 * middle:.1f} ({100 * low:.1f} to {100 * high:.1f})" for middle, low, high in told)
            print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
