"""Claims about trade against flows of the lake: by hand, with unknown cells, with two reports, with a plant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from entrepot.alerts import test_claims as put_to_data
from entrepot.lake import Lake
from entrepot.ledger import Ledger, open_ledger
from tests.factory import Row, flow, lake_of, present, series

AS_OF = "2024-06-01"


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


def answer(ledger: Ledger, lake: Lake, quote: str, **other: Any) -> dict[str, Any]:
    claim = {"id": "C-1", "quote": quote, "topic": "export_monitoring", **other}
    checks = put_to_data([claim], ledger=ledger, lake=lake, as_of=AS_OF)[0]["checks"]
    return next(check for check in checks if check["against"] == "flows")


def years(*levels: float | None, **other: Any) -> list[Row]:
    """Twelve equal months a level, from 2021 on."""
    return series([level for level in levels for _ in range(12)], "2021-01", **{"hs_code": "870323", **other})


def quotes(ledger: Ledger, lake: Lake, said: Sequence[str]) -> list[str]:
    return [answer(ledger, lake, quote)["verdict"] for quote in said]


def test_direction_and_size_by_hand(ledger: Ledger, tmp_path: Path) -> None:
    lake = lake_of(tmp_path, years(100, 100, 300))
    head = "German car exports to Kazakhstan"
    said = ("rose in 2023", "fell in 2023", "tripled in 2023", "doubled in 2023", "more than doubled in 2023")
    found = quotes(ledger, lake, [f"{head} {words}" for words in said])
    assert found == ["supported", "contradicted", "supported", "contradicted", "supported"]
    check = answer(ledger, lake, f"{head} tripled in 2023")
    assert "x 3.00" in check["evidence"] and check["ids"] and "DEU -> KAZ" in check["query"]


def test_amounts_are_summed_over_the_year(ledger: Ledger, tmp_path: Path) -> None:
    lake = lake_of(tmp_path, years(100, 100, 300))
    head = "Germany exported cars worth"
    said = [f"{head} {worth} to Kazakhstan in 2023" for worth in ("3,600 euros", "9,000 euros", "more than €3,000")]
    assert quotes(ledger, lake, said) == ["supported", "contradicted", "supported"]


def test_a_suppressed_year_is_unknown_and_not_zero(ledger: Ledger, tmp_path: Path) -> None:
    lake = lake_of(tmp_path, years(100, 100, None), present("2021-01", 36))
    check = answer(ledger, lake, "Germany stopped exporting cars to Kazakhstan in 2023")
    assert check["verdict"] == "no_data"


def test_an_absent_cell_of_a_reporter_is_no_recorded_trade(ledger: Ledger, tmp_path: Path) -> None:
    lake = lake_of(tmp_path, years(100, 100, 0), present("2021-01", 36))
    assert answer(ledger, lake, "Germany stopped exporting cars to Kazakhstan in 2023")["verdict"] == "supported"
    assert answer(ledger, lake, "Germany exported cars to Kazakhstan in 2023")["verdict"] == "contradicted"


def test_a_reporter_without_rows_is_no_data(ledger: Ledger, tmp_path: Path) -> None:
    lake = lake_of(tmp_path, years(100, 100, 300))
    assert answer(ledger, lake, "French car exports to Georgia rose in 2023")["verdict"] == "no_data"
    assert answer(ledger, lake, "German car exports to Kazakhstan rose in 2015")["verdict"] == "no_data"


def test_totals_and_aggregates_are_not_added_to_codes(ledger: Ledger, tmp_path: Path) -> None:
    rows = [*years(100, 100), *years(500, 500, hs_code="TOTAL"), *years(100, 100, hs_code="8703")]
    rows += years(9000, 9000, hs_code="TOTAL", partner_iso3="WORLD")
    lake = lake_of(tmp_path, rows)
    said = ("Germany exported goods worth 6,000 euros to Kazakhstan in 2022",
            "Germany exported cars worth 1,200 euros to Kazakhstan in 2022")  # fmt: skip
    assert quotes(ledger, lake, said) == ["supported", "supported"]


def test_two_reports_that_disagree_are_both_told(ledger: Ledger, tmp_path: Path) -> None:
    kazakh = {"reporter_iso3": "KAZ", "partner_iso3": "DEU", "flow": "import", "partner_role": "origin"}
    lake = lake_of(tmp_path, years(100, 100, 300), years(100, 100, 50, **kazakh))
    exports = answer(ledger, lake, "German car exports to Kazakhstan rose in 2023")
    imports = answer(ledger, lake, "Kazakhstan's car imports from Germany rose in 2023")
    assert exports["verdict"] == "supported" and "imports say otherwise" in exports["contrary"]
    assert imports["verdict"] == "contradicted" and "exports say otherwise" in imports["contrary"]


def test_a_change_inside_the_noise_says_so(ledger: Ledger, tmp_path: Path) -> None:
    wild = [10.0, 400.0, 30.0, 250.0, 5.0, 120.0] * 4
    lake = lake_of(tmp_path, series([*wild[:12], *(v * 1.1 for v in wild[12:])], "2022-01", hs_code="870323"))
    check = answer(ledger, lake, "German car exports to Kazakhstan rose in 2023")
    assert check["verdict"] == "supported" and "The interval includes no change." in check["contrary"]


def test_yearly_rows_answer_where_there_are_no_months(ledger: Ledger, tmp_path: Path) -> None:
    lake = lake_of(tmp_path, [flow(y, v, hs_code="870323") for y, v in (("2021", 10.0), ("2022", 10.0), ("2023", 5.0))])
    check = answer(ledger, lake, "German car exports to Kazakhstan halved between 2022 and 2023")
    assert check["verdict"] == "supported" and "no interval" in check["evidence"]


def test_blocs_are_summed_over_their_members_and_the_missing_named(ledger: Ledger, tmp_path: Path) -> None:
    polish = years(50, 50, 50, reporter_iso3="POL")
    lake = lake_of(tmp_path, years(100, 100, 300), polish)
    check = answer(ledger, lake, "EU car exports to Kazakhstan rose in 2023")
    assert check["verdict"] == "supported" and "x 2.33" in check["evidence"]
    assert "unknown, not zero" in check["contrary"]


def test_nothing_after_the_day_of_knowledge_is_looked_at(ledger: Ledger, tmp_path: Path) -> None:
    lake = lake_of(tmp_path, years(100, 100, 300))
    claim = {"id": "C-1", "quote": "German car exports to Kazakhstan rose in 2023", "topic": "export_monitoring"}
    checks = put_to_data([claim], ledger=ledger, lake=lake, as_of="2022-12-31")[0]["checks"]
    assert [check["verdict"] for check in checks] == ["no_data"]


def test_goods_whose_codes_are_unknown_are_not_guessed(ledger: Ledger, tmp_path: Path) -> None:
    lake = lake_of(tmp_path, years(100, 100, 300))
    what = [{"text": "widgets", "type": "product", "id": "widgets"}]
    check = answer(ledger, lake, "Exports of widgets from Germany to Kazakhstan rose in 2023", entities=what)
    assert check["verdict"] == "not_checkable"
