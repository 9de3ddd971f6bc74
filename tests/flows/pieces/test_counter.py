"""Counter-explanations: the strongest rival of each rise is named, with its share, and what would change the answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from entrepot.flows.pieces.counter import change
from tests.factory import Row, row_of, series
from tests.flows.pieces.made import GOOD, answered, months, route, weighed


def row(folder: Path, *groups: list[Row]) -> Row:
    return row_of(answered(folder, *groups), product=GOOD)


def test_a_steady_rise_without_any_rival_says_so(tmp_path: Path) -> None:
    found = row(tmp_path, route())
    assert found["counter_explanation"].startswith("Nothing else in the data")
    assert "times what it is" in found["would_change"] and "stand without its largest month" in found["would_change"]


def test_one_big_month_is_named(tmp_path: Path) -> None:
    values = months(4000.0, seed=9)
    values[22] = 900_000.0
    found = row(tmp_path, weighed(values, 10.0, hs_code=GOOD))
    assert found["counter_explanation"].startswith("One big month: 2020-11")


def test_own_growth_is_named(tmp_path: Path) -> None:
    values = [1000.0 * 1.12**i for i in range(30)]
    assert row(tmp_path, weighed(values, 10.0, hs_code=GOOD))["counter_explanation"].startswith("Own growth")


def test_a_price_without_volume_is_named(tmp_path: Path) -> None:
    price = [10.0] * 18 + [40.0] * 12
    found = row(tmp_path, route(after=4.0, price=price))
    assert found["counter_explanation"].startswith("Price, not volume")


def test_other_sellers_that_grew_as_much_are_named(tmp_path: Path) -> None:
    others = series(months(5000.0, seed=31, after=4.0), reporter_iso3="CHN", hs_code=GOOD)
    present = series([50.0] * 30, reporter_iso3="CHN", hs_code="251710", partner_iso3="NOR")
    found = row(tmp_path, route(after=4.0), others, present)
    assert found["counter_explanation"].startswith("Other origins also up")


def test_the_leg_that_is_not_seen_is_asked_for(tmp_path: Path) -> None:
    found = row(tmp_path, route())
    assert "Reports of Kazakhstan's own exports to Russia would show" in found["would_change"]


def test_a_row_without_an_alert_says_what_it_lacks(tmp_path: Path) -> None:
    found = row(tmp_path, route(after=1.1))
    assert not found["is_alert"]
    assert "An alert needs" in found["would_change"] or "disagree" in found["would_change"]


def test_only_rows_that_are_looked_at_have_texts(tmp_path: Path) -> None:
    found = answered(tmp_path, route(), products="all")
    texts = [entry["counter_explanation"] for entry in found]
    assert sum(text is not None for text in texts) <= 200
    assert all(entry["counter_explanation"] is None for entry in found if entry["rank"] is None)


def test_a_change_that_is_noise_is_drawn_towards_none() -> None:
    luck = np.random.default_rng(1)
    flat = [change(*luck.lognormal(8, 1.0, (2, 12))) for _ in range(200)]
    assert np.median(np.abs(flat)) < 0.3
    assert change(np.full(12, 100.0), np.full(12, 200.0)) == pytest.approx(np.log(2))


def test_a_change_from_or_to_nothing_is_unknown() -> None:
    assert change(np.zeros(12), np.full(12, 5.0)) == 0.0
    assert change(np.full(12, np.nan), np.full(12, 5.0)) == 0.0
