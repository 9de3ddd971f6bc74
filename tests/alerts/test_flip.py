"""The flip test: it sees a flag that rests on where people come from, and no shipped flag does on these records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.alerts import Check, CheckOptions, flip, records_of
from entrepot.alerts.names import is_one_name
from entrepot.alerts.swapping import RING, Swap, swap_tables
from entrepot.codes import read_mrz
from entrepot.ledger import Ledger, open_ledger
from entrepot.redflags import Flag, Flags, read_flags, shipped_flags

UNFAIR = """
id: T01
version: 1
title: {en: Test}
mechanisms: [M4]
kind: person
family: conduct
basis: ours
condition: list_contains(citizenships, 'KGZ') and is_pep
evidence: {name: name}
reason: {en: r}
innocent: {en: i}
would_clear: {en: w}
ask: {en: a}
sources: [TEST]
"""
PERSON = {
    "person_id": "p1",
    "name": "Асель Токтогулова",
    "citizenships": "KGZ",
    "declared_citizenships": "KGZ",
    "is_pep": "true",
    "address_country": "KGZ",
    "phone": "+996555123456",
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


def unfair(tmp_path: Path, text: str = UNFAIR) -> Flags:
    (tmp_path / "t.yml").write_text(text)
    return read_flags(tmp_path)


def one_person(check: Check) -> None:
    check.tables.add("person", [PERSON])


def test_a_flag_that_reads_nationality_moves(tmp_path: Path, ledger: Ledger) -> None:
    found = flip("person", one_person, unfair(tmp_path), ledger, CheckOptions("2026-01-01"))
    assert [(row["what"], row["before"], row["after"]) for row in found.moves] == [("outcome", "fired", "clear")]
    assert found.faults == 1


def test_a_flag_that_only_shows_the_name_does_not(tmp_path: Path, ledger: Ledger) -> None:
    fair = UNFAIR.replace("list_contains(citizenships, 'KGZ') and is_pep", "is_pep")
    found = flip("person", one_person, unfair(tmp_path, fair), ledger, CheckOptions("2026-01-01"))
    assert len(found.moves) == 0 and found.compared == 1 and found.swapped >= 1


def test_proxies_move_only_when_asked(tmp_path: Path, ledger: Ledger) -> None:
    proxy = UNFAIR.replace("list_contains(citizenships, 'KGZ')", "address_country = 'KGZ'")
    flags = unfair(tmp_path, proxy)
    moves = [
        len(flip("person", one_person, flags, ledger, CheckOptions("2026-01-01"), has_proxies=proxies).moves)
        for proxies in (False, True)
    ]
    assert moves == [0, 1]


def test_only_a_declared_duty_explains_a_move(tmp_path: Path, ledger: Ledger) -> None:
    law = UNFAIR.replace("basis: ours", "basis: law\nact: kaz-20250119-cards")
    faults = [
        flip("person", one_person, unfair(tmp_path, text), ledger, CheckOptions("2026-01-01")).faults
        for text in (law, law.replace("act:", "duty:"))
    ]
    assert faults == [1, 0]


def test_a_decision_is_told_of_the_flag_that_moved(tmp_path: Path, ledger: Ledger) -> None:
    company = {"company_id": "c", "country": "KGZ", "address": "x"}
    text = UNFAIR.replace("kind: person", "kind: contract").replace("evidence: {name: name}", "")
    rests = text.replace(
        "list_contains(citizenships, 'KGZ') and is_pep", "contract_id <> '' and buyer.address_country = 'KGZ'"
    )
    rests = rests.replace("basis: ours", "basis: ours\nlet: {buyer: {find: person, by: {buyer_id: it.person_id}}}")
    still = text.replace("T01", "A01").replace("list_contains(citizenships, 'KGZ') and is_pep", "contract_id = ''")
    (tmp_path / "a.yml").write_text(still)

    def load(check: Check) -> None:
        check.tables.add("person", [PERSON])
        check.tables.add("company", [company])
        check.tables.add("contract", [{"contract_id": "k", "buyer_id": "p1"}])

    found = flip("contract", load, unfair(tmp_path, rests), ledger, CheckOptions("2026-01-01"))
    assert [(row["flag_id"], row["what"]) for row in found.moves] == [("T01", "outcome"), ("T01", "decision")]


def test_who_would_become_a_citizen_of_the_own_address_gets_another_name_alone(tmp_path: Path, ledger: Ledger) -> None:
    fair = UNFAIR.replace(
        "list_contains(citizenships, 'KGZ') and is_pep", "list_contains(citizenships, address_country)"
    )
    flags = unfair(tmp_path, fair.replace("condition:", "duty: kaz-20250119-cards\ncondition:").replace("ours", "law"))

    def load(check: Check) -> None:
        # A step along the ring makes a Kyrgyz citizen a German one, and this one lives in Germany.
        abroad = {**PERSON, "address_country": "DEU"}
        check.tables.add("person", [abroad, {**PERSON, "person_id": "p2"}])

    found = flip("person", load, flags, ledger, CheckOptions("2026-01-01"), has_proxies=False)
    assert [row["record_id"] for row in found.moves] == ["p2"]


def test_the_last_party_of_a_payment_is_the_payer_still(ledger: Ledger) -> None:
    kept: list[Any] = []

    def load(check: Check) -> None:
        name = PERSON["name"]
        check.tables.add("person", [PERSON])
        paid = {"payment_id": "y", "payer_id": "p1", "payer_name": name, "ultimate_debtor": name.upper()}
        check.tables.add("payment", [{**paid, "beneficiary_name": name, "ultimate_creditor": name}])
        swap_tables(check.tables, Swap(1, False))
        asked = "SELECT payer_name, ultimate_debtor, beneficiary_name, ultimate_creditor FROM r_payment"
        kept.extend(check.tables.connection.execute(asked).fetchall())

    with Check("payment", Flags(()), ledger, CheckOptions("2026-01-01")) as check:
        load(check)
    payer, debtor, payee, creditor = kept[0]
    assert payer.upper() == debtor != payee.upper() and payee == creditor == PERSON["name"]


def test_spellings_of_one_name_stay_one_name_and_others_differ() -> None:
    swap = Swap(1, False)
    assert is_one_name(swap.name("Asel Toktogulova"), swap.name("Асель Токтогулова"))
    assert is_one_name(swap.name("Нурлан Мухаметжанов"), swap.name("Nurlan Mukhametzhanov"))
    assert not is_one_name(swap.name("Asel Toktogulova"), swap.name("Olga Ivanova"))


def test_a_ring_of_countries_comes_back() -> None:
    there, back = Swap(3, True), Swap(len(RING) - 3, True)
    assert [back.country(there.country(one)) for one in RING] == list(RING)
    assert there.country("IRN") == "IRN"


def test_a_right_passport_stays_right_and_a_wrong_one_wrong(ledger: Ledger) -> None:
    good = "P<KGZTOKTOGULOVA<<ASEL<<<<<<<<<<<<<<<<<<<<<<PE12345675KGZ9002030F3001019<<<<<<<<<<<<<<00"
    kept: dict[str, Any] = {}

    def load(check: Check) -> None:
        check.tables.add("person", [PERSON])
        rows = [
            {
                "document_id": name,
                "person_id": "p1",
                "kind": "passport",
                "number": "PE1234567",
                "issuer_country": "KGZ",
                "mrz": mrz,
            }
            for name, mrz in (("good", good), ("bad", good[:53] + "9" + good[54:]))
        ]
        check.tables.add("document", rows)
        kept["check"] = check.tables.connection

    flags = Flags(tuple(flag for flag in shipped_flags().flags if flag.id == "P04"))
    found = flip("document", load, flags, ledger, CheckOptions("2026-01-01"))
    assert len(found.moves) == 0
    assert read_mrz(good).problems == ()


@pytest.mark.parametrize("name", ["P01", "P04", "A01", "A02", "A06", "Y08", "Y10"])
def test_made_records_of_flags_do_not_move(name: str, ledger: Ledger) -> None:
    flag = next(one for one in shipped_flags().flags if one.id == name)
    assert [row for case in flag.tests for row in _moves(flag, case, ledger)] == []


def _moves(flag: Flag, case: Any, ledger: Ledger) -> list[dict[str, Any]]:
    def load(check: Check) -> None:
        for kind, rows in records_of(flag, case).items():
            if rows:
                check.tables.add(kind, rows)

    options = CheckOptions(case.as_of or "2026-06-30", memory_limit="200MB")
    return [row for row in flip(flag.kind, load, Flags((flag,)), ledger, options).moves if not row["duty"]]
