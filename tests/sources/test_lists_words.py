"""Words of publishers: dates, countries, names and document numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.sources.entities import (
    clean,
    country_code,
    dates_in,
    document_number,
    given_and_surname,
    iso_date,
    names_in,
    years_between,
)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1965", "1965"), ("1965-03", "1965-03"), ("1965-3-9", "1965-03-09"), ("1965-03-09T00:00:00Z", "1965-03-09"),
        ("2015-03-27-04:00", "2015-03-27"), ("09 Mar 1965", "1965-03-09"), ("March 1965", "1965-03"),
        ("9.3.1965", "1965-03-09"), ("00/00/1965", "1965"), ("29 Feb 2000", "2000-02-29"), ("29 Feb 1900", None),
        ("31 Apr 1965", None), ("1965-13-01", None), ("9 Foo 1965", None), ("", None), ("0999", None),
    ],
)  # fmt: skip
def test_one_date(text: str, date: str | None) -> None:
    assert iso_date(text) == date


def test_the_month_may_stand_first() -> None:
    assert (iso_date("03/09/1965"), iso_date("03/09/1965", month_first=True)) == ("1965-09-03", "1965-03-09")


@pytest.mark.parametrize(
    ("text", "dates", "says_more"),
    [
        ("12.3.1971 or 1970", ["1971-03-12", "1970"], False),
        ("(a) 30.7.1957 (b) 28.7.1957", ["1957-07-30", "1957-07-28"], False),
        ("1951 to 1953", ["1951", "1952", "1953"], False),
        ("Circa 1957", ["1957"], True),
        ("7.10.1952 POB: Leningrad", ["1952-10-07"], True),
        ("31.2.1980", [], True),
        ("10 October (year unknown)", [], True),
    ],
)
def test_dates_in_a_text(text: str, dates: list[str], says_more: bool) -> None:
    assert dates_in(text) == (dates, says_more)


def test_years_of_a_range_have_a_limit() -> None:
    assert (years_between("1950", "1949"), years_between("1900", "1951")) == ([], [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Korea, North", "kp"), ("Russian", "ru"), ("RUS", "ru"), ("ru", "ru"), ("Region: Gaza", "ps"),
        ("former Soviet Union", "suhh"), ("Myanmar/Burma", "mm"), ("undetermined", ""), ("Atlantis", "Atlantis"),
    ],
)  # fmt: skip
def test_countries(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "number", "about"),
    [
        ("123456789 (Russian passport issued on 1.2.2015)", "123456789", "Russian passport issued on 1.2.2015"),
        ("Afghan passport number SE 012820", "SE 012820", ""),
        ("Libyan passport No. 513519", "513519", ""),
        ("(a) A-374184", "A-374184", ""),
        ("series МН No 553834", "series МН No 553834", ""),
        ("AB850901 expires 11 December 2026", "AB850901", "expires 11 December 2026"),
        ("Laissez-passer no. 235/X", "235/X", ""),
        ("not known", "not known", ""),
    ],
)
def test_document_numbers(text: str, number: str, about: str) -> None:
    assert document_number(text) == (number, about)


def test_names() -> None:
    assert given_and_surname("TESTOV, Ivan Petrovich") == ("Ivan Petrovich TESTOV", "Ivan Petrovich", "TESTOV")
    assert given_and_surname("TESTOV, Ivan, Jr.") == ("Ivan TESTOV Jr.", "Ivan", "TESTOV")
    assert given_and_surname("ABU TEST") == ("ABU TEST", "", "")
    assert names_in("Ivan TESTOV (Иван ТЕСТОВ)") == ["Ivan TESTOV", "Иван ТЕСТОВ"]
    assert names_in("Testov (original script: Тестов)") == ["Testov", "Тестов"]
    assert names_in("Sample Trading (STL)") == ["Sample Trading (STL)"]


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    for read in (iso_date, dates_in, country_code, document_number, names_in, given_and_surname):
        read(text)
