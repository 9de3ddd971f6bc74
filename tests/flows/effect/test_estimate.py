"""The estimate of an effect: by hand, against another program, with zeros, on a sudden surge."""

from __future__ import annotations

import numpy as np
import pytest
from pysyncon.base import VanillaOptimMixin

from entrepot.flows.effect.estimate import change, control_weights, counterfactual, p_value, unit_p_value
from tests.known.panels import PanelKind, panel

BEFORE, AFTER = 30, 6
BLOCK = np.arange(BEFORE + AFTER) >= BEFORE
FIT = np.arange(BEFORE + AFTER) < BEFORE


def test_half_of_what_the_controls_say_is_a_change_of_minus_a_half() -> None:
    wave = 10 + 3 * np.sin(np.arange(BEFORE + AFTER))
    y = np.where(BLOCK, 0.5, 1.0) * 7 * wave
    found = change(y, np.column_stack([wave, 2 * wave, 5 * wave]), BLOCK, fit=FIT)
    assert found.share == pytest.approx(-0.5)
    assert found.p_value == pytest.approx(1 / len(y))


def test_weights_are_those_of_another_program_without_the_pull() -> None:
    y, x = panel(PanelKind(controls=6), 7)
    scaled, controls = y / y.mean(), x / x.mean(axis=0)
    other, _ = VanillaOptimMixin.w_optimize(V_mat=np.eye(len(y)), X0=controls, X1=scaled)
    ours = control_weights(scaled, controls, ridge=0.0)
    assert np.abs(controls @ ours - controls @ other).max() < 0.01


def test_months_after_the_date_do_not_move_the_counterfactual() -> None:
    y, x = panel(PanelKind(before=BEFORE, after=AFTER), 3)
    first, weights = counterfactual(y, x, FIT)
    second, same = counterfactual(np.where(BLOCK, 100 * y, y), x, FIT)
    assert np.array_equal(first, second) and np.array_equal(weights, same)
    assert weights.min() >= 0 and weights.sum() == pytest.approx(1)


def test_units_of_money_change_nothing() -> None:
    y, x = panel(PanelKind(before=BEFORE, after=AFTER), 4)
    one, other = change(y, x, BLOCK, fit=FIT), change(1e6 * y, 1e-3 * x, BLOCK, fit=FIT)
    assert one.share == pytest.approx(other.share) and one.p_value == other.p_value


def test_trade_that_stops_is_minus_one_hundred_per_cent_and_sure() -> None:
    y, x = panel(PanelKind(before=BEFORE, after=AFTER), 5)
    found = change(np.where(BLOCK, 0, y), x, BLOCK, fit=FIT)
    assert found.share == -1 and found.p_value == pytest.approx(1 / len(y))


def test_a_surge_in_controls_and_treated_alike_does_not_hide_a_larger_one() -> None:
    y, x = panel(PanelKind(before=BEFORE, after=AFTER), 6)
    found = change(np.where(BLOCK, 100 * y, y), np.where(BLOCK[:, None], 10 * x, x), BLOCK, fit=FIT)
    assert found.low is not None and found.low > 1 and found.p_value < 0.05


def test_the_interval_holds_what_is_not_rejected() -> None:
    y, x = panel(PanelKind(before=BEFORE, after=AFTER, change=-0.3), 8)
    found = change(y, x, BLOCK, fit=FIT)
    assert found.low is not None and found.high is not None and found.low < found.share < found.high
    assert p_value(y, x, BLOCK, found.low) > 0.05 and p_value(y, x, BLOCK, (found.low + found.share) / 2) > 0.05


def test_the_rank_among_units_has_their_number_as_its_grain() -> None:
    y, x = panel(PanelKind(controls=9, before=BEFORE, after=AFTER), 9)
    assert unit_p_value(np.where(BLOCK, 0.01 * y, y), x, BLOCK, fit=FIT) == pytest.approx(0.1)
