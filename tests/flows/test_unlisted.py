"""Unlisted: totals less the goods asked about, as one control series an intermediary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.flows import Routes
from tests.factory import Row, added, asked, lake_of, planted, present, quiet, row_of, series

GROWTH = {"KAZ": 1.0, "KGZ": 3.0, "ARM": 1.0, "UZB": 0.5}
ONE = "847104"
RUSSIA = [*present(partner_iso3="RUS"), *present(partner_iso3="RUS", reporter_iso3="POL")]


def totals(rows: list[Row], *, vias: tuple[str, ...] = tuple(GROWTH), n: int = 30, **other: Any) -> list[Row]:
    """Monthly totals of both origins: what the rows hold, and a million of other goods that grow by country."""
    found = []
    for reporter in ("DEU", "POL"):
        for via in vias:
            held = dict.fromkeys((row["period"] for row in present(n=n)), 0.0)
            for row in rows:
                if (row["reporter_iso3"], row["partner_iso3"]) == (reporter, via) and row["period"] in held:
                    held[row["period"]] += row["value"]
            beyond = np.where(np.arange(n) >= 18, GROWTH[via], 1.0) * 1_000_000
            values = [round(float(h + b), 2) for h, b in zip(held.values(), beyond, strict=True)]
            found += series(values, hs_code="TOTAL", reporter_iso3=reporter, partner_iso3=via, **other)
    return found


@pytest.fixture(scope="module")
def goods() -> list[Row]:
    return added([*quiet(3), *planted(100_000, via="KGZ", code=ONE)])


def answer(folder: Path, *groups: list[Row], **question: Any) -> Routes:
    return asked(lake_of(folder, RUSSIA, *groups), products="all", controls="all", **question)


def test_growth_beyond_the_goods_is_what_the_set_expects(goods: list[Row], tmp_path: Path) -> None:
    found = answer(tmp_path, goods, totals(goods))
    for via, growth in GROWTH.items():
        months = [r for r in found.paths if r["via_iso3"] == via and r["control_set"] == "unlisted"]
        if months:
            by = {(r["product_id"], r["period"]): r["expected"] for r in months}
            product = months[0]["product_id"]
            assert by[product, "2020-08"] / by[product, "2020-06"] == pytest.approx(growth, rel=1e-6)
    row = row_of(found, "KGZ", ONE)
    assert row["unlisted_excess"] < row["own_excess"]


def test_a_rise_that_all_of_the_intermediarys_trade_shares_is_no_alert(tmp_path: Path) -> None:
    """Listed goods alone are in the rows, and only the totals know that everything tripled."""
    rows = quiet(3, vias=("KGZ", "KAZ"))
    for row in rows:
        if row["partner_iso3"] == "KGZ" and row["period"] >= "2020-07" and row["hs_code"] in ("847104", "847105"):
            row["value"] = round(row["value"] * 2.5, 2)
    rows = added(rows)
    known = answer(tmp_path / "a", rows, totals(rows, vias=("KGZ", "KAZ")))
    assert not any(row["is_alert"] for row in known if row["via_iso3"] == "KGZ")
    assert row_of(known, "KGZ", "847105")["unlisted_excess"] < 0


def test_without_totals_there_is_no_such_set(goods: list[Row], tmp_path: Path) -> None:
    found = answer(tmp_path, goods)
    assert "unlisted" not in found.control_sets and not any(name.startswith("unlisted") for name in found.columns)


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "USD"},
        {"partner_role": "origin", "flow": "import"},
        {"n": 25},
    ],
)
def test_totals_of_another_kind_are_not_taken(goods: list[Row], tmp_path: Path, wrong: dict[str, Any]) -> None:
    found = answer(tmp_path, goods, totals(goods, **wrong), until="2021-06")
    assert "unlisted" not in found.control_sets


def test_an_intermediary_without_totals_has_none_and_the_others_do(goods: list[Row], tmp_path: Path) -> None:
    found = answer(tmp_path, goods, totals(goods, vias=("KGZ", "ARM")))
    known = {row["via_iso3"]: row["unlisted_excess"] is not None for row in found if row["rank"] is not None}
    assert known == {"KGZ": True, "ARM": True, "KAZ": False, "UZB": False}
    assert "unlisted" not in set(found.totals["control_set"])
    assert all(row["excess_min"] is not None for row in found if row["rank"] is not None)


def test_a_total_that_holds_little_else_says_nothing(goods: list[Row], tmp_path: Path) -> None:
    small = [{**row, "value": round(row["value"] - 999_000, 2)} for row in totals(goods)]
    assert "unlisted" not in answer(tmp_path, goods, [row for row in small if row["value"] > 0]).control_sets


def test_aggregates_are_never_taken_for_an_origin(goods: list[Row], tmp_path: Path) -> None:
    union = [{**row, "reporter_iso3": "EU27"} for row in totals(goods) if row["reporter_iso3"] == "DEU"]
    assert "unlisted" not in answer(tmp_path, goods, union).control_sets
