"""``entrepot alerts``: from an answer to an alert that somebody closes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from entrepot.cli import main
from tests.cases.made import route

AT = "2026-05-04T08:00:00Z"


def run(
    line: str, store: Path, capsys: pytest.CaptureFixture[str], by: str = "ann", at: str = AT
) -> tuple[int, str, str]:
    """Exit code, stdout, stderr of a command on a store."""
    words = [word.replace("~", " ") for word in line.split()]
    code = main([*words, "--store", str(store), "--as", by, "--at", at])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    rows = [route(), route("ARM", low=500.0), route("KAZ", is_alert=False)]
    path = tmp_path / "routes.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def store(tmp_path: Path, answer: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    store = tmp_path / "desk.sqlite"
    assert run(f"alerts add {answer} --from routes --measure m-1", store, capsys)[0] == 0
    assert run("case user bob --role reviewer", store, capsys)[:2] == (0, "bob is reviewer\n")
    return store


def ids(store: Path, capsys: pytest.CaptureFixture[str], options: str = "") -> list[str]:
    return [one["alert_id"] for one in json.loads(run(f"alerts list --json {options}", store, capsys)[1])]


def test_the_first_user_of_a_new_store_is_told_to_be_its_admin(
    tmp_path: Path, answer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, said = run(f"alerts add {answer} --from routes", tmp_path / "new.sqlite", capsys)
    assert code == 0 and "ann is its admin" in said and "2 new alerts" in said


def test_alerts_are_listed_gravest_first(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run("alerts list", store, capsys)
    assert code == 0 and [line.split()[1] for line in out.splitlines()[1:]] == ["critical", "medium"]
    assert len(ids(store, capsys, "--severity critical")) == 1


def test_an_alert_is_shown_with_what_it_rests_on(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alert = ids(store, capsys)[0]
    out = run(f"alerts show {alert}", store, capsys)[1]
    assert "KGZ to RUS, goods 854231" in out and "rests on measure:m-1" in out and "raised by ann, open" in out
    assert json.loads(run(f"alerts show {alert} --json", store, capsys)[1])["findings"][0]["source"] == "routes"


def test_closing_what_counts_takes_two(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = f"alerts close {ids(store, capsys)[0]} --reason explained"
    assert "waits for a second person" in run(line, store, capsys)[1]
    assert run(line, store, capsys)[0] == 1
    assert "is closed" in run(line, store, capsys, by="bob")[1]


def test_an_alert_is_assigned_escalated_and_suppressed(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alert = ids(store, capsys)[1]
    assert "is assigned, bob has it" in run(f"alerts assign {alert} bob", store, capsys)[1]
    assert "is escalated" in run(f"alerts assign {alert} bob --escalate --reason look", store, capsys)[1]
    assert "is suppressed" in run(f"alerts suppress {alert} --until 2026-06-01 --reason known", store, capsys)[1]
    assert ids(store, capsys, "--status open") == [ids(store, capsys)[0]]


def test_diff_shows_what_is_new(store: Path, answer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer.write_text(answer.read_text().replace("500.0", "900.0"))
    run(f"alerts add {answer} --from routes --measure m-2", store, capsys, at="2026-05-09T08:00:00Z")
    code, out, _ = run("alerts diff --since 2026-05-05 --json", store, capsys)
    assert code == 0 and [(one["what"], one["because"]) for one in json.loads(out)] == [("changed", "measure:m-2")]
    assert run(f"alerts diff --since 2026-05-05 --out {tmp_path / 'd.csv'}", store, capsys)[0] == 0


def test_the_store_lies_in_the_lake_by_default(
    tmp_path: Path, answer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from entrepot.lake import open_lake

    open_lake(tmp_path / "lake", create=True)
    assert (
        main(["alerts", "add", str(answer), "--from", "routes", "--lake", str(tmp_path / "lake"), "--as", "ann"]) == 0
    )
    assert (tmp_path / "lake" / "desk" / "desk.sqlite").is_file() and len(open_lake(tmp_path / "lake").verify()) == 0
