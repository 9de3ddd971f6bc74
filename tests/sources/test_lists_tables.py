"""Lists as tables: EU Official Journal, US screening list, denied persons; a user's own records."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import SourceError, UnexpectedLayout
from tests.sources.lists import LISTS, changed, entities_of, take
from tests.sources.reading import new_lake, written


def test_official_journal(tmp_path: Path) -> None:
    listed = take(tmp_path, "eu-oj", "32099R0001.csv")
    person = listed.of("32099R0001-I.PERSONS-1")
    assert (person["name"], person["alias"]) == (
        ["Ivan Petrovich TESTOV"], ["Иван Петрович ТЕСТОВ", "Ivan TESTOFF", "Іван ТЕСТОВ"])  # fmt: skip
    assert (person["birthDate"], person["nationality"], person["gender"]) == (
        ["1971-03-12", "1970"], ["ru"], ["male"])  # fmt: skip
    passport = listed.beside("32099R0001-I.PERSONS-1", "Passport")[0]
    assert (passport["number"], passport["country"], passport["startDate"], passport["endDate"]) == (
        ["123456789"], ["ru"], ["2015-02-01"], ["2025-02-01"])  # fmt: skip
    sanction = listed.beside("32099R0001-I.PERSONS-1", "Sanction")[0]
    assert (sanction["startDate"], sanction["reason"]) == (["2022-03-17"], ["Invented."])
    company = listed.of("32099R0001-IV-1")
    assert (company["innCode"], company["ogrnCode"], company["kppCode"]) == (
        ["7700000001"], ["1027700000001"], ["770001001"])  # fmt: skip
    assert (company["topics"], company["email"]) == (["export.control"], ["a@example.org", "b@example.org"])
    assert "imoNumber" not in company and company["notes"] == ["imoNumber: Does not exist"]
    assert listed.faults == [("birthDate", "n/a"), ("startDate", "some day")]


def test_one_regulation_is_replaced_by_itself(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    other = changed(tmp_path, "32099R0001.csv", ("32099R0001", "32099R0002"), into="32099R0002.csv")
    take(lake, "eu-oj", "32099R0001.csv", other)
    lines = (LISTS / "32099R0001.csv").read_text("utf-8").splitlines()
    newer = written(tmp_path, "\n".join(lines[:2]) + "\n", "renamed.csv")
    entities = take(lake, "eu-oj", newer).entities
    targets = sorted(entity_id for entity_id, one in entities.items() if one["is_target"])
    assert targets == ["32099R0001-I.PERSONS-1", "32099R0002-I.PERSONS-1", "32099R0002-IV-1", "32099R0002-IV-2"]


def test_screening_list(tmp_path: Path) -> None:
    listed = take(tmp_path, "csl", "csl.csv", "dpl.txt")
    person = listed.of("csl-SDN-101")
    assert (person["name"], person["alias"]) == (["Ivan Petrovich TESTOV"], ["Vanya TESTOV"])
    assert (person["passportNumber"], person["email"]) == (["123456789"], ["i@example.org"])
    assert (person["birthDate"], person["citizenship"], person["country"]) == (
        ["1971-03-12", "1970"], ["cy"], ["ru"])  # fmt: skip
    assert listed.beside("csl-SDN-101", "Passport")[0]["country"] == ["ru"]
    topics = {one["caption"]: one["properties"]["topics"] for one in listed.entities.values() if one["is_target"]}
    assert topics == {"Ivan Petrovich TESTOV": ["sanction"], "Example Imports": ["export.control"],
                      "MADE UP PERSON": ["export.control"]}  # fmt: skip
    denied = next(one for one in listed.entities.values() if one["caption"] == "Denied Persons List")["properties"]
    assert (denied["startDate"], denied["endDate"]) == (["2023-06-19"], ["2033-06-29"])


def test_records_of_four_kinds(tmp_path: Path) -> None:
    listed = take(tmp_path, "records", "persons.csv", "companies.csv", "ownership.csv", "directorship.csv")
    person = listed.of("C1")
    assert (person["name"], person["alias"], person["phone"]) == (
        ["Ivan Testov"], ["Vanya Testov", "I. Testov"], ["+7 1", "+7 2"])  # fmt: skip
    assert (person["nationality"], person["birthDate"], person["topics"]) == (
        ["ru", "cy"], ["1971-03-12"], ["role.pep"])  # fmt: skip
    assert (listed.entities["C1"]["schema"], listed.entities["C1"]["is_target"]) == ("Person", None)
    assert listed.of("F1") == {
        "name": ["Sample Trading LLC"], "country": ["ru"], "incorporationDate": ["2010-02-03"],
        "taxNumber": ["7700000001"]}  # fmt: skip
    owning = {one["owner"][0]: one for one in listed.beside("F1", "Ownership")}
    assert (owning["C1"]["percentage"], owning["C1"]["startDate"]) == (["51"], ["2015-01-01"])
    assert "percentage" not in owning["C2"]
    assert listed.beside("F1", "Directorship")[0]["director"] == ["C1"]


def test_records_that_cannot_be_used_are_issues(tmp_path: Path) -> None:
    listed = take(tmp_path, "records", "persons.csv", "ownership.csv")
    assert set(listed.faults) == {
        ("birth_date", "03/04/1980"), ("name", ""), ("percentage", "149"), ("owner_id", "")}  # fmt: skip
    assert listed.report.skipped == 1
    assert "columns not read" not in listed.notes and "Atlantis" in listed.notes


def test_documents_are_rows_beside_their_holders(tmp_path: Path) -> None:
    listed = take(tmp_path, "records", "persons.csv", "documents.csv")
    papers = {one["recordId"][0]: one for holder in ("C1", "C2") for schema in ("Passport", "Identification")
              for one in listed.beside(holder, schema)}  # fmt: skip
    assert papers["D1"] == {
        "holder": ["C1"], "recordId": ["D1"], "type": ["passport"], "number": ["AB1234567"], "country": ["kg"],
        "authority": ["Office 12"], "startDate": ["2019-05-04"], "endDate": ["2029-05-03"]}  # fmt: skip
    assert set(papers) == {"D1", "D2", "D5"} and listed.beside("C1", "Identification")[0]["type"] == ["iin"]
    assert {("person_id", ""), ("number", ""), ("issue_date", "31.02.2020")} <= set(listed.faults)
    assert "decree" in listed.notes


def test_a_kind_is_replaced_by_itself(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "records", "persons.csv", "companies.csv")
    fewer = written(tmp_path, "person_id,name\nC9,Someone Else\n", "persons.csv")
    assert set(take(lake, "records", fewer).entities) == {"C9", "F1"}


def test_other_columns_by_a_mapping(tmp_path: Path) -> None:
    listed = take(tmp_path, "records", "customers.csv", mapping=LISTS / "customers.toml")
    assert listed.of("K1") == {
        "name": ["Ivan Testov"], "firstName": ["Ivan"], "lastName": ["Testov"], "birthDate": ["1971-03-12"],
        "passportNumber": ["123456789"]}  # fmt: skip


def test_a_column_that_the_mapping_names_must_be_there(tmp_path: Path) -> None:
    path = changed(tmp_path, "customers.csv", ("Geburtstag", "Geburt"))
    with pytest.raises(UnexpectedLayout, match="Geburtstag"):
        take(tmp_path, "records", path, mapping=LISTS / "customers.toml")


def test_records_of_no_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match="no column that names a person"):
        take(tmp_path, "records", "customers.csv")


def test_a_mapping_names_the_encoding(tmp_path: Path) -> None:
    path = written(tmp_path, "person_id,name\nC1,Иван Тестов\n".encode("cp1251"), "p.csv")
    with pytest.raises(SourceError, match="which is not utf-8"):
        take(tmp_path, "records", path)
    mapping = written(tmp_path, '[read]\nencoding = "windows-1251"\n', "m.toml")
    assert take(tmp_path, "records", path, mapping=mapping).of("C1")["name"] == ["Иван Тестов"]


@pytest.mark.parametrize(
    ("source", "name", "renamed"),
    [("eu-oj", "32099R0001.csv", "recordId"), ("csl", "csl.csv", "addresses"), ("csl", "dpl.txt", "Effective_Date"),
     ("uk", "uk.csv", "Unique ID"), ("ftm", "targets.simple.csv", "schema")],
)  # fmt: skip
def test_a_renamed_column_is_refused(tmp_path: Path, source: str, name: str, renamed: str) -> None:
    with pytest.raises(UnexpectedLayout):
        take(tmp_path, source, changed(tmp_path, name, (renamed, "renamed")))


@pytest.mark.parametrize(
    ("source", "name"), [("eu-oj", "32099R0001.csv"), ("csl", "csl.csv"), ("uk", "uk.csv"), ("records", "persons.csv")]
)
def test_a_table_cut_in_its_last_record_changes_nothing(tmp_path: Path, source: str, name: str) -> None:
    lake = new_lake(tmp_path)
    before = take(lake, source, name).entities
    data = (LISTS / name).read_bytes().rstrip()
    with pytest.raises(SourceError, match="cut; the version of 2024-05-01 stays current"):
        take(lake, source, written(tmp_path, data[: data.rindex(b"\n") + 12], name))
    assert (lake.version().version, entities_of(lake)) == (1, before)


def test_dirty_cells(tmp_path: Path) -> None:
    odd = ["", "x", "12345", "a" * 10_000, "Иvаn", "a\u200bb", "\u202eabc", "<b>x</b>", "'; DROP TABLE parties; --",
           "=1+1", ";".join(f"alias {n}" for n in range(40))]  # fmt: skip
    lines = [f'P{n},"{text}","{text}"' for n, text in enumerate(odd)]
    path = written(tmp_path, "person_id,name,other_names\n" + "\n".join(lines) + "\nP1,Again,\n", "p.csv")
    listed = take(tmp_path, "records", path)
    assert len(listed.entities) == len(odd)
    assert listed.of("P7")["name"] == ["<b>x</b>"] and listed.of("P8")["name"] == ["'; DROP TABLE parties; --"]
    assert len(listed.of("P10")["alias"]) == 40
    assert ("id", "P1") in listed.faults
