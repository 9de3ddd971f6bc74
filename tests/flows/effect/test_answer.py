"""The answer through the lake: what it says, and when it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.errors import ConfigError, NotFound
from entrepot.flows import Effect, effect
from entrepot.lake import Lake
from entrepot.ledger import Ledger
from tests.factory import lake_of, series
from tests.ledger.made import entry

IMPORTERS = ("KAZ", "KGZ", "ARM", "UZB", "GEO", "AZE", "TUR", "SRB", "MDA")
QUESTION: dict[str, Any] = {"exporters": "DEU", "importers": "KAZ", "date": "2021-07"}


def lake(folder: Path, *, after: float = 1.0, n: int = 42, importers: tuple[str, ...] = IMPORTERS) -> Lake:
    """Germany's sales from 2019-01 on; what Kazakhstan buys is multiplied from 2021-07 on."""
    luck = np.random.default_rng(1)
    wave = 1 + 0.3 * np.sin(np.arange(n) / 2)
    groups = []
    for iso3 in importers:
        values = 1000 * wave * np.exp(luck.normal(0, 0.1, n))
        if iso3 == "KAZ":
            values[30:] *= after
        groups.append(series([round(float(v), 2) for v in values], "2019-01", partner_iso3=iso3))
    return lake_of(folder, *groups)


def answered(made: Lake, **changes: Any) -> Effect:
    return effect(made, **{**QUESTION, **changes})


def test_a_planted_fall_comes_back_with_its_interval(tmp_path: Path) -> None:
    found = answered(lake(tmp_path, after=0.6))
    assert found.answered and found.n_controls == 8
    assert found.low is not None and found.high is not None and found.low < -40 < found.high < 0
    assert found.p_value == pytest.approx(1 / 42)
    assert found.pretrend_p_value is not None and found.anticipation_low is not None


def test_the_path_has_every_month_and_weights_sum_to_one(tmp_path: Path) -> None:
    found = answered(lake(tmp_path))
    assert [row["period"] for row in found.path][::41] == ["2019-01", "2022-06"]
    assert sum(row["weight"] for row in found.controls) == pytest.approx(1, abs=0.001)
    assert set(found.as_json()) >= {"effect_pct", "low", "high", "p_value", "anticipation_pct", "pretrend_p_value"}


@pytest.mark.parametrize(
    ("changes", "caveat"),
    [
        ({"date": "2020-01"}, "too_short"),
        ({"importers": "NOR"}, "unreadable"),
        ({"controls": "KGZ,ARM"}, "no_controls"),
        ({"date": "2030-01"}, "unreadable"),
    ],
)
def test_what_the_data_cannot_answer_is_refused_with_a_reason(
    tmp_path: Path, changes: dict[str, str], caveat: str
) -> None:
    found = answered(lake(tmp_path), **changes)
    assert not found.answered and found.effect_pct is None and found.reason
    assert caveat in found.caveats


def test_a_measure_gives_its_month_and_its_goods(tmp_path: Path) -> None:
    from entrepot.ledger import Goods

    made = Ledger([entry("m", dates={"effective": "2021-07-15"}, goods=(Goods("854231", "HS2017"),), targets=("KAZ",))])
    found = answered(lake(tmp_path), date=None, measure="m", ledger=made)
    assert (found.date, found.products, found.answered) == ("2021-07", "854231", True)


def test_another_act_on_the_same_importer_that_month_makes_it_unanswerable(tmp_path: Path) -> None:
    rule = {"instrument": "export_ban", "targets": ("KAZ",)}
    made = Ledger(
        [entry("m", dates={"effective": "2021-07-15"}, **rule), entry("n", dates={"effective": "2021-07-20"}, **rule)]
    )
    found = answered(lake(tmp_path), date=None, measure="m", ledger=made)
    assert not found.answered and found.other_measures == ("n",) and "other_measures" in found.caveats


def test_importers_that_an_act_hits_are_no_controls(tmp_path: Path) -> None:
    hit = entry("m", dates={"effective": "2021-06-01"}, instrument="export_ban", targets=("KGZ",))
    found = answered(lake(tmp_path), ledger=Ledger([hit]))
    assert "KGZ" not in {row["iso3"] for row in found.controls} and found.n_controls == 7


def test_an_alleged_measure_may_be_asked_about_and_says_so(tmp_path: Path) -> None:
    made = Ledger([entry("m", dates={"date": "2021-07"}, status="alleged")])
    assert "measure_not_in_force" in answered(lake(tmp_path), date=None, measure="m", ledger=made).caveats


def test_a_question_needs_one_date(tmp_path: Path) -> None:
    made = lake(tmp_path)
    with pytest.raises(ConfigError, match="one of date and measure"):
        answered(made, measure="m", ledger=Ledger([]))
    with pytest.raises(NotFound, match="no entry 'm'"):
        answered(made, date=None, measure="m", ledger=Ledger([]))


def test_a_measure_without_a_month_is_refused_with_what_to_do(tmp_path: Path) -> None:
    from entrepot.errors import EstimateError

    made = lake(tmp_path)
    for dates in ({"announced": "2021-07-01"}, {"effective": "2021"}, {"effective": "2021-07/.."}):
        with pytest.raises(EstimateError, match="Name the month"):
            answered(made, date=None, measure="m", ledger=Ledger([entry("m", dates=dates)]))
