"""Routes of two intermediaries: found where one was planted, bounded from both sides, silent elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.flows import Routes
from entrepot.flows.result import HOP_TYPES
from tests.factory import Row, series
from tests.flows.pieces.made import GOOD, answered, months, onward, piece


def passed(values: list[float], seller: str = "TUR", buyer: str = "KGZ") -> list[Row]:
    """What one intermediary reports sending to another."""
    return series(values, reporter_iso3=seller, partner_iso3=buyer, hs_code=GOOD)


def chain() -> list[list[Row]]:
    """Turkey takes 400,000 a month more, passes 300,000 on to Kyrgyzstan, from where 250,000 go to Russia."""
    inward = series([0.0] * 18 + [400_000.0] * 12, partner_iso3="TUR", hs_code=GOOD, reporter_iso3="POL")
    middle = [200.0] * 18 + [200.0, *[300_000.0] * 11]
    last = [150.0] * 18 + [150.0, 150.0, *[250_000.0] * 10]
    return [inward, passed(middle), onward(last, via="KGZ")]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    return answered(tmp_path_factory.mktemp("chain"), *chain())


def hop(found: Routes, first: str = "TUR", second: str = "KGZ") -> Row | None:
    path = f"DEU+POL -> {first} -> {second} -> RUS"
    return next((row for row in found.hops if row["path"] == path), None)


def test_a_chain_is_found_and_bounded(found: Routes) -> None:
    row = hop(found)
    assert row is not None and list(found.hops.types) == list(HOP_TYPES)
    assert 2_000_000 < row["flow_low"] <= row["flow_high"]
    assert row["flow_high"] == pytest.approx(2_500_000, rel=0.01)
    assert row["product_id"] == GOOD and row["currency"] == "EUR"


def test_the_last_row_of_a_chain_has_the_piece(found: Routes) -> None:
    chained = piece(found, "hops", via="KGZ")
    assert chained["label"] == "supports" and "DEU+POL -> TUR -> KGZ -> RUS" in chained["finding"]


def test_another_source_of_the_second_lowers_what_must_have_gone(tmp_path: Path, found: Routes) -> None:
    second = series([0.0] * 18 + [200_000.0] * 12, partner_iso3="KGZ", hs_code=GOOD, reporter_iso3="POL")
    row = hop(answered(tmp_path, *chain(), second))
    assert row is not None and row["flow_low"] < found.hops["flow_low"][0] / 2


def test_without_the_middle_leg_there_is_no_chain(tmp_path: Path) -> None:
    inward, _, last = chain()
    assert hop(answered(tmp_path, inward, passed(months(300.0, seed=2)), last)) is None


def test_what_the_first_sends_on_itself_is_taken_off(tmp_path: Path, found: Routes) -> None:
    direct = onward([100.0] * 18 + [280_000.0] * 12, via="TUR")
    row = hop(answered(tmp_path, *chain(), direct))
    assert row is not None and row["flow_high"] < found.hops["flow_high"][0]
    assert "hub_sells_on_itself" in row["caveats"]


def test_no_onward_leg_no_chains(tmp_path: Path) -> None:
    inward, middle, _ = chain()
    assert len(answered(tmp_path, inward, middle).hops) == 0
