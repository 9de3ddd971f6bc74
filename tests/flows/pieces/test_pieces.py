"""Pieces of evidence: each says what it was planted to say, and nothing where the data cannot answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from entrepot.flows import Routes
from entrepot.flows.result import PIECE_TYPES
from tests.factory import asked, present, quiet, row_of, series
from tests.factory import lake_of as plain_lake
from tests.flows.pieces.made import (
    GOOD,
    NEIGHBOUR,
    answered,
    months,
    onward,
    piece,
    route,
    weighed,
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    """Kazakhstan takes twenty times as much, and sends two fifths of it on two months later."""
    inward = route()
    values = [row["value"] for row in inward]
    later = [300.0] * 20 + [0.4 * value for value in values[18:28]]
    return answered(tmp_path_factory.mktemp("route"), inward, onward(later))


def test_the_row_is_an_alert_and_has_its_pieces(found: Routes) -> None:
    assert row_of(found, product=GOOD)["is_alert"]
    assert {p["piece"] for p in found.pieces if p["via_iso3"] == "KAZ"} >= {"legs", "unit_price", "new_pairs"}
    assert list(found.pieces.types) == list(PIECE_TYPES)


def test_legs_tell_the_lag_and_the_share_that_went_on(found: Routes) -> None:
    legs = piece(found, "legs")
    assert legs["label"] == "supports" and legs["unit"] == "share by weight"
    assert legs["low"] <= legs["estimate"] <= legs["high"]
    assert legs["estimate"] == pytest.approx(0.4 * 10 / 12, abs=0.08)


def test_the_lag_is_found_where_months_vary(tmp_path: Path) -> None:
    inward = route(seed=3)
    lumpy = [row["value"] * (3 if i % 4 == 0 else 0.3) for i, row in enumerate(inward)]
    inward = weighed(lumpy, 10.0, hs_code=GOOD)
    later = [300.0] * 19 + [0.5 * value for value in lumpy[18:29]]
    legs = piece(answered(tmp_path, inward, onward(later)), "legs")
    assert "1 month later" in legs["finding"] and legs["p_value"] < 0.01


def test_goods_that_stay_speak_against(tmp_path: Path) -> None:
    legs = piece(answered(tmp_path, route(), onward(months(500.0, seed=5))), "legs")
    assert legs["label"] == "against" and legs["high"] < 0.1


def test_a_price_that_rose_alone_is_seen_with_the_money_it_means(tmp_path: Path) -> None:
    price = [10.0] * 18 + [20.0] * 12
    found = piece(answered(tmp_path, route(price=price)), "unit_price")
    assert found["label"] == "supports"
    assert found["low"] < np.log(2) < found["high"]
    assert "money that the difference means" in found["detail"]


def test_a_price_that_rose_everywhere_is_silent(found: Routes) -> None:
    assert piece(found, "unit_price")["label"] == "silent"


def test_no_weights_no_price(tmp_path: Path) -> None:
    rows = [{**row, "netweight_kg": ""} for row in route()]
    names = {p["piece"] for p in answered(tmp_path, rows).pieces if p["via_iso3"] == "KAZ"}
    assert "unit_price" not in names and "front_running" in names


def test_goods_that_no_longer_arrive_widen_the_mirror_gap(tmp_path: Path) -> None:
    inward = route()
    seen = [row["value"] * (1.1 if i < 18 else 0.2) for i, row in enumerate(inward)]
    theirs = {"reporter_iso3": "KAZ", "partner_iso3": "DEU", "flow": "import", "partner_role": "origin"}
    other = [
        row
        for i in range(24)
        for row in series(months(2000.0, seed=200 + i), **{**theirs, "hs_code": f"84{7100 + i:04d}"})
    ]
    found = answered(tmp_path, inward, series(seen, **{**theirs, "hs_code": GOOD}), other)
    mirror = piece(found, "mirror")
    assert mirror["label"] == "supports" and mirror["high"] < 0 and "less" in mirror["finding"]


def test_buying_before_the_date_is_seen(tmp_path: Path) -> None:
    values = months(4000.0, seed=9, after=20.0)
    values[15:18] = [value * 6 for value in values[15:18]]
    run = piece(answered(tmp_path, weighed(values, 10.0, hs_code=GOOD)), "front_running")
    assert run["label"] == "supports" and run["low"] > 0
    assert "the event asked about" in run["finding"]


def test_ordinary_months_before_the_date_are_ordinary(found: Routes) -> None:
    run = piece(found, "front_running")
    assert run["label"] == "silent" and "ordinary" in run["finding"]


def test_a_shift_to_a_neighbouring_code_after_a_listing_is_seen(tmp_path: Path) -> None:
    """Listed in October 2020: the listed code falls, its neighbour takes over."""
    listed = tmp_path / "listed.csv"
    listed.write_text(f"hs_code,valid_from\n{GOOD},2020-10-01\n", "utf-8")
    own = weighed([20_000.0] * 21 + [500.0] * 9, 10.0, hs_code=GOOD)
    beside = weighed([1_000.0] * 21 + [30_000.0] * 9, 12.0, hs_code="854233")
    shift = piece(answered(tmp_path, own, beside, products=str(listed)), "neighbour")
    assert shift["label"] == "supports" and shift["low"] > 0.1
    assert "From 2020-10 on" in shift["finding"] and NEIGHBOUR[:4] in shift["finding"]


def test_new_sellers_are_counted_against_what_is_usual(tmp_path: Path) -> None:
    fresh = series([0.0] * 18 + [40_000.0] * 12, reporter_iso3="POL", hs_code=GOOD)
    found = answered(tmp_path, route(after=1.0), fresh)
    new = piece(found, "new_pairs")
    assert new["estimate"] == 1 and new["label"] == "supports"
    assert "1 origin that never sold before" in new["finding"]


def test_no_new_seller_is_silent(found: Routes) -> None:
    assert piece(found, "new_pairs")["label"] == "silent"
    assert piece(found, "new_pairs")["estimate"] == 0


def test_pieces_raise_no_alert(tmp_path: Path) -> None:
    """A price that doubled, months that ran ahead: without an excess there is no alert."""
    values = months(4000.0, seed=9)
    values[15:18] = [value * 6 for value in values[15:18]]
    found = answered(tmp_path, weighed(values, [10.0] * 18 + [20.0] * 12, hs_code=GOOD))
    assert piece(found, "unit_price")["label"] == "supports"
    assert not row_of(found, product=GOOD)["is_alert"]


def test_the_order_of_rows_does_not_change_a_piece(found: Routes, tmp_path: Path) -> None:
    inward = route()
    later = [300.0] * 20 + [0.4 * row["value"] for row in inward[18:28]]
    assert answered(tmp_path, onward(later)[::-1], inward[::-1]).pieces.rows() == found.pieces.rows()


def test_pieces_write_themselves_as_a_table(found: Routes, tmp_path: Path) -> None:
    lines = found.pieces.write(tmp_path / "pieces.csv").read_text("utf-8").splitlines()
    assert lines[0].split(",") == list(PIECE_TYPES)
    assert len(lines) == 1 + len(found.pieces)


def test_a_lake_with_one_leg_and_no_weights_has_few_pieces(tmp_path: Path) -> None:
    lake = plain_lake(tmp_path, quiet(3, products=8), present(), series([5.0] * 30, partner_iso3="RUS"))
    found = asked(lake)
    assert {p["piece"] for p in found.pieces} <= {"front_running", "new_pairs", "neighbour"}
    assert len(found.hops) == 0
