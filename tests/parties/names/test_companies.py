"""Companies: what is distinctive decides, legal forms and words of business do not."""

from __future__ import annotations

import pytest

from entrepot.parties import compare_texts
from entrepot.parties.names import is_body


def score(left: str, right: str) -> float:
    found = compare_texts(left, right, schema="Company")
    assert found
    return found.score


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ООО «Торговый дом Альфа»", "Alfa Trading House LLC"),
        ("ТОО «Казэкспорт»", "Kazexport LLP"),
        ("АО Завод №14", "Plant No. 14 JSC"),
        ("Istanbul Makina Sanayi ve Ticaret A.Ş.", "ISTANBUL MAKINA SAN VE TIC AS"),
        ("Acme Trading LLC", "ACME TRADING L.L.C."),
        ("Грин Хоук Лайн", "Green Hawk Line Ltd"),
        ("Гостиница Бермет", "Bermet Hotel"),
        ("ТД Ырыс", "Yrys Trading House"),
        ("Kolorowy Las Sp. z o.o.", "Kolorowy Las Spółka z ograniczoną odpowiedzialnością"),
        ("Стройинвест Ырыс", "Stroi Invest Yrys"),
    ],
)
def test_one_firm_in_two_languages(left: str, right: str) -> None:
    assert score(left, right) >= 0.7


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("АО Завод №14", "Plant No. 15 JSC"),
        ("ООО «Торговый дом Альфа»", "Beta Trading House LLC"),
        ("Kazakhstan Export LLP", "Kazakhstan Import LLP"),
        ("Blue Sky Aviation Services Ltd", "Blue Star Aviation Services Ltd"),
        ("Severgorn PJSC", "Sevmetiz PJSC"),
        ("Jetty Lane Foods", "Jetty Line Foods"),
        ("Issyk Grain North LLP", "Issyk Grain South LLP"),
        ("Tarlan Optics", "Tarlan Robotics"),
        ("Техносервис Пермь", "Техносервис Омск"),
    ],
)
def test_two_firms_that_share_what_every_firm_has(left: str, right: str) -> None:
    assert score(left, right) < 0.7


def test_a_legal_form_tells_a_body_from_a_person() -> None:
    assert is_body("ОсОО Бишкек Логистик") and is_body("Steppe Bearing Trade LLP")
    assert not is_body("Асанов Бакыт Нурланович") and not is_body("Maria Lindqvist")
