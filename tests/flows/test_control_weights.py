"""Weights of controls: what is shown is what was used."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest

from entrepot.errors import NotFound
from entrepot.flows.control_weights import WEIGHT_TYPES, control_weights
from entrepot.flows.routes import Work, worked
from tests.factory import QUESTION, added, lake_of, planted, present, quiet

LISTED = ",".join(f"84{7100 + i:04d}" for i in range(0, 40, 4))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    rows = added([*quiet(3), *planted(200_000, via="KAZ", code="847104")])
    return worked(
        lake_of(tmp_path_factory.mktemp("weights"), rows, present(partner_iso3="RUS")), **QUESTION, products=LISTED
    )


def test_the_contributions_give_the_growth_that_was_used(work: Work) -> None:
    rows = [(row["via_iso3"], row["product_id"]) for row in work.answer if row["rank"] is not None]
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    grown: dict[tuple[str, ...], float] = {}
    for line in control_weights(work, rows=rows, most=7):
        key = (line["via_iso3"], line["product_id"], line["control_set"])
        sums[key] += line["contribution"]
        grown[key] = line["growth"]
    assert len(sums) == 4 * len(rows)
    assert all(sums[key] == pytest.approx(grown[key], abs=1e-9) for key in grown)


def test_the_growth_is_the_one_behind_the_expected_path(work: Work) -> None:
    path = [row for row in work.answer.paths if row["control_set"] == "pooled" and row["product_id"] == "847104"]
    months = {row["period"]: row["expected"] for row in path if row["via_iso3"] == "KAZ"}
    line = next(line for line in control_weights(work, rows=[("KAZ", "847104")]) if line["control_set"] == "pooled")
    # Less than two whole years of past: every season is one, so the path has a single step.
    assert math.log(months["2020-07"] / months["2020-06"]) == pytest.approx(line["growth"], abs=1e-12)


def test_a_line_is_a_weight_times_a_change(work: Work) -> None:
    lines = [line for line in control_weights(work, most=9) if line["control_via_iso3"]]
    assert lines and all(line["is_active"] for line in lines)
    assert all(line["contribution"] == pytest.approx(line["weight"] * line["change"], abs=1e-15) for line in lines)


def test_listed_goods_are_no_sisters_of_a_listed_good(work: Work) -> None:
    named = {line["control_product_id"] for line in control_weights(work) if line["control_set"] == "sister"}
    assert named and not named & set(LISTED.split(","))


def test_own_has_no_controls_and_alerts_come_first(work: Work) -> None:
    found = control_weights(work)
    alerts = {(row["via_iso3"], row["product_id"]) for row in work.answer if row["is_alert"]}
    assert "own" not in found["control_set"]
    assert set(zip(found["via_iso3"], found["product_id"], strict=True)) == alerts == {("KAZ", "847104")}


def test_lighter_controls_are_added_up_in_one_line(work: Work) -> None:
    lines = [line for line in control_weights(work, most=3) if line["control_set"] == "via"]
    assert [line["control_via_iso3"] is None for line in lines] == [False, False, False, True]
    weights = [abs(line["weight"]) for line in lines[:3]]
    assert weights == sorted(weights, reverse=True)


def test_a_row_that_is_not_there_is_named(work: Work) -> None:
    with pytest.raises(NotFound, match="KAZ and product '999999'"):
        control_weights(work, rows=[("KAZ", "999999")])


def test_no_rows_give_an_empty_table_with_its_columns(work: Work) -> None:
    assert list(control_weights(work, rows=[]).columns) == list(WEIGHT_TYPES)
