"""Kinds of acts: found by id, grouped by topic, named as others name them."""

from __future__ import annotations

import pytest

from entrepot.errors import NotFound
from entrepot.ledger import get_instrument, instruments, instruments_of, open_ledger, topics

# Names of Global Trade Alert's intervention types that fit something here.
GTA = {
    "",
    "Controls on commercial transactions and investment instruments",
    "Export ban",
    "Export licensing requirement",
    "Export-related non-tariff measure, nes",
    "Import ban",
    "Import licensing requirement",
    "Intellectual property protection",
    "Trade payment measure",
}
DIRECTIONS = {"", "export", "import", "transit", "payment", "service", "movement", "identity"}


def test_an_instrument_is_found_by_its_id() -> None:
    rule = get_instrument("card_rule")
    assert (rule.topic, rule.is_binding, rule.direction) == ("bank_cards", True, "payment")


def test_an_unknown_instrument_names_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        get_instrument("card_rules")
    assert "card_rule" in caught.value.remedy


def test_every_topic_has_instruments_and_every_instrument_one_topic() -> None:
    grouped = [instrument for topic in topics() for instrument in instruments_of(topic)]
    assert sorted(grouped) == sorted(item.instrument for item in instruments())


def test_an_unknown_topic_names_those_that_there_are() -> None:
    with pytest.raises(NotFound) as caught:
        instruments_of("weather")
    assert "bank_cards" in caught.value.remedy


@pytest.mark.parametrize("spoken", ["claim", "statement", "guidance", "guidance_red_flags", "envoy_visit", "proposal"])
def test_words_bind_nobody(spoken: str) -> None:
    assert not get_instrument(spoken).is_binding


def test_names_of_others_are_names_they_have() -> None:
    for item in instruments():
        assert item.mast in ("", *"ABCDEFGHIJKLMNOP") and item.gta in GTA and item.direction in DIRECTIONS


def test_exports_belong_to_chapter_p_and_imports_to_another() -> None:
    chapters = {(item.direction, item.mast) for item in instruments() if item.mast and item.direction}
    assert {mast for direction, mast in chapters if direction == "export"} == {"P"}
    assert "P" not in {mast for direction, mast in chapters if direction == "import"}


def test_every_shipped_entry_is_of_a_known_instrument() -> None:
    assert {entry.instrument for entry in open_ledger()} <= {item.instrument for item in instruments()}
