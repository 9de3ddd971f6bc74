"""Routes of two intermediaries where the truth is known: bounds hold what was planted, and nothing else is claimed."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from entrepot.flows import Routes
from entrepot.world import WorldOptions
from tests.known.worlds import known, options

Key = tuple[str, str, str]
LEGS = ("in", "hop", "out")


@dataclass(frozen=True)
class Planted:
    """An answer, and the narrowest leg of each planted route of two intermediaries, as exporters report it."""

    answer: Routes
    narrowest: dict[Key, float]

    @property
    def bounds(self) -> dict[Key, tuple[float, float]]:
        found = {}
        for row in self.answer.hops:
            _, first, second, _ = row["path"].split(" -> ")
            found[first, second, row["product_id"]] = (row["flow_low"], row["flow_high"])
        return found


def chains(seed: int, **changes: object) -> WorldOptions:
    """A world in which every reporter reports and three paths in five run through two intermediaries."""
    usual = {"n_territories": 20, "n_products": 100, "share_two_hop": 0.6, "share_planted": 0.2}
    return options(seed, **{**usual, "diversion_scale": 2.0, "silent_reporters": False, **changes})


def planted_of(folder: Path, world: WorldOptions) -> Planted:
    found = known(folder, world)
    product = {code: row["product_id"] for row in found.answer for code in row["hs_codes"].split(";")}
    sums: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for path in paths(folder / "world" / "truth_months.csv", world.event).values():
        if set(path) == set(LEGS):
            _, first, second, code, _ = path["hop"]
            for leg in LEGS:
                sums[first, second, product.get(code, code)][leg] += path[leg][4]
    return Planted(found.answer, {key: min(of[leg] for leg in LEGS) for key, of in sums.items()})


def paths(file: Path, event: str) -> dict[str, dict[str, tuple[str, str, str, str, float]]]:
    """Return path id -> leg -> what moved there from the event on."""
    found: dict[str, dict[str, tuple[str, str, str, str, float]]] = defaultdict(dict)
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            if row["period"] >= event:
                legs = found[row["path_id"]]
                so_far = legs[row["leg"]][4] if row["leg"] in legs else 0.0
                names = row["leg"], row["exporter_iso3"], row["importer_iso3"], row["product"]
                legs[row["leg"]] = (*names, so_far + float(row["export_report_usd"]))
    return found


@pytest.fixture(scope="module", params=(7101, 7102))
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return planted_of(tmp_path_factory.mktemp("chains"), chains(request.param))


def test_most_of_the_value_that_went_by_two_hops_is_on_a_path_that_is_named(planted: Planted) -> None:
    visible = {key: value for key, value in planted.narrowest.items() if value > 0}
    assert len(visible) >= 10
    assert sum(v for key, v in visible.items() if key in planted.bounds) >= 0.5 * sum(visible.values())


def test_the_narrowest_leg_lies_between_the_bounds(planted: Planted) -> None:
    named = [(planted.narrowest[key], *ends) for key, ends in planted.bounds.items() if planted.narrowest.get(key)]
    assert len(named) >= 5
    assert sum(low <= value <= high for value, low, high in named) >= 0.8 * len(named)


def test_what_must_have_gone_by_two_hops_did(planted: Planted) -> None:
    """Lower bounds of paths on which nothing was planted come to next to nothing."""
    least = {key: low for key, (low, _) in planted.bounds.items() if low > 0}
    wrong = sum(low for key, low in least.items() if not planted.narrowest.get(key))
    assert wrong <= 0.05 * sum(least.values())


def test_where_nothing_was_planted_nothing_must_have_gone(tmp_path: Path) -> None:
    found = planted_of(tmp_path, chains(7103, share_planted=0.0, contaminated_goods=0.0))
    direct = sum(row["lost_direct"] or 0 for row in found.answer.totals if row["via_iso3"] == "ALL") / 5
    assert sum(low for low, _ in found.bounds.values()) < 0.002 * direct
