"""Eight digits over several years of the Combined Nomenclature: splits, merges and moves, by its table of changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from entrepot.flows.legs import Legs, legs_of
from entrepot.flows.options import RoutesOptions
from entrepot.flows.products import Product
from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest
from tests.factory import AT, ORIGINS, Row, asked, present, series, written
from tests.flows.test_legs import legs, one

ASKED: dict[str, Any] = {"destination": "RUS", "event": "2022-03", "origins": ORIGINS, "level": 8}
Change = tuple[str, str, str]

SPLIT = [("20202021", "85258099", "85258091"), ("20202021", "85258099", "85258098")]
MERGE = [("20212022", "84713010", "84713000"), ("20212022", "84713020", "84713000")]


def year(value: float, number: int, code: str, *, is_named: bool = True, **other: Any) -> list[Row]:
    """Twelve months of one CN code of a year."""
    given = {"hs_code": code, "hs_revision": f"CN{number}" if is_named else "", **other}
    return series([value] * 12, f"{number}-01", **given)


def made(folder: Path, changes: Sequence[Change], *groups: Iterable[Row]) -> Lake:
    lake = open_lake(folder / "lake", create=True, memory_limit="500MB")
    named = [dict(zip(("period", "origin", "destination"), change, strict=True)) for change in changes]
    if named:
        ingest(lake, "cn-concordance", written(folder / "cn.csv", named), at=AT)
    there = [present("2020-01", 36, reporter_iso3=iso3, hs_code="25171010") for iso3 in ("DEU", "POL")]
    rows = [row for group in (*there, *groups) for row in group]
    rows += series([1.0] * 36, "2020-01", partner_iso3="RUS", hs_code="25171010")
    ingest(lake, "flows", written(folder / "trade.csv", rows), at=AT)
    return lake


def both() -> list[Change]:
    return SPLIT + MERGE


def split_rows(**other: Any) -> list[Row]:
    whole = year(100, 2020, "85258099", **other)
    parts = [year(v, n, code, **other) for n in (2021, 2022) for code, v in (("85258091", 30.0), ("85258098", 70.0))]
    return whole + [row for part in parts for row in part]


def merge_rows(**other: Any) -> list[Row]:
    parts = [year(v, n, code, **other) for n in (2020, 2021) for code, v in (("84713010", 4.0), ("84713020", 6.0))]
    return [row for part in parts for row in part] + year(10, 2022, "84713000", **other)


def named(data: Legs) -> dict[str, Product]:
    return {product.product_id: product for product in data.products}


@pytest.mark.parametrize("is_named", [True, False])
def test_a_split_is_one_product_over_the_years(tmp_path: Path, is_named: bool) -> None:
    data = legs(made(tmp_path, both(), split_rows(is_named=is_named)), **ASKED)
    assert (one(data, product="85258091+") == 100).all()
    assert named(data)["85258091+"].codes == ("85258091", "85258098", "85258099")


@pytest.mark.parametrize("is_named", [True, False])
def test_a_merge_is_one_product_over_the_years(tmp_path: Path, is_named: bool) -> None:
    data = legs(made(tmp_path, both(), merge_rows(is_named=is_named)), **ASKED)
    assert (one(data, product="84713000+") == 10).all()
    assert named(data)["84713000+"].caveats == ("grouped_codes",)


def test_nothing_is_counted_in_two_products(tmp_path: Path) -> None:
    data = legs(made(tmp_path, both(), split_rows(), merge_rows()), **ASKED)
    assert {p for p in named(data) if not p.startswith("2517")} == {"85258091+", "84713000+"}
    assert data.panels["in"].values.sum() == 36 * (100 + 10 + 2 * 50)


def test_a_part_that_later_merges_with_another_code_joins_the_groups(tmp_path: Path) -> None:
    onward = [("20212022", "85258098", "85258990"), ("20212022", "85287200", "85258990")]
    rows = [
        year(100, 2020, "85258099"),
        *(year(v, 2021, code) for code, v in (("85258091", 30.0), ("85258098", 70.0))),
        *(year(5, n, "85287200") for n in (2020, 2021)),
        *(year(v, 2022, code) for code, v in (("85258091", 30.0), ("85258990", 75.0))),
    ]
    data = legs(made(tmp_path, SPLIT + onward, *rows), **ASKED)
    assert (one(data, product="85258091+") == 105).all()


def test_a_code_that_only_got_a_new_number_has_no_plus(tmp_path: Path) -> None:
    moved = [("20202021", "90318032", "90318020"), *MERGE]
    rows = [year(8, 2020, "90318032"), *(year(8, n, "90318020") for n in (2021, 2022))]
    assert (one(legs(made(tmp_path, moved, *rows), **ASKED), product="90318020") == 8).all()


@pytest.mark.parametrize("is_named", [True, False])
def test_a_number_that_was_given_to_other_goods_is_not_taken_for_the_old_ones(tmp_path: Path, is_named: bool) -> None:
    # Goods A: 90318032, from 2021 on 90318038. Goods B: 90318034, from 2021 on 90318032.
    moved = [("20202021", "90318032", "90318038"), ("20202021", "90318034", "90318032"), *MERGE]
    rows = [year(8, 2020, "90318032", is_named=is_named), year(3, 2020, "90318034", is_named=is_named)]
    rows += [year(8, n, "90318038", is_named=is_named) for n in (2021, 2022)]
    rows += [year(3, n, "90318032", is_named=is_named) for n in (2021, 2022)]
    data = legs(made(tmp_path, moved, *rows), **ASKED)
    assert (one(data, product="90318038") == 8).all() and (one(data, product="90318032") == 3).all()


def test_a_year_without_a_table_of_changes_says_that_codes_are_taken_by_the_data(tmp_path: Path) -> None:
    data = legs(made(tmp_path, MERGE, split_rows(), merge_rows()), **ASKED)
    assert named(data)["85258099"].reason == "code_ended"
    assert "codes_by_data" in named(data)["84713000+"].caveats


def test_six_digits_of_the_same_rows_hold_the_same_money(tmp_path: Path) -> None:
    lake = made(tmp_path, both(), split_rows(), merge_rows())
    fine, coarse = legs(lake, **ASKED), legs(lake, **{**ASKED, "level": 6})
    assert fine.panels["in"].values.sum() == coarse.panels["in"].values.sum()
    assert (one(coarse, product="852580") == 100).all() and (one(coarse, product="847130") == 10).all()


def test_headings_beside_the_eight_digits_are_not_added(tmp_path: Path) -> None:
    whole = [row for n in (2020, 2021, 2022) for row in year(100, n, "852580", is_named=False)]
    data = legs(made(tmp_path, both(), split_rows(), whole), **ASKED)
    assert (one(data, product="85258091+") == 100).all()


def test_a_code_of_last_years_nomenclature_beside_this_years_is_left_out(tmp_path: Path) -> None:
    late = year(100, 2021, "85258099", is_named=False)
    rows = [{**row, "hs_revision": "CN2020"} for row in late]
    data = legs(made(tmp_path, both(), split_rows(), rows), **ASKED)
    assert (one(data, product="85258091+") == 100).all()
    assert "two_revisions" in named(data)["85258091+"].caveats


def test_the_groups_are_ranked_with_all_their_codes(tmp_path: Path) -> None:
    found = asked(made(tmp_path, both(), split_rows(), merge_rows()), **ASKED)
    rows = {row["product_id"]: row for row in found if row["via_iso3"] == "KAZ"}
    assert rows["85258091+"]["hs_codes"] == "85258091;85258098;85258099"
    assert "grouped_codes" in rows["84713000+"]["caveats"]


def test_real_codes_of_three_years_lose_and_double_nothing(tmp_path: Path, shared_data: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    trade = shared_data / "trade"
    ingest(lake, "cn-concordance", trade / "reference/cn8_concordances_1988-2025.csv.gz", at=AT)
    path = trade / "eurostat-cn8-sanctioned/eu27_exports_cn8_monthly.parquet"
    ingest(lake, "flows", path, mapping="eurostat-cn8-exports", at=AT)
    with lake.engine() as engine:
        products = legs_of(engine, RoutesOptions(**{**ASKED, "origins": "EU27"})).products
        read = engine.rows("SELECT count(*), round(sum(hundredths) / 1e8) FROM leg_rows")
        assert read == engine.rows("SELECT count(*), round(sum(value) / 1e6) FROM flows WHERE freq = 'M'")
    assert sum(product.product_id.endswith("+") for product in products) > 50
