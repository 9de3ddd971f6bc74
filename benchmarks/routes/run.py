"""Routes against baselines on planted diversion: ``python benchmarks/routes/run.py [--seeds 5] [--case real|world]``.

Case *real*: quiet part of the EU27 extract (placebo event 2021-03, 14 months before, 10 from it on), series of four
partners, diversion planted with seeds that the weights were not fitted on. Case *world*: simulated worlds, whole
command, both legs. Each case also runs with nothing planted.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import duckdb
import numpy as np
from planting import Planting, plant
from quiet import EU, Stretch, eu_cube, panel_of, stretch
from scoring import HEADER, baselines, measured, summary

from entrepot.codes import members, month_index
from entrepot.flows import Method, Routes, routes
from entrepot.flows.controls import growth_sets
from entrepot.flows.infer import infer, q_values
from entrepot.flows.noise import noise_of
from entrepot.lake import open_lake
from entrepot.sources import ingest
from entrepot.world import preset, simulate

NO_ONE = Planting(share=0.0)
SIZES = {"0.5 to 2 x": (0.5, 2.0), "1 to 3 x": (1.0, 3.0)}


def ours(cut: Stretch, cells: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Values of a panel, and what the method says of it."""
    panel, origins = panel_of(cut, cells)
    noise = noise_of(panel, Method())
    growth = growth_sets(panel, noise.change, noise.sampling + noise.drift)
    found = infer(panel, noise, growth=growth, controls="pooled", method=Method(), origins=origins)
    low, high = found.observed - found.high["pooled"], found.observed - found.low["pooled"]
    by_set = np.stack([found.observed - expected for expected in found.expected.values()])
    alarm = (q_values(found.p_value) <= 0.1) & (low > 0) & (by_set.min(axis=0) > 0)
    excess = found.observed - found.expected["pooled"]
    return panel.values, {"score": -found.p_value, "alarm": alarm, "low": low, "high": high, "excess": excess}


def real(seeds: int, level: int, least_active: int) -> None:
    cube = eu_cube(level)
    names = ("Armenia", "Kazakhstan", "Kyrgyzstan", "Uzbekistan")
    vias = np.array([i for i, via in enumerate(cube.vias) if via in names])
    cut = stretch(cube, start=0, n_before=14, n_after=10, least_active=least_active, vias=vias)
    for label, size in SIZES.items():
        print(f"\n### real, HS{level}, {cut.n} series, 8 % planted at {label} max(own mean, 10,000 EUR) a month")
        print(f"| method | {HEADER} |\n|{'---|' * 12}")
        runs: dict[str, list[dict[str, float]]] = {}
        for seed in range(1000, 1000 + seeds):
            cells, truth = plant(cut, Planting(size=size), seed=seed)
            values, found = ours(cut, cells)
            runs.setdefault("routes", []).append(measured(is_planted=truth > 0, truth=truth, **found))
            for name, (score, alarm) in baselines(values, cut.n_before).items():
                runs.setdefault(name, []).append(measured(score, truth > 0, truth, alarm))
        for name, rows in runs.items():
            print(f"| {name} | {summary(rows)} |")
    values, found = ours(cut, np.zeros((0, 4)))
    told = {name: int(alarm.sum()) for name, (_, alarm) in baselines(values, cut.n_before).items() if alarm is not None}
    print(f"\nnothing planted, alerts among {cut.n}: routes {int(found['alarm'].sum())}; {told}")


def world(seeds: int) -> None:
    print(f"\n### simulated worlds, 30 territories, 200 goods, CHPL asked for, whole command\n| method | {HEADER} |")
    print("|" + "---|" * 12)
    runs: dict[str, list[dict[str, float]]] = {}
    quiet = []
    for seed in range(2000, 2000 + seeds):
        rows = _asked(seed, share_planted=0.15)
        runs.setdefault("routes", []).append(measured(**_ours(rows)))
        for name, (score, alarm) in baselines(rows["values"], int(rows["n_before"])).items():
            runs.setdefault(name, []).append(measured(score, rows["truth"] > 0, rows["truth"], alarm))
        rows = _asked(seed, share_planted=0.0, contaminated_goods=0.0)
        quiet.append((int(rows["alarm"].sum()), len(rows["alarm"]), measured(**_ours(rows))["cover quiet"]))
    for name, found in runs.items():
        print(f"| {name} | {summary(found)} |")
    print(f"\nnothing planted: (alerts, rows, coverage) {[(a, n, round(c, 3)) for a, n, c in quiet]}")


def _asked(seed: int, **changes: float) -> dict[str, np.ndarray]:
    """Make a world, ask routes, and return its tested rows with the truth and the monthly values behind them."""
    with tempfile.TemporaryDirectory() as folder:
        options = preset("small", seed=seed, n_territories=30, n_products=200, **changes)
        made = simulate(Path(folder) / "world", options)
        lake = open_lake(Path(folder) / "lake", create=True)
        ingest(lake, "flows", [made.flows], at="2026-01-01T00:00:00Z")
        ingest(lake, "hs-concordance", [made.concordance], at="2026-01-01T00:00:00Z")
        answer = routes(lake, destination="RUS", event=options.event, products="chpl")
        truth = duckdb.execute(
            f"SELECT via_iso3, product, sum(export_report_usd) FROM '{made.truth_series}'"
            " WHERE leg = 'in' AND is_planted GROUP BY ALL"
        ).fetchall()
        origins = ", ".join(f"'{iso3}'" for iso3 in sorted(members("COALITION", on="2022-03-31")))
        months = duckdb.execute(
            "SELECT partner_iso3, hs_code, period, sum(value_usd) FROM"
            f" '{made.flows}' WHERE freq = 'M' AND flow = 'export' AND reporter_iso3 IN ({origins}) GROUP BY ALL"
        ).fetchall()
    return _with_truth(answer, {(via, code): value for via, code, value in truth}, months)


def _with_truth(
    answer: Routes, truth: dict[tuple[str, str], float], months: list[tuple[str, str, str, float]]
) -> dict[str, np.ndarray]:
    rows = [row for row in answer if row["p_value"] is not None and row["evidence"] != "out"]
    out = {
        name: np.array([row[name] for row in rows], dtype=float)
        for name in ("observed", "excess", "excess_low", "excess_high", "p_value")
    }
    out["alarm"] = np.array([row["is_alert"] for row in rows], dtype=bool)
    keys = {(row["via_iso3"], code): i for i, row in enumerate(rows) for code in row["hs_codes"].split(";")}
    out["truth"] = np.zeros(len(rows))
    for key, value in truth.items():
        if key in keys:
            out["truth"][keys[key]] += value
    first, last = (month_index(month) for month in answer.parameters["window"])
    out["values"] = np.zeros((len(rows), last - first + 1))
    for via, code, period, value in months:
        if (via, code) in keys and first <= month_index(period) <= last:
            out["values"][keys[via, code], month_index(period) - first] += value
    out["n_before"] = np.array(answer.parameters["months_before"])
    return out


def _ours(rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {
        "score": -rows["p_value"],
        "is_planted": rows["truth"] > 0,
        "truth": rows["truth"],
        "alarm": rows["alarm"],
        "low": rows["excess_low"],
        "high": rows["excess_high"],
        "excess": rows["excess"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--case", choices=["real", "world", "all"], default="all")
    options = parser.parse_args()
    if options.case != "world":
        if EU.is_file():
            real(options.seeds, 4, 1)
            real(options.seeds, 6, 3)
        else:
            print(f"case real skipped: {EU.name} is not here; set ENTREPOT_TEST_DATA")
    if options.case != "real":
        world(options.seeds)


if __name__ == "__main__":
    main()
