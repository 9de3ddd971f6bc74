"""Routes where the truth is known: what was planted is found, where nothing was nothing is said; and real trade."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from entrepot.codes import product_list
from entrepot.flows import Routes, routes
from entrepot.lake import Lake, open_lake
from entrepot.sources import ingest
from tests.factory import AT
from tests.known.worlds import SEEDS, Known, known, options


@pytest.fixture(scope="module", params=SEEDS)
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Known:
    return known(tmp_path_factory.mktemp("planted"), options(request.param))


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """Everything moves at the event, growth of the intermediaries included, and nothing is diverted."""
    world = options(SEEDS[1], share_planted=0.0, contaminated_goods=0.0)
    return known(tmp_path_factory.mktemp("moved"), world, products="all")


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """Nothing at all happens at the event."""
    return known(
        tmp_path_factory.mktemp("still"), options(SEEDS[0], n_territories=14, has_event_effect=False), products="all"
    )


def test_alerts_are_nearly_all_planted(planted: Known) -> None:
    assert planted.is_alert.sum() >= 2
    assert (planted.planted[planted.is_alert] > 0).mean() >= 0.8


def test_planted_series_stand_above_the_others(planted: Known) -> None:
    p = np.array([row["p_value"] for row in planted.rows])
    is_planted = planted.planted > 0
    above = (p[is_planted][:, None] < p[~is_planted][None, :]).mean()
    assert above > 0.7
    order = np.argsort(p, kind="stable")[:20]
    assert is_planted[order].mean() > 4 * is_planted.mean()


def test_better_than_growth_since_the_event(planted: Known) -> None:
    """Average precision of the ranking against that of observed over expected by the series' own past."""
    found = -np.array([row["p_value"] for row in planted.rows])
    growth = np.array([row["observed"] / max(row["observed"] - row["excess_max"], 1.0) for row in planted.rows])
    is_planted = planted.planted > 0
    assert precision(found, is_planted) > precision(growth, is_planted)


def precision(score: np.ndarray, is_planted: np.ndarray) -> float:
    hits = is_planted[np.argsort(-score, kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def test_half_of_the_planted_value_that_can_be_seen_is_found(planted: Known) -> None:
    found, whole = planted.seen_value()
    assert found >= 0.5 * whole


def test_intervals_hold_what_was_planted(planted: Known) -> None:
    assert planted.holds()[planted.planted == 0].mean() >= 0.85
    assert planted.holds()[planted.planted > 0].mean() >= 0.75


def test_where_nothing_is_diverted_alerts_are_under_one_in_a_hundred(moved: Known) -> None:
    assert len(moved.rows) > 1000
    assert moved.is_alert.mean() < 0.01


def test_where_nothing_is_diverted_intervals_hold_zero(moved: Known) -> None:
    assert moved.holds().mean() >= 0.85


def test_where_nothing_happens_at_all_nothing_is_said(still: Known) -> None:
    assert still.is_alert.mean() < 0.01
    assert still.holds().mean() >= 0.85


def test_a_placebo_event_in_quiet_years_raises_no_alarm(planted: Known) -> None:
    found = routes(planted.lake, destination="RUS", event="2021-01", until="2021-12", products="all")
    tested = [row for row in found if row["rank"] is not None]
    assert sum(row["is_alert"] for row in tested) < 0.01 * len(tested)


def test_codes_of_the_revision_are_grouped_and_none_is_new(planted: Known) -> None:
    rows = {row["product_id"]: row for row in planted.answer}
    assert any("852589" in row["hs_codes"] and "852580" in row["hs_codes"] for row in rows.values())
    assert not any("code_born" in row["caveats"] for row in planted.answer)


# Real trade: EU exports of goods on its annexes to seven destinations, CN8, monthly 2020-01 to 2022-11.
EVENT = {"destination": "RUS", "event": "2022-03", "until": "2022-11"}


@pytest.fixture(scope="module")
def eu(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = open_lake(tmp_path_factory.mktemp("eu") / "lake", create=True)
    path = shared_data / "trade/eurostat-cn8-sanctioned/eu27_exports_cn8_monthly.parquet"
    ingest(lake, "flows", path, mapping="eurostat-cn8-exports", at=AT)
    return lake


@pytest.fixture(scope="module")
def surge(eu: Lake) -> Routes:
    return routes(eu, **EVENT)


def test_cars_to_kyrgyzstan_are_alerts(surge: Routes) -> None:
    cars = [row for row in surge if row["is_alert"] and row["product_id"].startswith("8703")]
    assert "KGZ" in {row["via_iso3"] for row in cars}
    kyrgyz = [row for row in cars if row["via_iso3"] == "KGZ"]
    assert sum(row["excess_low"] for row in kyrgyz) > 1e7


def test_no_alert_is_of_a_code_that_was_born_at_the_revision(eu: Lake, surge: Routes) -> None:
    with eu.engine() as engine:
        used = {row[0] for row in engine.rows("SELECT DISTINCT substr(hs_code, 1, 6) FROM flows WHERE period < '2022'")}
    alerts = [row for row in surge if row["is_alert"]]
    assert alerts
    for row in alerts:
        assert set(row["hs_codes"].split(";")) & used, row["product_id"]
    born = [row for row in surge if not set(row["hs_codes"].split(";")) & used]
    assert born and all(row["rank"] is None and "code_born" in row["caveats"] for row in born)


def test_russia_is_no_intermediary_of_its_own(surge: Routes) -> None:
    assert set(surge["via_iso3"]) == {"ARM", "BLR", "GEO", "KAZ", "KGZ", "UZB"}


def test_this_extract_says_that_it_holds_no_clean_control(surge: Routes) -> None:
    assert all("no_controls" in row["caveats"] and "in_leg_only" in row["caveats"] for row in surge)


def test_part_of_the_cars_was_covered_or_it_is_unknown(surge: Routes) -> None:
    for row in surge:
        if row["product_id"] == "870323" and row["via_iso3"] == "KGZ":
            assert row["covered_share_low"] is None or row["covered_share_low"] == 0


def test_nothing_alarms_at_a_placebo_event_of_real_trade(eu: Lake) -> None:
    found = routes(eu, destination="RUS", event="2021-03", until="2022-01")
    tested = [row for row in found if row["rank"] is not None]
    assert len(tested) > 1000
    assert sum(row["is_alert"] for row in tested) < 0.01 * len(tested)


NAIVE = """
WITH sums AS (
  SELECT partner_iso3 AS via, substr(period, 1, 4) AS y, sum(value) AS v FROM flows
  WHERE substr(period, 6) BETWEEN '03' AND '11' AND period >= '2021' AND {} GROUP BY ALL)
SELECT sum(CASE WHEN via IN ('KAZ', 'ARM', 'KGZ') THEN CASE y WHEN '2022' THEN v ELSE -v END END)
  / sum(CASE WHEN via = 'RUS' THEN CASE y WHEN '2021' THEN v ELSE -v END END) FROM sums
"""


def test_the_naive_ratio_of_the_extract_is_as_published(eu: Lake) -> None:
    with eu.engine() as engine:
        assert engine.rows(NAIVE.format("true"))[0][0] == pytest.approx(0.175, abs=0.0005)


def test_the_naive_ratio_of_the_priority_codes_is_as_published(eu: Lake) -> None:
    codes = "', '".join(item.hs_code for item in product_list("chpl").items)
    with eu.engine() as engine:
        found = engine.rows(NAIVE.format(f"substr(hs_code, 1, 6) IN ('{codes}')"))[0][0]
    assert found == pytest.approx(0.0905, abs=0.0005)


def test_the_estimate_holds_the_naive_figure_as_its_own_growth_only(surge: Routes) -> None:
    """What is unexplained is less than the simple difference, and the direct trade that was lost is of its size."""
    total = {t["control_set"]: t for t in surge.totals if t["via_iso3"] == "ALL"}
    assert total["own"]["lost_direct"] == pytest.approx(15.1e9, rel=0.35)
    assert 0 < total["pooled"]["excess_low"] < total["own"]["excess"]


def test_india_is_a_via_with_its_own_leg(shared_data: Path, tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    ingest(lake, "fts", shared_data / "trade/india-russia/india_russia_hs_monthly_fts_vs_mirror.parquet", at=AT)
    found = routes(lake, destination="RUS", event="2022-03", via="IND", products="chpl")
    assert set(found["via_iso3"]) == {"IND"} and set(found["evidence"]) == {"out"}
    assert set(found["currency"]) == {"USD"}
