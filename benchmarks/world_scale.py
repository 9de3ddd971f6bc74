"""The whole world at once: ``python benchmarks/world_scale.py --folder DIR [--cases NAME,...] [--plot FILE.svg]``.

Makes simulated monthly worlds of growing size, reads them, and measures ``survey`` over every destination,
intermediary and product: the plain estimates, and the calibrated evidence for every series that has a past. Both stand
beside the scan of the columns that they read, as in ``scale.py``. Every step is a process of its own, so that its peak
memory is its own; the least of ``--repeat`` runs counts.

``products`` and ``months`` change one size at a time; ``rows`` are the large worlds. What was measured is kept in
DIR/results.json, so that cases can be run one by one; ``--plot`` draws all that is there.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charts import Line, Panel, drawn
from scale import least, run, scan


@dataclass(frozen=True)
class Case:
    """One world: goods, months, and the first treated month."""

    goods: int
    first: str
    last: str
    event: str

    @property
    def months(self) -> int:
        (a, b), (c, d) = (map(int, month.split("-")) for month in (self.first, self.last))
        return 12 * (c - a) + d - b + 1


FOUR_YEARS = ("2019-01", "2022-12", "2021-06")
CASES = {
    "tiny": Case(80, *FOUR_YEARS),
    "products-220": Case(220, *FOUR_YEARS),
    "products-445": Case(445, *FOUR_YEARS),
    "products-890": Case(890, *FOUR_YEARS),
    "months-24": Case(445, "2021-01", "2022-12", "2022-03"),
    "months-72": Case(445, "2017-01", "2022-12", "2021-06"),
    "months-96": Case(445, "2017-01", "2024-12", "2021-06"),
    "rows-50M": Case(2230, *FOUR_YEARS),
    "rows-100M": Case(4600, *FOUR_YEARS),
}
STEPS = ("scan", "plain", "evidence")


def world(folder: Path, case: Case) -> dict[str, Any]:
    from entrepot.world import preset, simulate

    options = preset(
        "world", seed=7, n_products=case.goods, first_month=case.first, last_month=case.last, event=case.event
    )
    return {"rows": simulate(folder / "world", options).n_rows}


def read(folder: Path, _: Case) -> dict[str, Any]:
    from entrepot.lake import open_lake
    from entrepot.sources import ingest

    return {"rows": ingest(open_lake(folder / "lake", create=True), "flows", folder / "world" / "flows.parquet").rows}


def ask(folder: Path, case: Case, *, has_evidence: bool) -> dict[str, Any]:
    from entrepot.flows import survey
    from entrepot.lake import open_lake

    lake = open_lake(folder / "lake")
    begun = time.perf_counter(), time.process_time()
    found = survey(lake, event=case.event, has_evidence=has_evidence)
    spent = {"clock": time.perf_counter() - begun[0], "processor": time.process_time() - begun[1]}
    return {**spent, "series": len(found), "alerts": int(found.is_alert.sum())}


WORK: dict[str, Callable[[Path, Case], dict[str, Any]]] = {
    "world": world,
    "read": read,
    "scan": lambda folder, _: scan(folder),
    "plain": lambda folder, case: ask(folder, case, has_evidence=False),
    "evidence": lambda folder, case: ask(folder, case, has_evidence=True),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where the worlds, their lakes and the results go")
    parser.add_argument("--cases", default=",".join(CASES), help="which worlds, joined by commas; none with ''")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="leave the worlds and lakes; use them if they are there")
    parser.add_argument("--plot", type=Path, help="draw the results as SVG")
    parser.add_argument("--step", choices=WORK, help=argparse.SUPPRESS)
    given = parser.parse_args()
    names = [name for name in given.cases.split(",") if name]
    if given.step:
        print(json.dumps(WORK[given.step](given.folder / names[0], CASES[names[0]])))
        return
    kept = given.folder / "results.json"
    results = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for name in names:
        results[name] = measured(given.folder, name, given.repeat, keep=given.keep)
        kept.write_text(json.dumps(results, indent=1), "utf-8")
    print(table(results))
    if given.plot:
        given.plot.write_text(plot(results), "utf-8")


def measured(folder: Path, name: str, repeat: int, *, keep: bool) -> dict[str, Any]:
    """Make a world where there is none, and measure each step of it."""
    own = [sys.executable, __file__, "--folder", str(folder), "--cases", name, "--step"]
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    try:
        if not (place / "lake").exists():
            run([*own, "world"])
            run([*own, "read"])
            shutil.rmtree(place / "world")
        # In turn, so that a busy spell of the machine meets all of them.
        rounds = [{step: run([*own, step]) for step in STEPS} for _ in range(repeat)]
        case = CASES[name]
        out: dict[str, Any] = {"goods": case.goods, "months": case.months, "rows": rows_of(place)}
        out |= {key: rounds[0]["evidence"][key] for key in ("series", "alerts")}
        for step in STEPS:
            runs = [one[step] for one in rounds]
            out[step] = {clock: least(runs, clock) for clock in ("clock", "processor")}
            out[step]["memory"] = max(one["process"]["memory"] for one in runs)
        return out
    finally:
        if not keep:
            shutil.rmtree(place)


def rows_of(place: Path) -> int:
    from entrepot.lake import open_lake

    with open_lake(place / "lake").engine() as engine:
        return int(engine.rows("SELECT count(*) FROM flows")[0][0])


def table(results: dict[str, Any]) -> str:
    lines = [
        "| world | goods | months | million rows | series | alerts | scan s | plain s | over scan | peak GB"
        " | evidence s | over scan | peak GB |",
        "|" + "---|" * 13,
    ]
    for name, one in sorted(results.items(), key=lambda item: item[1]["rows"]):
        cells = [name, one["goods"], one["months"], f"{one['rows'] / 1e6:.1f}", f"{one['series']:,}", one["alerts"]]
        cells += [f"{one['scan']['clock']:.2f} ({one['scan']['processor']:.2f})"]
        for step in ("plain", "evidence"):
            ratios = [one[step][clock] / one["scan"][clock] for clock in ("clock", "processor")]
            cells += [f"{one[step]['clock']:.1f} ({one[step]['processor']:.1f})"]
            cells += [f"{ratios[0]:.1f} ({ratios[1]:.1f})", f"{one[step]['memory']:.2f}"]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join([*lines, "", "Seconds by the clock, in brackets of the processor over all threads."])


def plot(results: dict[str, Any]) -> str:
    """Processor seconds of each step against rows, products and months."""
    four_years = [one for one in results.values() if one["months"] == 48]
    panels = [
        ("million rows", "rows", 1e6, four_years),
        ("products", "goods", 1, four_years),
        ("months, 445 products", "months", 1, [one for one in results.values() if one["goods"] == 445]),
    ]
    made = []
    for title, key, unit, chosen in panels:
        ordered = sorted(chosen, key=lambda one: one[key])
        lines = [Line(step, [(one[key] / unit, one[step]["processor"]) for one in ordered]) for step in STEPS]
        made.append(Panel(title, "processor seconds", lines))
    return drawn(made)


if __name__ == "__main__":
    main()
