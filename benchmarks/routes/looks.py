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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from quiet import Cube, Stretch, eu_cube, india_cube, inferred, stretch, world_cube

from entrepot.flows import Method
from entrepot.flows.infer import q_values
from entrepot.flows.looks import FILE, SPENT, p_over_looks

LOOKS = 24
FIRST = Method().least_after
GRID = np.geomspace(1e-4, 1.0, 25)


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


@dataclass(frozen=True)
class Seen:
    """Every series at every look, n x looks: its p-value, and whether its money is above what any set expects."""

    p: np.ndarray
    is_more: np.ndarray

    @property
    def looks(self) -> int:
        return self.p.shape[1]


def looked_at(cut: Stretch) -> Seen:
    months = range(cut.n_before + FIRST, cut.n_months + 1)
    p, is_more = zip(*(one_look(until(cut, n)) for n in months), strict=True)
    return Seen(np.stack(p, axis=1), np.stack(is_more, axis=1))


def one_look(cut: Stretch) -> tuple[np.ndarray, np.ndarray]:
    """P-values, and which series could be alerts by their money."""
    _, found, is_more = inferred(cut)
    return found.p_value, (found.observed > found.high["pooled"]) & is_more


def collect(ground: list[Ground], draws: int, seed: int) -> Iterator[tuple[str, Seen]]:
    """Yield kind and looks of so many stretches a kind."""
    for place, kind in enumerate(ground):
        g = np.random.default_rng([seed, place])
        done = 0
        while done < draws:
            if (cut := draw(kind, g)) is not None:
                yield kind.kind, looked_at(cut)
                done += 1


def ever(seen: Seen, count: int) -> np.ndarray:
    """Share of series with a p-value of at most each mark of the grid at any of the first looks."""
    return _below(seen.p[:, :count].min(axis=1))


def _below(lowest: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(lowest), GRID, side="right") / len(lowest)


def by_kind(found: list[tuple[str, Seen]]) -> dict[str, list[Seen]]:
    kinds: dict[str, list[Seen]] = {}
    for kind, seen in found:
        kinds.setdefault(kind, []).append(seen)
    return kinds


def shares(kinds: dict[str, list[Seen]], count: int, what: Callable[[Seen, int], np.ndarray]) -> np.ndarray:
    """One row a kind of trade. An extract that is too short is taken to grow from its last look as the others do."""
    rows = []
    for some in kinds.values():
        reach = min(count, *(seen.looks for seen in some))
        long = [seen for others in kinds.values() for seen in others if seen.looks >= count]
        grown = _mean(long, count, what) / np.maximum(_mean(long, reach, what), 1e-9) if reach < count else 1.0
        rows.append(_mean(some, reach, what) * grown)
    return np.stack(rows)


def _mean(some: list[Seen], count: int, what: Callable[[Seen, int], np.ndarray]) -> np.ndarray:
    return np.mean([what(seen, count) for seen in some], axis=0)


def fit(found: list[tuple[str, Seen]], version: str) -> dict:
    """The table ``ever``, by the kind of trade where it is largest."""
    n = sum(len(seen.p) for _, seen in found)
    return {
        "version": version,
        "counted_on": f"{len(found)} stretches, {n} series, by benchmarks/routes/looks.py",
        "looks": LOOKS,
        "p_value": _short(GRID),
        "ever": _short(_rising(shares(by_kind(found), LOOKS, ever).max(axis=0), GRID)),
    }


def _rising(share: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Shares with their chance in the tail smoothed out, rising with the mark and never below ``least``."""
    factor = np.log(np.maximum(share / GRID, 1e-3))
    smooth = np.convolve(np.pad(factor, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return np.clip(np.maximum.accumulate(GRID * np.exp(smooth)), least, 1.0)


def _short(values: np.ndarray) -> list[float]:
    return [float(f"{value:.4g}") for value in values]


def check(found: list[tuple[str, Seen]]) -> None:
    """Print, per kind, how often quiet series are ever below a tenth, and how often they are ever alerts."""
    heads = ("ever p <= 0.1, plain", "ever p <= 0.1, adjusted", "ever an alert, plain", "ever an alert, adjusted")
    print(f"| quiet trade | stretches | series | looks | {' | '.join(heads)} |\n|{'---|' * 8}")
    for kind, some in by_kind(found).items():
        ever_small = [
            np.concatenate([(adjust(seen.p) <= 0.1).any(axis=1) for seen in some])
            for adjust in (np.asarray, p_over_looks)
        ]
        alerts = [np.concatenate([alerts_of(seen, is_adjusted=a).any(axis=1) for seen in some]) for a in (False, True)]
        n = len(ever_small[0])
        told = [f"{x.mean():.3f} ({np.sqrt(x.mean() * (1 - x.mean()) / n):.3f})" for x in ever_small]
        told += [f"{x.mean():.4f}" for x in alerts]
        print(f"| {kind} | {len(some)} | {n} | {min(seen.looks for seen in some)} | {' | '.join(told)} |")


def alerts_of(seen: Seen, *, is_adjusted: bool, alpha: float = 0.1) -> np.ndarray:
    """Which series are alerts at which look: as ``watch`` says, or as ``routes`` asked every month."""
    columns = []
    for k in range(seen.looks):
        p = seen.p[:, k]
        q = q_values(p) * (SPENT if is_adjusted else 1.0)
        is_rare = p_over_looks(p) <= alpha if is_adjusted else True
        columns.append((q <= alpha) & seen.is_more[:, k] & is_rare)
    return np.stack(columns, axis=1)


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
