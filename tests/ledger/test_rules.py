"""A rule on a record's own day, and its dated limits."""

from __future__ import annotations

import pytest

from entrepot.errors import NotFound
from entrepot.ledger import RECORDED, RULE_STATUSES, Ledger, open_ledger, rule_on
from tests.ledger.made import entry, pause

LEDGER = open_ledger()
LIMITS = [
    ("kaz-20250119-cards", "months_valid", "2025-02-01", "in_force", 12.0),
    ("kaz-20250119-cards", "cards_per_bank", "2025-01-18", "not_in_force", 5.0),
    ("kaz-20250119-cards", "cards_in_each", "2025-01-19", "in_force", 3.0),
    ("kaz-202601-sim-biometric", "numbers_per_person", "2026-02-01", "in_force", 10.0),
    ("kgz-20240925-transit-payments", "days_to_deliver", "2025-01-01", "in_force", 60.0),
    ("kgz-20240925-transit-payments", "days_to_deliver", "2025-12-01", "unverified", 60.0),
]


@pytest.mark.parametrize(("act", "limit", "on", "status", "number"), LIMITS)
def test_a_limit_is_asked_for_by_the_act_and_its_name(
    act: str, limit: str, on: str, status: str, number: float
) -> None:
    found = rule_on(LEDGER, act, on=on, limit=limit)
    assert (found.status, found.number, found.name) == (status, number, limit)
    assert found.citation and found.citation.title and found.status in RULE_STATUSES


def test_a_day_inside_an_unsure_start_asks_once_the_rule_is_known() -> None:
    asked = {"on": "2024-09-27", "limit": "days_to_deliver"}
    act = "kgz-20240925-transit-payments"
    # The act is of some day of September: before October nobody surely knew of it.
    assert rule_on(LEDGER, act, **asked).status == "not_in_force"
    assert rule_on(LEDGER, act, known="2024-10-01", **asked).status == "unverified"


def test_the_clause_has_its_days_as_text() -> None:
    found = rule_on(LEDGER, "eu-20240320-12g-applies", on="2024-06-01", limit="contracts_free_until")
    assert (found.value, found.number, found.entry_id) == ("2024-12-20", None, "eu-20240320-12g-clause")


def test_nobody_could_know_of_a_rule_before_it_was_told() -> None:
    found = rule_on(LEDGER, "kaz-20250119-cards", on="2025-02-01", known="2024-01-01", limit="months_valid")
    assert (found.status, found.value, found.citation) == ("not_in_force", None, None)


def test_a_paused_rule_is_suspended_and_then_asks() -> None:
    days = ("2025-10-15", "2025-12-01", "2026-11-20")
    found = [rule_on(LEDGER, "usa-20250929-affiliates-rule", on=day, limit="owned_pct") for day in days]
    assert [one.status for one in found] == ["in_force", "suspended", "unverified"]
    assert [one.may_block for one in found] == [True, False, False] and found[2].must_ask


@pytest.mark.parametrize("status", RECORDED)
def test_what_is_only_said_keeps_its_name_and_never_blocks(status: str) -> None:
    found = rule_on(Ledger([entry(status=status)]), "aaa-1", on="2025-01-01")
    assert found.status == status and not found.may_block


def test_the_limit_of_a_provision_in_force_comes_before_that_of_an_ended_one() -> None:
    old = entry("old", part_of="act", facts={"n": "5"}, dates={"effective": "2024-01-01", "removed": "2025-01-01"})
    new = entry("new", part_of="act", facts={"n": "7"}, dates={"effective": "2025-01-01", "published": "2024-06-01"})
    made = Ledger([entry("act", suspensions=(pause("2026-01-01"),)), old, new])
    assert [rule_on(made, "act", on=day, limit="n").number for day in ("2024-07-01", "2025-01-01")] == [5.0, 7.0]


def test_an_unknown_limit_names_those_that_there_are() -> None:
    with pytest.raises(NotFound, match="months_valid"):
        rule_on(LEDGER, "kaz-20250119-cards", on="2025-02-01", limit="months")
