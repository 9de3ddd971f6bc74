from __future__ import annotations

import re
from typing import Any

import pytest

from entrepot.report.answer import find_scope
from entrepot.report.russian import russian_sentences
from entrepot.report.sentence import opening_sentences
from tests.report import factory
from tests.report.test_sentence import totals

COLUMNS = "control_set via_iso3 observed expected excess excess_low excess_high lost_direct"


def both(rows: list[dict[str, Any]], **changes: Any) -> tuple[str, str]:
    """The sentence of the first control set in both languages."""
    answer = factory.answer(totals=factory.made(COLUMNS, rows), **changes)
    scope = find_scope(answer)
    first = opening_sentences(answer, scope)[0]
    russian = russian_sentences(answer, scope)[first.control_set]
    return first.text.replace("\u00a0", " "), russian.text.replace("\u00a0", " ")


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def test_the_sentence_says_the_same_numbers_as_the_english_one() -> None:
    english, russian = both(totals(70.0, 40.0, 160.0))
    assert russian.startswith("Из каждых 100 EUR товаров из списков, которые перестали поступать в Россию напрямую,")
    assert "от 4 до 16, смотря по контролям, появились вновь" in russian
    assert sorted(set(numbers(english))) == sorted(set(numbers(russian)))


def test_zero_inside_the_interval_is_said() -> None:
    rows = [{**row, "excess_low": -5.0} for row in totals(70.0, 40.0)]
    assert "ноль не исключён" in both(rows)[1]


def test_without_a_known_loss_amounts_take_its_place() -> None:
    russian = both(totals(70e6, 40e6, lost=None))[1]
    assert "40.0 млн EUR" in russian and "назвать нельзя" in russian


@pytest.mark.parametrize("excess", [(-70.0, -40.0), (0.0, 0.0)])
def test_nothing_above_the_expected_is_said_so(excess: tuple[float, float]) -> None:
    assert both(totals(*excess))[1].startswith("Выше ожидаемого ничего нет")


def test_nothing_that_could_be_tested_is_said_so() -> None:
    assert "не удалось проверить" in both(totals(None, None))[1]
