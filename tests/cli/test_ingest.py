"""``entrepot ingest``: summary, issues, nothing left after a failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.cli import main
from tests.lake.made import content, open_lake

HEAD = "period,reporter_iso3,partner_iso3,flow,hs_code,value_eur\n"
GOOD = HEAD + "2021-01,DEU,KAZ,export,854231,10\n2021-02,DEU,KAZ,export,854231,20\n"


def call(folder: Path, *arguments: object) -> int:
    return main(["ingest", *map(str, arguments), "--lake", str(folder / "lake")])


def write(folder: Path, text: str, name: str = "trade.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_ingest_tells_rows_and_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(tmp_path, "flows", write(tmp_path, GOOD)) == 0
    assert capsys.readouterr().out.startswith(f"2 rows of flows in {tmp_path}/lake, version 1; 0 older rows")


def test_ingesting_again_says_that_nothing_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, GOOD)
    call(tmp_path, "flows", path)
    before = content(open_lake(tmp_path / "lake"))
    capsys.readouterr()
    assert call(tmp_path, "flows", path) == 0
    assert capsys.readouterr().out.startswith("nothing new: ")
    assert content(open_lake(tmp_path / "lake")) == before


def test_skipped_records_are_shown_with_their_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "".join(f"2021-0{m},DEU,KAZ,export,not a code,5\n" for m in range(3, 10))
    path = write(tmp_path, GOOD + "".join(f"2022-{m:02},DEU,KAZ,export,854231,1\n" for m in range(1, 13)) + bad)
    assert call(tmp_path, "flows", path) == 0
    printed = capsys.readouterr()
    assert "7 records skipped" in printed.out
    assert "trade.csv record 15: " in printed.err and "and 2 more" in printed.err


def test_the_report_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(tmp_path, "flows", write(tmp_path, GOOD), "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["version"], report["is_unchanged"], report["issues"]) == (2, 1, False, [])


def test_an_unknown_source_makes_no_lake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(tmp_path, "floes", write(tmp_path, GOOD)) == 1
    assert "no source 'floes'" in capsys.readouterr().err
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_a_path_that_is_no_file_is_one_line(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    call(tmp_path, "flows", write(tmp_path, GOOD))
    before = content(open_lake(tmp_path / "lake"))
    capsys.readouterr()
    assert call(tmp_path, "flows", write(tmp_path, GOOD + "2021-03,DEU,KAZ,export,854231,1\n"), tmp_path / name) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"entrepot: error: {tmp_path / name}") and error.count("\n") == 1
    assert content(open_lake(tmp_path / "lake")) == before
