"""Placebos: the real answer stands out where something is planted, and is one of many where nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.errors import ConfigError, EstimateError
from entrepot.flows.placebo import PLACEBO_TYPES, placebo
from entrepot.lake import Lake
from tests.factory import QUESTION, added, lake_of, planted, present, quiet, series

LISTED = [f"84{7100 + i:04d}" for i in range(0, 40, 5)]
# At one false alert in twenty, so that what is counted are the diversions.
ASKED = {**QUESTION, "products": ",".join(LISTED), "alpha": 0.05}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    rows = quiet(3)
    for code in LISTED[:4]:
        rows += planted(200_000, via="KAZ", code=code)
    return lake_of(tmp_path_factory.mktemp("placebo"), added(rows), present(partner_iso3="RUS"))


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of(tmp_path_factory.mktemp("calm"), added(quiet(4)), present(partner_iso3="RUS"))


def test_a_listed_diversion_stands_out_among_lists_of_other_goods(lake: Lake) -> None:
    found = placebo(lake, kind="products", n=9, **ASKED)
    real = found.rows()[0]
    assert real["is_real"] and real["alerts"] == 4 and real["rank_by_excess"] == 1
    assert found.p_by_alerts == found.p_by_excess == pytest.approx(0.1)
    assert max(found["alerts"][1:]) <= 1


def test_where_nothing_is_planted_the_real_list_is_one_of_many(calm: Lake) -> None:
    found = placebo(calm, kind="products", n=9, **ASKED)
    assert found["alerts"][0] == 0 and found.p_by_alerts == 1


def test_placebo_lists_are_as_long_and_the_same_for_a_seed(lake: Lake) -> None:
    first, again, other = (placebo(lake, kind="products", n=4, seed=seed, **ASKED) for seed in (5, 5, 6))
    assert set(first["products"]) == {len(LISTED)}
    assert first.columns == again.columns != other.columns


def test_an_earlier_event_finds_nothing(lake: Lake) -> None:
    found = placebo(lake, kind="date", n=4, **ASKED)
    assert found["event"][0] == "2020-07" and found["alerts"][0] == 4
    assert all(until < "2020-07" for until in found["until"][1:]) and sum(found["alerts"][1:]) <= 1
    assert found["event"][1:] == sorted(set(found["event"][1:]), reverse=True)


def onward(via: str, to: str, seed: int, *, boost: float = 1.0) -> list[dict[str, Any]]:
    """An intermediary's own exports of every good, from the event on so many times as large."""
    luck = np.random.default_rng(seed)
    rows = []
    for i in range(40):
        values = np.exp(luck.normal(9, 0.3, 30)) * np.where((np.arange(30) >= 18) & (i % 5 == 0), boost, 1.0)
        rows += series(
            [round(float(v), 2) for v in values], reporter_iso3=via, partner_iso3=to, hs_code=f"84{7100 + i:04d}"
        )
    return rows


def test_another_destination_shows_no_onward_alert(tmp_path: Path) -> None:
    rows = quiet(3)
    for code in LISTED:
        rows += planted(300_000, via="KAZ", code=code)
    chains = [
        onward("KAZ", "RUS", 1, boost=20.0),
        *(onward("KAZ", to, 7 + i) for i, to in enumerate(("KGZ", "UZB", "ARM"))),
    ]
    lake = lake_of(tmp_path, added(rows), present(partner_iso3="RUS"), *chains)
    found = placebo(lake, kind="destination", n=5, **ASKED)
    assert found["destination_iso3"][0] == "RUS" and set(found["destination_iso3"][1:]) == {"KGZ", "UZB", "ARM"}
    assert found["alerts"][0] >= 6 and found["alerts"][1:] == [0, 0, 0] and found.p_by_alerts == 0.25


def test_without_an_onward_leg_another_destination_says_nothing(lake: Lake) -> None:
    with pytest.raises(EstimateError, match="onward leg is not in the data"):
        placebo(lake, kind="destination", **ASKED)


def test_all_goods_have_no_unlisted_ones(lake: Lake) -> None:
    with pytest.raises(ConfigError, match="none is unlisted"):
        placebo(lake, kind="products", **QUESTION)


def test_too_few_unlisted_goods_are_refused(lake: Lake) -> None:
    most = ",".join(f"84{7100 + i:04d}" for i in range(38))
    with pytest.raises(EstimateError, match="2 unlisted goods for 38"):
        placebo(lake, kind="products", **{**ASKED, "products": most})


@pytest.mark.parametrize(("change", "text"), [({"kind": "moon"}, "moon"), ({"kind": "date", "n": 0}, "0 placebos")])
def test_a_wrong_question_is_refused(lake: Lake, change: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigError, match=text):
        placebo(lake, **{**ASKED, **change})


def test_a_short_past_has_no_earlier_event(calm: Lake) -> None:
    with pytest.raises(EstimateError, match="no room for an earlier event"):
        placebo(calm, kind="date", **{**ASKED, "event": "2019-09"})


def test_the_columns_are_those_declared(calm: Lake) -> None:
    found = placebo(calm, kind="date", n=1, **ASKED)
    assert list(found.columns) == list(PLACEBO_TYPES) and len(found) == 2
