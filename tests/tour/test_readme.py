"""The README does what it says: its commands run in their order, its Python runs, its files come out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from entrepot.cli import main
from tests.tour.reading import ROOT, blocks, commands, section

TOUR, REAL = "A five-minute tour", "On real trade data"


def ran(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    code = main(arguments)
    said = capsys.readouterr()
    assert code == 0, f"entrepot {' '.join(arguments)}\n{said.err}"
    if "--out" in arguments:
        out = Path(arguments[arguments.index("--out") + 1])
        assert out.stat().st_size > 0
    return said.out + said.err


@pytest.mark.slow
def test_the_tour_runs(in_demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = commands(section("README.md", TOUR))
    assert len(given) >= 6
    said = [ran(arguments, capsys) for arguments in given]
    assert all(said)


@pytest.mark.slow
def test_the_python_of_the_tour_runs(in_demo: Path) -> None:
    names: dict[str, object] = {}
    for block in blocks(section("README.md", TOUR), "python"):
        exec(compile(block, "README.md", "exec"), names)
    assert len(names["found"]) > 0  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_demo_says_that_it_is_simulated(in_demo: Path) -> None:
    page = (in_demo / "demo" / "report.html").read_text("utf-8")
    assert "SIMULATED" in page and 'http-equiv="refresh"' not in page


@pytest.mark.slow
def test_the_commands_on_real_data_run(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    given = commands(section("README.md", REAL))
    shutil.copytree(ROOT / "examples" / "screening", tmp_path / "examples" / "screening")
    files = {path.name: path for path in shared_data.rglob("*") if path.is_file()}
    for name in {word for arguments in given for word in arguments} & set(files):
        (tmp_path / name).symlink_to(files[name])
    said = {" ".join(arguments): ran(arguments, capsys) for arguments in given}
    kazakhstan = [text for line, text in said.items() if "--via KAZ" in line]
    assert "in_leg_only" in kazakhstan[0] and "customs_union" in kazakhstan[0]
    assert "0 rows" in kazakhstan[1]


def test_each_extract_has_its_commands() -> None:
    words = {word for arguments in commands(section("README.md", REAL)) for word in arguments}
    assert {"eu27_exports_cn8_monthly.parquet", "fts", "comtrade", "eurostat-member-totals", "mirror"} <= words


def test_the_picture_is_small() -> None:
    assert (ROOT / "docs" / "images" / "report.png").stat().st_size < 300_000
