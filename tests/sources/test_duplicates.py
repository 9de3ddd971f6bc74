"""Two records of one cell: kept once, added up, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import CheckFailed
from tests.sources.reading import HEAD, ROW, read_text

SUM = 'duplicates = "sum"\n'
OTHER = ROW.replace("1000", "5")


def test_the_same_record_twice_is_kept_once(tmp_path: Path) -> None:
    reading = read_text(tmp_path, ROW, ROW, ROW.replace("-01", "-02"))
    assert reading.column("value") == [1000.0, 1000.0]
    assert (reading.report.skipped, reading.report.issues["source_row"]) == (1, [2])


def test_records_that_differ_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match=r"records 1 and 3 give one cell different values \(1000.0 and 5.0; .*KAZ"):
        read_text(tmp_path, ROW, ROW.replace("-01", "-02"), OTHER)
    assert not list((tmp_path / "lake" / "data").glob("*")) if (tmp_path / "lake" / "data").exists() else True


def test_unknown_beside_a_value_is_a_contradiction(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="different values"):
        read_text(tmp_path, ROW, ROW.replace("1000", ""))


def test_two_spellings_of_one_territory_are_one_cell(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="records 1 and 2"):
        read_text(tmp_path, ROW.replace("KAZ", "Türkiye"), OTHER.replace("KAZ", "Turkey"))


def test_parts_are_added_up_where_a_mapping_says_so(tmp_path: Path) -> None:
    reading = read_text(tmp_path, ROW, OTHER, ROW.replace("-01", "-02"), mapping=SUM)
    assert reading.column("value") == [1005.0, 1000.0]
    assert "2 records were added up to 1 rows" in reading.notes


def test_a_weight_that_lacks_a_part_is_unknown(tmp_path: Path) -> None:
    reading = read_text(tmp_path, f"{ROW},3", f"{OTHER},", head=f"{HEAD},netweight_kg", mapping=SUM)
    assert (reading.column("value"), reading.column("netweight_kg")) == ([1005.0], [None])


def test_a_sum_that_lacks_a_value_is_said_to_be_a_lower_bound(tmp_path: Path) -> None:
    reading = read_text(tmp_path, ROW, ROW.replace("1000", ""), mapping=SUM)
    assert reading.column("value") == [1000.0] and "lower bounds" in reading.notes


def test_unknown_and_unknown_is_unknown(tmp_path: Path) -> None:
    empty = ROW.replace("1000", "")
    assert read_text(tmp_path, empty, empty, mapping=SUM).column("value") == [None]


def test_quantities_in_two_units_are_not_added(tmp_path: Path) -> None:
    head = f"{HEAD},quantity,quantity_unit"
    reading = read_text(tmp_path, f"{ROW},3,kg", f"{OTHER},4,piece", head=head, mapping=SUM)
    assert (reading.column("quantity"), reading.column("quantity_unit")) == ([None], [None])
