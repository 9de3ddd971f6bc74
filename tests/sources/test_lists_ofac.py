"""OFAC: names, aliases, addresses and comments joined; remarks taken apart; Advanced XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import LakeError, SourceError, UnexpectedLayout
from entrepot.sources.entities import Entity
from entrepot.sources.ofac.remarks import read_remarks
from tests.sources.lists import changed, entities_of, take
from tests.sources.reading import new_lake, written


def test_the_three_files_are_joined(tmp_path: Path) -> None:
    listed = take(tmp_path, "ofac", "sdn.csv", "alt.csv", "add.csv")
    person = listed.of("ofac-101")
    assert person["name"] == ["Ivan Petrovich TESTOV"]
    assert (person["firstName"], person["lastName"]) == (["Ivan Petrovich"], ["TESTOV"])
    assert (person["alias"], person["weakAlias"]) == (["Vanya TESTOV"], ["VANYA"])
    assert (person["address"], person["country"]) == (["1 Test Street, Omsk 644000, Russia"], ["ru"])
    assert listed.of("ofac-102")["previousName"] == ["OOO OBRAZETS"]
    assert listed.of("ofac-102")["country"] == ["cy"]
    assert "1 aliases belong to numbers" in listed.notes and "1 addresses belong to numbers" in listed.notes
    assert "ofac-999" not in listed.entities


def test_types_become_schemas(tmp_path: Path) -> None:
    entities = take(tmp_path, "ofac", "sdn.csv").entities
    schemas = {number: entities[f"ofac-{number}"]["schema"] for number in (101, 102, 103, 104, 105)}
    assert schemas == {101: "Person", 102: "Company", 103: "Vessel", 104: "Airplane", 105: "Organization"}
    assert all(entities[f"ofac-{number}"]["is_target"] for number in schemas)


def test_remarks_become_properties(tmp_path: Path) -> None:
    listed = take(tmp_path, "ofac", "sdn.csv")
    person = listed.of("ofac-101")
    assert person["birthDate"] == ["1971-03-12", "1970"]
    assert (person["birthPlace"], person["birthCountry"]) == (["Omsk, Russia"], ["ru"])
    assert (person["nationality"], person["citizenship"], person["gender"]) == (["ru"], ["cy"], ["male"])
    assert (person["passportNumber"], person["idNumber"]) == (["123456789"], ["77-1"])
    assert (person["taxNumber"], person["innCode"]) == (["770000000012"], ["770000000012"])
    assert (person["email"], person["website"]) == (["i@example.org"], ["www.example.org"])
    assert person["notes"] == ["DOB circa 1970", "Green hat in Particular"]
    assert person["position"] == ["Deputy Chief of Nothing"]
    company = listed.of("ofac-102")
    assert (company["ogrnCode"], company["innCode"], company["okpoCode"]) == (
        ["1027700000001"], ["7700000001"], ["01234567"])  # fmt: skip
    assert (company["swiftBic"], company["incorporationDate"]) == (["SAMPRUMM"], ["2010-02-03"])
    vessel = listed.of("ofac-103")
    assert (vessel["imoNumber"], vessel["mmsi"], vessel["flag"], vessel["pastFlags"]) == (
        ["9000001"], ["352000001"], ["pa"], ["tg"])  # fmt: skip
    assert (vessel["type"], vessel["callSign"], vessel["notes"]) == (
        ["General Cargo"], ["ABCD1"], ["Owner: Sample Shipping"])  # fmt: skip
    assert listed.of("ofac-104")["serialNumber"] == ["1234"]


def test_documents_wallets_sanctions_and_links_are_rows(tmp_path: Path) -> None:
    listed = take(tmp_path, "ofac", "sdn.csv")
    passport = listed.beside("ofac-101", "Passport")[0]
    assert (passport["country"], passport["startDate"], passport["endDate"]) == (
        ["ru"], ["2015-02-01"], ["2025-02-01"])  # fmt: skip
    assert listed.beside("ofac-101", "CryptoWallet")[0]["publicKey"] == ["1TestTestTest"]
    programs = {one["programId"][0]: one for one in listed.beside("ofac-101", "Sanction")}
    assert set(programs) == {"RUSSIA-EO14024", "CYBER2"}
    assert programs["CYBER2"]["provisions"] == ["Secondary sanctions risk: See Section 11"]
    assert listed.beside("ofac-101", "UnknownLink")[0]["object"] == ["ofac-102"]
    assert listed.of("ofac-102")["notes"] == ["Linked To: NOBODY KNOWN"]


def test_what_is_left_over_is_named_and_counted(tmp_path: Path) -> None:
    listed = take(tmp_path, "ofac", "sdn.csv")
    assert "1 pieces of remarks of no known form, kept as notes: Green hat in Particular" in listed.notes
    assert "1 links to a name that is not exactly one party's, kept as notes: NOBODY KNOWN" in listed.notes
    assert listed.faults == [("DOB", "31 Feb 1980")]
    assert "birthDate" not in listed.of("ofac-105")


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("DOB 09 Feb 1951", ["1951-02-09"]),
        ("DOB Feb 1951; alt. DOB 1952", ["1951-02", "1952"]),
        ("DOB 1951 to 1953", ["1951", "1952", "1953"]),
        ("DOB circa 1979-1981", ["1979", "1980", "1981"]),
        ("DOB 01 Jan 1951 to 31 Dec 1951", ["1951"]),
        ("DOB unknown", []),
    ],
)
def test_dates_of_birth_in_remarks(text: str, dates: list[str]) -> None:
    entity = Entity("x", "Person")
    said = read_remarks(text + ".", entity)
    assert entity.properties.get("birthDate", []) == dates
    assert bool(said.faults) == (not dates)


def test_aliases_that_come_later_join_the_names_in_the_lake(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ofac", "sdn.csv")
    take(lake, "ofac", "add.csv")
    one_by_one = take(lake, "ofac", "alt.csv").entities
    at_once = take(tmp_path / "other", "ofac", "sdn.csv", "alt.csv", "add.csv").entities
    assert one_by_one == at_once
    assert "alias" not in entities_of(lake, 1)["ofac-101"]["properties"]


def test_new_names_keep_the_aliases_in_the_lake(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ofac", "sdn.csv", "alt.csv")
    newer = changed(tmp_path, "sdn.csv", ("MADEUP FRONT", "MADEUP FRONT OF ALL"), into="sdn_2.csv")
    listed = take(lake, "ofac", newer)
    assert listed.of("ofac-105")["name"] == ["MADEUP FRONT OF ALL"]
    assert listed.of("ofac-101")["alias"] == ["Vanya TESTOV"]
    with lake.engine() as engine:
        assert engine.rows("SELECT name FROM snapshots ORDER BY 1") == [("alt.csv",), ("sdn_2.csv",)]


def test_remarks_go_on_in_the_file_of_comments(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    cut = changed(tmp_path, "sdn.csv", ("DOB 31 Feb 1980.", "all offices"), into="sdn.csv")
    listed = take(lake, "ofac", cut, "sdn_comments.csv")
    assert listed.of("ofac-105")["weakAlias"] == ["LONG TAIL"]


def test_a_party_of_both_lists_is_one_entity(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ofac", "sdn.csv")
    listed = take(lake, "ofac", "cons_prim.csv")
    assert listed.of("ofac-102")["programId"] == ["RUSSIA-EO14024", "UKRAINE-EO13662"]
    assert listed.of("ofac-102")["ogrnCode"] == ["1027700000001"]
    assert listed.of("ofac-201")["name"] == ["EXAMPLE BANK"]


def test_one_of_several_files_cannot_be_dropped_by_itself(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ofac", "sdn.csv", "alt.csv")
    with lake.engine() as engine:
        alt = engine.rows("SELECT snapshot_id FROM snapshots WHERE name = 'alt.csv'")[0][0]
    with pytest.raises(LakeError, match="joined from several files"):
        lake.drop(alt, at="2026-01-01T00:00:00Z")
    lake.drop("ofac", at="2026-01-01T00:00:00Z")
    assert entities_of(lake) == {}


def test_aliases_without_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"without the names.*sdn\.csv"):
        take(tmp_path, "ofac", "alt.csv")


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedLayout, match="no record of OFAC"):
        take(tmp_path, "ofac", "persons.csv")


def test_a_bad_record_in_the_middle_is_skipped(tmp_path: Path) -> None:
    bad = changed(tmp_path, "sdn.csv", ('104,"EP-TST","aircraft"', '104,"EP-TST"'))
    listed = take(tmp_path, "ofac", bad)
    assert (listed.report.skipped, "ofac-104" in listed.entities, "ofac-105" in listed.entities) == (1, False, True)


def test_a_missing_end_mark_is_told(tmp_path: Path) -> None:
    assert "no end mark" in take(tmp_path, "ofac", changed(tmp_path, "sdn.csv", ("\x1a", ""))).notes


def test_advanced_xml(tmp_path: Path) -> None:
    listed = take(tmp_path, "ofac", "sdn_advanced.xml")
    person = listed.of("ofac-101")
    assert (person["name"], person["weakAlias"]) == (["Ivan Petrovich Testov"], ["Vanya"])
    assert person["birthDate"] == ["1971-03-12", "1969", "1970"]
    assert (person["nationality"], person["gender"], person["birthPlace"]) == (["ru"], ["male"], ["Omsk, Russia"])
    assert person["address"] == ["1 Test Street, Omsk, Russia"]
    assert listed.beside("ofac-101", "Passport")[0]["startDate"] == ["2015-02-01"]
    assert listed.beside("ofac-101", "CryptoWallet")[0]["publicKey"] == ["1TestTestTest"]
    company = listed.of("ofac-102")
    assert (company["previousName"], company["innCode"]) == (["OOO Obrazets"], ["7700000001"])
    sanction = listed.beside("ofac-101", "Sanction")[0]
    assert (sanction["listingDate"], sanction["programId"]) == (["2022-03-01"], ["RUSSIA-EO14024"])
    assert sanction["reason"] == ["Executive Order 00000 (Example)"]
    edge = listed.beside("ofac-102", "Ownership")[0]
    assert (edge["asset"], edge["owner"]) == (["ofac-102"], ["ofac-101"])
    assert "Favourite colour green" in listed.notes and "relations with a party that is not in the file" in listed.notes


def test_advanced_xml_takes_the_place_of_the_csv_and_the_other_way_round(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ofac", "sdn.csv", "alt.csv")
    assert "ofac-103" not in take(lake, "ofac", "sdn_advanced.xml").entities
    back = take(lake, "ofac", "sdn.csv")
    assert back.of("ofac-101")["name"] == ["Ivan Petrovich TESTOV"]
    assert len(lake.version().snapshots) == 1


@pytest.mark.parametrize(
    "end", ["103,\"SEA", '103,"SEA SAMPLE","vessel","DPRK4",-0- ,"ABCD1"', '103,"SEA SAMPLE","vessel","DPRK4"\r\n']
)  # fmt: skip
def test_a_file_cut_in_a_record_is_refused(tmp_path: Path, end: str) -> None:
    lake = new_lake(tmp_path)
    take(lake, "ofac", "sdn.csv")
    before = (Path(__file__).parents[1] / "fixtures" / "lists" / "sdn.csv").read_bytes().partition(b"103,")[0]
    with pytest.raises(SourceError, match="as in a file that was cut; the version of 2024-05-01 stays current"):
        take(lake, "ofac", written(tmp_path, before + end.encode(), "sdn.csv"))
    assert (lake.version().version, len(entities_of(lake)) > 5) == (1, True)
