"""``entrepot lake``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.cli import main
from entrepot.lake import Lake
from tests.lake.made import cell, new_lake, put, values


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = new_lake(tmp_path)
    put(made, "a.csv", cell("2021-01", 1.0), cell("2021-02", 2.0), day="2023-01-01")
    put(made, "b.csv", cell("2021-01", 5.0), day="2023-02-01")
    return made


def call(lake: Lake, *arguments: object) -> int:
    return main(["lake", *map(str, arguments), "--lake", str(lake.path)])


def test_status_prints_an_aligned_table(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(lake, "status") == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.startswith("source_id") and "a.csv" in first and "b.csv" in second
    assert head.index("table") == first.rindex("flows")


def test_history_as_json_has_every_version(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(lake, "history", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["version"], row["rows"], row["rows_superseded"]) for row in rows] == [(2, 2, 1), (1, 2, 0)]


@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "jsonl", "html"])
def test_out_writes_by_ending(lake: Lake, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / f"status.{ending}"
    assert call(lake, "status", "--out", out) == 0
    assert b"a.csv" in out.read_bytes()
    printed = capsys.readouterr()
    assert printed.out == "" and f"2 rows written to {out}" in printed.err


@pytest.mark.parametrize(
    ("name", "code"), [("status.xyz", 2), ("status", 2), ("absent/status.csv", 1), ("folder.csv", 1)]
)
def test_an_unusable_out_is_refused_before_any_work(lake: Lake, name: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert call(lake, "status", "--out", tmp_path / name) == code


def test_an_empty_lake_prints_its_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = new_lake(tmp_path)
    assert call(lake, "status") == 0 and call(lake, "history", "--json") == 0
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith("source_id") and last == "[]"


def test_verify_of_a_sound_lake_says_so(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(lake, "verify") == 0
    assert capsys.readouterr().out.startswith("sound: every file of 2 versions")


def test_verify_of_a_damaged_lake_names_the_file_and_fails(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    path = next(lake.path.glob("snapshots/*/bytes"))
    path.write_text("x")
    assert call(lake, "verify") == 1
    printed = capsys.readouterr()
    assert str(path.relative_to(lake.path)) in printed.out and "altered" in printed.err
    assert call(lake, "verify", "--json") == 1
    assert json.loads(capsys.readouterr().out)[0]["problem"] == "altered"


def test_drop_says_how_many_rows(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    snapshot_id = lake.status()["snapshot_id"][1]
    assert call(lake, "drop", snapshot_id[:8]) == 0
    assert capsys.readouterr().out.startswith("1 rows dropped; version 3")
    assert values(lake) == [("2021-01", 1.0), ("2021-02", 2.0)]


def test_drop_of_something_unknown_is_an_error(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(lake, "drop", "nothing") == 1
    assert "no snapshot or source 'nothing'" in capsys.readouterr().err
