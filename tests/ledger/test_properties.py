"""Laws of the ledger, over random entries."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.codes import day_text
from entrepot.ledger import RECORDED, STATUSES, Entry, Ledger
from tests.ledger.made import entry, pause

DAYS = st.integers(738_000, 739_500).map(day_text)
DATES = st.one_of(DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))
STATUS = st.sampled_from([None, *RECORDED])


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
        suspensions=(pause(draw(DAYS), draw(st.one_of(st.none(), DAYS)), is_end_sure=draw(st.booleans())),)
        if draw(st.booleans())
        else (),
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
    from dataclasses import replace

    # Whatever a user enters after the day asked for, corrections of any entry among it.
    late = [one for one in more if one.recorded_at[:10] > known]
    ids = [one.entry_id for one in given_]
    added = [replace(one, replaces=data.draw(st.sampled_from(["", *ids]))) for one in late]
    assert answers(Ledger([*given_, *added]), on, known) == answers(Ledger(given_), on, known)


@given(LEDGERS, DAYS, DAYS)
def test_nothing_speaks_before_the_world_could_know(given_: list[Entry], on: str, known: str) -> None:
    from entrepot.codes import parse_day

    found = Ledger(given_).select(on=on, known=known)
    assert all(one.world_knew and one.world_knew.last <= parse_day(known) for one in found.entries)


@given(LEDGERS, DAYS)
def test_a_standing_is_the_same_asked_alone_or_among_others(given_: list[Entry], day: str) -> None:
    made = Ledger(given_)
    alone = {one.entry_id: made.standing(one.entry_id, on=day) for one in made}
    assert answers(made, day, day) == [(i, s.status) for i, s in alone.items() if s]
