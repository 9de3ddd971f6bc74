"""Watch against baselines that are looked at every month:
``python benchmarks/routes/watch.py [--seeds 3] [--case real|world|listed] [--worlds FOLDER]``.

Case *real*: quiet part of the EU27 extract, placebo event 2021-03, looks 3 to 10 months after it. Case *world*: quiet
and shocked simulated worlds of seeds that nothing was fitted on, 24 looks. Diversion is planted in 8 % of the series.
Case *listed*: every month from 2022-05 on in the EU27 extract, against the days on which codes were listed.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from looks import FIRST, LOOKS, alerts_of, looked_at, until
from planting import Planting, plant
from quiet import EU, Stretch, eu_cube, stretch, world_cube
from scoring import baselines

from entrepot.flows import watch
from entrepot.lake import open_lake
from entrepot.sources import ingest

ALPHA = 0.1
SIZES = {"0.5 to 1 x": (0.5, 1.0), "1 to 3 x": (1.0, 3.0), "3 to 10 x": (3.0, 10.0)}
LISTED = Path(__file__).with_name("listings.csv")
HEADER = (
    "| method | found | by 6 months | by 12 months | median delay | false alarms per 100 series-years"
    " | quiet series ever alarmed | false share of all ever alarmed |"
)


def grown(cut: Stretch, cells: np.ndarray) -> Stretch:
    """The stretch with planted cells in it."""
    return replace(
        cut,
        row=np.concatenate([cut.row, cells[:, 0].astype(int)]),
        origin=np.concatenate([cut.origin, cells[:, 1].astype(int)]),
        month=np.concatenate([cut.month, cells[:, 2].astype(int)]),
        value=np.concatenate([cut.value, cells[:, 3]]),
    )


def alarms(cut: Stretch) -> dict[str, np.ndarray]:
    """Method -> n x looks, whether it is alarmed."""
    seen = looked_at(cut)
    found = {
        "watch": alerts_of(seen, is_adjusted=True, alpha=ALPHA),
        "routes, asked every month": alerts_of(seen, is_adjusted=False, alpha=ALPHA),
    }
    by_look = [dict(simple(until(cut, n))) for n in range(cut.n_before + FIRST, cut.n_months + 1)]
    return found | {name: np.stack([alarm[name] for alarm in by_look], axis=1) for name in by_look[0]}


def simple(cut: Stretch) -> Iterator[tuple[str, np.ndarray]]:
    for name, (score, alarm) in baselines(cut.dense(), cut.n_before).items():
        if name == "growth ranking":
            yield "growth of 100 %", score >= 2
        elif alarm is not None:
            yield name, alarm


def judged(alarm: np.ndarray, start: np.ndarray) -> dict[str, float]:
    """What one method's alarms are worth; ``start`` is the planted month after the event, NaN where quiet."""
    n, looks = alarm.shape
    month = np.arange(looks) + FIRST - 1
    is_planted = ~np.isnan(start)
    begun = month[None, :] >= np.nan_to_num(start, nan=np.inf)[:, None]
    first = np.where((alarm & begun).any(axis=1), (alarm & begun).argmax(axis=1), -1)
    delay = np.where(first >= 0, month[first] - start, np.inf)[is_planted]
    is_early = (alarm & ~begun).any(axis=1)
    false = is_early[~is_planted]
    out = {
        "found": float(np.isfinite(delay).mean()),
        "by 6": float((delay <= 6).mean()),
        "by 12": float((delay <= 12).mean()) if looks + FIRST - 1 > 12 else np.nan,
        "median": float(np.median(delay)) if is_planted.any() else np.nan,
        "rate": float(is_early.sum() / (n * looks / 12) * 100),
        "ever": float(false.mean()),
    }
    ever = alarm.any(axis=1)
    out["false share"] = float((ever & ~is_planted).sum() / max(ever.sum(), 1))
    return out


def starts(cut: Stretch, cells: np.ndarray) -> np.ndarray:
    start = np.full(cut.n, np.nan)
    for row, month in zip(cells[:, 0].astype(int), cells[:, 2] - cut.n_before, strict=True):
        start[row] = np.fmin(start[row], month)
    return start


def told(runs: dict[str, list[dict[str, float]]]) -> None:
    g = np.random.default_rng(0)
    print(HEADER + "\n|" + "---|" * 8)
    for name, rows in runs.items():
        cells = []
        for key in ("found", "by 6", "by 12", "median", "rate", "ever", "false share"):
            values = np.array([row[key] for row in rows])
            if np.isnan(values).all():
                cells.append("-")
            elif not np.isfinite(values).all():
                middle = np.median(values)
                cells.append(f"{middle:.0f}" if np.isfinite(middle) else "never")
            else:
                error = np.std([g.choice(values, len(values)).mean() for _ in range(200)])
                digits = 1 if key in ("median", "rate") else 3 if key == "ever" else 2
                cells.append(f"{values.mean():.{digits}f} ({error:.{digits}f})")
        print(f"| {name} | {' | '.join(cells)} |")


def planted(cuts: list[Stretch], seeds: int, what: str) -> None:
    n = sum(cut.n for cut in cuts)
    for label, size in SIZES.items():
        print(f"\n#### {what}, {n} series, 8 % planted at {label} max(own mean, 10,000) a month")
        runs: dict[str, list[dict[str, float]]] = {}
        for cut in cuts:
            for seed in range(4000, 4000 + seeds):
                cells, _ = plant(cut, Planting(size=size), seed=seed)
                for name, alarm in alarms(grown(cut, cells)).items():
                    runs.setdefault(name, []).append(judged(alarm, starts(cut, cells)))
        told(runs)
    print("\nnothing planted, series ever alarmed:", end=" ")
    ever: dict[str, int] = {}
    for cut in cuts:
        for name, alarm in alarms(cut).items():
            ever[name] = ever.get(name, 0) + int(alarm.any(axis=1).sum())
    print(f"{ever} of {n}")


def real(seeds: int) -> None:
    cube = eu_cube(6)
    names = ("Armenia", "Kazakhstan", "Kyrgyzstan", "Uzbekistan")
    vias = np.array([i for i, via in enumerate(cube.vias) if via in names])
    cut = stretch(cube, start=0, n_before=14, n_after=10, least_active=3, vias=vias)
    planted([cut], seeds, "real, HS6, looks 3 to 10 months after 2021-03")


def world(seeds: int, worlds: Path) -> None:
    cuts = []
    for seed, has_event in ((121, False), (123, True)):
        cube = world_cube(worlds, seed=seed, leg="in", has_event_effect=has_event)
        vias = np.random.default_rng(seed).choice(len(cube.vias), 8, replace=False)
        cuts.append(stretch(cube, start=62 - 24, n_before=24, n_after=LOOKS + FIRST - 1, least_active=3, vias=vias))
    planted(cuts, seeds, "simulated worlds, one quiet and one with a shock, 24 looks")


def listed() -> None:
    """First alarm of each route against the day on which its code was listed, list by list."""
    with LISTED.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    with tempfile.TemporaryDirectory() as folder:
        lake = open_lake(Path(folder) / "lake", create=True)
        ingest(lake, "flows", EU, mapping="eurostat-cn8-exports")
        for source, name in (
            ("hs-concordance", "hs_concordances_adjacent_revisions.csv.gz"),
            ("cn-concordance", "cn8_concordances_1988-2025.csv.gz"),
        ):
            ingest(lake, source, EU.parents[1] / "reference" / name)
        found = watch(lake, destination="RUS", event="2022-03", end="2022-11")
    print(f"\n#### EU27 extract, event 2022-03, looks {found.looks['month'][0]} to 2022-11: first alarm, first listing")
    tested = [row for row in found if row["rank"] is not None]
    dated: set[str] = set()
    for name in ("EU", "CHPL"):
        days = {row["hs_code"]: row["listed"] for row in rows if row["list"] == name}
        dated |= set(days)
        late = [(row, day) for row in tested if (day := _day(row["hs_codes"], days)) is not None]
        _lead(name, [(row["via_iso3"], row["first_month"], day[:7]) for row, day in late])
        for row, day in sorted(late, key=lambda pair: (pair[0]["first_month"] or "9999", pair[0]["via_iso3"])):
            if row["first_month"] is not None:
                print(f"- {row['via_iso3']} {row['product_id']}: alarm {row['first_month']}, listed {day}")
    others = [row["first_month"] for row in tested if not dated & set(row["hs_codes"].split(";"))]
    print(f"\nroutes of other codes: {len(others)}, alarmed {sum(month is not None for month in others)}")


def _lead(name: str, routes: list[tuple[str, str | None, str]]) -> None:
    """Print, per intermediary, how long before its listing a route was first an alert."""
    heads = (
        "list",
        "via",
        "routes listed later",
        "alarmed before",
        "in that month or after",
        "never",
        "lead in months",
    )
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for via in (*sorted({via for via, _, _ in routes}), "all"):
        some = [(first, day) for at, first, day in routes if via in ("all", at)]
        leads = sorted(_months(first, day) for first, day in some if first is not None)
        before = [lead for lead in leads if lead > 0]
        told = f"{before[0]} to {before[-1]}, median {np.median(before):.0f}" if before else "-"
        print(f"| {name} | {via} | {len(some)} | {len(before)} | {len(leads) - len(before)} |", end="")
        print(f" {len(some) - len(leads)} | {told} |")


def _day(codes: str, days: dict[str, str]) -> str | None:
    return min((days[code] for code in codes.split(";") if code in days), default=None)


def _months(first: str, day: str) -> int:
    return (int(day[:4]) - int(first[:4])) * 12 + int(day[5:7]) - int(first[5:7])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--case", choices=["real", "world", "listed", "all"], default="all")
    parser.add_argument("--worlds", type=Path, default=Path("worlds"), help="folder for simulated worlds")
    options = parser.parse_args()
    if options.case in ("real", "listed", "all") and not EU.is_file():
        print(f"cases real and listed skipped: {EU.name} is not here; set ENTREPOT_TEST_DATA")
    elif options.case in ("real", "all"):
        real(options.seeds)
    if options.case in ("world", "all"):
        world(options.seeds, options.worlds)
    if options.case in ("listed", "all") and EU.is_file():
        listed()


if __name__ == "__main__":
    main()
