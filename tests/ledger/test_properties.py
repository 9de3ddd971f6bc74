"""Laws of the ledger, over random entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.codes import day_text, parse_dated, parse_day
from entrepot.ledger import RECORDED, STATUSES, Entry, Ledger, Suspension, as_known
from tests.ledger.made import entry, pause

DAYS = st.integers(738_000, 739_500).map(day_text)
DATES = st.one_of(DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))
STATUS = st.sampled_from([None, *RECORDED])


MAYBE = st.one_of(st.just(""), DATES)
PAUSES = st.lists(
    st.builds(
        lambda start, end, sure, known, told: pause(start, end, is_end_sure=sure, known=known, end_known=told),
        *(DATES, st.one_of(st.none(), DATES), st.booleans(), MAYBE, MAYBE),
    ),
    max_size=3,
).map(lambda many: tuple(sorted(many, key=lambda one: one.start.first)))


@st.composite
def entries(draw: Any, ids: str = "abcdef", *, pack: str = "entrepot", recorded: str | None = None) -> Entry:
    start, told = draw(DATES), draw(st.one_of(st.none(), DATES))
    dates = {"effective": start} | ({"published": told} if told else {})
    if draw(st.booleans()):
        dates["removed"] = draw(DATES)
    return entry(
        draw(st.sampled_from(ids)),
        pack=pack,
        recorded=recorded or draw(DAYS),
        dates=dates,
        status=draw(STATUS),
        is_end_sure=draw(st.booleans()),
        is_end_set=draw(st.booleans()),
        suspensions=draw(PAUSES),
        facts={"end_known": draw(DATES)} if draw(st.booleans()) else {},
    )


LEDGERS = st.lists(entries(), unique_by=lambda one: one.entry_id, max_size=6)


def answers(made: Ledger, on: str, known: str) -> list[tuple[str, str]]:
    found = made.select(on=on, known=known)
    return [(one.entry_id, status) for one, status in zip(found.entries, found.statuses, strict=True)]


@given(LEDGERS, DAYS, DAYS)
def test_what_is_alleged_or_proposed_never_blocks(given_: list[Entry], on: str, known: str) -> None:
    found = Ledger(given_).select(on=on, known=known)
    assert not any(one.may_block for one in found if one.entry.status in RECORDED)
    assert all(one.status in STATUSES for one in found)


@settings(max_examples=200)
@given(LEDGERS, st.lists(entries("uvwxyz", pack="own"), unique_by=lambda one: one.entry_id), DAYS, DAYS, st.data())
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
def begun(draw: Any, ids: str = "abc") -> Entry:
    """An act that begins early, so that what comes later decides; its suspensions may have no end yet."""
    start = draw(st.integers(738_000, 738_200).map(day_text))
    one: Entry = draw(entries(ids))
    return replace(one, status=None, dates={"effective": parse_dated(start)}, facts={}, is_end_set=False)


BEGUN = st.lists(begun(), unique_by=lambda one: one.entry_id, min_size=1, max_size=3)
MIDDLE, LATE = (st.integers(738_400, 739_000).map(day_text), st.integers(738_200, 739_900).map(day_text))


def learned(draw: Any, one: Entry, known: int) -> Entry:
    """The entry with an end, ends of its suspensions and a suspension that the world learned of after a day."""
    later = st.integers(known + 1, known + 900).map(lambda day: parse_dated(day_text(day)))
    if "removed" not in one.dates and draw(st.booleans()):
        end, told = draw(DATES.map(parse_dated)), draw(later)
        facts = {**one.facts, "end_known": str(told)}
        if end.last > known and draw(st.booleans()):
            facts.pop("end_known")
        one = replace(one, dates={**one.dates, "removed": end}, facts=facts, is_end_set=False)
    pauses = [
        replace(p, end=draw(DATES.map(parse_dated)), end_known=draw(later), is_end_sure=draw(st.booleans()))
        if p.end is None and draw(st.booleans())
        else p
        for p in one.suspensions
    ]
    if draw(st.booleans()):
        begin, end = draw(DATES.map(parse_dated)), draw(st.one_of(st.none(), DATES.map(parse_dated)))
        pauses.append(Suspension(begin, end, draw(st.booleans()), draw(later), draw(later)))
    return replace(one, suspensions=tuple(sorted(pauses, key=lambda p: p.start.first)))


@settings(max_examples=400)
@given(BEGUN, st.lists(entries("uvwxyz"), unique_by=lambda one: one.entry_id), LATE, MIDDLE, st.data())
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


@settings(max_examples=300)
@given(LEDGERS, DAYS, DAYS)
def test_an_entry_without_what_was_unknown_has_the_same_status(given_: list[Entry], on: str, known: str) -> None:
    day = parse_day(known)
    bare = Ledger(as_known(one, day) for one in given_)  # made entries may end before they begin: order apart
    assert sorted(answers(bare, on, known)) == sorted(answers(Ledger(given_), on, known))
