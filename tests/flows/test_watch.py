"""Watch as a whole: each look is routes as of its month, and nothing that comes later changes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.errors import ConfigError, EstimateError
from entrepot.flows import WATCH_TYPES, Watch, watch
from entrepot.flows.looks import SPENT
from entrepot.lake import Lake
from tests.factory import QUESTION, Row, asked, lake_of, present, quiet, series
from tests.flows.test_ranking import PLANTED, market

CONTRACT = ["via_iso3", "destination_iso3", "product_id", "hs_codes", "first_month", "rank", "evidence"]
ADJUSTED = {"p_value", "q_value", "is_alert", "rank", "first_month", "counter_explanation", "would_change"}


def everything() -> list[Row]:
    return [row for group in market() for row in group]


def watched(lake: Lake, **question: Any) -> Watch:
    return watch(lake, **{**QUESTION, **question})


def by_route(rows: Any) -> dict[tuple[str, str], Row]:
    return {(row["via_iso3"], row["product_id"]): row for row in rows}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of(tmp_path_factory.mktemp("market"), everything())


@pytest.fixture(scope="module")
def found(lake: Lake) -> Watch:
    return watched(lake)


def test_columns_begin_with_those_of_the_contract(found: Watch, tmp_path: Path) -> None:
    found.write(tmp_path / "watch.csv")
    head = (tmp_path / "watch.csv").read_text().splitlines()[0].split(",")
    assert head[: len(CONTRACT)] == CONTRACT and head == list(WATCH_TYPES)


def test_looks_run_from_the_first_possible_month_to_the_last_common_one(found: Watch) -> None:
    assert (found.looks["month"][0], found.looks["month"][-1]) == ("2020-09", "2021-06")
    assert found.looks["window_end"] == found.looks["month"]


def test_planted_flows_are_found_and_the_row_is_as_it_stood_then(found: Watch) -> None:
    alerted = {route: row for route, row in by_route(found).items() if row["first_month"] is not None}
    assert len(alerted.keys() & set(PLANTED)) >= 2 and len(alerted.keys() - set(PLANTED)) <= 1
    assert all(row["window_end"] == row["first_month"] and row["is_alert"] for row in alerted.values())


def test_routes_that_never_were_alerts_show_the_last_month(found: Watch) -> None:
    never = [row for row in found if row["first_month"] is None]
    assert len(never) > 100
    assert {row["window_end"] for row in never} == {"2021-06"} and not any(row["is_alert"] for row in never)


def test_each_route_stands_once_and_alerts_stand_first_by_month(found: Watch) -> None:
    assert len(by_route(found)) == len(found)
    months = [row["first_month"] or "9999" for row in found]
    assert months == sorted(months)


@pytest.mark.parametrize("month", ["2020-11", "2021-03"])
def test_a_look_is_routes_as_of_its_month(lake: Lake, month: str) -> None:
    routes, look = by_route(asked(lake, until=month, as_of=month)), by_route(watched(lake, start=month, end="2021-04"))
    assert set(routes) <= set(look)
    for route, row in look.items():
        if row["window_end"] == month:
            assert {n: v for n, v in row.items() if n not in ADJUSTED} == {
                n: v for n, v in routes[route].items() if n not in ADJUSTED
            }


def test_a_single_look_is_routes_altogether(lake: Lake) -> None:
    look = watched(lake, start="2021-02", end="2021-02")
    routes = by_route(asked(lake, until="2021-02", as_of="2021-02"))
    for row in look:
        same = {name: routes[row["via_iso3"], row["product_id"]][name] for name in ("p_value", "q_value", "is_alert")}
        assert {name: row[name] for name in same} == same
        assert row["first_month"] == ("2021-02" if row["is_alert"] else None)


def test_looking_often_makes_p_values_larger(lake: Lake, found: Watch) -> None:
    plain = by_route(asked(lake, until="2021-06", as_of="2021-06"))
    rows = [row for row in found if row["first_month"] is None and row["p_value"] is not None]
    assert all(row["p_value"] >= plain[row["via_iso3"], row["product_id"]]["p_value"] for row in rows)
    assert found.parameters["level_holds_over_looks"] == 24


def test_a_look_counts_its_share_of_false_discoveries_more_than_once(lake: Lake, found: Watch) -> None:
    plain = by_route(asked(lake, until="2021-06", as_of="2021-06"))
    rows = [row for row in found if row["window_end"] == "2021-06" and row["q_value"] is not None]
    assert len(rows) > 100
    for row in rows:
        once = plain[row["via_iso3"], row["product_id"]]["q_value"]
        assert row["q_value"] == pytest.approx(min(SPENT * once, 1.0))


def test_a_later_end_changes_no_earlier_first_month(lake: Lake, found: Watch) -> None:
    early = by_route(watched(lake, end="2021-01"))
    for route, row in by_route(found).items():
        if row["first_month"] is not None and row["first_month"] <= "2021-01":
            assert early[route] == row
    assert sum(row["first_month"] is not None for row in early.values()) == sum(
        (row["first_month"] or "9999") <= "2021-01" for row in found
    )


LATER = st.lists(
    st.tuples(
        st.sampled_from(["847103", "847120", "847150", "999999", "010121"]),
        st.sampled_from(["KAZ", "KGZ", "GEO", "RUS"]),
        st.sampled_from(["DEU", "POL", "FRA"]),
        st.sampled_from(["2021-03", "2021-04", "2022-01", "2022-08"]),
        st.floats(0.01, 1e9),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda cell: cell[:4],
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(later=LATER)
def test_nothing_that_comes_after_a_month_changes_its_look(
    later: list[tuple[str, str, str, str, float]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    known = [row for row in everything() if row["period"] <= "2021-02"]
    extra = [
        row
        for code, partner, reporter, period, value in later
        for row in series([value], period, hs_code=code, partner_iso3=partner, reporter_iso3=reporter)
    ]
    question = {"start": "2021-01", "end": "2021-02"}
    before = watched(lake_of(tmp_path_factory.mktemp("known"), known), **question)
    after = watched(lake_of(tmp_path_factory.mktemp("later"), known, extra), **question)
    assert before.rows() == after.rows()
    assert before.growth.rows() == after.growth.rows()


def test_a_code_that_is_born_later_is_not_known_earlier(tmp_path: Path) -> None:
    # The last row of the old code is of 2021-06; those of the new one would tell from 2022-03 on that it lives on.
    changed = [("847198", "847199", "2022 to 2017")]
    old = series([900.0 + i % 7 for i in range(30)], hs_code="847198")
    new = series([950.0 + i % 5 for i in range(6)], "2022-03", hs_code="847199")
    base = [
        *quiet(3, n=36),
        *present(n=44),
        *present(n=44, reporter_iso3="POL"),
        *series([9.0] * 44, partner_iso3="RUS"),
    ]
    question = {"start": "2021-12", "end": "2022-02"}
    one = watched(lake_of(tmp_path / "one", base, old, concordance=changed), **question)
    two = watched(lake_of(tmp_path / "two", base, old, new, concordance=changed), **question)
    assert one.rows() == two.rows()


def test_growth_follows_each_alert_through_every_look(found: Watch) -> None:
    alerted = {(row["via_iso3"], row["first_month"]) for row in found if row["first_month"]}
    assert {(row["via_iso3"], row["first_month"]) for row in found.growth} == alerted
    route = next((row["via_iso3"], row["product_id"]) for row in found if row["first_month"])
    some = [row for row in found.growth if (row["via_iso3"], row["product_id"]) == route]
    assert [row["month"] for row in some] == found.looks["month"]
    first = next(row for row in some if row["is_alert"])
    assert first["month"] == first["first_month"]


def test_looks_are_counted(found: Watch) -> None:
    assert sum(found.looks["first_alerts"]) == sum(row["first_month"] is not None for row in found)
    assert found.looks["skipped"] == [None] * 10


def test_a_quiet_market_raises_no_alerts(tmp_path: Path) -> None:
    rows = [*quiet(11), *present(), *present(reporter_iso3="POL"), *series([9.0] * 30, partner_iso3="RUS")]
    found = watched(lake_of(tmp_path, rows))
    assert sum(row["first_month"] is not None for row in found) <= 1
    ever = {(r["via_iso3"], r["product_id"]) for r in found if r["p_value"] is not None and r["p_value"] <= 0.1}
    assert len(ever) <= 0.1 * len(found)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"start": "2021-03", "end": "2021-01"}, "from 2021-03 is after to 2021-01"),
        ({"start": "2020-05"}, "before event"),
        ({"end": "2020-05"}, "before event"),
        ({"start": "2020-5"}, "YYYY-MM"),
        ({"end": "x"}, "YYYY-MM"),
    ],
)
def test_months_that_make_no_sense_are_refused(lake: Lake, wrong: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        watched(lake, **wrong)


def test_too_early_an_end_and_too_late_a_start_are_refused(lake: Lake) -> None:
    with pytest.raises(EstimateError, match=r"3 are needed|first possible one 2020-09"):
        watched(lake, end="2020-08")
    with pytest.raises(EstimateError, match="2021-06"):
        watched(lake, start="2023-01")


def test_months_between_event_and_first_estimate_are_left_out(lake: Lake) -> None:
    assert watched(lake, start="2020-07", end="2020-10").looks["month"] == ["2020-09", "2020-10"]


def test_no_look_goes_past_until_or_as_of(lake: Lake) -> None:
    assert watched(lake, until="2020-12").looks["month"][-1] == "2020-12"
    assert watched(lake, as_of="2020-11").looks["month"][-1] == "2020-11"
    assert watched(lake, end="2030-01").looks["month"][-1] == "2021-06"


def test_an_empty_answer_has_its_columns(lake: Lake) -> None:
    found = watched(lake, products="chpl", end="2020-10")
    assert len(found) == 0 and list(found.columns) == list(WATCH_TYPES) and len(found.growth) == 0


def test_all_control_sets_stand_behind_the_columns_of_the_contract(lake: Lake) -> None:
    found = watched(lake, controls="all", start="2021-01", end="2021-02")
    assert list(found.columns)[: len(WATCH_TYPES)] == list(WATCH_TYPES)
    assert {"own_excess", "via_excess_low"} <= set(found.columns)
