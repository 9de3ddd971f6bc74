"""``entrepot screen``: columns of the contract, files by their ending, notes, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.cli import main
from entrepot.parties import RESULTS
from tests.parties.screening import customers, lake_with, read

ROWS = [("1", "Асанкулов Бакыт Нурланович", "Person", "1979-03-12"), ("2", "?", "Person", "1979-99-99")]


@pytest.fixture
def made(tmp_path: Path) -> list[str]:
    path = customers(tmp_path / "customers.csv", ROWS)
    return ["screen", str(path), "--against", "ftm", "--lake", str(lake_with(tmp_path).path)]


@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "jsonl", "html"])
def test_out_writes_by_its_ending(
    made: list[str], tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"out.{ending}"
    assert main([*made, "--out", str(out)]) == 0
    assert "Asankulov" in out.read_bytes().decode("utf-8", "replace")
    said = capsys.readouterr()
    assert said.out == ""
    assert "note: 1 queries have no usable name" in said.err
    assert "note: 1 dates" in said.err


def test_csv_has_exactly_the_columns_of_the_contract(made: list[str], tmp_path: Path) -> None:
    assert main([*made, "--out", str(tmp_path / "out.csv"), "--limit", "1"]) == 0
    rows = read(tmp_path / "out.csv")
    assert list(rows[0]) == list(RESULTS)
    assert [(row["rank"], row["entity_id"], row["match"]) for row in rows] == [("1", "p-1", "true"), ("", "", "")]


def test_json_is_printed(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*made, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert list(rows[0]) == list(RESULTS)
    assert rows[0]["match"] is True


def test_a_list_that_is_not_there_is_exit_one(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*made[:3], "ftm,nowhere", *made[4:]]) == 1
    assert "Lists in the lake: ftm" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--limit", "0"], ["--threshold", "2"], ["--against", ","]])
def test_wrong_usage_is_exit_two(made: list[str], wrong: list[str]) -> None:
    assert main([*made, *wrong]) == 2


def test_a_day_before_the_list_is_exit_one(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*made, "--as-of", "2020-01-01"]) == 1
    assert main([*made, "--as-of", "yesterday"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
