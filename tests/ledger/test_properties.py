"""Laws of the ledger, over random entries."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.codes import Dated, day_text, parse_dated, parse_day
from entrepot.ledger import RECORDED, STATUSES, Entry, Filters, Ledger, Suspension, as_known, rule_on
from tests.ledger.made import entry

FIRST, SPAN = 738_000, 1_500
DAYS = st.integers(FIRST, FIRST + SPAN).map(day_text)


# One draw says both when and how exactly: to the day, the month or the year. Many draws are what makes examples dear.
@cache
def date(code: int) -> Dated:
    return parse_dated(day_text(FIRST + code // 3)[: (10, 7, 4)[code % 3]])


DATES = st.integers(0, 3 * SPAN - 1).map(date)
# None in one of three.
MAYBE = st.integers(-3 * SPAN // 2, 3 * SPAN - 1).map(lambda code: date(code) if code >= 0 else None)
STATUS = [None, None, *RECORDED]
PAUSES = st.lists(
    st.builds(
        lambda start, end, known, told, sure: Suspension(start, end, sure, known, told),
        *(DATES, MAYBE, MAYBE, MAYBE, st.booleans()),
    ),
    max_size=3,
).map(lambda many: tuple(sorted(many, key=lambda one: one.start.first)))


@st.composite
def entries(draw: Any, *, pack: str = "entrepot") -> Entry:
    """A random entry; :func:`named` gives it an id."""
    found = dict(zip(("effective", "published", "removed"), draw(st.tuples(DATES, MAYBE, MAYBE)), strict=True))
    known, choice = draw(MAYBE), draw(st.integers(0, 4 * len(STATUS) - 1))
    return replace(
        entry(pack=pack, recorded=draw(DAYS)),
        dates={stage: when for stage, when in found.items() if when},
        status=STATUS[choice // 4],
        is_end_sure=choice % 2 == 0,
        is_end_set=choice % 4 >= 2,
        suspensions=draw(PAUSES),
        facts={"end_known": str(known)} if known else {},
    )


def named(many: list[Entry], prefix: str) -> list[Entry]:
    return [replace(one, entry_id=f"{prefix}{place}") for place, one in enumerate(many)]


LEDGERS = st.lists(entries(), max_size=6).map(lambda many: named(many, "a"))
OWN = st.lists(entries(pack="own"), max_size=6).map(lambda many: named(many, "own"))
MORE = st.lists(entries(), max_size=6).map(lambda many: named(many, "more"))


def answers(made: Ledger, on: str, known: str, filters: Filters | None = None) -> list[tuple[str, str]]:
    found = made.select(filters, on=on, known=known)
    return [(one.entry_id, status) for one, status in zip(found.entries, found.statuses, strict=True)]


@given(LEDGERS, DAYS, DAYS)
def test_what_is_alleged_or_proposed_never_blocks(given_: list[Entry], on: str, known: str) -> None:
    found = Ledger(given_).select(on=on, known=known)
    rules = [rule_on(Ledger([one.entry]), one.entry.entry_id, on=on, known=known) for one in found]
    assert not any(one.may_block or rule.may_block for one, rule in zip(found, rules, strict=True) if one.entry.status)
    assert all(one.status in STATUSES for one in found)


@settings(max_examples=200)
@given(LEDGERS, OWN, DAYS, DAYS, st.data())
def test_what_is_added_later_changes_no_answer_about_the_past(
    given_: list[Entry], more: list[Entry], on: str, known: str, data: Any
) -> None:
    # Whatever a user enters after the day asked for, corrections of any entry among it.
    late = [one for one in more if one.recorded_at[:10] > known]
    ids = [one.entry_id for one in given_]
    added = [replace(one, replaces=data.draw(st.sampled_from(["", *ids]))) for one in late]
    assert answers(Ledger([*given_, *added]), on, known) == answers(Ledger(given_), on, known)


@given(LEDGERS, DAYS, DAYS)
def test_nothing_speaks_before_the_world_could_know(given_: list[Entry], on: str, known: str) -> None:
    found = Ledger(given_).select(on=on, known=known)
    assert all(one.world_knew and one.world_knew.last <= parse_day(known) for one in found.entries)


@given(LEDGERS, DAYS)
def test_a_standing_is_the_same_asked_alone_or_among_others(given_: list[Entry], day: str) -> None:
    made = Ledger(given_)
    alone = {one.entry_id: made.standing(one.entry_id, on=day) for one in made}
    assert answers(made, day, day) == [(i, s.status) for i, s in alone.items() if s]


@st.composite
def begun(draw: Any) -> Entry:
    """An act that begins early, or was told early and has no first day yet, so that what comes later decides."""
    start = draw(st.integers(738_000, 738_200).map(day_text))
    stage = draw(st.sampled_from(["effective", "effective", "published"]))
    return replace(draw(entries()), status=None, dates={stage: parse_dated(start)}, facts={}, is_end_set=False)


BEGUN = st.lists(begun(), min_size=1, max_size=3).map(lambda many: named(many, "a"))
MIDDLE, LATE = (st.integers(738_400, 739_000).map(day_text), st.integers(738_200, 739_900).map(day_text))


def learned(draw: Any, one: Entry, known: int) -> Entry:
    """The entry with a first day, an end, ends of its suspensions and a suspension that were learned of after a day."""
    later = st.integers(known + 1, known + 900).map(lambda day: parse_dated(day_text(day)))
    if "effective" not in one.dates and draw(st.booleans()):
        facts = {**one.facts, "start_known": str(draw(later))}
        one = replace(one, dates={**one.dates, "effective": draw(DATES)}, facts=facts)
    if "removed" not in one.dates and draw(st.booleans()):
        end, told = draw(DATES), draw(later)
        facts = {**one.facts, "end_known": str(told)}
        if end.last > known and draw(st.booleans()):
            facts.pop("end_known")
        one = replace(one, dates={**one.dates, "removed": end}, facts=facts, is_end_set=False)
    pauses = [
        replace(p, end=draw(DATES), end_known=draw(later), is_end_sure=draw(st.booleans()))
        if p.end is None and draw(st.booleans())
        else p
        for p in one.suspensions
    ]
    if draw(st.booleans()):
        begin, end = draw(DATES), draw(MAYBE)
        pauses.append(Suspension(begin, end, draw(st.booleans()), draw(later), draw(later)))
    return replace(one, suspensions=tuple(sorted(pauses, key=lambda p: p.start.first)))


@settings(max_examples=400)
@given(BEGUN, MORE, LATE, MIDDLE, st.data())
def test_what_the_world_learned_later_changes_no_answer_about_the_past(
    given_: list[Entry], more: list[Entry], on: str, known: str, data: Any
) -> None:
    day = parse_day(known)
    # Of the shipped pack, where the day of recording gates nothing: only when the world could know does.
    late = [one for one in more if one.world_knew and one.world_knew.last > day]
    ids = ["", *(one.entry_id for one in given_)]
    added = [replace(one, replaces=data.draw(st.sampled_from(ids))) for one in late]
    grown = Ledger([*(learned(data.draw, one, day) for one in given_), *added])

    def told(made: Ledger) -> list[tuple[str, str, str]]:
        return sorted((one.entry.entry_id, one.status, one.why) for one in made.select(on=on, known=known))

    assert told(grown) == told(Ledger(given_))
    # Nor which acts are found by their dates.
    dated = Filters(since=day_text(day - 100), until=day_text(day + 400))
    assert {*answers(grown, on, known, dated)} == {*answers(Ledger(given_), on, known, dated)}


@settings(max_examples=300)
@given(LEDGERS, DAYS, DAYS)
def test_an_entry_without_what_was_unknown_has_the_same_status(given_: list[Entry], on: str, known: str) -> None:
    day = parse_day(known)
    bare = Ledger(as_known(one, day) for one in given_)  # made entries may end before they begin: order apart
    assert sorted(answers(bare, on, known)) == sorted(answers(Ledger(given_), on, known))
