"""Reading: every text is met calmly, and each script becomes the same letters."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.parties import compare_texts
from entrepot.parties.names import read_name, read_names


@pytest.mark.parametrize("text", ["", " ", "a", "7", "1234 5678", "...", "\u200b", "<b></b>"])
def test_what_is_no_name_is_none(text: str) -> None:
    assert read_name(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Іvаn Реtrоv",  # Cyrillic letters among Latin ones
        "Ivan\u200b Petrov\u202e",
        "Ivan&nbsp;<b>Petrov</b>",
        "ivan   PETROV",
    ],
)
def test_disguises_change_nothing(text: str) -> None:
    found = compare_texts(text, "Иван Петров")
    assert found and found.score >= 0.9


@pytest.mark.parametrize("text", ["'; DROP TABLE names; --", "=HYPERLINK(A1)", "{{7*7}}", "\x00\x01ab cd"])
def test_hostile_text_is_a_name_like_another(text: str) -> None:
    found = compare_texts(text, "Ivan Petrov")
    assert found is None or found.score < 0.7


def test_ten_thousand_characters_cost_no_more_than_a_name() -> None:
    started = time.process_time()
    assert read_name("Ivan " * 2000) is not None
    assert time.process_time() - started < 0.5


@settings(max_examples=200)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_is_an_error(left: str, right: str) -> None:
    found = compare_texts(left, right)
    assert found is None or 0 <= found.score <= 1


def test_names_in_one_cell() -> None:
    assert [n.folded for n in read_names("Ivan Petrov; Иван Петров / Petr Ivanov")] == [
        "ivan petrov",
        "ivan petrov",
        "petr ivanov",
    ]
    assert len(read_names("Mohammad (a.k.a. Muhammad) Ali")) == 1


def test_a_turkmen_given_name_is_no_fathers() -> None:
    name = read_name("Berdimuhamedow Gurbanguly Mälikgulyýewiç")
    assert name and name.father and name.father.text.startswith("malik")
    assert [token.text for token in name.readings[0].given] == ["gurbanguly"]
