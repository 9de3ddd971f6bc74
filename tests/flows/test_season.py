"""Season: shared by chapter, learned from whole years of past, absent where the past is short."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.flows.season import season_of
from tests.flows.panel_made import panel

YEAR = np.array([0.5] * 6 + [1.5] * 6)


def test_less_than_two_years_of_past_have_no_season() -> None:
    assert (season_of(panel(np.tile(YEAR, 3)[None, :], 23)) == 1).all()


def test_factors_have_mean_one_over_a_year() -> None:
    values = np.random.default_rng(1).lognormal(0, 1, (30, 48))
    factors = season_of(panel(values, 36))
    assert factors[:, :12].mean(axis=1) == pytest.approx(np.ones(30))
    assert factors[:, 36:] == pytest.approx(factors[:, :12])


def test_a_season_that_many_series_share_is_learned() -> None:
    factors = season_of(panel(np.tile(YEAR, (200, 4)), 36))[0]
    assert factors[0] == pytest.approx(0.5, abs=0.05)
    assert factors[11] == pytest.approx(1.5, abs=0.05)


def test_one_series_alone_hardly_makes_a_season() -> None:
    # 3 years of one series against a prior of 60 series-years: (60 + 3 x 0.5) / 63, drawn in twice.
    factors = season_of(panel(np.tile(YEAR, 4)[None, :], 36))[0]
    overall = (3 * 0.5 + 60) / 63
    assert factors[0] == pytest.approx((3 * 0.5 + 60 * overall) / 63)


def test_the_calendar_month_is_kept_where_the_past_is_no_whole_number_of_years() -> None:
    values = np.tile(YEAR, (200, 4))[:, :44]
    factors = season_of(panel(values, 30))[0]
    assert factors[30] == pytest.approx(factors[18])
    assert factors[30] > 1.2 and factors[36] < 0.8


def test_what_comes_after_the_event_does_not_make_the_season() -> None:
    values = np.tile(YEAR, (50, 4))
    changed = values.copy()
    changed[:, 36:] *= 9
    assert (season_of(panel(values, 36)) == season_of(panel(changed, 36))).all()


def test_one_large_delivery_is_no_season() -> None:
    values = np.ones((100, 36))
    values[0, 5] = 1000
    assert season_of(panel(values, 36))[:, 5] == pytest.approx(1, abs=0.02)


def test_chapters_have_seasons_of_their_own() -> None:
    values = np.concatenate([np.tile(YEAR, (200, 3)), np.tile(YEAR[::-1], (200, 3))])
    factors = season_of(panel(values, 24, chapter=[0] * 200 + [1] * 200))
    assert factors[0, 0] < 0.7 and factors[-1, 0] > 1.3


def test_unknown_months_are_left_out() -> None:
    values = np.tile(YEAR, (200, 3))
    values[:, :12] = np.nan
    factors = season_of(panel(values, 36))[0]
    assert np.isfinite(factors).all() and factors[0] < 0.7


def test_an_empty_panel_has_no_season() -> None:
    assert season_of(panel(np.zeros((0, 40)), 30)).shape == (0, 40)
