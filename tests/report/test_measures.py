"""Which acts stand on the charts: about the answer's trade, in its window, as they stood then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entrepot.codes import parse_dated
from entrepot.ledger import Citation, Entry, Goods, Ledger, open_ledger
from entrepot.report import render_report
from entrepot.report.chart import find_measures
from entrepot.report.measures import MOST, measures_of
from tests.report import factory


def act(name: str, when: str = "2022-06-01", **more: Any) -> Entry:
    usual: dict[str, Any] = {"jurisdiction": "EU", "instrument": "export_ban", "targets": ("RUS",), "title": name}
    return Entry(
        entry_id=name,
        kind="measure",
        dates={"effective": parse_dated(when)},
        sources=(Citation("An act", "https://example.org/act"),),
        recorded_at="2022-01-01T00:00:00Z",
        **{**usual, **more},
    )


def asked(*entries: Entry) -> list[str]:
    answer = factory.answer()
    answer.parameters.update(window=["2018-01", "2022-11"], origins="EU27", destination="RUS")
    return [row["entry_id"] for row in measures_of(answer, Ledger(entries)) if row.get("entry_id")]


def test_an_act_of_the_origins_against_the_market_is_drawn() -> None:
    assert asked(act("eu-ban")) == ["eu-ban"]


def test_acts_of_others_on_others_or_at_other_times_are_not() -> None:
    assert asked(act("jpn", jurisdiction="BRA"), act("irn", targets=("IRN",)), act("late", "2024-01-01")) == []


def test_cards_and_citizenship_are_no_trade() -> None:
    assert asked(act("cards", jurisdiction="RUS", instrument="card_rule")) == []


def test_goods_of_the_answer_make_an_act_fit() -> None:
    code = factory.answer().rows()[0]["hs_codes"].split(";")[0].strip()
    goods = (Goods(code[:4], "HS2022"),)
    assert asked(act("goods", targets=(), goods=goods), act("none", targets=())) == ["goods"]


def test_a_provision_of_the_shipped_ledger_on_these_goods_is_drawn() -> None:
    answer = factory.answer()
    answer.parameters.update(window=["2018-01", "2022-11"], origins="COALITION", destination="RUS")
    assert "eu-20220316-cars-luxury" in [row.get("entry_id") for row in measures_of(answer, open_ledger())]


def test_an_alleged_act_stays_alleged_and_the_charts_stay_readable() -> None:
    many = [act(f"eu-{i:02d}", f"2022-{1 + i % 11:02d}-01", status="alleged") for i in range(40)]
    answer = factory.answer()
    answer.parameters.update(window=["2018-01", "2022-11"], origins="EU27", destination="RUS")
    rows = [row for row in measures_of(answer, Ledger(many)) if row.get("entry_id")]
    assert len(rows) == MOST and {row["status"] for row in rows} == {"alleged"}


def test_a_report_names_the_source_and_a_simulated_one_has_no_real_law() -> None:
    answer = factory.answer()
    answer.parameters.update(window=["2018-01", "2022-11"], origins="EU27", destination="RUS")
    ledger = Ledger([act("eu-ban-in-window"), replace(act("bad"), sources=(Citation("X", "javascript:alert(1)"),))])
    page = render_report(answer, ledger=ledger)
    assert "eu-ban-in-window" in page and "https://example.org/act" in page and "javascript:" not in page
    assert "eu-ban-in-window" not in render_report(answer, ledger=ledger, simulated=True)


def test_a_chart_has_the_acts_of_its_own_goods_and_intermediary() -> None:
    rows = [
        {"date": "2022-03-16", "title": "cars", "goods": "8703"},
        {"date": "2022-03-17", "title": "all"},
        {"date": "2022-08-27", "title": "stop", "via_iso3": "KAZ"},
    ]
    found = find_measures([{"jurisdiction": "EU", "status": "in_force", **row} for row in rows], ["2022-01", "2022-11"])

    def drawn(via_iso3: str, code: str) -> list[str]:
        return [one.title for one in found if one.concerns(via_iso3, [code])]

    assert drawn("KAZ", "854231") == ["all", "stop"]
    assert drawn("KGZ", "870323") == ["cars", "all"]
