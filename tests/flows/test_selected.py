"""Lower ends of picked rows: by hand and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from entrepot.flows import Method
from entrepot.flows.selected import selected_low

ONE = np.ones(1)


def low_of(low: float, *, picked: float, observed: float = 100.0, expected: float = 20.0, floor: float = 0.0) -> float:
    found = selected_low(
        observed * ONE, expected * ONE, low * ONE, floor * ONE, picked=picked, method=Method(least_share=0.1)
    )
    return float(found[0])


def test_where_all_rows_are_picked_the_end_stays() -> None:
    assert low_of(60.0, picked=1.0) == pytest.approx(60.0)


def test_the_stretch_is_that_of_the_normal_law_in_logarithms() -> None:
    # Expected 20, upper end 40: twice as much. One row in twenty picked: 2.807 standard errors for 1.645.
    assert low_of(60.0, picked=0.05) == pytest.approx(100 - 20 * 2 ** (2.8070337 / 1.6448536))


def test_a_tenth_of_the_excess_stays_where_the_usual_end_gives_as_much() -> None:
    assert low_of(10.0, picked=0.01) == pytest.approx(8.0)
    assert low_of(3.0, picked=0.01) == pytest.approx(3.0)


def test_the_end_falls_as_fewer_are_picked() -> None:
    ends = [low_of(70.0, picked=share, floor=5.0) for share in (1.0, 0.3, 0.1, 0.03, 0.01)]
    assert ends == sorted(ends, reverse=True) and len(set(ends)) == 5


def test_of_rows_picked_for_lying_high_nine_in_ten_are_covered_again() -> None:
    g = np.random.default_rng(17)
    n, spread = 200_000, 0.3
    truth = np.where(g.random(n) < 0.1, g.uniform(0.3, 1.0, n), 0.0)
    seen = truth + g.normal(0, spread, n)
    is_picked = seen > 0.6
    # In logarithms: expected 1, observed exp(seen), the true excess is what exp(seen - chance) leaves.
    observed, chance = np.exp(seen), np.exp(seen - truth)
    usual = observed - np.exp(spread * ndtri(0.95))
    ends = selected_low(
        observed[is_picked],
        np.ones(is_picked.sum()),
        usual[is_picked],
        np.zeros(is_picked.sum()),
        picked=float(is_picked.mean()),
        method=Method(least_share=0.0),
    )
    true_excess = (observed - chance)[is_picked]
    assert (usual[is_picked] <= true_excess).mean() < 0.85
    # A row of which nothing is true is covered by an end at zero or below only, and those here lie at zero at least.
    real = truth[is_picked] > 0
    assert (ends[real] <= true_excess[real]).mean() >= 0.95
