"""``entrepot case``: from a title to a file that is replayed elsewhere, and to a draft that a person files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from entrepot.cases import add_findings, open_store
from entrepot.cli import main
from entrepot.cli.case_query import query_of_line
from entrepot.lake import Lake
from tests.cases.made import found, people, route, screened
from tests.cli.test_alerts import AT, run
from tests.factory import ORIGINS, lake_of, present, series

ROUTES = f"routes~--destination~RUS~--event~2020-07~--origins~{ORIGINS}~--via~KAZ"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    rising = series([100.0 + n % 3 for n in range(18)] + [900.0 + n % 5 for n in range(12)])
    quiet = [series([80.0 + n % 4 for n in range(30)], hs_code=code) for code in ("854232", "854233")]
    return lake_of(tmp_path_factory.mktemp("made"), present(), present(partner_iso3="RUS"), rising, *quiet)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "desk.sqlite"
    with open_store(path) as made:
        people(made)
        findings = [*found(route()), *found(screened(), source="screen")]
        add_findings(made, findings, by="cat", at=AT)
    return path


@pytest.fixture
def case(store: Path, lake: Lake, capsys: pytest.CaptureFixture[str]) -> str:
    """A case with both alerts, a note and a query."""
    case = run("case new A~case", store, capsys)[1].strip()
    listed = json.loads(run("alerts list --json", store, capsys)[1])
    alerts = " ".join(f"--alert {one['alert_id']}" for one in listed)
    code, out, said = run(f"case add {case} {alerts} --query {ROUTES}", store, capsys)
    assert code == 0 and "3 items" in out, said
    assert run(f"case note {case} looked~at~it", store, capsys)[0] == 0
    return case


@pytest.fixture
def file(case: str, store: Path, lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "case.zip"
    code, out, said = run(f"case freeze {case} --out {path} --lake {lake.path}", store, capsys)
    assert code == 0 and out.endswith(f"  {path}\n") and "does not give the same" not in said
    return path


def test_a_case_goes_from_a_title_to_a_replay(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", "replay", str(file)]) == 0
    said = capsys.readouterr()
    assert said.out == "the same\n" and "1 queries" in said.err
    assert main(["case", "verify", str(file)]) == 0


def test_a_replay_that_differs_lists_the_cells_and_fails(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.cases.test_cases import repacked

    def change(files: dict[str, bytes]) -> None:
        files["answers/01.json"] = files["answers/01.json"].replace(b'"KAZ"', b'"KGZ"')

    other = repacked(file, tmp_path / "other.zip", change)
    assert main(["case", "replay", str(other), "--json"]) == 1
    said = capsys.readouterr()
    assert {one["column"] for one in json.loads(said.out)} == {"(row)"} and "differences" in said.err


def test_the_store_is_verified_against_a_file(file: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"case verify {file}", store, capsys)[0] == 0
    assert run("case verify", store, capsys)[:2] == (0, "everything holds\n")


def test_a_case_is_shown_with_what_is_in_it(case: str, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run(f"case show {case}", store, capsys)[1]
    assert "note by ann: looked at it" in out and "query by ann: routes" in out and "opened by ann, open" in out
    assert len(json.loads(run(f"case show {case} --json", store, capsys)[1])["alerts"]) == 2


def test_an_altered_file_does_not_verify(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = bytearray(file.read_bytes())
    content[content.index(b"looked at it")] ^= 1
    file.write_bytes(content)
    assert main(["case", "verify", str(file)]) == 1
    said = capsys.readouterr()
    assert "case.json" in said.out and "1 things do not hold" in said.err


@pytest.mark.parametrize(
    ("ending", "holds"), [("html", "<h1>A case</h1>"), ("csv", "routes:in"), ("jsonl", '"Similar"')]
)
def test_a_case_is_exported(
    ending: str, holds: str, case: str, file: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for what in (case, str(file)):
        out = tmp_path / f"out.{ending}"
        assert run(f"case export {what} --out {out}", store, capsys)[0] == 0
        assert holds in out.read_text("utf-8")


def test_a_public_file_and_page_name_nobody(
    case: str, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "public.html"
    _, _, said = run(f"case export {case} --out {out} --public", store, capsys)
    assert "left out: the name and the findings of person 1" in said and "Zxcvbnik" not in out.read_text("utf-8")


def test_a_file_for_the_house_is_not_made_public_later(
    file: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, said = run(f"case export {file} --out {tmp_path / 'x.html'} --public", store, capsys)
    assert code == 1 and "frozen for the house" in said


def test_a_draft_is_written_for_its_owner_alone_and_enters_no_file(
    case: str, store: Path, lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filer, out = tmp_path / "filer.toml", tmp_path / "draft.xml"
    filer.write_text('rentity_id = 7\nfirst_name = "Ann"\nlast_name = "Officer"\nreason = "why"\n')
    assert run(f"case export {case} --out {out} --filer {filer}", store, capsys)[0] == 0
    assert b"DRAFT" in out.read_bytes() and out.stat().st_mode & 0o077 == 0
    assert run(f"case add {case} --document {out}", store, capsys)[0] == 1
    assert run(f"case freeze {case} --out {tmp_path / 'c.zip'} --lake {lake.path}", store, capsys)[0] == 0
    with zipfile.ZipFile(tmp_path / "c.zip") as made:
        assert not any(b"draft" in made.read(name).lower() for name in made.namelist() if "lake" not in name)


def test_a_case_is_closed_filed_and_published_by_two(
    case: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = json.loads(run("alerts list --kind person --json", store, capsys)[1])[0]["alert_id"]
    lines = (
        f"case publish {case} {person} --evidence e --reply r",
        f"case file {case} --reference R-1",
        f"case close {case} --reason done",
    )
    for line in lines:
        assert "waits for a second person" in run(line, store, capsys, by="cat")[1]
        assert run(line, store, capsys, by="cat")[0] == 1
        assert run(line, store, capsys, by="bob")[0] == 0
    assert [one["status"] for one in json.loads(run("case list --json", store, capsys)[1])] == ["closed"]
    assert "is open" in run(f"case assign {case} bob --reason again", store, capsys)[1]


def test_somebody_is_erased(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("case erase person c-1", store, capsys)[:2] == (0, "erased: 1 alerts, 0 cases\n")
    assert "Zxcvbnik" not in run("alerts list", store, capsys)[1] and run("case erase", store, capsys)[0] == 0


@pytest.mark.parametrize(
    "line", ["effect~--date~x", "screen~x.csv~--against~ofac~--diff~1", "check~x.csv~--kind~card~--fairness"]
)
def test_a_query_that_cannot_be_replayed_is_refused(
    line: str, case: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, said = run(f"case add {case} --query {line}", store, capsys)
    assert (code == 1 and "cannot be replayed" in said) or "cannot replay" in said


def test_an_admin_adds_and_deactivates_users(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("case user eve", store, capsys)[1] == "eve is analyst\n"
    assert run("case user eve --deactivate", store, capsys)[0] == 0
    assert run("case new t", store, capsys, by="eve")[0] == 1


def test_where_a_lake_has_a_desk_a_judgement_takes_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = lake_of(tmp_path, present())
    line = ["parties", "judge", "c-1", "ofac-1", "different", "--reason", "seen", "--lake", str(lake.path), "--by"]
    with open_store(lake.path / "desk" / "desk.sqlite") as made:
        people(made)
    assert [main([*line, by]) for by in ("cat", "cat", "bob")] == [0, 1, 0]
    said = capsys.readouterr()
    assert said.out.startswith("proposed;") and "c-1 and ofac-1: different" in said.out


def test_a_flag_of_a_question_is_replayed_and_only_where_it_was_given() -> None:
    line = "routes --destination RUS --event 2022-03"
    assert query_of_line(f"{line} --sellers").parameters["has_sellers"] is True
    assert "has_sellers" not in query_of_line(line).parameters
