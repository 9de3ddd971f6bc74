"""Speed and memory: ``python benchmarks/scale.py --rows 10M --folder DIR``.

Makes a monthly simulated world of about that many rows over four years, reads it with the ``flows`` source, and asks
for the routes to one destination over all products. Each step is a process of its own, so that its peak memory is its
own. Times are read warm (the files were just written) and given twice: by the clock, and as processor seconds over all
threads, which other work on the machine disturbs less. The scan is the sum of values and of the lengths of all texts
in the columns that ``routes`` reads, over the same files with the same threads; the least of ``--repeat`` runs counts
everywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Rows wanted -> goods of the simulated world (six-digit codes); a good makes about 22,000 rows in four years.
SIZES = {"1M": 80, "10M": 445, "50M": 2230}
DESTINATION, EVENT = "RUS", "2021-06"
TEXTS = (
    "source_id",
    "period",
    "reporter_iso3",
    "partner_iso3",
    "flow",
    "partner_role",
    "hs_code",
    "hs_revision",
)
# Steps that put both reports and the pieces of evidence beside the top rows; the others make the ranking.
ATTACHMENTS = ("mirror_", "piece_")


def world(folder: Path, goods: int) -> dict[str, Any]:
    from entrepot.world import preset, simulate

    options = preset("world", seed=7, n_products=goods, first_month="2019-01", last_month="2022-12", event=EVENT)
    return {"rows": simulate(folder / "world", options).n_rows}


def read(folder: Path) -> dict[str, Any]:
    from entrepot.lake import open_lake
    from entrepot.sources import ingest

    lake = open_lake(folder / "lake", create=True)
    return {"rows": ingest(lake, "flows", folder / "world" / "flows.parquet").rows}


def scan(folder: Path) -> dict[str, Any]:
    from entrepot.lake import open_lake

    sums = ", ".join(f"sum(length({name}))" for name in TEXTS)
    with open_lake(folder / "lake").engine() as engine:
        begun = _now()
        engine.rows(f"SELECT count(*), sum(value), count(*) FILTER (is_aggregate), {sums} FROM flows WHERE freq = 'M'")
        return _spent(begun)


def tables(folder: Path) -> dict[str, Any]:
    """The whole of ``routes`` in Python, with the time that each statement of the engine took."""
    from entrepot.flows import routes
    from entrepot.lake import Engine, open_lake

    spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def timed(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def clocked(self: Engine, *given: Any, **more: Any) -> Any:
            begun = _now()
            try:
                return run(self, *given, **more)
            finally:
                # Small tables that carry Python's results into the engine count as well.
                label = given[1] if name == "step" else "tables and answers"
                # What is asked of a step's table, or carried into it, is a part of what that step is for.
                about = str(given[0]) if name != "step" else ""
                label = next((f"{part}answers" for part in ATTACHMENTS if part in about), label)
                for i, seconds in enumerate(_spent(begun).values()):
                    spent[label][i] += seconds

        return clocked

    for name in ("step", "rows", "arrays", "table"):
        setattr(Engine, name, timed(name, getattr(Engine, name)))
    begun = _now()
    found = routes(open_lake(folder / "lake"), destination=DESTINATION, event=EVENT)
    return {**_spent(begun), "rows": len(found), "by_step": dict(spent)}


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _spent(begun: tuple[float, float]) -> dict[str, float]:
    return {"clock": time.perf_counter() - begun[0], "processor": time.process_time() - begun[1]}


def run(command: list[str]) -> dict[str, Any]:
    """Run a command to its end: its last line as JSON if it is, seconds, processor seconds, peak memory in GB."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    whole = {
        "clock": time.perf_counter() - begun,
        "processor": used.ru_utime + used.ru_stime,
        # Kilobytes on Linux, bytes on macOS.
        "memory": used.ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6),
    }
    lines = printed.strip().splitlines()
    told = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return {"process": whole, **told}


def least(runs: list[dict[str, Any]], key: str) -> float:
    return min(float(one[key]) for one in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", choices=SIZES, default="10M")
    parser.add_argument("--folder", type=Path, required=True, help="where the world and its lake go")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="leave the world and the lake; use them if they are there")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(STEPS[given.step](given.folder, SIZES[given.rows])))
        return
    own = [sys.executable, __file__, "--rows", given.rows, "--folder", str(given.folder), "--step"]
    given.folder.mkdir(parents=True, exist_ok=True)
    try:
        make(given.folder, own)
        answer(given.folder, own, given.repeat)
    finally:
        if not given.keep:
            for name in ("world", "lake", "routes.csv"):
                path = given.folder / name
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


STEPS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "world": world,
    "read": lambda folder, _: read(folder),
    "scan": lambda folder, _: scan(folder),
    "tables": lambda folder, _: tables(folder),
}


def make(folder: Path, own: list[str]) -> None:
    if (folder / "lake").exists():
        print("a lake is there already; reading is not measured")
        return
    made = run([*own, "world"])
    print(f"world: {made['rows']:,} rows in {made['process']['clock']:.0f} s")
    done = run([*own, "read"])
    used = done["process"]
    print(
        f"ingest: {done['rows']:,} rows in {used['clock']:.1f} s, {done['rows'] / used['clock']:,.0f} rows/s"
        f" (aim 300,000), processor {used['processor']:.1f} s,"
        f" {done['rows'] / used['processor']:,.0f} rows for each, peak {used['memory']:.2f} GB (aim 3)"
    )


def answer(folder: Path, own: list[str], repeat: int) -> None:
    command = [sys.executable, "-m", "entrepot", "routes", "--lake", str(folder / "lake")]
    command += ["--destination", DESTINATION, "--event", EVENT, "--out", str(folder / "routes.csv")]
    scans, inner, whole = [], [], []
    # In turn, so that a busy spell of the machine meets all of them.
    for _ in range(repeat):
        scans += [run([*own, "scan"]) for _ in range(2)]
        inner.append(run([*own, "tables"]))
        whole.append(run(command)["process"])
    base = {clock: least(scans, clock) for clock in ("clock", "processor")}
    ranking = [sql(inner, lambda name: not name.startswith(ATTACHMENTS), clock) for clock in (0, 1)]
    attachment = [sql(inner, lambda name: name.startswith(ATTACHMENTS), clock) for clock in (0, 1)]
    lines = {
        "scan of the columns": ([base["clock"], base["processor"]], max(s["process"]["memory"] for s in scans)),
        "SQL, ranking": (ranking, None),
        "SQL, mirror panels and pieces of the top rows": (attachment, None),
        "whole command": (
            [least(whole, "clock"), least(whole, "processor")],
            max(one["memory"] for one in whole),
        ),
    }
    print(f"routes: {inner[0]['rows']:,} rows in the answer\n")
    print("| | seconds | over scan | processor seconds | over scan | peak GB |\n|---|---|---|---|---|---|")
    for name, ((clock, processor), memory) in lines.items():
        print(
            f"| {name} | {clock:.2f} | {clock / base['clock']:.1f} | {processor:.2f}"
            f" | {processor / base['processor']:.1f} | {f'{memory:.2f}' if memory else ''} |"
        )
    print("\nprocessor seconds by step: " + ", ".join(by_step(inner)))


def sql(runs: list[dict[str, Any]], keep: Callable[[str], bool], clock: int) -> float:
    """The least total over runs of the steps that are kept."""
    return min(sum(spent[clock] for name, spent in one["by_step"].items() if keep(name)) for one in runs)


def by_step(runs: list[dict[str, Any]]) -> list[str]:
    """Each step's least processor seconds, small ones left out."""
    spent = {name: min(one["by_step"][name][1] for one in runs) for name in runs[0]["by_step"]}
    return [f"{name} {seconds:.2f}" for name, seconds in spent.items() if seconds >= 0.01]


if __name__ == "__main__":
    main()
