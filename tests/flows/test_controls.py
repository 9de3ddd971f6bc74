"""Controls: growth of others, each series left out of its own, in five sets side by side."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.flows import CONTROL_SETS
from entrepot.flows.controls import growth_sets, has_controls
from entrepot.flows.panel import Panel
from tests.flows.panel_made import panel


def grid(n_via: int = 4, n_product: int = 30, *, is_tested: bool = True) -> Panel:
    """Every product to every intermediary, two chapters, always traded."""
    n = n_via * n_product
    return panel(
        np.ones((n, 20)),
        10,
        via=np.repeat(np.arange(n_via), n_product),
        product=np.tile(np.arange(n_product), n_via),
        chapter=np.tile(np.arange(n_product) % 2, n_via),
        is_tested=[is_tested] * n,
    )


EVEN = 0.05


def sets(made: Panel, change: np.ndarray) -> dict[str, np.ndarray]:
    return growth_sets(made, change, np.full(len(made), EVEN))


def test_the_sets_are_those_that_the_options_name() -> None:
    assert set(sets(grid(), np.zeros(120))) == set(CONTROL_SETS) - {"unlisted"}


def test_own_expects_no_change() -> None:
    assert (sets(grid(), np.linspace(-1, 1, 120))["own"] == 0).all()


def test_a_rise_of_everything_is_expected_by_every_other_set() -> None:
    found = sets(grid(), np.full(120, 0.7))
    for name in ("destination", "sister", "via", "pooled"):
        assert found[name] == pytest.approx(np.full(120, 0.7), rel=0.01), name


def test_the_rise_of_one_intermediary_is_expected_there_alone() -> None:
    made = grid()
    change = np.where(made.via == 0, 0.8, 0.0) + np.random.default_rng(1).normal(0, 0.4, 120)
    found = sets(made, change)["via"]
    # 29 others near 0.8 against 8 typical series at the table's mean of 0.2.
    assert found[made.via == 0] == pytest.approx(0.67, abs=0.12)
    assert found[made.via != 0] == pytest.approx(0.04, abs=0.12)


def test_the_mean_of_an_intermediary_by_hand() -> None:
    made = grid(2, 10)
    change = np.where(made.via == 0, 0.10, 0.0)
    found = sets(made, change)["via"]
    # Nothing is drawn in: middle 0.05, reach 2 x 1.48 x 0.05. Nine others at 0.1, and eight times what all other 19
    # series and one without change have in the mean.
    overall = 9 * 0.10 / (19 + 1)
    assert found[0] == pytest.approx((9 * 0.10 + 8 * overall) / 17)


def test_a_series_is_never_its_own_control() -> None:
    made = grid()
    calm = np.zeros(120)
    risen = calm.copy()
    risen[5] = 0.09
    a, b = sets(made, calm), sets(made, risen)
    for name in ("sister", "via"):
        assert b[name][5] == pytest.approx(a[name][5], abs=1e-12), name
    # The product elsewhere is held against those places, of which this series is one among many.
    for name in ("destination", "pooled"):
        assert b[name][5] == pytest.approx(a[name][5], abs=0.001), name
    assert b["via"][6] > a["via"][6] + 0.09 / 60


def test_the_product_elsewhere_moves_destination_and_pooled() -> None:
    made = grid(8, 30)
    change = np.where(made.product == 4, 0.3, 0.0) + np.linspace(-0.2, 0.2, len(made))
    found = sets(made, change)
    at, other = made.product == 4, made.product == 5
    assert (found["destination"][at] > found["destination"][other] + 0.1).all()
    assert found["pooled"][at].mean() > found["pooled"][other].mean() + 0.05
    assert found["via"][at].mean() == pytest.approx(found["via"][other].mean(), abs=0.01)


def test_unlisted_goods_are_the_controls_where_a_list_is_asked_for() -> None:
    made = grid()
    listed = made.product < 10
    asked = panel(made.values, 10, via=made.via, product=made.product, chapter=made.chapter, is_tested=listed.tolist())
    change = np.where(listed, 2.0, 0.1)
    assert sets(asked, change)["via"][listed] == pytest.approx(0.1, rel=0.01)


def test_outlying_changes_are_drawn_in() -> None:
    made = grid()
    change = np.random.default_rng(1).normal(0, 0.1, 120)
    wild = change.copy()
    wild[7] = 50.0
    assert sets(made, wild)["via"] == pytest.approx(sets(made, change)["via"], abs=0.03)


def test_idle_series_are_no_controls() -> None:
    made = grid()
    values = made.values.copy()
    values[made.via == 1] = 0
    idle = panel(values, 10, via=made.via, product=made.product, chapter=made.chapter)
    change = np.where(made.via == 1, 5.0, 0.0)
    assert sets(idle, change)["via"] == pytest.approx(np.zeros(120))


@pytest.mark.parametrize("n", [0, 1])
def test_without_others_nothing_is_expected(n: int) -> None:
    found = growth_sets(panel(np.ones((n, 20)), 10), np.full(n, 0.4), np.full(n, EVEN))
    assert all(len(values) == n and np.isfinite(values).all() for values in found.values())


def test_a_series_alone_is_expected_to_stay() -> None:
    found = growth_sets(panel(np.ones((1, 20)), 10), np.array([2.2]), np.array([EVEN]))
    assert all(values[0] == 0 for values in found.values())


def test_has_controls_needs_other_goods_to_the_same_intermediary() -> None:
    made = panel(
        np.ones((7, 20)), 10, via=[0, 0, 0, 0, 1, 1, 1], is_tested=[True, False, False, False, True, True, False]
    )
    assert has_controls(made).tolist() == [True] * 4 + [False] * 3
