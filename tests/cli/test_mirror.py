"""``entrepot mirror``: files by their ending, JSON, a readable page, clear errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.cli import main
from tests.flows.mirror_made import export, imported, lake_of

QUESTION = ["mirror", "--exporter", "DEU", "--importer", "kaz"]


@pytest.fixture
def made(tmp_path: Path) -> list[str]:
    rows = [make(month, 90.0) for make in (export, imported) for month in ("2021-01", "2021-02", "2021-03")]
    return ["--lake", str(lake_of(tmp_path, *rows).path)]


@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "jsonl", "html"])
def test_out_writes_by_its_ending(made: list[str], tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"mirror.{ending}"
    assert main([*QUESTION, *made, "--out", str(out)]) == 0
    assert out.stat().st_size > 100


def test_json_is_printed_whole(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, *made, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["period"] for row in rows] == ["2021-01", "2021-02", "2021-03"]


def test_caveats_are_put_into_words(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, *made, "--event", "2021-03"]) == 0
    told = capsys.readouterr().err
    assert "both sides in 3 periods" in told and "too_few_periods: Too few" in told


def test_the_page_names_the_pair(made: list[str], tmp_path: Path) -> None:
    out = tmp_path / "mirror.html"
    assert main([*QUESTION, *made, "--out", str(out)]) == 0
    assert "<h1>DEU to KAZ" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--importer", "XQQ"], "XQQ"),
        (["--importer", "EU27"], "EU27"),
        (["--event", "2030-01"], "outside"),
        (["--products", "nothing.csv"], "nothing.csv"),
        (["--cif", "7"], "cif"),
        (["--importer", "POL"], "neither DEU"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    made: list[str], capsys: pytest.CaptureFixture[str], wrong: list[str], told: str
) -> None:
    assert main([*QUESTION, *made, *wrong]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and told in lines[0]


def test_a_wrong_option_is_wrong_usage(made: list[str]) -> None:
    assert main([*QUESTION, *made, "--level", "5"]) == 2
    assert main(["mirror", *made]) == 2
