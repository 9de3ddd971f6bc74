"""One person, several documents: links, conflicts, judgements. Everybody is invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from entrepot.codes import read_identifier
from entrepot.errors import LedgerError, SourceError
from entrepot.lake import Table
from entrepot.ledger import open_ledger
from entrepot.parties import party_of
from entrepot.parties.identity import inconsistencies, judge, judgements, link, profile_of, profiles
from entrepot.parties.identity.scoring import score, score_shown
from tests.ledger.packs_made import new_lake

DAY = "2026-03-01"
AT = "2026-03-01T10:00:00Z"
TWO_PASSPORTS = [
    {"person_id": "p1", "name": "Асанов Бакыт Токтогулович", "birth_date": "1985-08-15", "citizenships": "RUS"},
    {"person_id": "p2", "name": "Bakyt Toktogul uulu", "birth_date": "1985-08-15", "citizenships": "KGZ"},
    {"person_id": "p3", "name": "Мария Иванова", "birth_date": "1990-01-02"},
    {"person_id": "p4", "name": "Gulnara Sadykova", "birth_date": "1971-12-30"},
]


def paper(person_id: str, number: str, kind: str = "passport", country: str = "KGZ", **other: str) -> dict[str, Any]:
    own = {"document_id": f"d-{person_id}-{number}", "person_id": person_id, "kind": kind, "number": number}
    return {**own, "issuer_country": country, **other}


def linked(persons: list[Any], papers: list[Any] | None = None, judged: Any = None, **other: Any) -> Table:
    return link(profiles(persons, papers or [], as_of=DAY), judgements=judged, **other)


def verdicts(table: Table) -> dict[tuple[str, str], str]:
    return {(row["party_id"], row["other_id"]): row["verdict"] for row in table}


def test_a_name_and_a_birth_date_alone_make_it_likely_never_sure() -> None:
    found = linked(TWO_PASSPORTS)
    assert verdicts(found) == {("p1", "p2"): "likely"}


def test_a_phone_makes_it_sure_and_the_second_citizenship_weighs_nothing() -> None:
    persons = [
        {**row, "phone": "+996 555 123 456"} if row["person_id"] in ("p1", "p2") else row for row in TWO_PASSPORTS
    ]
    found = linked(persons)
    evidence = {item["feature"]: item for item in json.loads(found["evidence"][0])}
    assert verdicts(found) == {("p1", "p2"): "same"}
    assert evidence["citizenship"]["values"] == ["RUS", "KGZ"] and evidence["citizenship"]["weight"] == 0
    assert all(item["sentence"] for item in evidence.values())


def test_one_personal_number_joins_two_spellings_and_two_numbers_are_a_conflict() -> None:
    one, other = "21508198500123", "21508198500124"
    same = linked(TWO_PASSPORTS[:2], [paper("p1", one, "tax_id"), paper("p2", one, "tax_id")])
    two = linked(TWO_PASSPORTS[:2], [paper("p1", one, "tax_id"), paper("p2", other, "tax_id")])
    assert (verdicts(same), verdicts(two)) == ({("p1", "p2"): "same"}, {("p1", "p2"): "conflict"})
    assert "personal_number_differs" in two["evidence"][0]


def test_two_passports_with_two_numbers_are_no_contradiction() -> None:
    papers = [paper("p1", "AN1234567"), paper("p2", "ID7654321")]
    assert verdicts(linked(TWO_PASSPORTS[:2], papers)) == {("p1", "p2"): "likely"}


def test_a_chain_with_a_contradiction_between_its_ends_is_shown_and_not_joined() -> None:
    """x and y share a passport, y and z a phone; x and z have two personal numbers."""
    name, birth = "Sadyk Alymbekov", "1980-05-06"
    persons = [
        {"person_id": "x", "name": name, "birth_date": birth},
        {"person_id": "y", "name": name, "birth_date": birth, "phone": "0555 111 222"},
        {"person_id": "z", "name": name, "birth_date": birth, "phone": "0555 111 222"},
    ]
    papers = [paper("x", "AN1234567"), paper("y", "AN1234567")]
    papers += [paper("x", "20605198000001", "tax_id"), paper("z", "20605198000002", "tax_id")]
    found = linked(persons, papers)
    assert verdicts(found) == {("x", "y"): "same", ("x", "z"): "conflict", ("y", "z"): "conflict"}
    clusters = {row["party_id"]: row["cluster_id"] for row in found}
    assert clusters["x"] == clusters["y"] == "x"
    assert "would be joined by a chain" in next(row["evidence"] for row in found if row["party_id"] == "y")


def test_father_and_son_at_one_address_are_not_joined() -> None:
    persons = [
        {
            "person_id": "f",
            "name": "Ivanov Petr Sergeevich",
            "birth_date": "1955-02-03",
            "address": "Lenina 5-12, Omsk",
        },
        {
            "person_id": "s",
            "name": "Ivanov Sergei Petrovich",
            "birth_date": "1985-07-08",
            "address": "Lenina 5-12, Omsk",
        },
    ]
    assert set(verdicts(linked(persons)).values()) <= {"conflict", "possible"}


def test_a_listed_person_is_linked_by_a_passport_number() -> None:
    listed = party_of("7", "Person", {"name": ["ASANOV, Bakyt"], "passportNumber": ["АN1234567"]}, dataset="ofac")
    own = profiles(TWO_PASSPORTS, [paper("p1", "AN 1234567")], as_of=DAY)
    found = link(own, [profile_of(listed)])
    assert verdicts(found)["p1", "ofac:7"] == "same"


def test_judgements_join_and_cut_whatever_the_score() -> None:
    judged = {frozenset(("p3", "p4")): "same", frozenset(("p1", "p2")): "different"}
    found = linked(TWO_PASSPORTS, judged=judged)
    assert verdicts(found) == {("p1", "p2"): "different", ("p3", "p4"): "same"}
    assert set(found["judgement"]) == {"same", "different"}


def test_a_judgement_survives_in_the_ledger_and_is_withdrawn_by_a_correction(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    judge(lake, "p2", "p1", "different", by="R. Example", reason="two faces", at=AT)
    pair = frozenset(("p1", "p2"))
    assert judgements(open_ledger(lake=lake), as_of=DAY) == {pair: "different"}
    judge(lake, "p1", "p2", "withdrawn", by="R. Example", reason="wrong photo", at="2026-03-05T10:00:00Z")
    assert judgements(open_ledger(lake=lake), as_of="2026-03-06") == {}
    assert judgements(open_ledger(lake=lake), as_of="2026-03-04") == {pair: "different"}
    assert judgements(open_ledger(lake=lake), as_of="2026-02-28") == {}


def test_a_changed_mind_corrects_what_stood(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    first = judge(lake, "p1", "p2", "same", by="R. Example", reason="seen", at=AT)
    second = judge(lake, "p1", "p2", "different", by="S. Example", reason="seen again", at="2026-03-02T10:00:00Z")
    assert second.replaces == first.entry_id
    assert judgements(open_ledger(lake=lake), as_of="2026-03-02") == {frozenset(("p1", "p2")): "different"}


@pytest.mark.parametrize(
    ("one", "says", "by", "reason"),
    [
        ("p1", "same", "", "x"),
        ("p1", "same", "R", " "),
        ("p2", "same", "R", "x"),
        ("p1", "perhaps", "R", "x"),
        ("p1", "withdrawn", "R", "x"),
    ],
)
def test_a_judgement_without_its_parts_is_refused(tmp_path: Path, one: str, says: str, by: str, reason: str) -> None:
    with pytest.raises(LedgerError):
        judge(new_lake(tmp_path), one, "p2", says, by=by, reason=reason, at=AT)


def test_clusters_do_not_depend_on_the_order_of_the_file() -> None:
    persons = [{**row, "phone": "+996 555 123 456"} for row in TWO_PASSPORTS[:2]] + TWO_PASSPORTS[2:]
    forward, back = linked(persons), linked(persons[::-1])
    assert [r["cluster_id"] for r in forward] == [r["cluster_id"] for r in back] == ["p1"]
    assert {frozenset(p) for p in verdicts(forward)} == {frozenset(p) for p in verdicts(back)}


@pytest.mark.parametrize(
    "name", ["", "A", "12345", "x" * 10_000, "<b>", "'; DROP TABLE p", "=1+1", "\u200b\u202e", ";" * 80]
)
def test_bad_names_and_dates_make_no_link_and_no_crash(name: str) -> None:
    persons = [{"person_id": i, "name": name, "birth_date": "1990-13-45", "phone": "1"} for i in ("a", "b")]
    assert set(verdicts(linked(persons)).values()) <= {"possible", "likely"}


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(SourceError, match="twice"):
        profiles([{"person_id": "a"}, {"person_id": "a"}], as_of=DAY)


def test_a_document_that_says_two_things_tells_which() -> None:
    zone = "P<KGZASANOV<<BAKYT<<<<<<<<<<<<<<<<<<<<<<<<<<AN12345678KGZ8508150M3008150<<<<<<<<<<<<<<00"
    papers = [
        paper("p1", "AN1234567", name_as_printed="PETROVA OLGA", birth_date_as_printed="1986-08-15", mrz=zone)
        | {"issue_date": "1980-01-01", "expiry_date": "1979-01-01"}
    ]
    facts = set(inconsistencies(papers, TWO_PASSPORTS, as_of=DAY)["fact"])
    wanted = {"name_mrz", "birth_mrz", "expiry_mrz", "issue_before_birth", "expiry_before_issue", "birth_person"}
    assert wanted <= facts
    clean = paper("p1", "AN1234567", issue_date="2020-01-01", expiry_date="2030-01-01")
    assert len(inconsistencies([clean], TWO_PASSPORTS, as_of=DAY)) == 0


def test_a_tax_number_with_another_birth_date_is_told() -> None:
    number = next(n for d in range(10) if read_identifier(n := f"85081530001{d}", kind="iin").is_valid)
    found = inconsistencies([paper("p3", number, "iin", "KAZ")], TWO_PASSPORTS, as_of=DAY)
    assert [(row["fact"], row["one"], row["other"]) for row in found] == [("birth_number", "1985-08-15", "1990-01-02")]


def test_names_left_out_early_change_no_answer() -> None:
    """A pair whose names are not compared would not have been shown with them."""
    names = ("Асанов Бакыт", "Asanov Bakyt", "Sadykova Gulnara", "Bakyt Toktogul uulu")
    rows = [
        {"person_id": f"p{n}-{k}", "name": name, "birth_date": birth, "phone": phone}
        for n, name in enumerate(names)
        for k, (birth, phone) in enumerate((("1985-08-15", ""), ("1985-08-16", "0555123456"), ("", "0555123456")))
    ]
    own = profiles(rows, as_of=DAY)
    pairs = [(a, b) for a in own for b in own if a.party_id < b.party_id]
    fully = {(a.party_id, b.party_id): score(a, b) for a, b in pairs}
    shown = {(a.party_id, b.party_id): seen for a, b in pairs if (seen := score_shown(a, b))}
    least = {pair: 0.75 if seen.contradictions else 0.3 for pair, seen in fully.items()}
    assert shown == {pair: s for pair, s in fully.items() if max(s.score, s.without) >= least[pair]}
    assert 0 < len(shown) < len(fully)
