"""The matcher: what each feature adds, what no sum may pass, and that the order of alerts stays an order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from entrepot.parties import party_of
from entrepot.parties.features import Facts, birth_date, date_of, facts_of
from entrepot.parties.matcher import FEATURES, THRESHOLD, Reason, match, reasons_json
from entrepot.parties.names import compare_names, read_name


def facts(**held: str) -> Facts:
    return facts_of(party_of("x", "Person", {name: value.split(";") for name, value in held.items()}))


def score(one: str, other: str, mine: dict[str, Any] | None = None, theirs: dict[str, Any] | None = None) -> float:
    names = read_name(one), read_name(other)
    assert names[0] is not None
    assert names[1] is not None
    likeness = compare_names(names[0], names[1])
    return match((one, other, likeness), ("Person", "Person"), facts(**(mine or {})), facts(**(theirs or {}))).score


SAME = ("Bakyt Nurlanovich Asankulov", "Асанкулов Бакыт Нурланович")


def test_a_name_alone_matches_below_a_name_with_its_date() -> None:
    alone = score(*SAME)
    dated = score(*SAME, {"birthDate": "1979-03-12"}, {"birthDate": "1979-03-12"})
    assert THRESHOLD < alone < dated < 1


def test_a_date_only_one_side_has_adds_nothing() -> None:
    assert score(*SAME, {"birthDate": "1979-03-12"}) == score(*SAME)


@pytest.mark.parametrize("date", ["1951-11-30", "1979-08-25;1951", "1999"])
def test_a_clear_conflict_of_dates_is_no_match(date: str) -> None:
    held = {"birthDate": "1951-11-30"} if date != "1951-11-30" else {"birthDate": "1979-03-12"}
    if ";" in date:
        held = {"birthDate": "1988-01-17"}
    assert score(*SAME, {"birthDate": date}, held) < THRESHOLD


def test_a_date_does_not_make_a_match_of_another_name() -> None:
    assert score("Bakyt Asankulov", "Nurlan Toktogulov", {"birthDate": "1979-03-12"}, {"birthDate": "1979-03-12"}) < 0.7


def test_a_father_and_his_son_are_two() -> None:
    held = {"birthDate": "1979"}
    assert score("Bakyt Nurlanovich Asankulov", "Nurlan Bakytovich Asankulov", held, held) < THRESHOLD


def test_the_same_number_is_near_proof_with_a_name_and_a_reason_without() -> None:
    held = {"passportNumber": "AN 7654321"}
    with_name = match_of("Bakyt Asankulov", "Bakyt Asankulov", held)
    without = match_of("Bakyt Asankulov", "Elena Viktorovna Moroz", held)
    assert with_name.score > score("Bakyt Asankulov", "Bakyt Asankulov")
    assert without.score < THRESHOLD
    assert "document_number" in {reason.feature for reason in without.reasons}


@pytest.mark.parametrize(
    ("held", "is_match"),
    [
        ({"imoNumber": "IMO9074729"}, True),
        ({"imoNumber": "IMO9074728"}, False),
        ({"taxNumber": "7707083893"}, True),
        ({"taxNumber": "7707083894"}, False),
        ({"passportNumber": "AN 7654321"}, False),
        ({"passportNumber": "AN 7654321", "birthDate": "1979-03-12"}, True),
    ],
)
def test_a_number_for_life_or_a_document_with_its_date_outlasts_a_name(held: dict[str, str], is_match: bool) -> None:
    found = match_of("Bakyt Asankulov", "Elena Viktorovna Moroz", held)
    assert (found.score >= THRESHOLD) == is_match
    assert ("number_decides" in {reason.feature for reason in found.reasons}) == is_match


def test_a_number_with_another_date_or_gender_does_not_outlast_a_name() -> None:
    held = {"taxNumber": "7707083893", "birthDate": "1979-03-12", "gender": "male"}
    for other in ({"birthDate": "1951-11-30"}, {"gender": "female"}):
        assert score("Bakyt Asankulov", "Elena Viktorovna Moroz", held, {**held, **other}) < THRESHOLD


def match_of(one: str, other: str, held: dict[str, str]) -> Any:
    names = read_name(one), read_name(other)
    assert names[0] is not None
    assert names[1] is not None
    return match((one, other, compare_names(names[0], names[1])), ("Person", "Person"), facts(**held), facts(**held))


def test_a_country_moves_a_score_but_little_and_its_conflict_next_to_nothing() -> None:
    plain = score(*SAME)
    same = score(*SAME, {"country": "kg"}, {"country": "KGZ"})
    other = score(*SAME, {"country": "kg"}, {"country": "Russia"})
    assert plain < same < plain + 0.05
    assert plain - 0.03 < other < plain
    assert score(*SAME, {"citizenship": "rus"}) == plain


def test_gender_contradicts() -> None:
    assert score(*SAME, {"gender": "female"}, {"gender": "male"}) < THRESHOLD


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1979-03-12", "1979-03-12", 1.0),
        ("1979-03-12", "1979-03", 0.6),
        ("1979", "1979-03-12", 0.3),
        ("1979-03-12", "1979-12-03", 0.6),
        ("1979-03-12", "1979-03-17", 0.2),
        ("1979-03-12", "1978", -0.2),
        ("1979-03-12", "1979-06-25", -0.6),
        ("1979-03-12", "1964-06-25", -1.0),
        ("1979", "1999", -1.0),
    ],
)
def test_dates_agree_as_far_as_both_are_known(one: str, other: str, expected: float) -> None:
    found = birth_date(facts(birthDate=one), facts(birthDate=other))
    assert found is not None
    assert (found.score, found.query, found.candidate) == (expected, one, other)


@pytest.mark.parametrize("text", ["1979-13-01", "1979-02-30", "0000", "12.03.1979", "", "1979-3-1", "1900-02-29x"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_of(text) is None


def test_every_feature_has_a_name_of_its_own_and_agreement_never_lowers() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert all(feature.agrees >= 0 >= feature.differs for feature in FEATURES)


HELD = {
    "birthDate": "1979-03-12", "passportNumber": "AN 7654321", "imoNumber": "IMO9074729", "gender": "male",
    "country": "kg", "flag": "ru", "callSign": "UBXY7", "address": "12 Abai Street Bishkek", "email": "a@b.kg",
}  # fmt: skip


def test_a_feature_says_nothing_where_the_fact_it_needs_is_missing() -> None:
    full, other = facts(**HELD), facts(**{**HELD, "passportNumber": "AN 1234567", "imoNumber": "IMO9321483"})
    ship = facts(imoNumber="IMO9074729")
    for feature in FEATURES:
        assert getattr(full, feature.fact)
        without = replace(full, **{feature.fact: type(getattr(full, feature.fact))()})
        assert feature.compare(without, full) is None and feature.compare(full, without) is None
        assert any(feature.compare(one, one_more) for one, one_more in ((full, full), (full, other), (ship, ship)))


def test_reasons_are_the_json_that_a_general_encoder_writes() -> None:
    reasons = (Reason("name", 'A "B"\\\n\u2028', "Бакыт \x01", "one", -0.0), Reason("x", "", "</script>", "é", 1e-05))
    held = [reason._asdict() for reason in reasons]
    assert reasons_json(reasons) == json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    assert reasons_json(()) == "[]"


def test_a_common_family_is_no_match_until_something_confirms_it() -> None:
    names = read_name("Ivan Petrov"), read_name("Иван Петров")
    assert names[0] and names[1]
    found = compare_names(names[0], names[1])
    pair, kinds, born = ("Ivan Petrov", "Иван Петров", found), ("Person", "Person"), facts(birthDate="1979-03-12")
    rare = match(pair, kinds, facts(), facts(), 1).score
    common = match(pair, kinds, facts(), facts(), 40)
    dated = match(pair, kinds, born, born, 40).score
    assert common.score < THRESHOLD < rare < dated
    assert "40 listed persons" in common.reasons[-1].detail
