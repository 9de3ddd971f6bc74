"""The literature's numbers: plain ratios come out, and controls lower them as published work says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from entrepot.lake import Lake

FILE = Path(__file__).parents[2] / "benchmarks" / "literature.py"


@pytest.fixture(scope="module")
def literature() -> ModuleType:
    spec = importlib.util.spec_from_file_location("literature", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    import sys

    sys.modules["literature"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lake(literature: ModuleType, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made: Lake = literature.made_lake(tmp_path_factory.mktemp("literature"))
    return made


@pytest.mark.parametrize(("products", "ratio"), [("all", 0.175), ("chpl", 0.0905)])
def test_the_plain_ratio_of_before_and_after_comes_out(
    literature: ModuleType, lake: Lake, products: str, ratio: float
) -> None:
    assert literature.naive(lake, products=products, until="2022-11").ratio == pytest.approx(ratio, abs=0.0005)


def test_the_growth_of_unlisted_goods_takes_a_third_to_a_half_off(literature: ModuleType, lake: Lake) -> None:
    cuts = []
    for products in ("all", "chpl"):
        found = literature.naive(lake, products=products, until="2022-11")
        cuts.append(1 - found.ratio_beyond / found.ratio)
    assert 0.25 < cuts[0] < cuts[1] < 0.55


def test_our_range_runs_from_the_plain_ratio_to_the_published_one(literature: ModuleType, lake: Lake) -> None:
    by_august = literature.shares(literature.ours(lake, products="all", until="2022-08"))
    by_november = literature.shares(literature.ours(lake, products="all", until="2022-11"))
    assert by_november["own"][1] < 0.175 < by_november["own"][2]
    assert by_august["unlisted"][0] < by_august["own"][0] and by_november["unlisted"][0] < by_november["own"][0]
    assert all(found["unlisted"][1] < found["destination"][0] < found["own"][0] for found in (by_august, by_november))


def test_the_published_share_lies_inside_our_interval_for_the_listed_priority_goods(
    literature: ModuleType, lake: Lake
) -> None:
    low, high = literature.shares(literature.ours(lake, products="chpl", until="2022-08"))["unlisted"][1:]
    assert low < 0.05 < high


def test_where_control_sets_disagree_in_sign_nothing_is_an_alert(literature: ModuleType, lake: Lake) -> None:
    rows = literature.ours(lake, products="chpl", until="2022-11").rows()
    torn = [row for row in rows if row["rank"] is not None and row["excess_min"] < 0 < row["excess_max"]]
    assert torn and not any(row["is_alert"] for row in torn)
    assert all("controls_disagree" in row["caveats"] for row in torn)
