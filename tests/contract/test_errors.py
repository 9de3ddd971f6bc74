"""One shape of error: one line on stderr that names the place and the remedy, nothing on stdout, exit code 1 or 2."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from entrepot import errors
from entrepot.cli import main
from entrepot.lake import open_lake
from tests.lake.made import cell, put

ROUTES = "routes --lake {lake} --destination RUS --event 2022-03"
MIRROR = "mirror --lake {lake} --exporter DEU --importer KAZ"

BAD = [
    "lake status --lake {tmp}/absent",
    "lake drop --lake {lake} nothing",
    "ingest nothing {tmp}/empty.csv --lake {tmp}/new",
    "ingest flows {tmp}/absent.csv --lake {tmp}/new",
    "ingest flows {tmp} --lake {tmp}/new",
    "ingest flows {tmp}/empty.csv --lake {tmp}/new",
    "ingest flows {tmp}/header.csv --lake {tmp}/new",
    "ingest flows {tmp}/other.csv --lake {tmp}/new",
    "ingest flows {tmp}/cut.parquet --lake {tmp}/new",
    "ingest flows {tmp}/other.csv --mapping {tmp}/absent.toml --lake {tmp}/new",
    "ingest flows {tmp}/other.csv --mapping {tmp}/wrong.toml --lake {tmp}/new",
    "routes --lake {tmp}/absent --destination RUS --event 2022-03",
    "routes --lake {lake} --destination XQX --event 2022-03",
    "routes --lake {lake} --destination RUS --event 2022",
    "routes --lake {lake} --destination RUS --event 2022-13",
    "routes --lake {lake} --destination RUS --event 2031-01",
    "routes --lake {lake} --destination BRA --event 2021-02",
    ROUTES + " --until 2021-01",
    ROUTES + " --via XQX",
    ROUTES + " --origins NOBODY",
    ROUTES + " --products nothing",
    ROUTES + " --products {tmp}/absent.csv",
    ROUTES + " --out {tmp}/absent/routes.csv",
    MIRROR.replace("DEU", "XQX"),
    MIRROR.replace("DEU", "EU27"),
    MIRROR + " --event never",
    MIRROR + " --products nothing",
    "alerts list --lake {tmp}/absent",
    "alerts add {tmp}/absent.csv --from routes --lake {lake} --as ann",
    "alerts add {tmp}/other.csv --from routes --lake {lake} --as ann",
    "alerts show a-none --lake {lake} --as ann",
    "alerts list --status new --lake {lake} --as ann",
    "alerts list --store nothing://here",
    "alerts diff --since never --lake {lake} --as ann",
    "case new Title --at yesterday --lake {lake} --as ann",
    "case note c-none text --lake {lake} --as ann",
    "case replay {tmp}/absent.zip",
    "case replay {tmp}/cut.parquet",
    "case verify {tmp}/cut.parquet",
    "case list --policy {tmp}/wrong.toml --lake {lake} --as ann",
]
MISUSED = [
    "nothing",
    "lake",
    "routes --lake {lake}",
    ROUTES + " --alpha 0",
    ROUTES + " --alpha 1",
    ROUTES + " --alpha much",
    ROUTES + " --level 5",
    ROUTES + " --out {tmp}/routes.docx",
    ROUTES + " --nothing",
    "mirror --exporter DEU",
    "demo --seed -1",
    "fetch nothing",
    "alerts",
    "alerts add {tmp}/other.csv --lake {lake}",
    "alerts diff --lake {lake}",
    "case freeze c-none --lake {lake}",
    "case export c-none --out {tmp}/a.docx --lake {lake}",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small lake and a handful of files that cannot be read."""
    tmp = tmp_path_factory.mktemp("bad")
    lake = open_lake(tmp / "lake", create=True)
    put(lake, "a", *(cell(f"2021-{month:02d}") for month in range(1, 13)))
    (tmp / "empty.csv").write_bytes(b"")
    (tmp / "header.csv").write_text("period,reporter_iso3,partner_iso3,flow,hs_code,value_usd\n")
    (tmp / "other.csv").write_text("name,age\nsomebody,41\n")
    (tmp / "cut.parquet").write_bytes(b"PAR1 and no more")
    (tmp / "wrong.toml").write_text("[columns\n")
    return {"tmp": tmp, "lake": lake.path}


def run(line: str, place: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main([part.format(**place) for part in line.split()])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("line", BAD)
def test_bad_input_is_one_line_with_a_place_and_a_remedy(
    line: str, place: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, error = run(line, place, capsys)
    assert (code, out) == (1, ""), error
    assert error.startswith("entrepot: error: ") and error.count("\n") == 1 and "Traceback" not in error
    # Found, then what to do next: a second sentence.
    assert error.rstrip().endswith((".", "?")) and ". " in error, error


@pytest.mark.parametrize("line", MISUSED)
def test_wrong_usage_is_two(line: str, place: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = run(line, place, capsys)
    assert code == 2 and error


def test_a_failed_ingest_makes_no_version(place: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    before = len(open_lake(place["lake"]).history())
    code, _, _ = run("ingest flows {tmp}/other.csv --lake {lake}", place, capsys)
    assert code == 1 and len(open_lake(place["lake"]).history()) == before


def test_every_error_keeps_its_three_parts_apart() -> None:
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.EntrepotError):
            error = kind("found 'x'", where="here", remedy="Do that.")
            assert (error.found, error.where, error.remedy) == ("found 'x'", "here", "Do that.")
            assert str(error) == "here: found 'x'. Do that."


def test_a_message_of_several_lines_becomes_one() -> None:
    assert str(errors.SourceError("two\nlines", where="a\nb")) == "a b: two lines"
