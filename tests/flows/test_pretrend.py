"""Pre-trends: the test rejects as often as it says, and sees a control set that did not follow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from entrepot.codes import month_index
from entrepot.flows import Method
from entrepot.flows.noise import noise_of
from entrepot.flows.panel import Panel
from entrepot.flows.pretrend import pretrend_p
from tests.flows.panel_made import noisy, panel

SETS = ("own", "destination", "sister", "via", "pooled")


def p_of(made: Panel) -> dict[str, np.ndarray]:
    return pretrend_p(made, noise_of(made, Method()), otherwise=0.15**2)


def grid(values: np.ndarray, n_before: int, *, n_via: int = 5) -> Panel:
    n = len(values)
    return panel(
        values,
        n_before,
        via=np.arange(n) % n_via,
        product=np.arange(n) // n_via,
        chapter=np.arange(n) // n_via % 8,
    )


@pytest.mark.parametrize("n_before", [14, 24, 36])
def test_one_quiet_series_in_twenty_is_rejected_at_five_per_cent(n_before: int) -> None:
    worlds = [grid(noisy(1000, n_before + 10, seed=seed), n_before) for seed in (1, 2, 3)]
    found = [p_of(made) for made in worlds]
    for name in SETS:
        share = np.mean([np.mean(p[name] < 0.05) for p in found])
        assert 0.03 <= share <= 0.07, (name, share)


def test_sparse_and_lumpy_series_are_rejected_no_more_often() -> None:
    luck = np.random.default_rng(5)
    shares = []
    for seed in (11, 12, 13):
        values = noisy(1000, 34, seed=seed, spread=0.9)
        values *= luck.random(values.shape) < luck.beta(4, 2, len(values))[:, None]
        p = p_of(grid(values, 24))
        shares.append([np.nanmean(p[name] < 0.05) for name in SETS])
    assert np.mean(shares, axis=0).max() <= 0.07 and np.mean(shares, axis=0).min() >= 0.025


@pytest.mark.parametrize("n_before", [14, 20])
def test_the_size_holds_on_real_trade_before_the_event(shared_data: Path, n_before: int) -> None:
    made = real(shared_data / "trade/eurostat-cn8-sanctioned/eu27_exports_cn8_monthly.parquet", n_before)
    for name, p in p_of(made).items():
        assert 0.03 <= np.nanmean(p < 0.05) <= 0.07, name


def real(path: Path, n_before: int) -> Panel:
    """EU27 exports by heading and partner, without Russia; 24 months from 2020-01, all before the event of 2022-03."""
    import duckdb

    rows = duckdb.execute(
        "SELECT partner, substr(cn8, 1, 6), period, sum(value_eur) FROM read_parquet($path) GROUP BY ALL ORDER BY ALL",
        {"path": str(path)},
    ).fetchall()
    rows = [row for row in rows if row[0] != "Russia" and row[2] <= "2021-12"]
    keys = sorted({row[:2] for row in rows})
    at = {key: i for i, key in enumerate(keys)}
    values = np.zeros((len(keys), 24))
    for via, code, period, value in rows:
        values[at[via, code], month_index(period) - 2020 * 12] = value
    active = (values[:, :n_before] > 0).sum(axis=1) >= 4
    label = [np.unique(names, return_inverse=True)[1][active] for names in zip(*keys, strict=True)]
    chapter = np.unique([key[1][:2] for key in keys], return_inverse=True)[1][active]
    return panel(values[active], n_before, via=label[0], product=label[1], chapter=chapter)


def test_a_rise_of_everything_is_a_pretrend_against_the_own_past_alone() -> None:
    values = noisy(600, 34, seed=4, spread=0.3)
    values[:, 12:] *= 2
    p = p_of(grid(values, 24))
    assert np.mean(p["own"] < 0.05) > 0.8
    assert all(np.mean(p[name] < 0.05) < 0.1 for name in SETS if name != "own")


def test_a_series_that_rose_before_the_event_is_seen_by_every_set() -> None:
    values = noisy(200, 34, seed=4, spread=0.3)
    values[7, 12:] *= 6
    assert all(p[7] < 0.001 for p in p_of(grid(values, 24)).values())


def test_nothing_is_said_of_a_past_too_short_or_empty() -> None:
    values = noisy(60, 20, seed=4)
    values[3, :8] = 0
    values[4, :8] = np.nan
    p = p_of(grid(values, 8))["via"]
    assert np.isnan(p[[3, 4]]).all() and not np.isnan(p[[0, 1, 2]]).any()
    assert np.isnan(p_of(grid(noisy(60, 15, seed=4), 5))["own"]).all()


def test_a_table_of_two_series_does_not_fail() -> None:
    p = p_of(panel(noisy(2, 30, seed=4), 20))
    assert all(((v >= 0) & (v <= 1)).all() for v in p.values())
