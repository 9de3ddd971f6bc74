"""Mirror noise: bands hold what they say, p-values are no smaller than chance makes them, planted changes are found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from entrepot.flows import mirror
from entrepot.flows.mirror_noise import REACH, Reports, change_test, quiet_band, ratio_summary
from tests.flows.mirror_made import PAIR, export, imported, lake_of, months, noisy, rows_of

N_BEFORE, N = 20, 30
BEFORE = np.arange(N) < N_BEFORE


def p_values(seeds: range, **noise: Any) -> NDArray[np.float64]:
    found = []
    for seed in seeds:
        change = change_test(Reports(*noisy(seed, periods=N, **noise)), BEFORE, ~BEFORE)
        found.append(change.p_value[~np.isnan(change.p_value)])
    return np.concatenate(found)


def test_the_simulated_noise_is_as_wide_as_the_real_one() -> None:
    summary = ratio_summary(Reports(*noisy(1, products=400)), BEFORE)
    assert summary["median_absolute_log_ratio"] == pytest.approx(0.6, abs=0.1)


@pytest.mark.parametrize("products", [1, 3, 10, 60, 400])
def test_a_placebo_event_raises_one_in_ten_at_ten_percent(products: int) -> None:
    p = p_values(range(max(1200 // products, 6)), products=products)
    assert 0.04 < (p <= 0.1).mean() < 0.13
    assert 0.4 < np.median(p) < 0.6


def test_shuffled_dates_raise_one_in_ten_at_ten_percent() -> None:
    exports, imports = noisy(3, products=300, periods=N, drift=0.1)
    p = []
    for seed in range(8):
        order = np.random.default_rng(seed).permutation(N)
        p.append(change_test(Reports(exports[:, order], imports[:, order]), BEFORE, ~BEFORE).p_value)
    known = np.concatenate(p)
    assert 0.04 < (known[~np.isnan(known)] <= 0.1).mean() < 0.13


def test_a_pair_that_drifts_is_given_its_drift() -> None:
    still, drifting = (p_values(range(8), products=200, drift=drift) for drift in (0.0, 0.15))
    assert (drifting <= 0.1).mean() < 0.14
    assert (still <= 0.1).mean() > 0.05


def test_growth_of_both_reports_alike_is_no_change() -> None:
    exports, imports = noisy(5, products=200, periods=N)
    grown = np.where(BEFORE, 1.0, 20.0)
    change = change_test(Reports(exports * grown, imports * grown), BEFORE, ~BEFORE)
    assert np.nanmean(change.p_value <= 0.1) < 0.14


def test_goods_that_stop_arriving_are_found() -> None:
    exports, imports = noisy(7, products=200, periods=N)
    imports[:20, N_BEFORE:] = 0.0
    change = change_test(Reports(exports, imports), BEFORE, ~BEFORE)
    found = change.p_value[:20] <= 0.1
    assert found[~np.isnan(change.p_value[:20])].mean() > 0.8
    assert np.nanmedian(change.size[:20]) < -1.5


def test_an_old_gap_is_no_change() -> None:
    exports, imports = noisy(9, products=100, periods=N)
    change = change_test(Reports(exports, imports * 0.05), BEFORE, ~BEFORE)
    assert np.nanmean(change.p_value <= 0.1) < 0.15


@pytest.mark.parametrize("products", [1, 5, 60, 300])
def test_the_band_holds_nine_in_ten_of_the_months_after(products: int) -> None:
    inside = []
    for seed in range(max(300 // products, 3)):
        exports, imports = noisy(100 + seed, products=products, periods=N)
        band = quiet_band(Reports(exports, imports), BEFORE)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.minimum(np.log(imports) - np.log(exports), REACH)[:, N_BEFORE:]
        is_in = (ratio >= band.low[:, None]) & (ratio <= band.high[:, None])
        inside += list(is_in[imports[:, N_BEFORE:] > 0])
    assert 0.85 < np.mean(inside) < 0.96


def test_a_product_without_quiet_time_has_the_band_of_the_pair() -> None:
    exports, imports = noisy(11, products=60, periods=N)
    exports[0, :N_BEFORE] = imports[0, :N_BEFORE] = 0.0
    band = quiet_band(Reports(exports, imports), BEFORE)
    assert band.own[0] == 0
    assert band.low[0] < np.median(band.low) and band.high[0] >= np.median(band.high)


def test_nothing_quiet_is_no_band() -> None:
    band = quiet_band(Reports(np.array([[1.0, np.nan]]), np.array([[2.0, 3.0]])), np.array([True, True]))
    assert np.isnan(band.low).all() and np.isnan(band.high).all()


def test_what_was_rounded_away_is_no_change_when_trade_grows() -> None:
    exports, imports = noisy(13, products=300, periods=N)
    grown = np.where(BEFORE, 0.1, 3.0)
    rounded = np.round(exports * grown / 10_000) * 10_000
    change = change_test(Reports(rounded, imports * grown, export_unit=10_000.0), BEFORE, ~BEFORE)
    assert np.nanmean(change.p_value <= 0.1) < 0.16


@pytest.mark.parametrize("shape", [(0, 6), (1, 6), (3, 2)])
def test_tables_of_any_size_are_read(shape: tuple[int, int]) -> None:
    reports = Reports(np.ones(shape), np.ones(shape))
    before = np.arange(shape[1]) < shape[1] // 2
    assert len(change_test(reports, before, ~before).p_value) == len(quiet_band(reports, before).low) == shape[0]


def test_a_planted_change_is_told_from_an_old_gap_in_a_lake(tmp_path: Path) -> None:
    exports, imports = noisy(17, periods=N)
    imports[0] = exports[0] = 1e6
    imports[0, N_BEFORE:] = 5e4
    imports[1], exports[1] = 5e4, 1e6
    found = mirror(lake_of(tmp_path, *rows_of(exports, imports, "2020-01")), **PAIR, event="2021-09")
    p = dict(zip(found["product_id"], found["change_p_value"], strict=True))
    assert p["841000"] < 0.01 and p["841001"] > 0.5


def test_yearly_reports_have_a_band_and_a_test(tmp_path: Path) -> None:
    exports, imports = noisy(19, periods=5)
    rows = [
        make(f"{2018 + period}", float(values[product, period]), hs_code=f"84{product + 1000:04d}")
        for make, values in ((export, exports), (imported, imports))
        for product, period in np.argwhere(values > 0)
    ]
    found = mirror(lake_of(tmp_path, *rows), **PAIR, event="2021-03")
    p = np.array([value for value in found["change_p_value"] if value is not None])
    assert len(p) > 60 and (p <= 0.1).mean() < 0.3
    assert all("event_inside_year" in text for text in found["caveats"])
    assert all(low is not None for low in found["gap_quiet_low"])


def test_one_product_in_one_month_has_neither_band_nor_test(tmp_path: Path) -> None:
    rows = [export("2021-01", 80.0), imported("2021-01", 107.0)]
    row = mirror(lake_of(tmp_path, *rows), **PAIR, event="2021-01").rows()[0]
    assert (row["gap_quiet_low"], row["gap_quiet_high"], row["change_p_value"]) == (None, None, None)
    assert "no_quiet_time" in row["caveats"] and "too_few_periods" in row["caveats"]


def test_without_an_event_the_whole_time_is_quiet(tmp_path: Path) -> None:
    names = months("2020-01", 24)
    rows = [make(month, 100.0 + 7 * (i % 5)) for make in (export, imported) for i, month in enumerate(names)]
    found = mirror(lake_of(tmp_path, *rows), **PAIR)
    assert set(found["change_p_value"]) == {None}
    assert all(
        low <= share <= high
        for low, share, high in zip(found["gap_quiet_low"], found["gap_share"], found["gap_quiet_high"], strict=True)
    )
