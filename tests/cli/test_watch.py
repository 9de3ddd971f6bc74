"""``entrepot watch``: options of the contract, files by their ending, JSON, clear errors."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from entrepot.cli import main
from entrepot.flows import WATCH_TYPES
from tests.factory import ORIGINS, lake_of, present, quiet, series

QUESTION = ["watch", "--destination", "RUS", "--event", "2020-07", "--origins", ORIGINS]
SHORT = ["--from", "2021-01", "--to", "2021-03"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    rows = [quiet(2, products=8), present(), present(reporter_iso3="POL"), series([9.0] * 30, partner_iso3="RUS")]
    return ["--lake", str(lake_of(tmp_path_factory.mktemp("watch"), *rows).path)]


@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "jsonl", "html"])
def test_out_writes_by_its_ending(made: list[str], tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"watch.{ending}"
    assert main([*QUESTION, *SHORT, *made, "--out", str(out)]) == 0
    assert out.stat().st_size > 100


def test_csv_has_the_columns_of_the_contract_and_an_empty_first_month_where_there_is_none(
    made: list[str], tmp_path: Path
) -> None:
    assert main([*QUESTION, *SHORT, *made, "--out", str(tmp_path / "watch.csv")]) == 0
    with (tmp_path / "watch.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(WATCH_TYPES)
    assert "" in {row["first_month"] for row in rows}


def test_json_is_printed_whole(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, *SHORT, *made, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert set(rows[0]) == set(WATCH_TYPES) and len(rows) >= 32


def test_each_look_is_told_on_stderr(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, *SHORT, *made]) == 0
    told = capsys.readouterr().err.strip().splitlines()
    assert [line[:7] for line in told[:3]] == ["2021-01", "2021-02", "2021-03"]
    assert told[-1].endswith("in 3 looks")


def test_growth_is_written_beside(made: list[str], tmp_path: Path) -> None:
    assert main([*QUESTION, *SHORT, *made, "--growth", str(tmp_path / "growth.csv")]) == 0
    assert (tmp_path / "growth.csv").read_text().startswith("via_iso3,product_id,first_month,month")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--from", "2021-03", "--to", "2021-01"], "from 2021-03 is after to 2021-01"),
        (["--from", "2020-01"], "before event"),
        (["--from", "soon"], "YYYY-MM"),
        (["--to", "2020-08"], "2020-07"),
        (["--via", "XQQ"], "XQQ"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    made: list[str], capsys: pytest.CaptureFixture[str], wrong: list[str], told: str
) -> None:
    assert main([*QUESTION, *made, *wrong]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and told in lines[0]


def test_a_wrong_option_is_wrong_usage(made: list[str], tmp_path: Path) -> None:
    assert main([*QUESTION, *made, "--level", "5"]) == 2
    assert main([*QUESTION, *made, "--alpha", "2"]) == 2
    assert main([*QUESTION, *made, "--growth", str(tmp_path / "growth.txt")]) == 2
    assert main(["watch", *made]) == 2
