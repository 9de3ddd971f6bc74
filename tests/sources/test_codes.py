"""Product codes: lost zeros, odd lengths, labels, hidden goods."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.sources.reading import read, read_text

LINE = "2024-{:02d},DEU,KAZ,export,{},10"


def codes(folder: Path, *cells: str, mapping: str = "") -> list[str]:
    lines = [LINE.format(month, cell) for month, cell in enumerate(cells, start=1)]
    return read_text(folder, *lines, mapping=mapping).column("hs_code")


def test_levels_are_kept_as_they_are(tmp_path: Path) -> None:
    assert codes(tmp_path, "87", "8703", "870323", "87032319", "8703231940", "TOTAL", "0101") == [
        "87", "8703", "870323", "87032319", "8703231940", "TOTAL", "0101"]  # fmt: skip


def test_zeros_lost_by_a_table_program_are_put_back(tmp_path: Path) -> None:
    reading = read_text(tmp_path, LINE.format(1, "10121"), LINE.format(2, "870323"), LINE.format(3, "90230"))
    assert reading.column("hs_code") == ["010121", "870323", "090230"]
    assert "2 product codes had lost their leading zero" in reading.notes
    assert [i["value"] for i in reading.report.issues] == ["10121", "90230"]


def test_an_odd_code_beside_codes_with_their_zero_is_an_issue(tmp_path: Path) -> None:
    assert codes(tmp_path, "10121", "010129", "870323") == ["010129", "870323"]


def test_odd_codes_of_lengths_that_prove_nothing_are_issues(tmp_path: Path) -> None:
    assert codes(tmp_path, "101", "870323", "870324") == ["870323", "870324"]


def test_codes_that_became_decimal_numbers(tmp_path: Path) -> None:
    path = tmp_path / "float.parquet"
    duckdb.sql(
        f"""COPY (SELECT '2024-01' AS period, 'DEU' AS reporter_iso3, 'KAZ' AS partner_iso3, 'export' AS flow,
            unnest([870323.0, 10121.0]) AS hs_code, 5 AS value_usd) TO '{path}' (FORMAT parquet)"""
    )
    assert sorted(read(tmp_path, "flows", path).column("hs_code")) == ["010121", "870323"]


@pytest.mark.parametrize(
    ("cell", "code"), [("87.03.23", "870323"), ("0101 21 00", "01012100"), ("TOTAL-Total", "TOTAL"),
                       ("8703-Motor cars", "8703")])  # fmt: skip
def test_spellings(tmp_path: Path, cell: str, code: str) -> None:
    assert codes(tmp_path, cell) == [code]


def test_hidden_goods_are_suppressed(tmp_path: Path) -> None:
    lines = [LINE.format(1, "09YYY123"), LINE.format(2, "XXXXXXXXXX"), LINE.format(3, "870323")]
    reading = read_text(tmp_path, *lines)
    assert reading.column("hs_code") == ["09", "9999", "870323"]
    assert reading.column("report_status") == ["suppressed", "suppressed", "reported"]


def test_no_code_is_an_issue(tmp_path: Path) -> None:
    reading = read_text(
        tmp_path, LINE.format(1, "cars"), LINE.format(2, "870323"), LINE.format(3, ""), LINE.format(4, "8703")
    )
    assert reading.column("hs_code") == ["870323", "8703"]
    assert [i["reason"] for i in reading.report.issues] == ["unknown product code 'cars'", "no product code"]
