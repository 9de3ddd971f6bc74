"""Weighted sums that remember their weights."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.flows.controls import SETS, growth_of
from entrepot.flows.linear import changes, nothing, others
from tests.flows.panel_made import panel


def test_a_mean_of_others_by_hand() -> None:
    values = changes(np.array([1.0, 2.0, 4.0]))
    found = others(values, np.array([1.0, 1.0, 3.0]), np.array([0, 0, 0]), wider=nothing(3), prior=1.0)
    assert found.value == pytest.approx([(2 + 12) / 5, (1 + 12) / 5, (1 + 2) / 3])
    assert found.weights(0) == pytest.approx([0, 1 / 5, 3 / 5])


def test_sums_differences_and_multiples_keep_their_weights() -> None:
    values = changes(np.array([1.0, 2.0]))
    found = 0.5 * (values + values) - values
    assert found.value == pytest.approx([0, 0])
    assert found.weights(1) == pytest.approx([0, 0])


def test_a_group_is_drawn_towards_the_wider_one_with_its_weights() -> None:
    values = changes(np.array([1.0, 2.0, 4.0]))
    even = np.ones(3)
    whole = others(values, even, np.zeros(3, dtype=int), wider=nothing(3), prior=0.5)
    part = others(values, even, np.array([0, 0, 1]), wider=whole, prior=2.0)
    for row in range(3):
        assert part.weights(row) @ values.value == pytest.approx(part.value[row], abs=1e-12)


@pytest.mark.parametrize("name", SETS)
def test_the_weights_of_every_control_set_give_its_growth(name: str) -> None:
    luck = np.random.default_rng(3)
    n = 300
    made = panel(
        np.where(luck.random((n, 24)) < 0.8, 5.0, 0.0),
        12,
        via=luck.integers(0, 6, n),
        product=luck.integers(0, 60, n),
        chapter=luck.integers(0, 5, n),
        is_tested=luck.random(n) < 0.3,
    )
    growth = growth_of(made, luck.normal(0, 1, n), luck.uniform(0.1, 1, n))
    for row in range(0, n, 37):
        weights = growth.sets[name].weights(row)
        assert weights @ growth.used == pytest.approx(growth.sets[name].value[row], abs=1e-12)


def test_no_series_is_its_own_control_in_a_table_of_one_group() -> None:
    made = panel(np.ones((30, 20)), 10)
    growth = growth_of(made, np.linspace(-1, 1, 30), np.full(30, 0.1))
    assert growth.sets["via"].weights(7)[7] == 0
