"""``entrepot parties``: links, judgements that survive, ownership and successors from files. Everybody is invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.cli import main
from tests.parties.screening import PEOPLE, entities, lake_with, take

PERSONS = """person_id,name,birth_date,phone
p1,Асанов Бакыт Токтогулович,1985-08-15,+996 555 123 456
p2,Bakyt Toktogul uulu,1985-08-15,0555 123 456
p3,Gulnara Sadykova,1971-12-30,
"""


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["parties", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_links_and_a_judgement_that_outlives_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    persons, lake = written(tmp_path, "persons.csv", PERSONS), tmp_path / "lake"
    before = json.loads(told(capsys, "link", persons, "--json"))
    told(capsys, "judge", "p1", "p2", "different", "--by", "R. Example", "--reason", "two faces", "--lake", lake)
    after = json.loads(told(capsys, "link", persons, "--lake", lake, "--json"))
    assert [row["verdict"] for row in before] == ["same"]
    assert [(row["verdict"], row["judgement"]) for row in after] == [("different", "different")]
    assert "withdrawn" in told(capsys, "judge", "p2", "p1", "withdrawn", "--by", "R", "--reason", "x", "--lake", lake)
    again = json.loads(told(capsys, "link", persons, "--lake", lake, "--json"))
    assert [row["verdict"] for row in again] == ["same"]


def test_ownership_from_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = written(tmp_path, "listed.csv", "entity_id,regime,listing_date\nA,OFAC,2022-03-01\nB,UK,2022-03-01\n")
    held = written(tmp_path, "held.csv", "owner_id,asset_id,percentage,start_date\nA,X,50,2015\nX,Y,50,\nB,Y,50,\n")
    asked = ("owned", "--listed", listed, "--ownership", held, "--regime", "OFAC,UK", "--as-of", "2026-01-01", "--json")
    found = {(row["party_id"], row["regime"]): row for row in json.loads(told(capsys, *asked))}
    assert {key: row["status"] for key, row in found.items()} == {
        ("X", "OFAC"): "blocked_by_ownership",
        ("Y", "OFAC"): "blocked_by_ownership",
        ("Y", "UK"): "not",
    }
    assert json.loads(found["Y", "OFAC"]["via"])[0]["parties"] == ["A", "X", "Y"]
    before = (*asked[:-3], "--as-of", "2022-02-28", "--json")
    assert json.loads(told(capsys, *before)) == []


def test_a_percentage_that_is_none_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = written(tmp_path, "listed.csv", "entity_id\nA\n")
    held = written(tmp_path, "held.csv", "owner_id,asset_id,percentage\nA,X,fifty\n")
    assert main(["parties", "owned", "--listed", str(listed), "--ownership", str(held)]) == 1
    assert "row 1" in (line := capsys.readouterr().err) and "'fifty'" in line


def test_successors_from_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    companies = written(
        tmp_path,
        "companies.csv",
        "company_id,incorporation_date,phone\nold,2015-01-01,+996 312 111222\nnew,2024-03-01,0312 111222\n",
    )
    listings = written(tmp_path, "listings.csv", "listing_id,entity_id,listing_date\nl1,old,2024-02-01\n")
    found = json.loads(told(capsys, "successors", companies, "--listings", listings, "--as-of", "2026-01-01", "--json"))
    assert [(row["listed_id"], row["company_id"], row["days"]) for row in found] == [("old", "new", 29)]
    assert found[0]["reading"].startswith("consistent with")


def test_documents_that_contradict_themselves_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    persons = written(tmp_path, "persons.csv", PERSONS)
    papers = written(
        tmp_path,
        "papers.csv",
        "document_id,person_id,kind,number,issuer_country,issue_date,expiry_date,birth_date_as_printed\n"
        "d1,p1,passport,AC1234567,KGZ,2015-03-01,2025-02-28,1985-08-15\n"
        "d2,p2,passport,AC7654321,KGZ,2015-03-01,2014-03-01,1985-08-16\n",
    )
    out = tmp_path / "facts.csv"
    told(capsys, "documents", papers, "--persons", persons, "--as-of", "2026-01-15", "--out", out)
    facts = [line.split(",")[:3] for line in out.read_text("utf-8").splitlines()[1:]]
    assert facts == [["d2", "p2", "birth_person"], ["d2", "p2", "expiry_before_issue"]]


def test_a_table_without_documents_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parties", "documents", str(written(tmp_path, "persons.csv", PERSONS))]) == 1
    assert "document_id" in capsys.readouterr().err


def test_what_lists_changed_since_a_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = lake_with(tmp_path)
    take(lake, tmp_path, entities(PEOPLE[1:]), at="2026-03-02T10:00:00Z")
    rows = json.loads(told(capsys, "changes", "--since", 1, "--lake", lake.path, "--json"))
    assert [(row["source_id"], row["party_id"], row["change"]) for row in rows] == [("ftm", "p-1", "removed")]
    assert main(["parties", "changes", "--since", "2020-01-01", "--lake", str(lake.path)]) == 1
    assert "held nothing on 2020-01-01" in capsys.readouterr().err
