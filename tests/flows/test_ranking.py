"""Ranking: order, alerts, caveats and the shares, held against their own definitions and small cases by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.flows import ROUTE_TYPES, Routes
from entrepot.flows.caveats import CAVEATS
from entrepot.lake import Lake, open_lake
from tests.factory import Row, added, asked, lake_of, planted, present, quiet, row_of, series

# Lasting flows of several times what the series had.
PLANTED = [("KAZ", "847103"), ("KGZ", "847111"), ("ARM", "847127"), ("KGZ", "847133")]
CONTRACT = [
    "rank", "via_iso3", "destination_iso3", "product_id", "hs_codes", "evidence", "window_start", "window_end",
    "currency", "observed", "expected", "excess", "excess_low", "excess_high", "share_of_lost_direct", "control_set",
    "excess_min", "excess_max", "covered_share_low", "covered_share_high", "p_value", "q_value", "is_alert",
    "top_origins", "caveats",
]  # fmt: skip


def market(*more: list[Row], seed: int = 4) -> list[list[Row]]:
    """A quiet market with planted flows, direct trade that falls to a tenth, and both origins present."""
    base = quiet(seed)
    level: dict[tuple[str, str], float] = {}
    for row in base:
        key = (row["partner_iso3"], row["hs_code"])
        level[key] = level.get(key, 0) + row["value"] / 30
    extra = [row for key in PLANTED for row in planted(6 * level[key], via=key[0], code=key[1])]
    direct = [
        row
        for i, (_, code) in enumerate(PLANTED)
        for row in series([2e6 + i] * 18 + [2e5] * 12, partner_iso3="RUS", hs_code=code)
    ]
    return [added(base + extra), present(), present(reporter_iso3="POL"), direct, *more]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of(tmp_path_factory.mktemp("market"), *market())


@pytest.fixture(scope="module")
def found(lake: Lake) -> Routes:
    return asked(lake)


def ranked(found: Routes) -> list[dict[str, Any]]:
    return [row for row in found if row["rank"] is not None]


def test_columns_begin_with_those_of_the_contract(found: Routes, tmp_path: Path) -> None:
    found.write(tmp_path / "routes.csv")
    head = (tmp_path / "routes.csv").read_text().splitlines()[0].split(",")
    onward = [f"out_{name}" for name in ("observed", "expected", "excess", "excess_low", "excess_high")]
    assert [name for name in head if name not in onward][: len(CONTRACT)] == CONTRACT
    assert list(ROUTE_TYPES) == head


def test_planted_flows_are_the_alerts(found: Routes) -> None:
    alerts = {(row["via_iso3"], row["product_id"]) for row in found if row["is_alert"]}
    assert set(PLANTED) <= alerts and len(alerts) <= len(PLANTED) + 1


def test_alerts_come_first_by_what_is_at_least_there_then_the_rest_by_p(found: Routes) -> None:
    rows = ranked(found)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    alerts = [row for row in rows if row["is_alert"]]
    rest = rows[len(alerts) :]
    assert not any(row["is_alert"] for row in rest)
    assert [r["excess_low"] for r in alerts] == sorted((r["excess_low"] for r in alerts), reverse=True)
    assert [r["p_value"] for r in rest] == sorted(r["p_value"] for r in rest)


def test_an_alert_is_what_the_contract_calls_one(found: Routes) -> None:
    for row in ranked(found):
        if row["is_alert"]:
            assert row["q_value"] <= 0.1 and row["excess_low"] > 0, row
        elif "controls_disagree" not in row["caveats"]:
            assert row["q_value"] > 0.1 or row["excess_low"] <= 0, row


def test_money_adds_up(found: Routes) -> None:
    for row in ranked(found):
        assert row["excess"] == pytest.approx(row["observed"] - row["expected"])
        assert row["excess_low"] <= row["excess"] <= row["excess_high"]
        assert row["excess_min"] <= row["excess"] <= row["excess_max"]
        assert row["excess_high"] <= row["observed"] + 1e-6


def test_q_is_never_below_three_quarters_of_p_and_rises_with_it(found: Routes) -> None:
    rows = sorted(ranked(found), key=lambda row: row["p_value"])
    q = [row["q_value"] for row in rows]
    assert q == sorted(q)
    assert all(row["q_value"] >= 0.75 * row["p_value"] for row in rows)


def test_observed_is_the_sum_of_the_reports_from_the_event_on(found: Routes) -> None:
    rows = [r for r in market()[0] if (r["partner_iso3"], r["hs_code"]) == PLANTED[0] and r["period"] >= "2020-07"]
    assert row_of(found, *PLANTED[0])["observed"] == pytest.approx(sum(row["value"] for row in rows))


def test_share_of_lost_direct_is_the_excess_over_the_fall_of_the_same_product(lake: Lake) -> None:
    via, code = PLANTED[0]
    found = asked(lake, products=code)
    row = row_of(found, via, code)
    lost = next(t["lost_direct"] for t in found.totals if t["via_iso3"] == "ALL" and t["control_set"] == "own")
    # About 2 million a month over 12 months, of which a tenth is left.
    assert lost == pytest.approx(12 * 1.8e6, rel=0.35)
    assert row["share_of_lost_direct"] == pytest.approx(row["excess"] / lost)


def test_products_without_direct_trade_have_no_share_of_it(found: Routes) -> None:
    assert row_of(found, "KAZ", "847100")["share_of_lost_direct"] is None


def test_the_carrier_of_the_rise_is_named(found: Routes) -> None:
    assert row_of(found, *PLANTED[0])["top_origins"].startswith("POL ")


def test_one_leg_says_which(found: Routes) -> None:
    for row in found:
        assert row["evidence"] == "in" and "in_leg_only" in row["caveats"]
        assert row["out_observed"] is None


def test_the_customs_union_is_a_caveat_of_its_members_alone(found: Routes) -> None:
    union = {row["via_iso3"] for row in found if "customs_union" in row["caveats"]}
    assert union == {"KAZ", "KGZ", "ARM"}


def test_every_caveat_has_its_sentence(found: Routes) -> None:
    used = {caveat for row in found for caveat in row["caveats"].split("; ") if caveat}
    assert used == set(found.caveat_texts) <= set(CAVEATS)


def test_totals_hold_the_rows_they_sum(found: Routes) -> None:
    by_via = {t["via_iso3"]: t for t in found.totals if t["control_set"] == "pooled"}
    for via in ("KAZ", "KGZ"):
        rows = [row for row in ranked(found) if row["via_iso3"] == via]
        assert by_via[via]["observed"] == pytest.approx(sum(row["observed"] for row in rows))
        assert by_via[via]["expected"] == pytest.approx(sum(row["expected"] for row in rows))
        assert by_via[via]["excess_low"] < by_via[via]["excess"] < by_via[via]["excess_high"]


def test_the_range_over_the_control_sets_is_the_range_over_them(lake: Lake) -> None:
    by_set = [row_of(asked(lake, controls=name), *PLANTED[1])["excess"] for name in ("own", "via", "sister")]
    row = row_of(asked(lake), *PLANTED[1])
    assert all(row["excess_min"] - 1e-6 <= excess <= row["excess_max"] + 1e-6 for excess in by_set)


def test_a_stricter_alpha_gives_no_further_alert(lake: Lake, found: Routes) -> None:
    strict = asked(lake, alpha=0.001)
    keys = [{(r["via_iso3"], r["product_id"]) for r in table if r["is_alert"]} for table in (strict, found)]
    assert keys[0] <= keys[1]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    """The same market, in which what came in for two of the planted flows also goes on."""
    onward = [
        row
        for i, (via, code) in enumerate(PLANTED)
        for row in series(
            [1e5 + 3e3 * (m % 7) for m in range(18)]
            + [(9e5 if i % 2 == 0 else 1e5) + 3e3 * (m % 7) for m in range(12)],
            reporter_iso3=via,
            partner_iso3="RUS",
            hs_code=code,
        )
    ]
    rest = [{**row, "reporter_iso3": row["partner_iso3"], "partner_iso3": "RUS"} for row in quiet(9)]
    keys = set(PLANTED)
    rest = added([{**row, "valuation": "fob"} for row in rest if (row["reporter_iso3"], row["hs_code"]) not in keys])
    return asked(lake_of(tmp_path_factory.mktemp("both"), *market(onward, rest)))


def test_with_both_legs_the_weaker_counts(both: Routes, found: Routes) -> None:
    for number, key in enumerate(PLANTED):
        row = row_of(both, *key)
        assert row["evidence"] == "both" and "in_leg_only" not in row["caveats"]
        assert row["p_value"] >= row_of(found, *key)["p_value"] * 0.999
        assert row["is_alert"] == (number % 2 == 0), row
        assert row["excess"] == pytest.approx(row_of(found, *key)["excess"], rel=0.2)


def test_with_both_legs_the_onward_one_is_beside_it(both: Routes) -> None:
    row = row_of(both, *PLANTED[0])
    assert row["out_observed"] == pytest.approx(sum(9e5 + 3e3 * (m % 7) for m in range(12)))
    assert row["out_excess"] == pytest.approx(row["out_observed"] - row["out_expected"])
    assert row["out_excess_low"] <= row["out_excess"] <= row["out_excess_high"]


def test_an_onward_leg_alone_is_described_as_such(tmp_path: Path) -> None:
    rows = [{**row, "reporter_iso3": row["partner_iso3"], "partner_iso3": "RUS"} for row in quiet(9)]
    seen = [row for via in ("KAZ", "KGZ", "ARM", "UZB") for row in present(reporter_iso3=via)]
    found = asked(lake_of(tmp_path, added(rows), seen), origins="COALITION")
    assert set(found["evidence"]) == {"out"}
    assert all("out_leg_only" in row["caveats"] and row["out_observed"] is None for row in found)
    assert all(row["observed"] is not None for row in found)


def test_a_lake_opened_with_one_thread_answers_the_same(lake: Lake, found: Routes) -> None:
    assert asked(open_lake(lake.path, threads=1)).rows() == found.rows()
