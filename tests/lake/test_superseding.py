"""Of two reports of one cell by one source, the newer extraction's stands."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import pytest

from entrepot.lake import Lake
from tests.lake.made import AT, cell, content, new_lake, put, values


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    before = content(lake)
    assert put(lake, "a", cell()).version == 1
    assert content(lake) == before


def test_a_newer_file_replaces_the_cells_it_gives_and_no_others(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell("2021-01", 1.0), cell("2021-02", 2.0), cell("2022-01", 3.0))
    version = put(lake, "b", cell("2021-02", 20.0), cell("2021-03", 30.0))
    assert values(lake) == [("2021-01", 1.0), ("2021-02", 20.0), ("2021-03", 30.0), ("2022-01", 3.0)]
    assert (version.rows_added, version.rows_superseded) == (2, 1)


def test_an_older_extraction_ingested_late_does_not_replace_a_newer_one(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "new", cell("2021-01", 10.0), day="2023-06-01")
    version = put(lake, "old", cell("2021-01", 1.0), cell("2021-02", 2.0), day="2022-06-01")
    assert values(lake) == [("2021-01", 10.0), ("2021-02", 2.0)]
    assert (version.rows_added, version.rows_superseded) == (2, 1)


def test_without_a_day_of_extraction_the_later_ingest_wins(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "dated", cell(value=1.0), day="2023-06-01")
    put(lake, "undated", cell(value=2.0))
    assert values(lake) == [("2021-01", 2.0)]


def test_unknown_parts_of_a_key_are_the_same_cell(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0, hs_revision=None, valuation=None))
    put(lake, "b", cell(value=2.0, hs_revision=None, valuation=None))
    assert values(lake) == [("2021-01", 2.0)]


@pytest.mark.parametrize(
    "other",
    [
        {"partner_role": "origin"},
        {"currency": "USD"},
        {"valuation": "cif"},
        {"flow": "re-export"},
        {"hs_revision": None},
        {"hs_code": "85423100"},
    ],
)
def test_another_key_is_another_cell(tmp_path: Path, other: dict[str, str]) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0))
    put(lake, "b", cell(value=2.0, **other))
    assert len(values(lake)) == 2


def test_sources_do_not_supersede_each_other(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0), source="comtrade")
    put(lake, "b", cell(value=2.0), source="comext")
    assert len(values(lake)) == 2


def test_a_part_that_shares_no_cell_is_not_rewritten(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell("2021-01"))
    before = content(lake)
    put(lake, "b", cell("2021-02"))
    assert not set(before) - set(content(lake))
    assert len(list(lake.path.glob("data/flows/000002/*"))) == 1


def test_coverage_follows_superseding(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell("2021-01", 1.0), cell("2021-02", 2.0))
    put(lake, "b", cell("2021-01", 5.0))
    with lake.engine() as engine:
        assert engine.rows("SELECT period, n_rows, value FROM coverage ORDER BY ALL") == [
            ("2021-01", 1, 5.0),
            ("2021-02", 1, 2.0),
        ]


def test_reading_the_same_bytes_another_way_replaces_the_first_reading(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell("2021-01", 1.0), cell("2021-02", 2.0), reading="first")
    put(lake, "a", cell("2021-01", 1000.0), reading="second")
    assert values(lake) == [("2021-01", 1000.0)]
    assert len(lake.status()) == 1


def test_a_second_reading_gives_back_cells_that_only_the_first_gave(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "old", cell("2021-01", 1.0), cell("2021-02", 2.0))
    put(lake, "new", cell("2021-01", 10.0), cell("2021-02", 20.0), reading="first")
    put(lake, "new", cell("2021-01", 11.0), reading="second")
    assert values(lake) == [("2021-01", 11.0), ("2021-02", 2.0)]


def _history(seed: int) -> list[tuple[str, str | None, dict[str, float]]]:
    rng = random.Random(seed)
    return [
        (f"f{i}", f"2023-0{day}-01", {f"2021-{m:02}": float(10 * i + m) for m in rng.sample(range(1, 5), 2)})
        for i, day in enumerate(rng.sample(range(1, 9), 4))
    ]


def _ingest(lake: Lake, files: list[tuple[str, str | None, dict[str, float]]]) -> None:
    for name, day, cells in files:
        put(lake, name, *(cell(period, value) for period, value in cells.items()), day=day)


@pytest.mark.parametrize("seed", range(3))
def test_dated_extractions_end_the_same_in_any_order_of_ingest(tmp_path: Path, seed: int) -> None:
    files = _history(seed)
    expected: dict[str, float] = {}
    for _, _, cells in sorted(files, key=lambda file: file[1] or ""):
        expected |= cells
    for number, order in enumerate(list(permutations(files))[:: 24 // 4]):
        (tmp_path / str(number)).mkdir()
        lake = new_lake(tmp_path / str(number))
        _ingest(lake, list(order))
        assert values(lake) == sorted(expected.items())


@pytest.mark.parametrize("seed", range(3))
def test_dropping_a_snapshot_is_as_if_it_had_never_come(tmp_path: Path, seed: int) -> None:
    files = _history(seed)
    for number in range(len(files)):
        (tmp_path / str(number)).mkdir()
        lake = new_lake(tmp_path / str(number))
        _ingest(lake, files)
        lake.drop(lake.version().snapshots[number].snapshot_id, at=AT)
        expected: dict[str, float] = {}
        for _, _, cells in sorted(files[:number] + files[number + 1 :], key=lambda file: file[1] or ""):
            expected |= cells
        assert values(lake) == sorted(expected.items())
        assert len(lake.verify()) == 0
