"""Contradictions are found and shown."""

from __future__ import annotations

from entrepot.ledger import Ledger, conflicts
from tests.ledger.made import entry


def test_each_kind_of_conflict_is_found_once() -> None:
    made = [
        entry("a", contradicts=("b",), targets=("Some Bank",)),
        entry("b", contradicts=("a",), dates={"effective": "2024-02-01"}, targets=("Some Bank",)),
        entry("c", replaces="a", targets=("x",)),
        entry("d", replaces="a", targets=("y",)),
    ]
    found = [(c.kind, c.a, c.b) for c in conflicts(Ledger(made))]
    assert found == [("contradicts", "a", "b"), ("corrected_twice", "c", "d"), ("dated_twice", "a", "b")]


def test_acts_far_apart_are_two_acts() -> None:
    made = [entry("a", targets=("Some Bank",)), entry("b", targets=("Some Bank",), dates={"effective": "2025-02-01"})]
    assert conflicts(Ledger(made)) == ()


def test_two_acts_of_one_kind_on_one_state_are_no_conflict() -> None:
    made = [entry("a", targets=("RUS",)), entry("b", targets=("RUS",), dates={"effective": "2024-02-01"})]
    assert conflicts(Ledger(made)) == ()
