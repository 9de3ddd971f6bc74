"""What findings say together, and what an answer's rows are about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.alerts import Finding, Thing, Weighing, combined, findings_of, read_answer
from entrepot.errors import NotFound, SourceError


def finding(source: str, certainty: str, amount: float | None = None, rule: str = "r") -> Finding:
    return Finding(
        Thing("company", "f", "F"), source, rule, "2024-12", certainty, "said", amount, "EUR" if amount else None
    )


@pytest.mark.parametrize(
    ("findings", "severity", "certainty"),
    [
        ([("routes", "strong", 2e7)], "critical", "strong"),
        ([("routes", "moderate", 2e7)], "high", "moderate"),
        ([("routes", "moderate", 2e6)], "medium", "moderate"),
        ([("routes", "strong", 10.0)], "medium", "strong"),
        # Unknown money is not little money.
        ([("screen", "strong", None)], "high", "strong"),
        ([("screen", "weak", None)], "low", "weak"),
        # Two sources that agree lift by a step; claims and one source alone do not.
        ([("screen", "moderate", None), ("check", "moderate", None)], "high", "strong"),
        ([("screen", "moderate", None), ("read", "moderate", None)], "medium", "moderate"),
        ([("screen", "moderate", None), ("check", "weak", None)], "medium", "moderate"),
        ([("routes", "none", None)], "low", "none"),
    ],
)
def test_severity_follows_from_money_and_certainty(
    findings: list[tuple[str, str, float | None]], severity: str, certainty: str
) -> None:
    said = combined([finding(*one) for one in findings])
    assert (said.severity, said.certainty) == (severity, certainty)


def test_two_findings_of_one_source_count_once() -> None:
    said = combined([finding("check", "moderate", rule="a"), finding("check", "moderate", rule="b")])
    assert said.certainty == "moderate" and "2 of check" in said.because


def test_money_is_the_largest_not_the_sum_and_the_latest_of_each_rule_counts() -> None:
    said = combined(
        [finding("routes", "strong", 9e9), finding("routes", "strong", 3e6), finding("routes", "weak", 2e6, "b")]
    )
    assert (said.amount, said.currency) == (3e6, "EUR")


def test_the_bands_of_money_are_the_policys() -> None:
    assert combined([finding("routes", "moderate", 50.0)], Weighing(large=40.0, small=2.0)).severity == "high"


ROUTE = {
    "via_iso3": "KGZ",
    "destination_iso3": "RUS",
    "product_id": "854231",
    "is_alert": "true",
    "excess_low": "1200000.5",
    "q_value": "0.02",
    "currency": "EUR",
    "window_end": "2024-12",
}


def taken(row: dict[str, object], source: str, **other: str) -> list[Finding]:
    return findings_of([row], source=source, as_of="2024-12", **other)


def test_a_route_is_its_via_and_product_with_what_is_at_least_unexplained() -> None:
    (found,) = taken(ROUTE, "routes")
    assert (found.thing.kind, found.thing.key, found.thing.is_public) == ("route", "KGZ>RUS:854231", True)
    assert (found.amount, found.currency, found.certainty) == (1200000.5, "EUR", "moderate")
    assert "consistent with" in found.summary


def test_a_route_that_could_not_be_tested_says_nothing() -> None:
    assert taken({**ROUTE, "excess_low": "", "is_alert": "false"}, "routes") == []


def test_a_likeness_by_name_alone_is_weak_and_says_so() -> None:
    row = {"query_id": "c", "entity_id": "e", "dataset": "ofac", "score": 0.9, "match": True, "schema": "Person"}
    reasons = [{"feature": "name", "query": "A B", "candidate": "A B", "detail": "", "weight": 3.0}]
    (name_only,) = taken({**row, "reasons": json.dumps(reasons)}, "screen")
    (numbered,) = taken(
        {**row, "reasons": json.dumps([*reasons, {**reasons[0], "feature": "document_number"}])}, "screen"
    )
    assert (name_only.certainty, name_only.detail["is_name_only"]) == ("weak", True)
    assert (numbered.certainty, numbered.detail["is_name_only"]) == ("strong", False)


def test_a_country_in_common_is_no_more_than_a_name() -> None:
    """Swapping nationality must not move what an alert weighs."""
    row = {"query_id": "c", "entity_id": "e", "dataset": "ofac", "score": 0.9, "match": True, "schema": "Person"}
    name = {"feature": "name", "query": "A B", "candidate": "A B", "detail": "", "weight": 3.0}
    country = {"feature": "country", "query": "kg", "candidate": "kg", "detail": "", "weight": 0.25}
    both = [taken({**row, "reasons": json.dumps(one)}, "screen")[0].certainty for one in ([name], [name, country])]
    assert both == ["weak", "weak"]


def test_a_flag_in_shadow_or_not_decided_is_no_finding() -> None:
    row = {"record_id": "p", "flag_id": "F", "outcome": "fired", "decision": "ask"}
    assert (
        taken({**row, "is_shadow": True}, "check") == [] and taken({**row, "outcome": "missing_fields"}, "check") == []
    )
    assert [one.certainty for one in taken({**row, "outcome": "clear"}, "check", kind="payment")] == ["none"]


CLAIM = {
    "id": "cl-1",
    "quote": "q",
    "speaker_name": "a ministry",
    "topic": "circumvention_channels",
    "entities": ["org:a-firm", "KGZ", "EAEU"],
    "mentions": [{"id": "org:a-firm", "text": "A Firm"}],
    "checks": [{"against": "routes", "verdict": "supported"}],
}


def test_a_claim_is_about_whom_it_names() -> None:
    joined = {**CLAIM, "entities": "org:a-firm;KGZ;EAEU", "checks": json.dumps(CLAIM["checks"])}
    for row in (CLAIM, joined):
        told = [(one.thing.kind, one.thing.key, one.certainty) for one in taken(row, "read")]
        assert told == [("company", "org:a-firm", "moderate"), ("corridor", "KGZ", "moderate")]
    assert taken(CLAIM, "read")[0].thing.label == "A Firm"


@pytest.mark.parametrize(
    "other",
    [
        {"checks": [{"verdict": "no_data"}]},
        {"checks": [{"verdict": "not_checkable"}]},
        {"checks": []},
        {"is_negated": True},
        {"topic": "language_law"},
    ],
)
def test_a_name_in_the_press_alone_is_no_finding(other: dict[str, object]) -> None:
    assert taken({**CLAIM, **other}, "read") == []


def test_a_claim_that_the_data_contradict_takes_an_earlier_one_back() -> None:
    row = {**CLAIM, "checks": [{"verdict": "contradicted"}]}
    assert {one.certainty for one in taken(row, "read")} == {"none"}


def test_a_file_of_something_else_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,age\nx,1\n")
    with pytest.raises(SourceError, match=r"a.csv: no column 'via_iso3'"):
        read_answer(tmp_path / "a.csv", source="routes")
    (tmp_path / "b.json").write_text("[1, ")
    with pytest.raises(SourceError, match="cannot be read"):
        read_answer(tmp_path / "b.json", source="routes")
    with pytest.raises(NotFound):
        read_answer(tmp_path / "c.csv", source="routes")


def test_a_malformed_cell_is_named_with_its_row() -> None:
    with pytest.raises(SourceError, match="row 1: malformed cell"):
        taken({**ROUTE, "excess_low": "much"}, "routes")
