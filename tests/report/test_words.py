from __future__ import annotations

import math

import pytest

from entrepot.report import words


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_234_567, "1.23 m"),
        (-45_000, "−45.0 k"),
        (999_600, "1.00 m"),
        (2.5e9, "2.50 bn"),
        (0, "0"),
        (460.4, "460"),
        (None, "unknown"),
        (math.nan, "unknown"),
        (math.inf, "unknown"),
    ],
)
def test_money_reads_at_three_digits_and_unknown_is_a_word(value: float | None, text: str) -> None:
    assert plain(words.money(value)) == text


def test_shares_and_their_ranges_read_in_per_cent() -> None:
    assert plain(words.share(0.031)) == "3.1 %"
    assert plain(words.share_range(0.2, 0.55)) == "20 to 55 %"
    assert words.share_range(None, None) == "unknown"


def test_small_chances_are_not_printed_as_zero() -> None:
    assert (words.chance(0.0), words.chance(0.0124)) == ("< 0.001", "0.012")


def test_a_window_within_one_year_names_the_year_once() -> None:
    assert words.window("2022-03", "2022-11") == "March to November 2022"
    assert words.window("2022-03", "2023-01") == "March 2022 to January 2023"
    assert words.window("2022-03", "2022-03") == "March 2022"


def test_an_unknown_territory_keeps_its_code() -> None:
    assert (words.place("GBR"), words.label("GBR"), words.place("Q?Q")) == (
        "the United Kingdom",
        "United Kingdom",
        "Q?Q",
    )
