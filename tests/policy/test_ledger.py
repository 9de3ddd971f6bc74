"""What the shipped ledger answers to questions that an analyst can read and check."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from entrepot.ledger import Ledger, open_ledger

CASES = yaml.load((Path(__file__).parent / "ledger.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
# The compiler typed a status here that the dates alone do not give, or give more carefully.
MORE_CAREFUL = {
    "kgz-20240925-transit-payments": "unverified",
    "usa-20250929-affiliates-rule": "unverified",
    "usa-20251110-affiliates-suspension": "unverified",
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} on {case['on']}")
def test_status(ledger: Ledger, case: dict[str, Any]) -> None:
    found = ledger.standing(case["id"], on=case["on"], known=case.get("known"))
    assert (found.status if found else "not_known") == case["status"]


def test_every_measure_of_the_compilers_table_is_shipped_with_its_date(ledger: Ledger, shared_data: Path) -> None:
    rows = list(csv.DictReader((shared_data / "measures" / "measures.csv").open(encoding="utf-8")))
    for row in rows:
        entry = ledger.get(row["id"])
        assert entry.jurisdiction == row["jurisdiction"] and entry.instrument == row["instrument"]
        assert any(when.first <= _first(row["date"]) <= when.last + 1 for when in entry.dates.values()), row["id"]
    assert len(rows) == 137


def test_derived_statuses_are_those_of_the_table_but_for_the_careful_ones(ledger: Ledger, shared_data: Path) -> None:
    rows = csv.DictReader((shared_data / "measures" / "measures.csv").open(encoding="utf-8"))
    found = {row["id"]: (ledger.standing(row["id"], on="2026-11-23"), row["status"]) for row in rows}
    apart = {name: one.status for name, (one, typed) in found.items() if one and one.status != typed}
    assert apart == MORE_CAREFUL


def _first(text: str) -> int:
    from entrepot.codes import parse_dated

    return parse_dated(text).first


def test_what_is_part_of_an_act_names_one_that_is_there(ledger: Ledger) -> None:
    ids = {entry.entry_id for entry in ledger}
    assert [entry.entry_id for entry in ledger if entry.part_of and entry.part_of not in ids] == []


def test_an_offer_of_citizenship_for_a_payment_finds_no_route_in_kyrgyz_law(ledger: Ledger) -> None:
    from entrepot.ledger import Filters

    asked = Filters(jurisdictions=("KGZ",), instruments=("citizenship_route",))
    routes = {e.facts["route"]: e.facts["exists"] for e in ledger.in_force(asked, on="2024-06-01")}
    assert routes["residence"] == "yes" and routes["payment"] == "no"
