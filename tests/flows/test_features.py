"""Features: free of units, zero where they cannot be formed, by hand where that is possible."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.flows import Method
from entrepot.flows.features import NAMES, OriginSums, context_of, features
from entrepot.flows.noise import noise_of
from entrepot.flows.panel import Floats, Panel
from tests.flows.panel_made import noisy, panel


def columns(made: Panel, origins: OriginSums | None = None) -> dict[str, Floats]:
    context = context_of(noise_of(made, Method()), np.zeros(len(made)))
    return dict(zip(NAMES, features(made, context, origins).T, strict=True))


def sums(**changes: list[float]) -> OriginSums:
    """One origin of one series that went from 100 to 300 a month."""
    given = {
        "row": [0],
        "money_before": [100.0],
        "money_after": [300.0],
        "log_before": [np.log(100)],
        "log_after": [np.log(300)],
        "variance": [0.1],
        "active_before": [1.0],
        "active_after": [1.0],
    }
    arrays = {name: np.array(values) for name, values in {**given, **changes}.items()}
    return OriginSums(**arrays)


def test_a_rise_above_everything_in_the_past() -> None:
    found = columns(panel([[100.0] * 10 + [300.0] * 5], 10))
    assert found["above_past_most"] == found["above_past_second"] == 1
    assert found["change"] == pytest.approx(np.log(3))
    assert found["one_month_share"] == pytest.approx(0.2)
    # Ranks of the five months are 11 to 15, their mean 13; under chance it is 8 with variance 10 x 16 / 60.
    assert found["rank_z"] == pytest.approx((13 - 8) / np.sqrt(10 * 16 / 60))


def test_one_month_is_told_from_a_lasting_rise() -> None:
    found = columns(panel([[100.0] * 10 + [100.0] * 4 + [1000.0]], 10))
    assert found["one_month_share"] == pytest.approx(1000 / 1400)
    assert found["above_past_most"] == pytest.approx(0.2)
    assert found["low_month_above_past"] == pytest.approx(0)


def test_a_steady_series_shows_nothing() -> None:
    found = columns(panel([[100.0] * 15] * 3, 10))
    for name in ("change", "change_z", "rank_z", "above_past_most", "active_more", "late_less_early", "past_momentum"):
        assert found[name] == pytest.approx(np.zeros(3)), name


def test_more_active_months() -> None:
    found = columns(panel([[100.0, 0.0] * 5 + [100.0] * 5], 10))
    assert (found["active_before"][0], found["active_more"][0]) == (0.5, 0.5)


def test_the_origin_that_rose_most_is_the_one_that_is_looked_at() -> None:
    two = sums(
        row=[0, 0],
        money_before=[100.0, 50.0],
        money_after=[110.0, 90.0],
        log_before=[1.0, 2.0],
        log_after=[1.1, 2.7],
        variance=[0.1, 0.1],
        active_before=[1.0, 0.4],
        active_after=[1.0, 0.9],
    )
    found = columns(panel([[150.0] * 10 + [200.0] * 5], 10), two)
    assert found["origin_change"] == pytest.approx(0.7)
    assert found["origin_concentration"] == pytest.approx(40 / 50)
    assert (found["origin_active_before"][0], found["origin_active_after"][0]) == (0.4, 0.9)
    trifle = 0.05 * 150
    assert found["rest_change"] == pytest.approx(np.log((110 + trifle) / (100 + trifle)))


def test_series_without_origins_have_zero_there() -> None:
    found = columns(panel(noisy(5, 20), 10))
    assert all((found[name] == 0).all() for name in NAMES if name.startswith(("origin", "rest")))


def test_no_feature_depends_on_the_unit_of_money() -> None:
    made = noisy(40, 24)
    made[3, :12] = 0
    origins = sums()
    thousand = sums(money_before=[1e5], money_after=[3e5], log_before=[np.log(1e5)], log_after=[np.log(3e5)])
    a, b = columns(panel(made, 12), origins), columns(panel(made * 1000, 12), thousand)
    for name in NAMES:
        assert b[name] == pytest.approx(a[name], abs=1e-9), name


@pytest.mark.parametrize(
    "values", [[[0.0] * 15], [[np.nan] * 15], [[0.0] * 10 + [5.0] * 5], [[5.0] * 10 + [np.nan] * 5], np.zeros((0, 15))]
)
def test_every_feature_is_finite_whatever_the_series(values: object) -> None:
    found = columns(panel(np.array(values, dtype=float).reshape(-1, 15), 10))
    assert all(np.isfinite(column).all() for column in found.values())


def test_an_unknown_month_is_not_a_fall() -> None:
    known = columns(panel([[100.0] * 10 + [300.0] * 5], 10))
    unknown = columns(panel([[100.0] * 10 + [300.0] * 4 + [np.nan]], 10))
    for name in ("change", "above_past_most", "above_past_second", "low_month_above_past"):
        assert unknown[name] == pytest.approx(known[name]), name


def test_unknown_months_have_no_rank() -> None:
    found = columns(panel([[np.nan] * 3 + [100.0] * 7 + [300.0] * 4 + [np.nan]], 10))
    # Ranks of the four known months are 8 to 11, their mean 9.5; under chance it is 6 with variance 7 x 12 / 48.
    assert found["rank_z"] == pytest.approx((9.5 - 6) / np.sqrt(7 * 12 / 48))
