"""The ledger's questions: in force on a day, as known on a day, corrected since."""

from __future__ import annotations

import pytest

from entrepot.errors import CodeError, EntryRecorded, EstimateError, LedgerError, NotFound
from entrepot.ledger import Filters, Ledger, event_of
from tests.ledger.made import entry, pause


def status(made: Ledger, entry_id: str, on: str, known: str | None = None) -> str | None:
    found = made.standing(entry_id, on=on, known=known)
    return found.status if found else None


def test_announced_is_not_in_force() -> None:
    made = Ledger([entry(dates={"announced": "2024-04-02", "effective": "2024-04-05"})])
    days = ("2024-04-01", "2024-04-02", "2024-04-04", "2024-04-05")
    assert [status(made, "aaa-1", day) for day in days] == [None, "announced", "announced", "in_force"]


def test_an_end_that_came_later_is_not_known_before_it() -> None:
    made = Ledger([entry(dates={"effective": "2024-01-10", "removed": "2024-06-01"})])
    assert status(made, "aaa-1", on="2024-07-01", known="2024-05-01") == "in_force"
    assert status(made, "aaa-1", on="2024-07-01") == "ended"


def test_an_end_that_the_act_set_is_known_with_the_act() -> None:
    made = Ledger([entry(dates={"effective": "2024-01-10", "removed": "2024-06-01"}, is_end_set=True)])
    assert status(made, "aaa-1", on="2024-07-01", known="2024-05-01") == "ended"


def test_a_nominal_end_asks() -> None:
    made = Ledger([entry(dates={"effective": "2024-01-10", "removed": "2024-06-01"}, is_end_sure=False)])
    found = made.standing("aaa-1", on="2024-07-01")
    assert found and found.status == "unverified" and found.must_ask and not found.may_block


@pytest.mark.parametrize(("is_sure", "after"), [(True, "in_force"), (False, "unverified")])
def test_a_suspension_that_lapses_revives_the_rule_or_asks(is_sure: bool, after: str) -> None:
    made = Ledger([entry(suspensions=(pause("2024-03-01", "2024-05-01", is_end_sure=is_sure),))])
    days = ("2024-02-28", "2024-03-01", "2024-04-30", "2024-05-01")
    assert [status(made, "aaa-1", day) for day in days] == ["in_force", "suspended", "suspended", after]


def test_an_end_that_was_told_ahead_counts_from_the_day_it_was_told() -> None:
    dates = {"effective": "2024-01-10", "removed": "2024-06-01"}
    made = Ledger([entry(dates=dates, facts={"end_known": "2024-03-01"})])
    known = ("2024-02-29", "2024-03-01", "2024-06-02")
    assert [status(made, "aaa-1", on="2024-07-01", known=day) for day in known] == ["in_force", "ended", "ended"]
    before = made.standing("aaa-1", on="2024-02-01")
    assert before and before.why == "in force since 2024-01-10"


def test_an_end_that_was_told_afterwards_does_not_reach_back() -> None:
    dates = {"effective": "2024-01-10", "removed": "2024-06-01"}
    made = Ledger([entry(dates=dates, facts={"end_known": "2024-09-01"})])
    assert status(made, "aaa-1", on="2024-07-01", known="2024-08-31") == "in_force"
    assert status(made, "aaa-1", on="2024-07-01", known="2024-09-01") == "ended"


def test_a_first_day_that_was_fixed_later_counts_from_then() -> None:
    dates = {"signed": "2023-12-25", "effective": "2025-05-15"}
    made = Ledger([entry(dates=dates, facts={"start_known": "2025-04-15"})])
    before, after = (made.standing("aaa-1", on="2025-06-01", known=day) for day in ("2025-04-14", "2025-04-15"))
    assert before and (before.status, before.entry.start) == ("announced", None)
    assert after and after.status == "in_force"
    assert not made.select(Filters(since="2025-01-01"), on="2025-06-01", known="2025-04-14")


def test_the_end_of_a_suspension_counts_from_the_day_it_was_told() -> None:
    plain = Ledger([entry(suspensions=(pause("2024-03-01", "2024-05-01"),))])
    assert status(plain, "aaa-1", on="2024-06-01", known="2024-04-01") == "suspended"
    assert status(plain, "aaa-1", on="2024-06-01", known="2024-05-01") == "in_force"
    told = Ledger([entry(suspensions=(pause("2024-03-01", "2024-05-01", known="2024-02-01", end_known="2024-02-01"),))])
    known = ("2024-01-31", "2024-02-01")
    assert [status(told, "aaa-1", on="2024-04-01", known=day) for day in known] == ["in_force", "suspended"]
    assert [status(told, "aaa-1", on="2024-06-01", known=day) for day in known] == ["in_force", "in_force"]


def test_a_day_inside_the_month_of_the_start_is_unknown() -> None:
    made = Ledger([entry(dates={"effective": "2024-03", "published": "2024-01-01"})])
    answers = [status(made, "aaa-1", day) for day in ("2024-02-29", "2024-03-15", "2024-03-31")]
    assert answers == ["announced", "unknown_date", "in_force"]


def test_a_correction_speaks_from_when_it_was_recorded() -> None:
    fixed = entry("aaa-2", pack="own", recorded="2025-01-01", replaces="aaa-1", dates={"effective": "2024-02-01"})
    made = Ledger([entry(), fixed])
    assert status(made, "aaa-1", on="2024-01-20", known="2024-12-31") == "in_force"
    assert status(made, "aaa-1", on="2024-01-20", known="2025-01-01") == "announced"
    assert [one.entry_id for one in made.history("aaa-2")] == ["aaa-1", "aaa-2"]


def test_an_entry_of_the_users_own_is_not_known_before_it_was_recorded() -> None:
    made = Ledger([entry(pack="own", recorded="2025-01-01")])
    assert status(made, "aaa-1", on="2024-06-01") is None
    assert status(made, "aaa-1", on="2024-06-01", known="2025-01-01") == "in_force"


def test_filters_are_joined_and_products_look_up_and_down() -> None:
    from entrepot.ledger import Goods

    made = Ledger([entry(goods=(Goods("8703", "HS2022"),), targets=("RUS", "Some Bank")), entry("aaa-2")])

    def ids(**given: tuple[str, ...]) -> list[str]:
        return [one.entry_id for one in made.select(Filters(**given), on="2024-06-01").entries]

    assert ids(products=("870323",)) == ids(products=("87",)) == ids(targets=("some bank",)) == ["aaa-1"]
    assert ids(topics=("bank_cards",)) == ["aaa-1", "aaa-2"] and ids(jurisdictions=("KGZ",)) == []


def test_one_id_is_one_entry() -> None:
    with pytest.raises(EntryRecorded, match="name the other in `replaces`"):
        Ledger([entry(), entry()])


def test_corrections_in_a_circle_are_refused() -> None:
    with pytest.raises(LedgerError, match="circle: aaa-1 -> aaa-2 -> aaa-1"):
        Ledger([entry(replaces="aaa-2"), entry("aaa-2", replaces="aaa-1")])


def test_a_correction_of_nothing_is_refused() -> None:
    with pytest.raises(LedgerError, match="'zzz', which is no entry"):
        Ledger([entry(replaces="zzz")])


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(NotFound, match="aaa-1"):
        Ledger([entry()]).get("aaa-l")


@pytest.mark.parametrize(
    ("name", "word"),
    [("kinds", "law"), ("statuses", "inforce"), ("topics", "cards"), ("instruments", "card"), ("jurisdictions", "KZ")],
)
def test_a_word_that_no_entry_can_have_is_no_empty_answer(name: str, word: str) -> None:
    with pytest.raises(NotFound, match=word):
        Ledger([entry()]).refuse_unknown(Filters(**{name: (word,)}))  # type: ignore[arg-type]


def test_a_topic_of_ones_own_and_a_code_of_goods_may_be_asked_for() -> None:
    made = Ledger([entry(facts={"topic": "own topic"})])
    made.refuse_unknown(Filters(topics=("own topic",), products=("8703",), jurisdictions=("EU", "EAEU", "KAZ")))
    with pytest.raises(CodeError, match="cars"):
        made.refuse_unknown(Filters(products=("cars",)))


def test_who_contradicts_an_entry_is_found() -> None:
    made = Ledger([entry(), entry("kgz-1", contradicts=("aaa-1",)), entry("kgz-2")])
    assert [one.entry_id for one in made.contradicting("aaa-1")] == ["kgz-1"]


def test_a_question_about_a_measure_does_not_look_ahead() -> None:
    first = entry(dates={"announced": "2024-01-05", "effective": "2024-03-10"})
    corrected = entry("aaa-2", replaces="aaa-1", dates={"published": "2024-06-01", "effective": "2024-04-01"})
    made = Ledger([first, corrected])
    assert event_of(made, "aaa-1")[0] == "2024-04"
    assert event_of(made, "aaa-1", known="2024-05-31")[0] == "2024-03"
    with pytest.raises(EstimateError, match="nobody could know"):
        event_of(made, "aaa-1", known="2024-01-04")
