"""Control sets beside one another in a panel."""

from __future__ import annotations

from entrepot.report.controls import controls_by_route
from entrepot.report.page import render_report
from tests.report import factory


def test_sets_come_in_the_order_of_their_description_with_the_headline_marked() -> None:
    found = controls_by_route(factory.answer())["KGZ", "870323"]
    assert [one.title for one in found][:2] == ["Own past", "Other destinations"]
    assert [one.is_used for one in found] == [name == "pooled" for name in factory.SETS]


def test_a_past_that_cannot_be_tested_is_said() -> None:
    sets = factory.made(factory.SET, [factory.held("own", pretrend_p=None), factory.held("via", pretrend_p=0.01)])
    found = controls_by_route(factory.answer(sets=sets))["KGZ", "870323"]
    assert [one.pretrend for one in found] == ["not tested", "0.010"]


def test_the_panel_shows_each_set_with_interval_and_pretrend() -> None:
    page = render_report(factory.answer())
    assert "Pre-trend p" in page and page.count("(headline)") == 1 and "0.420" in page


def test_a_route_without_sets_has_no_table() -> None:
    page = render_report(factory.answer(sets=factory.made(factory.SET, [])))
    assert "Pre-trend p" not in page
