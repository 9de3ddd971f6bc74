"""Co-adoption: every pair, honest p-values, rivals named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from entrepot.errors import EstimateError, NotFound
from entrepot.ledger import CoAdoption, Completeness, Entry, Ledger, coadoption, open_ledger
from tests.ledger.made import entry


def act(entry_id: str, jurisdiction: str, day: str, stage: str = "effective", **other: object) -> Entry:
    return entry(entry_id, jurisdiction=jurisdiction, dates={stage: day}, **other)


def compared(*acts: Entry, **given: object) -> CoAdoption:
    question = {"topic": "bank_cards", "jurisdictions": ["KAZ", "KGZ"], "known": "2026-01-01", **given}
    return coadoption(Ledger(acts), **question)  # type: ignore[arg-type]


def test_every_pair_is_shown_with_its_distance() -> None:
    found = compared(act("k1", "KAZ", "2024-01-01"), act("k2", "KAZ", "2024-06-01"), act("g1", "KGZ", "2024-01-21"))
    assert [(pair.a, pair.b, pair.days, pair.is_simultaneous) for pair in found.pairs] == [
        ("k1", "g1", 20, True),
        ("k2", "g1", -132, False),
    ]


def test_stages_are_compared_with_like_stages() -> None:
    signed = entry("k1", dates={"signed": "2024-01-01", "effective": "2024-07-01"})
    other = entry("g1", jurisdiction="KGZ", dates={"signed": "2024-01-05", "effective": "2024-01-10"})
    found = compared(signed, other)
    assert {pair.stage: pair.days for pair in found.pairs} == {"signed": 4, "effective": -173}


def test_where_no_stage_is_shared_the_pair_says_so() -> None:
    found = compared(act("k1", "KAZ", "2024-01-01", "adopted"), act("g1", "KGZ", "2024-01-21", "date"))
    assert [pair.stage for pair in found.pairs] == ["unspecified"]


def test_a_month_has_no_distance_in_days() -> None:
    found = compared(act("k1", "KAZ", "2024-01"), act("g1", "KGZ", "2024-02-10")).pairs[0]
    assert (found.days, found.days_low, found.days_high, found.is_simultaneous) == (None, 10, 40, None)


def test_there_is_no_p_value_unless_the_ledger_is_complete() -> None:
    acts = (act("k1", "KAZ", "2023-01-01"), act("g1", "KGZ", "2024-01-21"))
    assert compared(*acts).pairs[0].p_value is None
    assert "not_declared_complete" in compared(*acts).caveats
    assert compared(*acts, is_complete=True).pairs[0].p_value is not None


def test_an_allegation_is_shown_and_not_tested() -> None:
    found = compared(act("k1", "KAZ", "2023-01-01", status="alleged"), act("g1", "KGZ", "2024-01-21"), is_complete=True)
    assert [(pair.is_tested, pair.p_value) for pair in found.pairs] == [(False, None)]


def test_chance_by_hand_one_act_each() -> None:
    # One act each in a period of 100 days: of 100 moves, 5 bring them within 2 days of each other.
    acts = (act("k1", "KAZ", "2024-01-11"), act("g1", "KGZ", "2024-01-13"))
    found = compared(*acts, is_complete=True, since="2024-01-01", until="2024-04-09").pairs[0]
    assert found.p_value == found.p_family == pytest.approx(0.05)


def test_who_followed_whom_by_hand() -> None:
    acts = [act("k1", "KAZ", "2020-01-01"), act("k2", "KAZ", "2022-01-01"), act("g1", "KGZ", "2020-04-10")]
    found = compared(*acts, since="2020-01-01", until="2024-12-31").diffusion
    lead = {(row.leader, row.follower): (row.acts, row.followed, row.median_days) for row in found}
    assert lead == {("KAZ", "KGZ"): (2, 1, 100.0), ("KGZ", "KAZ"): (1, 0, None)}


def test_the_us_listing_is_named_as_a_rival_of_the_mir_stops() -> None:
    found = coadoption(open_ledger(), topic="payment_system", jurisdictions=["KAZ", "KGZ"], known="2026-11-24")
    pair = next(p for p in found.pairs if (p.a, p.b) == ("kaz-20240227-halyk-mir", "kgz-20240403-mir-stop"))
    assert [(t.entry_id, t.days_before) for t in pair.rival_triggers] == [("usa-20240223-nspk", 4)]
    assert pair.days == 36 and pair.is_simultaneous is False


def test_the_answer_is_plain_json() -> None:
    found = compared(act("k1", "KAZ", "2024-01-01"), act("g1", "KGZ", "2024-01-21")).as_json()
    assert json.loads(json.dumps(found))["pairs"][0]["rival_triggers"] == []


def test_nothing_to_compare_is_an_empty_answer_and_one_jurisdiction_an_error() -> None:
    assert compared().pairs == ()
    with pytest.raises(EstimateError, match="two jurisdictions"):
        compared(jurisdictions=["KAZ"])
    with pytest.raises(NotFound, match="topic"):
        compared(topic="weather")


def test_topics_dealt_anew_by_hand() -> None:
    """Kyrgyzstan has four acts, one of them on cards; two of the four lie within ten days of Kazakhstan's."""
    acts = [act("k1", "KAZ", "2023-01-11"), act("g1", "KGZ", "2023-01-01")]
    others = [act(f"g{i}", "KGZ", day, instrument="export_ban") for i, day in enumerate(DAYS, start=2)]
    (pair,) = coadoption(
        Ledger([*acts, *others], complete=[whole({"bank_cards", "export_monitoring"})]),
        **DEALT,
    ).pairs
    assert pair.p_topics == pytest.approx(2 / 4)


def test_topics_are_not_dealt_unless_every_topic_is_complete() -> None:
    acts = [act("k1", "KAZ", "2023-01-11"), act("g1", "KGZ", "2023-01-01")]
    others = [act(f"g{i}", "KGZ", day, instrument="export_ban") for i, day in enumerate(DAYS, start=2)]
    for topics in ({"bank_cards"}, set[str]()):
        made = Ledger([*acts, *others], complete=[whole(topics)])
        assert [pair.p_topics for pair in coadoption(made, is_complete=True, **DEALT).pairs] == [None]


def whole(topics: set[str]) -> Completeness:
    return Completeness(frozenset({"KAZ", "KGZ"}), frozenset(topics), "2020-01-01", "2025-12-31", "made")


DEALT: Any = {
    **{"topic": "bank_cards", "jurisdictions": ["KAZ", "KGZ"], "known": "2026-01-01"},
    **{"since": "2022-01-01", "until": "2024-12-31"},
}
DAYS = ("2023-01-15", "2023-05-01", "2023-09-01")


def test_acts_at_the_two_ends_of_the_period_are_not_close() -> None:
    acts = (act("k1", "KAZ", "2022-01-01"), act("g1", "KGZ", "2024-12-30"))
    (pair,) = compared(*acts, since="2022-01-01", until="2024-12-31", is_complete=True).pairs
    assert pair.p_value == pair.p_family == 1.0
