"""What may not matter does not: order, threads, units, the calendar; what is taken out moves only what it should."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.codes import month_index, month_text
from entrepot.flows import Routes, routes
from entrepot.lake import Lake, open_lake
from tests.factory import Row, added, lake_of, planted, present, quiet, series

# Event and window inside one revision (HS 2017: 2017 to 2021), and the blocs are not asked for. At one false alert in
# fifty, so that none of the quiet series stands at the mark, where any change of the table moves it across.
QUESTION: dict[str, Any] = {
    "destination": "RUS",
    "event": "2018-07",
    "origins": "DEU,POL",
    "controls": "all",
    "alpha": 0.02,
}
LABELS = ("via_iso3", "product_id", "hs_codes", "evidence", "control_set", "is_alert", "rank", "top_origins", "caveats")
MONEY = ("observed", "expected", "excess", "excess_low", "excess_high", "excess_min", "excess_max")
VIAS = ("KAZ", "KGZ", "ARM")


def market(first: str = "2017-01") -> list[Row]:
    """Thirty months of three intermediaries, one with two diversions, and what Russia buys itself."""
    where = {"vias": VIAS, "products": 20, "first": first}
    start = month_text(month_index(first) + 18)
    rows = quiet(3, **where)
    for via, code in (("KAZ", "847104"), ("KGZ", "847111")):
        rows += planted(250_000, via=via, code=code, first=start)
    luck = np.random.default_rng(8)
    for i in range(20):
        values = np.exp(luck.normal(9, 0.3, 30)) * np.where(np.arange(30) < 18, 1, 0.4)
        rows += series([round(float(v), 2) for v in values], first, partner_iso3="RUS", hs_code=f"84{7100 + i:04d}")
    return [*added(rows), *present(first), *present(first, reporter_iso3="POL")]


def asked(lake: Lake, **changes: Any) -> Routes:
    return routes(lake, **{**QUESTION, **changes})


def same(a: Any, b: Any, *, factor: float = 1.0, tolerance: float = 1e-9) -> bool:
    if a is None or b is None or not isinstance(a, float):
        return bool(a == b)
    return math.isclose(a * factor, b, rel_tol=tolerance, abs_tol=tolerance * factor)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    found = asked(lake_of(tmp_path_factory.mktemp("usual"), market()))
    assert sum(found["is_alert"]) == 2
    return found


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**16))
def test_the_order_of_rows_changes_nothing(usual: Routes, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    rows = market()
    np.random.default_rng(seed).shuffle(rows)  # type: ignore[arg-type]
    found = asked(lake_of(tmp_path_factory.mktemp("shuffled"), rows))
    assert found.columns == usual.columns
    assert found.paths.columns == usual.paths.columns and found.totals.columns == usual.totals.columns


def test_files_in_another_order_and_grain_change_nothing(usual: Routes, tmp_path: Path) -> None:
    rows = market()
    lake = lake_of(tmp_path, rows[len(rows) // 2 :])
    again = lake_of(tmp_path, rows[: len(rows) // 2])
    assert lake.path == again.path and asked(again).columns == usual.columns


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_changes_nothing(usual: Routes, tmp_path: Path, threads: int) -> None:
    lake_of(tmp_path, market())
    assert asked(open_lake(tmp_path / "lake", threads=threads)).columns == usual.columns


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(factor=st.sampled_from([2.0, 7.0, 100.0, 1000.0, 12345.0]))
def test_another_unit_of_money_changes_money_alone(
    usual: Routes, tmp_path_factory: pytest.TempPathFactory, factor: float
) -> None:
    rows = [{**row, "value": round(row["value"] * factor, 2), "currency": "USD"} for row in market()]
    found = asked(lake_of(tmp_path_factory.mktemp("money"), rows))
    assert set(found["currency"]) == {"USD"} and all(found[name] == usual[name] for name in LABELS)
    for name in found.columns:
        is_money = name in MONEY or (name.endswith(("_excess", "_excess_low", "_excess_high")))
        pairs = zip(usual[name], found[name], strict=True)
        if name not in ("currency", "counter_explanation", "would_change"):
            assert all(same(a, b, factor=factor if is_money else 1.0) for a, b in pairs), name


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(years=st.sampled_from([1, 2]))
def test_whole_years_later_change_labels_alone(
    usual: Routes, tmp_path_factory: pytest.TempPathFactory, years: int
) -> None:
    event = f"{2018 + years}-07"
    found = asked(lake_of(tmp_path_factory.mktemp("later"), market(f"{2017 + years}-01")), event=event)
    for name in set(found.columns) - {"window_start", "window_end", "counter_explanation", "would_change"}:
        assert all(same(a, b) for a, b in zip(usual[name], found[name], strict=True)), name
    assert set(found["window_start"]) == {event}


def by_key(found: Routes) -> dict[tuple[str, str], Row]:
    return {(row["via_iso3"], row["product_id"]): row for row in found}


def test_a_product_taken_out_takes_only_its_rows(usual: Routes, tmp_path: Path) -> None:
    gone = "847102"
    found = by_key(asked(lake_of(tmp_path, [row for row in market() if row["hs_code"] != gone])))
    kept = {key: row for key, row in by_key(usual).items() if key[1] != gone}
    assert set(found) == set(kept)
    for key, row in kept.items():
        # What is seen does not move; what is learned from all series loses one good in twenty.
        assert found[key]["observed"] == row["observed"] and found[key]["is_alert"] == row["is_alert"]
        for name in ("own_excess", "excess"):
            assert found[key][name] == pytest.approx(row[name], abs=0.1 * row["expected"] + 1)


def test_an_intermediary_taken_out_takes_only_its_rows(usual: Routes, tmp_path: Path) -> None:
    found = by_key(asked(lake_of(tmp_path, [row for row in market() if row["partner_iso3"] != "ARM"])))
    kept = {key: row for key, row in by_key(usual).items() if key[0] != "ARM"}
    assert set(found) == set(kept)
    assert all(found[key]["observed"] == row["observed"] for key, row in kept.items())
    assert {key for key in found if found[key]["is_alert"]} == {("KAZ", "847104"), ("KGZ", "847111")}


def test_a_reporter_that_trades_with_one_intermediary_moves_that_one_alone(usual: Routes, tmp_path: Path) -> None:
    more = [
        *present("2017-01", reporter_iso3="ITA", partner_iso3="RUS"),
        *series([20_000.0] * 30, "2017-01", reporter_iso3="ITA", partner_iso3="KAZ", hs_code="847107"),
    ]
    found = by_key(asked(lake_of(tmp_path, market(), more), origins="DEU,ITA,POL"))
    before = by_key(usual)
    seen = {key for key in before if found[key]["observed"] != before[key]["observed"]}
    assert seen == {("KAZ", "847107")}
    assert found["KAZ", "847107"]["observed"] == pytest.approx(before["KAZ", "847107"]["observed"] + 12 * 20_000)
    assert all(found[key]["is_alert"] == before[key]["is_alert"] for key in before)


def test_a_reporter_taken_out_leaves_what_the_other_reports(usual: Routes, tmp_path: Path) -> None:
    rows = [row for row in market() if row["reporter_iso3"] != "POL"]
    seen: dict[tuple[str, str], float] = {}
    for row in rows:
        if row["period"] >= "2018-07" and row["partner_iso3"] in VIAS:
            key = (row["partner_iso3"], row["hs_code"])
            seen[key] = seen.get(key, 0.0) + row["value"]
    found = by_key(asked(lake_of(tmp_path, rows)))
    assert all(row["observed"] == pytest.approx(seen.get(key, 0.0)) for key, row in found.items() if key[0] in VIAS)
    # Both diversions were Poland's.
    assert not any(row["is_alert"] for row in found.values())


@pytest.mark.parametrize("month", ["2017-05", "2018-03", "2018-11"])
def test_a_silent_month_is_left_out_and_nothing_else(usual: Routes, tmp_path: Path, month: str) -> None:
    found = by_key(asked(lake_of(tmp_path, [row for row in market() if row["period"] != month])))
    value: dict[tuple[str, str], float] = {}
    for row in market():
        if row["period"] == month >= "2018-07":
            key = (row["partner_iso3"], row["hs_code"])
            value[key] = value.get(key, 0.0) + row["value"]
    for key, row in by_key(usual).items():
        assert found[key]["observed"] == pytest.approx(row["observed"] - value.get(key, 0.0), abs=1e-6)
        assert found[key]["is_alert"] == row["is_alert"]
        assert "unknown_months" in found[key]["caveats"]
