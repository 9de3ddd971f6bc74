"""The lake as of a month: no later period, and of several extractions the one that had been made by then."""

from __future__ import annotations

from pathlib import Path

from entrepot.lake import Lake
from tests.lake.made import cell, new_lake, put, values


def known(lake: Lake, month: str) -> list[tuple[str, float | None]]:
    with lake.engine(as_of=month) as engine:
        return engine.rows("SELECT period, value FROM flows ORDER BY ALL")


def covered(lake: Lake, month: str) -> list[tuple[str, int]]:
    with lake.engine(as_of=month) as engine:
        return engine.rows("SELECT period, sum(n_rows) FROM coverage GROUP BY period ORDER BY period")


def test_months_after_it_and_years_that_are_not_over_are_not_known(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a.csv", cell("2021-01"), cell("2021-12"), cell("2021", 7.0, freq="A"))
    assert known(lake, "2021-11") == [("2021-01", 1.0)] and covered(lake, "2021-11") == [("2021-01", 1)]
    assert known(lake, "2021-12") == values(lake)
    assert known(lake, "2020-05") == [] and covered(lake, "2020-05") == []


def test_each_month_sees_the_extraction_of_its_day(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "first.csv", cell("2021-01", 1.0), day="2021-03-15")
    put(lake, "second.csv", cell("2021-01", 2.0), cell("2021-02", 5.0), day="2021-04-15")
    put(lake, "third.csv", cell("2021-01", 3.0), day="2021-06-15")
    assert (
        known(lake, "2021-03") == [("2021-01", 1.0)] == [(period, float(n)) for period, n in covered(lake, "2021-03")]
    )
    assert known(lake, "2021-04") == known(lake, "2021-05") == [("2021-01", 2.0), ("2021-02", 5.0)]
    assert known(lake, "2021-06") == [("2021-01", 3.0), ("2021-02", 5.0)]
    assert covered(lake, "2021-04") == [("2021-01", 1), ("2021-02", 1)]


def test_before_any_extraction_the_earliest_is_read(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "late.csv", cell("2021-01", 9.0), day="2022-05-01")
    put(lake, "early.csv", cell("2021-01", 8.0), day="2021-05-01")
    assert values(lake) == [("2021-01", 9.0)]
    assert known(lake, "2021-02") == [("2021-01", 8.0)]


def test_a_cell_that_only_a_later_extraction_has_was_not_known(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "first.csv", cell("2021-01", 1.0), day="2021-03-15")
    put(lake, "second.csv", cell("2021-01", 4.0, hs_code="854232"), cell("2021-02", 5.0), day="2021-09-15")
    assert known(lake, "2021-05") == [("2021-01", 1.0)]
    assert known(lake, "2021-09") == values(lake) and len(values(lake)) == 3


def test_a_file_without_a_day_counts_as_known(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "dated.csv", cell("2021-01", 1.0), day="2021-02-10")
    put(lake, "undated.csv", cell("2021-01", 2.0))
    assert known(lake, "2021-02") == known(lake, "2021-01") == [("2021-01", 2.0)]


def test_dropped_rows_are_not_known_at_any_month(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "first.csv", cell("2021-01", 1.0), day="2021-02-10")
    put(lake, "second.csv", cell("2021-01", 2.0), day="2021-08-10")
    dropped = next(e.snapshot_id for e in lake.version().snapshots if e.name == "first.csv")
    lake.drop(dropped, at="2024-01-02T00:00:00Z")
    assert known(lake, "2021-03") == [("2021-01", 2.0)]


def test_other_reporters_of_the_same_year_are_read_as_they_stand(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "german.csv", cell("2021-01", 1.0), day="2021-02-10")
    put(lake, "polish.csv", cell("2021-01", 2.0, reporter_iso3="POL"), day="2023-02-10")
    assert known(lake, "2021-06") == values(lake)


def test_an_old_file_fetched_on_its_own_hides_no_later_months(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "old.csv", cell("2020-01", 1.0), day="2022-03-15")
    put(lake, "rest.csv", cell("2020-02", 2.0), cell("2021-11", 3.0), day="2024-01-15")
    assert known(lake, "2022-06") == values(lake)


def test_one_reporters_edge_is_not_anothers(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a.csv", cell("2021-01", 1.0), day="2021-03-15")
    put(lake, "b.csv", cell("2021-02", 2.0), cell("2021-02", 3.0, reporter_iso3="POL"), day="2021-09-15")
    assert known(lake, "2021-04") == [("2021-01", 1.0), ("2021-02", 3.0)]
