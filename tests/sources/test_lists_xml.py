"""Lists in XML: UN, EU, UK, Kyrgyzstan; files that end early and hostile ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.sources import xml_records
from tests.sources.lists import LISTS, changed, entities_of, take
from tests.sources.reading import new_lake, written

FILES = {"un": "un.xml", "eu": "eu_fsf.xml", "uk": "uk.xml", "kg-fiu": "kg_fiu.xml", "ofac": "sdn_advanced.xml"}


def test_un(tmp_path: Path) -> None:
    listed = take(tmp_path, "un", "un.xml")
    person = listed.of("un-1001")
    assert person["name"] == ["MADEUP TESTER OF EXAMPLES", "تجربة"]
    assert (person["alias"], person["weakAlias"]) == (["M. Tester"], ["The Tester"])
    assert person["birthDate"] == ["1973", "1974", "1975"]
    assert (person["nationality"], person["birthCountry"], person["country"]) == (["rw"], ["cd"], ["cd"])
    assert (person["passportNumber"], person["idNumber"]) == (["PC 000001"], ["1-23-45"])
    assert (person["position"], person["title"], person["gender"]) == (["General of nothing"], ["Dr."], ["male"])
    assert listed.entities["un-1001"]["last_change"] == "2020-01-02"
    passport = listed.beside("un-1001", "Passport")[0]
    assert (passport["startDate"], passport["endDate"]) == (["2013-06-11"], ["2016-11-28"])
    sanction = listed.beside("un-1001", "Sanction")[0]
    assert (sanction["listingDate"], sanction["unscId"]) == (["2012-12-31"], ["CDi.999"])
    front = listed.of("un-2001")
    assert (front["name"], front["alias"], front["previousName"]) == (
        ["EXAMPLE FRONT"], ["FRONT OF EXAMPLES"], ["Old Front"])  # fmt: skip
    assert listed.beside("un-2001", "Sanction")[0]["listingDate"] == ["2015-03-27"]


def test_un_faults_and_leftovers(tmp_path: Path) -> None:
    listed = take(tmp_path, "un", "un.xml")
    assert ("DATE_OF_BIRTH", "1974-02-31") in listed.faults and ("FIRST_NAME", "1002") in listed.faults
    assert (listed.report.skipped, "un-1002" in listed.entities) == (1, False)
    assert "1 elements not read: HAIR_COLOUR" in listed.notes
    with listed.lake.engine() as engine:
        assert engine.rows("SELECT count(*), min(extracted_date) FROM snapshots") == [(1, "2026-03-01")]


def test_eu(tmp_path: Path) -> None:
    listed = take(tmp_path, "eu", "eu_fsf.xml")
    person = listed.of("EU.1.1")
    assert (person["name"], person["alias"], person["weakAlias"]) == (
        ["Ivan Testov"], ["Иван Тестов"], ["Vanya"])  # fmt: skip
    assert (person["birthDate"], person["birthCountry"]) == (["1971-03-12", "1970"], ["ru"])
    assert (person["phone"], person["country"], person["programId"]) == (["+7 495 0000000"], ["ru"], ["UKR"])
    passport = listed.beside("EU.1.1", "Passport")[0]
    assert (passport["endDate"], passport["summary"]) == (["2025-02-01"], ["reportedLost"])
    assert listed.beside("EU.1.1", "Sanction")[0]["authorityId"] == ["2022/999 (OJ L1)"]
    assert listed.of("EU.1.2")["registrationNumber"] == ["1027700000001"]
    assert "novelty/@shade" in listed.notes


def test_uk_xml(tmp_path: Path) -> None:
    listed = take(tmp_path, "uk", "uk.xml")
    person = listed.of("RUS9001")
    assert person["name"] == ["Ivan Petrovich Testov"]
    assert (person["alias"], person["weakAlias"]) == (["Ivan Testoff", "Иван Петрович Тестов"], ["Vanya Testov"])
    assert person["birthDate"] == ["1971-03-12", "1970"]
    assert (person["lastName"], person["birthPlace"]) == (["Testov"], ["Omsk, Russia"])
    assert listed.beside("RUS9001", "Sanction")[0]["provisions"] == ["Asset freeze", "Travel Ban"]
    assert listed.beside("RUS9001", "Sanction")[0]["startDate"] == ["2022-03-01"]
    assert listed.of("RUS9002")["imoNumber"] == ["9000001"] and listed.entities["RUS9002"]["schema"] == "Vessel"
    assert listed.faults == [("DOB", "31/02/1970")]
    assert "IndividualDetails/Individual/Hobby" in listed.notes


def test_uk_csv_says_the_same(tmp_path: Path) -> None:
    table, xml = take(tmp_path, "uk", "uk.csv"), take(tmp_path / "xml", "uk", "uk.xml")
    for name in ("name", "weakAlias", "nationality", "address", "passportNumber", "programId"):
        assert table.of("RUS9001")[name] == xml.of("RUS9001")[name]
    assert table.of("RUS9002") == xml.of("RUS9002")
    assert "columns not read: Shoe size" in table.notes


def test_kyrgyzstan(tmp_path: Path) -> None:
    listed = take(tmp_path, "kg-fiu", "kg_fiu.xml")
    by_name = {one["caption"]: (entity_id, one) for entity_id, one in listed.entities.items()}
    entity_id, person = by_name["Мадеуп Примерович Тестов"]
    assert person["properties"]["fatherName"] == ["Примерович"]
    assert person["properties"]["birthDate"] == ["1971-03-12"]
    sanction = listed.beside(entity_id, "Sanction")[0]
    assert (sanction["listingDate"], sanction["reason"]) == (["2020-02-01"], ["решение суда"])
    assert by_name["Фронт примеров"][1]["properties"]["alias"] == ["Front of examples"]
    assert by_name["Фронт примеров"][1]["schema"] == "Organization"
    assert listed.faults == [("DataBirth", "31.02.1980")]


@pytest.mark.parametrize("source", FILES)
def test_xml_that_ends_early_changes_nothing(tmp_path: Path, source: str) -> None:
    lake = new_lake(tmp_path)
    before = take(lake, source, FILES[source]).entities
    data = (LISTS / FILES[source]).read_bytes()
    with pytest.raises(SourceError, match=r"ends early.*the version of 2024-05-01 stays current"):
        take(lake, source, written(tmp_path, data[: len(data) * 3 // 4], FILES[source]))
    assert (lake.version().version, entities_of(lake)) == (1, before)


@pytest.mark.parametrize("source", ["un", "eu", "uk"])
def test_another_xml_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(UnexpectedLayout):
        take(tmp_path, source, "kg_fiu.xml")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
OUTSIDE_DTD = '<!DOCTYPE CONSOLIDATED_LIST SYSTEM "http://127.0.0.1:1/x.dtd">'


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE, OUTSIDE_DTD])
def test_document_types_and_entities_are_refused(tmp_path: Path, doctype: str) -> None:
    text = (LISTS / "un.xml").read_text("utf-8").replace("<CONSOLIDATED_LIST", doctype + "<CONSOLIDATED_LIST", 1)
    path = written(tmp_path, text.replace("M. Tester", "&a;"), "un.xml")
    with pytest.raises(SourceError, match="document type, entities"):
        take(tmp_path, "un", path)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    deep = changed(tmp_path, "un.xml", ("<HAIR_COLOUR>brown", "<HAIR_COLOUR>" + "<a>" * 100_000 + "</a>" * 100_000))
    with pytest.raises(SourceError, match="nested more than 64 deep"):
        take(tmp_path, "un", deep)


def test_a_record_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_records, "RECORD", 1 << 20)
    long = changed(tmp_path, "un.xml", ("An invented entry.", "x" * (3 << 20)))
    with pytest.raises(SourceError, match="one record takes more than 1 MB"):
        take(tmp_path, "un", long)


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    odd = changed(tmp_path, "un.xml", ('encoding="UTF-8"', 'encoding="klingon"'))
    with pytest.raises(SourceError, match=r"un\.xml"):
        take(tmp_path, "un", odd)


def test_a_list_takes_no_mapping(tmp_path: Path) -> None:
    from entrepot.errors import ConfigError

    with pytest.raises(ConfigError, match="takes no mapping"):
        take(tmp_path, "un", "un.xml", mapping=written(tmp_path, "[columns]\n", "m.toml"))


@pytest.mark.parametrize("source", FILES)
def test_xml_cut_anywhere_is_never_read_as_whole(tmp_path: Path, source: str) -> None:
    data = (LISTS / FILES[source]).read_bytes().rstrip()
    root = xml_records.root_of(data)
    for size in range(200, len(data) - 1, 61):
        path = written(tmp_path, data[:size], "cut.xml")
        with pytest.raises(SourceError):
            list(xml_records.elements_of(path, root=root, records=frozenset(("x",)), where="cut.xml"))
