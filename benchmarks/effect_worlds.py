"""How often ``effect`` rejects and covers when it is asked through the lake, on simulated worlds.

    python -m benchmarks.effect_worlds [--worlds 200] [--first-seed 60000]

Nothing happens in these worlds at the date but what is planted here: the imports of one importer from the exporters are
multiplied from the date on, in both sides' reports, before the world is read into a lake. The other importers are asked
about as they are, with the planted one left out of the controls.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np

from entrepot.flows import effect
from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest
from entrepot.world import WorldOptions, simulate

AT = "2026-11-24T00:00:00Z"
EVENT = "2021-01"
EXPORTERS = ("DEU", "DEU,ITA,FRA,POL,NLD")
IMPORTERS = ("KAZ", "KGZ", "ARM", "TUR", "ARE", "UZB", "GEO", "BRA", "MEX", "ZAF")
# The first territories of the simulated world; those that do not sell are the controls.
ALL = (*IMPORTERS, "RUS", "DEU", "CHN", "USA", "ITA", "JPN", "POL", "FRA", "KOR", "NLD")
ASKED = 4
CHANGES = (-0.5, -0.3, 0.5, 1.0)


class Found(NamedTuple):
    """One answer beside what was planted."""

    world: int
    planted: float
    is_rejected: bool
    is_covered: bool
    error: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=60_000)
    parser.add_argument("--growth", type=float, default=1.0)
    given = parser.parse_args()
    found = []
    for world in range(given.worlds):
        found += list(tried(given.first_seed + world, world, growth=given.growth))
        print(f"world {world + 1}: {len(found)} answers", flush=True)
    _report("first importer without a change", [one for one in first_of_each(found) if one.planted == 0])
    _report(f"all {ASKED} importers without a change", [one for one in found if one.planted == 0])
    for change in CHANGES:
        _report(f"planted {change:+.0%}", [one for one in found if one.planted == change])
    _report("planted, all sizes", [one for one in found if one.planted != 0])


def tried(seed: int, world: int, *, growth: float = 1.0) -> Iterator[Found]:
    """Yield the answers of one world: the unchanged importers, then the changed one."""
    luck = np.random.default_rng(seed)
    changed, *others = luck.permutation(IMPORTERS)[: ASKED + 1].tolist()
    exporters, planted = EXPORTERS[world % 2], CHANGES[world % len(CHANGES)]
    with tempfile.TemporaryDirectory() as folder:
        lake = made(Path(folder), seed, exporters, changed, planted, growth=growth)
        for importer in [*others, changed]:
            free = ",".join(name for name in ALL if name not in (importer, changed, *exporters.split(",")))
            answer = effect(lake, exporters=exporters, importers=importer, date=EVENT, controls=free)
            if not answer.answered or answer.effect_pct is None or answer.p_value is None:
                continue
            truth = planted if importer == changed else 0.0
            low = -100.0 if answer.low is None else answer.low
            high = np.inf if answer.high is None else answer.high
            covered = low <= 100 * truth <= high
            yield Found(world, truth, answer.p_value <= 0.05, covered, answer.effect_pct / 100 - truth)


def made(folder: Path, seed: int, exporters: str, changed: str, planted: float, *, growth: float) -> Lake:
    """A small world without an event, in a lake; one importer's purchases are changed from the date on."""
    nothing = dict.fromkeys(
        ("share_planted", "share_two_hop", "contaminated_goods", "contaminated_destinations", "relocation"), 0
    )
    options = WorldOptions(
        seed=seed,
        n_territories=20,
        n_products=80,
        first_month="2018-01",
        last_month="2021-06",
        event=EVENT,
        has_event_effect=False,
        growth=growth,
        **nothing,
    )
    world = simulate(folder / "world", options)
    copy = folder / "flows.parquet"
    sellers = ", ".join(f"'{name}'" for name in exporters.split(","))
    hit = (
        f"((reporter_iso3 IN ({sellers}) AND partner_iso3 = '{changed}' AND flow = 'export')"
        f" OR (reporter_iso3 = '{changed}' AND partner_iso3 IN ({sellers}) AND flow = 'import'))"
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * REPLACE (CASE WHEN {hit} AND period >= '{EVENT}' THEN value_usd * {1 + planted}"
            f" ELSE value_usd END AS value_usd) FROM '{world.flows}') TO '{copy}' (FORMAT parquet)"
        )
    lake = open_lake(folder / "lake", create=True)
    ingest(lake, "flows", copy, at=AT)
    return lake


def first_of_each(found: list[Found]) -> list[Found]:
    """The first answer of each world, so that no two share a world."""
    firsts: dict[int, Found] = {}
    for one in found:
        firsts.setdefault(one.world, one)
    return list(firsts.values())


def _report(name: str, found: list[Found]) -> None:
    if found:
        size, covers, bias = (np.mean([one[i] for one in found]) for i in (2, 3, 4))
        print(f"| {name} | {len(found)} | {size:.3f} | {covers:.3f} | {100 * bias:+.1f} |")


if __name__ == "__main__":
    main()
