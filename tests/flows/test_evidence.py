"""Evidence: the shipped weights, p-values that fall with the score, the band, and calibration to the table."""

from __future__ import annotations

import json

import numpy as np
import pytest

from entrepot.flows import Method
from entrepot.flows.calibrate import both_legs, calibrated
from entrepot.flows.controls import growth_sets
from entrepot.flows.evidence import FILE, band, evidence_p_value, evidence_score, least_excess, weights
from entrepot.flows.features import NAMES, OriginSums
from entrepot.flows.infer import Inference, infer, q_values
from entrepot.flows.noise import noise_of
from entrepot.flows.panel import Floats
from tests.flows.panel_made import noisy, panel

METHOD = Method()


def one_origin(values: Floats, n_before: int, trifle: float) -> OriginSums:
    """Every series is one origin's."""
    logs = np.log(np.maximum(values, trifle))
    sides = [(part[:, :n_before], part[:, n_before:]) for part in (values, logs, values > 0)]
    (money_before, money_after), (log_before, log_after), (active_before, active_after) = sides
    left = log_before.var(1) * n_before + log_after.var(1) * (values.shape[1] - n_before)
    means = [part.mean(1) for part in (money_before, money_after, log_before, log_after)]
    return OriginSums(
        np.arange(len(values)), *means, left / (values.shape[1] - 2), active_before.mean(1), active_after.mean(1)
    )


def estimated(values: Floats, n_before: int) -> Inference:
    made = panel(values, n_before, via=np.arange(len(values)) % 4, product=np.arange(len(values)) // 4)
    noise = noise_of(made, METHOD)
    growth = growth_sets(made, noise.change, noise.sampling + noise.drift)
    origins = one_origin(values, n_before, noise.trifle)
    return infer(made, noise, growth=growth, controls="pooled", method=METHOD, origins=origins)


def test_the_weights_name_every_feature_and_say_what_they_were_fitted_on() -> None:
    data = json.loads(FILE.read_text("utf-8"))
    assert list(data["features"]) == list(NAMES)
    assert data["version"] and "tasks" in data["trained_on"]


@pytest.mark.parametrize("months", [1, 3, 7, 12, 24, 60, 200])
def test_p_values_fall_with_the_score_and_are_never_zero(months: int) -> None:
    p = evidence_p_value(np.linspace(-50, 50, 500), months_after=months)
    assert (np.diff(p) <= 1e-12).all()
    assert (p > 0).all() and (p <= 1).all()


def test_between_two_tabled_lengths_the_p_value_lies_between_theirs() -> None:
    low, middle, high = (evidence_p_value(np.array([2.0]), months_after=n)[0] for n in (9, 12, 16))
    assert min(low, high) <= middle <= max(low, high)


def test_a_score_is_the_same_alone_and_in_a_crowd() -> None:
    x = np.random.default_rng(1).normal(0, 1, (120_000, len(NAMES)))
    assert evidence_score(x[-3:]) == pytest.approx(evidence_score(x)[-3:], rel=1e-12)


def test_a_feature_beyond_what_was_seen_says_no_more() -> None:
    fitted = weights()
    x = np.tile(fitted.centre, (2, 1))
    x[0, 0], x[1, 0] = fitted.high[0], 1e9
    scores = evidence_score(x)
    assert scores[0] == scores[1]


def test_the_band_holds_its_middle_and_no_negative_money() -> None:
    noise = noise_of(panel(noisy(300, 36), 24), METHOD)
    mean, low, high = band(np.geomspace(1e-3, 1e12, 300), noise, np.full(300, 12))
    assert (low >= 0).all() and (low <= mean).all() and (mean <= high).all()


def test_the_least_excess_is_part_of_the_excess_and_grows_with_it() -> None:
    observed = np.geomspace(1.01, 1e6, 60)
    least = least_excess(observed, np.ones(60), np.full(60, METHOD.certain / 2), METHOD)
    assert (least > 0).all() and (least < observed - 1).all()
    assert (np.diff(least) > 0).all()


def test_nothing_is_surely_there_without_evidence_or_excess() -> None:
    least = least_excess(np.array([9.0, 0.5, 9.0]), np.ones(3), np.array([2 * METHOD.certain, 0.001, np.nan]), METHOD)
    assert (least == -np.inf).all()


def test_a_series_without_a_past_may_have_some_trade() -> None:
    values = noisy(50, 30)
    values[0, :18] = 0
    noise = noise_of(panel(values, 18), METHOD)
    _, low, high = band(np.zeros(50), noise, np.full(50, 12))
    assert low[0] == 0 and high[0] > 0


def test_quiet_series_are_rarely_odd_and_their_intervals_hold() -> None:
    found = estimated(noisy(400, 36, spread=0.5), 24)
    assert (found.p_value < 0.01).mean() < 0.02
    low, high = found.low["pooled"], found.high["pooled"]
    assert ((low <= found.observed) & (found.observed <= high)).mean() > 0.85


def test_lasting_rises_are_the_most_odd() -> None:
    values = noisy(400, 36, spread=0.5)
    values[:20, 24:] *= 6
    p = estimated(values, 24).p_value
    assert np.median(p[:20]) < 1e-4 < 0.2 < np.median(p[20:])


@pytest.mark.parametrize("times", [6, 30, 1000])
def test_no_rise_is_too_large_to_be_odd(times: float) -> None:
    values = noisy(400, 36, spread=0.5)
    values[:20, 24:] *= times
    assert np.median(estimated(values, 24).p_value[:20]) < 1e-4


def test_a_fall_is_never_odd() -> None:
    values = noisy(400, 36)
    values[:20, 24:] /= 10
    assert (estimated(values, 24).p_value[:20] > 0.3).all()


def test_calibration_never_raises_a_p_value_nor_touches_large_ones() -> None:
    made = panel(noisy(400, 36, spread=0.2), 24)
    p = np.geomspace(1e-12, 1, 400)
    found = calibrated(p, made, None, METHOD, controls="pooled").forwards
    assert (found <= p).all() and (found[p >= 0.1] == p[p >= 0.1]).all()
    # The power is at most 1.6.
    assert (found >= p * (p / 0.1) ** 0.6 - 1e-30)[p < 0.1].all()
    assert (np.diff(found) >= 0).all()


def test_calibration_of_a_small_table_changes_nothing() -> None:
    p = np.array([0.001, 0.05, 0.5])
    assert (calibrated(p, panel(noisy(3, 36), 24), None, METHOD, controls="pooled").forwards == p).all()


def test_q_values_by_hand() -> None:
    # Benjamini and Hochberg: p x 5 / rank, made rising from the largest down.
    q = q_values(np.array([0.01, 0.04, np.nan, 0.03, 0.5, 0.02]))
    assert q[[0, 5, 3, 1, 4]] == pytest.approx([0.05, 0.05, 0.05, 0.05, 0.5])
    assert np.isnan(q[2])


def test_q_values_of_nothing() -> None:
    assert len(q_values(np.zeros(0))) == 0
    assert np.isnan(q_values(np.full(3, np.nan))).all()


def test_two_independent_legs_are_counted_as_what_they_are() -> None:
    g = np.random.default_rng(2)
    quiet, backwards = (g.random((2, 4000)).max(axis=0) for _ in range(2))
    counted = both_legs(quiet, backwards)
    assert (counted <= quiet).all()
    # By chance alone no more than a tenth lies below a tenth, though far fewer of the larger ones do.
    assert (quiet < 0.1).mean() < 0.02 < 0.1 >= (counted < 0.1).mean()


def test_legs_that_always_agree_get_nothing_for_free() -> None:
    p = np.random.default_rng(3).random(4000)
    assert both_legs(p, p) == pytest.approx(p, rel=0.35)
