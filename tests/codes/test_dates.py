"""Dates as written: precision is kept, and a month never becomes a day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes import day_text, parse_dated, parse_day
from entrepot.errors import CodeError


def test_a_month_covers_its_days_and_has_no_day() -> None:
    month = parse_dated("2024-02")
    assert (day_text(month.first), day_text(month.last)) == ("2024-02-01", "2024-02-29")
    assert not month.is_day


def test_inside_a_month_nobody_can_say_whether_it_has_come() -> None:
    month = parse_dated("2024-02")
    answers = [month.has_come(parse_day(day)) for day in ("2024-01-31", "2024-02-15", "2024-02-29")]
    assert answers == [False, None, True]


def test_a_span_lies_between_its_ends_and_may_be_open() -> None:
    assert parse_dated("2024-09-25/2024-09-30").has_come(parse_day("2024-09-27")) is None
    assert parse_dated("../2024-09").has_come(parse_day("2024-10-01")) is True
    assert parse_dated("2024-09/..").has_come(parse_day("2999-01-01")) is None


def test_an_open_end_has_no_day() -> None:
    open_end = parse_dated("2024-09/..")
    assert (day_text(open_end.first), day_text(open_end.last)) == ("2024-09-01", "..")


def test_a_doubted_date_says_so() -> None:
    assert [parse_dated(text).is_sure for text in ("2024-03", "2024-03~", "2024?", "2024-01/2024-03?")] == [
        *(True, False, False, False)
    ]


@pytest.mark.parametrize(
    "text", ["", "2024-13", "2024-02-30", "24-01-01", "2024-1", "../..", "2024-05/2024-04", "soon"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CodeError):
        parse_dated(text)


@pytest.mark.parametrize("text", ["2024-03", "2024", "2024-03-01/2024-03-02"])
def test_a_question_needs_a_day(text: str) -> None:
    with pytest.raises(CodeError, match="not a day"):
        parse_day(text)


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_the_text_stays_as_written(day: object, length: int) -> None:
    text = str(day)[:length]
    assert str(parse_dated(text)) == text
