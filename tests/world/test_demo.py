"""``entrepot demo``: whole, simulated and said to be so."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.cli import main


@pytest.mark.slow
def test_a_demo_writes_a_report_that_says_it_is_simulated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path / "d")]) == 0
    page = (tmp_path / "d" / "report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>") and "SIMULATED" in page
    assert str(tmp_path / "d" / "report.html") in capsys.readouterr().out
    assert (tmp_path / "d" / "routes.csv").read_text("utf-8").startswith("rank,via_iso3,")


def test_a_lake_that_no_demo_wrote_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "mine").write_text("keep")
    assert main(["demo", "--out", str(tmp_path)]) == 1
    assert "no demo wrote" in capsys.readouterr().err
    assert (tmp_path / "lake" / "mine").read_text() == "keep"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "demo").write_text("mine")
    assert main(["demo", "--out", str(tmp_path / "demo")]) == 1
    assert capsys.readouterr().err.startswith("entrepot: error: ")


@pytest.mark.parametrize("seed", ["-1", "x"])
def test_a_wrong_seed_is_wrong_usage(seed: str, tmp_path: Path) -> None:
    assert main(["demo", "--out", str(tmp_path), "--seed", seed]) == 2
