"""Count what monthly looks do to p-values on quiet trade; write ``looks.json``.

    python benchmarks/routes/looks.py [--out FILE] [--draws 30] [--seed 1] [--worlds FOLDER] [--check]

Stretches are drawn at random from the quiet extracts and worlds that the score was fitted on, and asked at each of up
to 24 months; nothing after 2022-02 is read. ``--check`` writes nothing: it counts on stretches and worlds that were not
used how many series ever have an adjusted p-value of at most a tenth, and how many ever an alert. To be run again
whenever the score changes.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from quiet import Cube, Stretch, eu_cube, india_cube, panel_of, stretch, world_cube

from entrepot.flows import Method
from entrepot.flows.controls import growth_sets
from entrepot.flows.infer import infer, q_values
from entrepot.flows.looks import FILE, looks_of, p_of_looks, p_over_looks
from entrepot.flows.noise import noise_of

LOOKS = 24
FIRST = Method().least_after
GRID = np.geomspace(1e-4, 1.0, 25)
# Numbers of looks for which the smallest p-value so far is tabulated.
COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24)


@dataclass(frozen=True)
class Ground:
    """One kind of quiet trade."""

    kind: str
    cube: Cube
    before: tuple[int, int]  # least and most months before the placebo event
    placebo: int | None = None  # month column of a fixed placebo event: a real shock without diversion


def grounds(worlds: Path, *, fresh: bool) -> list[Ground]:
    """Extracts and worlds; ``fresh`` ones are worlds of other seeds, and the extracts' stretches of other seeds."""
    real = [Ground("EU27", eu_cube(level), (8, 14)) for level in (4, 6)]
    real += [Ground("India", india_cube(level), (14, 36)) for level in (4, 6)]
    quiet, moved = (111, 113) if fresh else (101, 103)
    made = [
        Ground("quiet world", world_cube(worlds, seed=quiet, leg=leg, has_event_effect=False), (14, 36))
        for leg in ("in", "out")
    ]
    shocked = [
        Ground("shocked world", world_cube(worlds, seed=moved, leg=leg, has_event_effect=True), (14, 36), placebo=62)
        for leg in ("in", "out")
    ]
    return real + made + shocked


def draw(ground: Ground, g: np.random.Generator) -> Stretch | None:
    """A stretch with as many looks as the ground allows, up to 24."""
    cube = ground.cube
    n_before = int(g.integers(ground.before[0], ground.before[1] + 1))
    looks = min(LOOKS, cube.n_months - n_before - FIRST + 1)
    n_after = looks + FIRST - 1
    start = int(g.integers(0, cube.n_months - n_before - n_after + 1))
    if ground.placebo is not None:
        start = ground.placebo - n_before
    vias = np.arange(len(cube.vias))
    if len(vias) > 7:
        vias = g.choice(vias, int(g.integers(4, 10)), replace=False)
    active = int(g.choice([1, 3, 6]))
    cut = stretch(cube, start=start, n_before=n_before, n_after=n_after, least_active=active, vias=vias)
    return cut if cut.n >= 150 else None


def until(cut: Stretch, n_months: int) -> Stretch:
    """The stretch as it was known after so many months."""
    keep = cut.month < n_months
    cells = {name: getattr(cut, name)[keep] for name in ("row", "origin", "month", "value")}
    return replace(cut, **cells, n_months=n_months)


def looked_at(cut: Stretch) -> np.ndarray:
    """P-values of every series at every look, n x looks."""
    method = Method()
    columns = []
    for n_months in range(cut.n_before + FIRST, cut.n_months + 1):
        panel, origins = panel_of(until(cut, n_months))
        noise = noise_of(panel, method)
        growth = growth_sets(panel, noise.change, noise.sampling + noise.drift)
        found = infer(panel, noise, growth=growth, controls="pooled", method=method, origins=origins)
        columns.append(found.p_value)
    return np.stack(columns, axis=1)


def collect(ground: list[Ground], draws: int, seed: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield kind and p-values of so many stretches a kind."""
    for place, kind in enumerate(ground):
        g = np.random.default_rng([seed, place])
        done = 0
        while done < draws:
            if (cut := draw(kind, g)) is not None:
                yield kind.kind, looked_at(cut)
                done += 1


def shares(p: np.ndarray, count: int) -> np.ndarray:
    """Share of series whose smallest p-value of the first looks is at most each mark of the grid."""
    lowest = np.sort(p[:, :count].min(axis=1))
    return np.searchsorted(lowest, GRID, side="right") / len(lowest)


def single(p: np.ndarray, count: int) -> np.ndarray:
    """The same at one look, the looks taken together."""
    return np.searchsorted(np.sort(p[:, :count], axis=None), GRID, side="right") / p[:, :count].size


def by_kind(found: list[tuple[str, np.ndarray]]) -> dict[str, list[np.ndarray]]:
    kinds: dict[str, list[np.ndarray]] = {}
    for kind, p in found:
        kinds.setdefault(kind, []).append(p)
    return kinds


def fit(found: list[tuple[str, np.ndarray]], version: str) -> dict:
    """The tables: looks so far -> how much likelier a small p-value is than at one; and the share over all looks.

    The share is that of the kind of trade where it is largest. Where an extract is shorter than 24 looks, its share is
    taken to grow from there as it does elsewhere.
    """
    kinds = by_kind(found)
    long = [p for ps in kinds.values() for p in ps if p.shape[1] == LOOKS]
    times = {COUNTS[0]: np.ones(len(GRID))}
    for fewer, count in pairwise(COUNTS):
        # Extracts that are too short for so many looks drop out: what the others grow by is added on.
        enough = [p for ps in kinds.values() for p in ps if p.shape[1] >= count]
        grown = _times(enough, count) / _times(enough, fewer)
        times[count] = _falling(np.clip(times[fewer] * np.maximum(grown, 1), 1, count))
    ever = []
    for ps in kinds.values():
        n_looks = min(p.shape[1] for p in ps)
        grown = _mean([shares(p, LOOKS) for p in long]) / np.maximum(_mean([shares(p, n_looks) for p in long]), 1e-9)
        ever.append(_mean([shares(p, n_looks) for p in ps]) * grown)
    largest = np.clip(np.maximum.accumulate(np.max(ever, axis=0)), GRID, 1.0)
    n = sum(len(p) for _, p in found)
    return {
        "version": version,
        "counted_on": f"{len(found)} stretches, {n} series, by benchmarks/routes/looks.py",
        "looks": LOOKS,
        "p_value": _short(GRID),
        "ever": _short(largest),
        "times": {str(count): _short(values) for count, values in times.items()},
    }


def _times(found: list[np.ndarray], count: int) -> np.ndarray:
    """How much likelier a small p-value is at any of so many looks than at one."""
    return _mean([shares(p, count) for p in found]) / np.maximum(_mean([single(p, count) for p in found]), 1e-9)


def _mean(rows: list[np.ndarray]) -> np.ndarray:
    return np.mean(rows, axis=0)


def _falling(ratio: np.ndarray) -> np.ndarray:
    """The factor falls as p rises, and p times the factor rises with p; at one it is one."""
    smooth = np.convolve(np.pad(np.log(ratio), 2, mode="edge"), np.ones(5) / 5, mode="valid")
    smooth = np.maximum.accumulate(smooth[::-1])[::-1]
    product = np.maximum.accumulate(np.minimum(GRID * np.exp(smooth), 1.0))
    return product / GRID


def _short(values: np.ndarray) -> list[float]:
    return [float(f"{value:.4g}") for value in values]


def check(found: list[tuple[str, np.ndarray]]) -> None:
    """Print, per kind, how often quiet series are ever below a tenth, and how often they are ever alerts."""
    counted = looks_of(json.loads(FILE.read_text("utf-8")))
    print("| quiet trade | stretches | series | looks | ever p <= 0.1, plain | ever p <= 0.1, adjusted | ever an alert,"
          " plain | ever an alert, adjusted |")  # fmt: skip
    print("|" + "---|" * 8)
    for kind, ps in by_kind(found).items():
        n = sum(len(p) for p in ps)
        cells = []
        for adjusted in (False, True):
            ever = np.concatenate(
                [(p_over_looks(p, counted=counted) if adjusted else p).min(axis=1) <= 0.1 for p in ps]
            )
            cells.append((ever.mean(), np.sqrt(ever.mean() * (1 - ever.mean()) / n)))
        alerts = [np.concatenate([_alerts(p, counted if adjusted else None) for p in ps]) for adjusted in (False, True)]
        told = " | ".join(f"{share:.3f} ({error:.3f})" for share, error in cells)
        ever = " | ".join(f"{found.mean():.4f}" for found in alerts)
        print(f"| {kind} | {len(ps)} | {n} | {min(p.shape[1] for p in ps)} | {told} | {ever} |")


def _alerts(p: np.ndarray, counted: object) -> np.ndarray:
    columns = []
    for k in range(p.shape[1]):
        if counted is None:
            columns.append(q_values(p[:, k]) <= 0.1)
        else:
            q = q_values(p_of_looks(p[:, k], count=k + 1, counted=counted))
            columns.append((q <= 0.1) & (p_over_looks(p[:, k], counted=counted) <= 0.1))
    return np.any(columns, axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--draws", type=int, default=6, help="stretches a kind of ground")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--version", default="1")
    parser.add_argument("--worlds", type=Path, default=Path("worlds"), help="folder for simulated worlds")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    started = time.time()
    found = list(
        collect(grounds(options.worlds, fresh=options.check), options.draws, options.seed + 1000 * options.check)
    )
    if options.check:
        check(found)
    else:
        options.out.write_text(json.dumps(fit(found, options.version), indent=1) + "\n")
        print(f"written {options.out}, {len(found)} stretches, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
