from __future__ import annotations

from typing import Any

import pytest

from entrepot.report.answer import find_scope
from entrepot.report.sentence import opening_sentences
from tests.report import factory


def sentences(totals: list[dict[str, Any]], **changes: Any) -> list[str]:
    columns = "control_set via_iso3 observed expected excess excess_low excess_high lost_direct"
    answer = factory.answer(totals=factory.made(columns, totals), **changes)
    return [one.text.replace("\u00a0", " ") for one in opening_sentences(answer, find_scope(answer))]


def totals(*excess: float | None, lost: float | None = 1000.0) -> list[dict[str, Any]]:
    names = ("pooled", "own", "via")
    return [
        factory.total(name, via, value, lost_direct=lost)
        for name, value in zip(names, excess, strict=False)
        for via in ("ALL", "KGZ")
    ]


def test_the_range_runs_over_the_control_sets_and_the_chosen_set_follows_with_its_interval() -> None:
    first = sentences(totals(70.0, 40.0, 160.0))[0]
    assert first.startswith("Of every 100 EUR of listed goods that Russia stopped receiving directly")
    assert "between 4 and 16 reappeared as extra deliveries to Kyrgyzstan, depending on the controls" in first
    assert "7 (90 % interval 5 to 9) stay unexplained, measured against the sister goods" in first


def test_each_control_set_has_its_own_sentence_and_the_chosen_one_leads() -> None:
    found = sentences(totals(70.0, 40.0, 160.0))
    assert len(set(found)) == 3
    assert "16 (90 % interval 10 to 22)" in found[-1]


def test_the_sentence_says_through_only_where_both_legs_are_seen() -> None:
    both = factory.TYPES
    ranked = factory.Table.from_rows([factory.route(evidence="both")], both)
    assert "reappeared through Kyrgyzstan" in sentences(totals(70.0, 40.0), ranked=ranked)[0]


def test_unknown_loss_is_said_and_amounts_take_its_place() -> None:
    first = sentences(totals(70e6, 40e6, lost=None))[0]
    assert first.startswith("Between 40.0 m EUR and 70.0 m EUR more of listed goods than expected went to Kyrgyzstan")
    assert first.endswith("How much direct trade Russia lost cannot be told from this data.")


def test_a_loss_that_is_none_is_said_to_be_none() -> None:
    assert "Direct deliveries to Russia did not fall" in sentences(totals(70e6, lost=-5.0))[0]


def test_nothing_above_zero_is_said_plainly_with_what_cannot_be_ruled_out() -> None:
    rows = totals(-10e6, -30e6)
    rows[0]["excess_high"] = 4e6
    first = sentences(rows)[0]
    assert first.startswith("Nothing stands above the expected path: under every control set")
    assert "up to 4.00 m EUR cannot be ruled out" in first


def test_sets_that_disagree_in_sign_read_as_up_to_or_nothing() -> None:
    first = sentences(totals(70.0, -20.0))[0]
    assert "up to 7.0, or nothing at all, depending on the controls, reappeared" in first


def test_zero_inside_the_interval_is_said() -> None:
    rows = totals(70.0)
    rows[0]["excess_low"] = -5.0
    assert "so zero is not ruled out" in sentences(rows)[0]


@pytest.mark.parametrize("rows", [[], totals(None, None)])
def test_without_any_estimate_there_is_one_plain_sentence(rows: list[dict[str, Any]]) -> None:
    assert sentences(rows) == ["No route to Russia could be tested with this data; the reasons are listed below."]


def test_the_noun_follows_the_products_asked_about() -> None:
    changed = {**factory.answer().parameters, "products": "all"}
    assert "100 EUR of goods that" in sentences(totals(70.0), parameters=changed)[0]
