"""Survey: the whole world at once says what routes says of each destination, and little cases come out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.errors import EstimateError, MixedCurrency
from entrepot.flows import EVIDENCE_TYPES, SURVEY_TYPES, Survey, survey
from entrepot.lake import Lake, open_lake
from tests.factory import ORIGINS, Row, asked, lake_of, present, quiet, row_of, series
from tests.flows.test_ranking import market

ASKED: dict[str, Any] = {"event": "2020-07", "origins": ORIGINS}


def onward() -> list[Row]:
    """What four intermediaries sell on to two destinations; one of them falls silent for a month."""
    rows: list[Row] = []
    for place, iso3 in enumerate(("KAZ", "KGZ", "ARM", "UZB")):
        for seed, partner in ((20, "RUS"), (40, "BLR")):
            sold = quiet(seed + place, vias=[partner])
            rows += [{**row, "reporter_iso3": iso3} for row in sold if row["reporter_iso3"] == "DEU"]
        rows += present(reporter_iso3=iso3)
    return [row for row in rows if (row["reporter_iso3"], row["period"]) != ("ARM", "2020-02")]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of(tmp_path_factory.mktemp("world"), *market(), onward())


@pytest.fixture(scope="module")
def found(lake: Lake) -> Survey:
    return survey(lake, has_evidence=True, **ASKED)


def little(folder: Path, *groups: list[Row], **question: Any) -> Survey:
    return survey(lake_of(folder, present(), present(reporter_iso3="POL"), *groups), **{**ASKED, **question})


def row(found: Survey, destination: str = "KAZ", via: str = "DEU", product: str = "854231") -> Row:
    rows = found.table(found.rows_of(destination=destination, via=via)).rows()
    return next(one for one in rows if one["product_id"] == product)


def test_the_mean_month_of_the_past_is_expected_of_each_month(tmp_path: Path) -> None:
    one = row(little(tmp_path, series([100.0] * 18 + [250.0] * 12)))
    assert (one["observed"], one["expected"]) == (3000, pytest.approx(1200))
    assert (one["excess"], one["growth"]) == (pytest.approx(1800), pytest.approx(2.5))
    assert one["is_origin"] and one["in_observed"] is None


def test_what_the_origins_sell_stands_beside_what_is_sold_on(tmp_path: Path) -> None:
    sold = {"reporter_iso3": "KAZ", "partner_iso3": "RUS"}
    origins = [series([100.0] * 30, reporter_iso3=iso3) for iso3 in ("DEU", "POL")]
    one = row(little(tmp_path, *origins, present(reporter_iso3="KAZ"), series([10.0] * 30, **sold)), "RUS", "KAZ")
    assert (one["observed"], one["in_observed"], one["in_expected"]) == (120, 2400, pytest.approx(2400))
    assert not one["is_origin"]


def test_a_silent_month_is_not_held_against_the_past(tmp_path: Path) -> None:
    rows = [r for r in series([100.0] * 30) + present() if r["period"] != "2019-05"]
    lake = lake_of(tmp_path, rows)
    assert row(survey(lake, **ASKED))["expected"] == pytest.approx(1200)


def test_both_reports_of_one_flow_are_counted_once(tmp_path: Path) -> None:
    bought = series([90.0] * 30, reporter_iso3="KAZ", partner_iso3="DEU", flow="import", partner_role="origin")
    assert row(little(tmp_path, series([100.0] * 30), bought))["observed"] == 1200


def test_a_code_without_a_past_has_no_expectation(tmp_path: Path) -> None:
    one = row(little(tmp_path, series([100.0] * 10, "2020-09"), has_evidence=True))
    assert one["observed"] == 1000
    assert one["expected"] is None and one["p_value"] is None and one["in_growth"] is None


def test_the_onward_leg_is_what_routes_says_of_the_destination(found: Survey, lake: Lake) -> None:
    answer = asked(lake)
    rows = [r for r in found.table(found.rows_of(destination="RUS")) if not r["is_origin"] and r["p_value"] is not None]
    compared = [(r, row_of(answer, r["via_iso3"], r["product_id"])) for r in rows]
    assert len(compared) > 100
    for mine, theirs in compared:
        for name in ("observed", "expected", "excess_low", "excess_high"):
            expected = theirs[f"out_{name}"] if theirs["evidence"] == "both" else theirs[name]
            if expected is not None:
                assert mine[name] == pytest.approx(expected, rel=1e-9, abs=1e-6), (name, mine)


def test_the_inward_leg_is_what_routes_says_of_it(found: Survey, lake: Lake) -> None:
    answer = {(r["via_iso3"], r["product_id"]): r for r in asked(lake, destination="BLR")}
    rows = [r for r in found.table(found.rows_of(destination="BLR", via="KAZ")) if r["in_excess"] is not None]
    gaps = [abs(r["in_expected"] / answer["KAZ", r["product_id"]]["expected"] - 1) for r in rows]
    # Routes leaves the destination itself out of what it holds against each other.
    assert len(gaps) > 20 and float(np.median(gaps)) < 0.05


def test_direct_trade_is_estimated_and_is_no_discovery(found: Survey) -> None:
    direct = [r for r in found.table(found.rows_of(via="DEU")) if r["p_value"] is not None]
    assert direct and all(r["q_value"] is None and not r["is_alert"] for r in direct)


def test_planted_rises_of_both_legs_are_the_alerts(tmp_path: Path) -> None:
    sold = {"reporter_iso3": "KAZ", "partner_iso3": "RUS", "hs_code": "847103"}
    lifted = series([4000.0] * 18 + [90_000.0] * 12, **sold)
    rest = [r for r in onward() if {name: r[name] for name in sold} != sold]
    lake = lake_of(tmp_path, *market(), rest, lifted)
    answer = survey(lake, has_evidence=True, **ASKED)
    alerts = answer.table(np.flatnonzero(answer.is_alert)).rows()
    assert ("RUS", "KAZ", "847103") in {(r["destination_iso3"], r["via_iso3"], r["product_id"]) for r in alerts}
    assert len(alerts) <= 2


def test_threads_and_time_of_day_do_not_change_the_answer(found: Survey, lake: Lake) -> None:
    again = survey(open_lake(lake.path, threads=1), has_evidence=True, **ASKED)
    assert all(np.array_equal(values, again.numbers[name], equal_nan=True) for name, values in found.numbers.items())


def test_the_table_has_the_declared_columns(found: Survey, lake: Lake) -> None:
    rows = found.rows_of(destination="BLR", via="ARM")
    assert list(found.table(rows).types) == [*SURVEY_TYPES, *EVIDENCE_TYPES]
    assert list(survey(lake, **ASKED).table(rows).types) == list(SURVEY_TYPES)
    assert len(found.table(found.rows_of(destination="ZZZ"))) == 0


def test_only_the_goods_asked_for_are_tested_and_the_others_are_controls(lake: Lake, found: Survey) -> None:
    listed = survey(lake, has_evidence=True, products="847103,847111", **ASKED)
    assert set(listed.table(listed.rows_of())["product_id"]) == {"847103", "847111"}
    assert len(listed) == len(found)
    assert 0 < (~np.isnan(listed.numbers["p_value"])).sum() < 40


def test_origins_in_several_currencies_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MixedCurrency, match="several currencies"):
        survey(lake_of(tmp_path, present(), present(reporter_iso3="POL", currency="USD")), **ASKED)


def test_an_empty_lake_and_an_event_outside_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EstimateError, match="no monthly flows"):
        survey(open_lake(tmp_path / "empty", create=True), **ASKED)
    with pytest.raises(EstimateError, match="outside the data"):
        little(tmp_path, series([1.0] * 30), event="2031-01")
