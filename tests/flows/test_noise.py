"""Noise: level and spread of each series, learned from its own past and from series of like size."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.flows import Method
from entrepot.flows.noise import noise_of
from tests.flows.panel_made import noisy, panel

METHOD = Method()


def test_the_level_of_a_steady_series_is_its_month() -> None:
    assert noise_of(panel([[100.0] * 30], 18), METHOD).level == pytest.approx([100])


def test_near_months_weigh_more() -> None:
    # 12 months of 100, then 12 of 200; a month of age 24 counts half.
    weights = 0.5 ** (np.arange(24)[::-1] / 24)
    by_hand = (weights[:12].sum() * 100 + weights[12:].sum() * 200) / weights.sum()
    found = noise_of(panel([[100.0] * 12 + [200.0] * 12 + [1.0] * 5], 24), Method(half_life=24))
    factor = found.season[0, :24]
    assert found.level == pytest.approx(
        [(weights * (np.array([100.0] * 12 + [200.0] * 12) / factor)).sum() / weights.sum()]
    )
    assert found.level[0] == pytest.approx(by_hand, rel=0.02)


def test_zeros_count_as_zeros_in_money() -> None:
    values = [[0.0, 300.0, 0.0] * 6 + [1.0] * 6]
    assert noise_of(panel(values, 18), Method(half_life=1e9)).level == pytest.approx([100])


def test_unknown_months_are_neither_zero_nor_trade() -> None:
    values = [[np.nan, 300.0, np.nan] * 6 + [1.0] * 6]
    found = noise_of(panel(values, 18), Method(half_life=1e9))
    assert found.level == pytest.approx([300])
    assert (found.months[0], found.active[0]) == (pytest.approx(6), 1.0)


def test_a_trifle_is_a_share_of_the_tables_median_month() -> None:
    values = [[100.0] * 20, [300.0] * 20, [500.0] * 20]
    assert noise_of(panel(values, 10), Method(trifle_share=0.05)).trifle == pytest.approx(15)


def test_below_a_trifle_zero_and_small_are_alike_as_evidence_but_not_as_money() -> None:
    big = [[1000.0] * 20] * 3
    found = noise_of(panel([[0.0] * 20, [1.0] * 20, *big], 10), METHOD)
    assert (found.logs[0] == found.logs[1]).all()
    assert (found.level[0], found.level[1]) == (0.0, pytest.approx(1.0))
    assert found.visible[0] == 0 and found.visible[2] == 1


def test_what_comes_after_the_event_does_not_move_the_level() -> None:
    values = noisy(40, 30)
    changed = values.copy()
    changed[:, 18:] *= 50
    assert (noise_of(panel(values, 18), METHOD).level == noise_of(panel(changed, 18), METHOD).level).all()


def test_restless_series_are_seen_as_restless() -> None:
    values = np.concatenate([noisy(100, 36, spread=0.2), noisy(100, 36, seed=2, spread=0.9)])
    variance = noise_of(panel(values, 24), METHOD).variance
    assert np.median(variance[:100]) == pytest.approx(0.04, abs=0.05)
    assert np.median(variance[100:]) > 0.5


def test_strength_is_borrowed_from_series_of_like_size() -> None:
    values = noisy(200, 16, spread=0.5)
    values[0] = np.exp(9)
    shrunk = noise_of(panel(values, 8), METHOD).variance[0]
    own = noise_of(panel(values, 8), Method(prior_months=0.01)).variance[0]
    assert own < 0.03 < 0.05 < shrunk


def test_a_slow_drift_is_told_from_monthly_noise() -> None:
    steady = noise_of(panel(noisy(300, 36), 24), METHOD).drift
    luck = np.random.default_rng(3)
    wandering = noisy(300, 36) * np.exp(np.linspace(-0.5, 0.5, 36) * luck.normal(0, 2, 300)[:, None])
    assert steady == pytest.approx(METHOD.least_drift**2)
    # Halves of 24 months lie 12 / 35 of the slope apart, whose standard deviation is 2.
    assert noise_of(panel(wandering, 24), METHOD).drift == pytest.approx((2 * 12 / 35) ** 2, abs=0.12)


@pytest.mark.parametrize("values", [[[0.0] * 20], [[np.nan] * 20], [[5.0] * 10 + [0.0] * 10], np.zeros((0, 20))])
def test_nothing_is_divided_by_nothing(values: object) -> None:
    with np.errstate(all="raise"):
        found = noise_of(panel(np.array(values, dtype=float).reshape(-1, 20), 10), METHOD)
    for name in ("level", "variance", "relative_variance", "change", "sampling", "months", "visible", "active"):
        assert np.isfinite(getattr(found, name)).all(), name


def test_a_unit_of_money_changes_the_level_only() -> None:
    values = noisy(60, 30)
    a, b = noise_of(panel(values, 18), METHOD), noise_of(panel(values * 1000, 18), METHOD)
    assert b.level == pytest.approx(a.level * 1000)
    for name in ("variance", "change", "sampling", "visible", "active", "relative_variance"):
        assert getattr(b, name) == pytest.approx(getattr(a, name)), name
    assert b.drift == pytest.approx(a.drift)
