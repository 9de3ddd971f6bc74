"""Numbers in text: what has one meaning is read, what has two is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import SourceError
from tests.sources.reading import read_text

LINE = '2024-{:02d},DEU,KAZ,export,870323,"{}"'


def values(folder: Path, *cells: str, mapping: str = "") -> list[float | None]:
    lines = [LINE.format(month, cell) for month, cell in enumerate(cells, start=1)]
    return read_text(folder, *lines, mapping=mapping).column("value")


def test_plain_and_grouped_numbers(tmp_path: Path) -> None:
    cells = ["1234.5", "1 234.5", "1,234.5", "1\u00a0234 567", "1'234", "1,234,567", "1e3"]
    assert values(tmp_path, *cells) == [1234.5, 1234.5, 1234.5, 1234567.0, 1234.0, 1234567.0, 1000.0]


def test_a_comma_with_two_meanings_is_an_issue(tmp_path: Path) -> None:
    lines = [LINE.format(month, cell) for month, cell in enumerate(["1,234", "5", "6"], start=1)]
    reading = read_text(tmp_path, *lines)
    assert reading.column("value") == [5.0, 6.0]
    assert "[read] decimal or thousands" in reading.report.issues["reason"][0]


def test_a_declared_decimal_comma(tmp_path: Path) -> None:
    mapping = '[read]\ndecimal = ","\nthousands = "."\n'
    assert values(tmp_path, "1.234,5", "0,25", "7", mapping=mapping) == [1234.5, 0.25, 7.0]


def test_an_undeclared_point_beside_a_decimal_comma_is_no_number(tmp_path: Path) -> None:
    assert values(tmp_path, "1.5", "2,5", "3,5", mapping='[read]\ndecimal = ","\n') == [2.5, 3.5]


@pytest.mark.parametrize("word", ["", "NULL", "NA", "nan", "NaN"])
def test_unknown_is_not_zero(tmp_path: Path, word: str) -> None:
    assert values(tmp_path, word, "0") == [None, 0.0]


def test_null_words_of_a_mapping(tmp_path: Path) -> None:
    assert values(tmp_path, ":", "-", "3", mapping='[read]\nnull_words = [":", "-"]\n') == [None, None, 3.0]


@pytest.mark.parametrize("cell", ["-5", "2e13", "inf", "abc"])
def test_a_value_that_cannot_be_trade_is_an_issue(tmp_path: Path, cell: str) -> None:
    assert values(tmp_path, cell, "1", "2") == [1.0, 2.0]


def test_values_in_thousands(tmp_path: Path) -> None:
    assert values(tmp_path, "1.5", mapping="[read]\nvalue_scale = 1000\n") == [1500.0]


def test_a_bad_weight_is_unknown_and_the_record_stays(tmp_path: Path) -> None:
    head = "period,reporter_iso3,partner_iso3,flow,hs_code,value_usd,netweight_kg"
    reading = read_text(tmp_path, "2024-01,DEU,KAZ,export,870323,10,-3", head=head)
    assert (reading.column("value"), reading.column("netweight_kg")) == ([10.0], [None])
    assert (reading.report.skipped, len(reading.report.issues)) == (0, 1)


def test_a_file_that_is_mostly_bad_stops_with_the_commonest_reason(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"2 of 3 records cannot be read.*'value_usd'.*record 1: 'abc'"):
        values(tmp_path, "abc", "def", "1")


@pytest.mark.parametrize("cell", ["12,5", "1.234,56", "0,1234"])
def test_an_undeclared_decimal_comma_stops_the_run(tmp_path: Path, cell: str) -> None:
    # '1.234' of the same column would otherwise be read a thousand times too small.
    with pytest.raises(SourceError, match=r"record 2, column 'value_usd'.*decimal comma.*\[read\] decimal"):
        values(tmp_path, "1.234", cell, "7")
