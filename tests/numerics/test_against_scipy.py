"""Every function against SciPy's, over dense grids, far tails and edges."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, sparse, special, stats

from entrepot import numerics

CLOSE = 1e-12
SHARES = np.concatenate([10.0 ** -np.arange(300, 1, -3), np.linspace(0.001, 0.999, 999), 1 - 10.0 ** -np.arange(3, 15)])
FREEDOM = np.array([0.3, 0.5, 1, 1.5, 2, 3, 4.7, 10, 29, 30.5, 100, 200, 1e3, 1e5, 1e8])


def test_normal_distribution() -> None:
    x = np.concatenate([np.linspace(-37, 8, 5001), [0.0, -0.0, -np.inf, np.inf]])
    assert_allclose(numerics.normal_cdf(x), special.ndtr(x), rtol=CLOSE)
    assert np.isnan(numerics.normal_cdf(np.nan))


def test_normal_quantiles() -> None:
    p = np.concatenate([SHARES, [0.0, 1.0, 5e-324, 1e-310, 0.5]])
    assert_allclose(numerics.normal_quantile(p), special.ndtri(p), rtol=CLOSE, atol=1e-16)
    assert np.isnan(numerics.normal_quantile([-0.1, 1.1, np.nan])).all()


@pytest.mark.parametrize("freedom", FREEDOM)
def test_student_distribution(freedom: float) -> None:
    t = np.concatenate([np.linspace(-40, 40, 1601), [-1e-300, 0.0, -100, -1e3, -1e6, -1e50]])
    assert_allclose(numerics.student_cdf(t, freedom), special.stdtr(freedom, t), rtol=CLOSE, atol=1e-300)


def test_student_distribution_with_one_degree_is_cauchys() -> None:
    """SciPy loses half of the digits near zero and all beyond 1e154."""
    t = -np.geomspace(1e-12, 1e250, 500)
    assert_allclose(numerics.student_cdf(t, 1), np.arctan(-1 / t) / np.pi, rtol=CLOSE)


def test_student_distribution_at_edges() -> None:
    t = np.array([-np.inf, np.inf, np.nan, 0.0, 1e200, 1.0, 1.0, -2.0])
    freedom = np.array([3.0, 3.0, 3.0, np.inf, 0.5, 0.0, -1.0, np.inf])
    expected = [0, 1, np.nan, 0.5, 1, np.nan, np.nan, special.ndtr(-2.0)]
    assert_allclose(numerics.student_cdf(t, freedom), expected, rtol=CLOSE)


@pytest.mark.parametrize("freedom", FREEDOM)
def test_student_quantiles(freedom: float) -> None:
    p = np.concatenate([SHARES[(SHARES > 1e-20)], [0.0, 0.5, 1.0]])
    assert_allclose(numerics.student_quantile(p, freedom), stats.t.ppf(p, freedom), rtol=CLOSE, atol=1e-16)


def test_student_quantiles_at_edges() -> None:
    found = numerics.student_quantile([0.05, 0.05, 1.2, np.nan, 0.0], [np.inf, 0.0, 5.0, 5.0, np.inf])
    assert_allclose(found, [special.ndtri(0.05), np.nan, np.nan, np.nan, -np.inf], rtol=CLOSE)


@pytest.mark.parametrize("a", [0.2, 0.5, 1, 2, 7.5, 40, 300, 1000])
@pytest.mark.parametrize("b", [0.2, 0.5, 1, 3, 12.5, 90, 800])
def test_beta_distribution(a: float, b: float) -> None:
    x = np.concatenate([np.linspace(0, 1, 501), 10.0 ** -np.arange(3, 40)])
    assert_allclose(numerics.beta_cdf(x, a, b), special.betainc(a, b, x), rtol=CLOSE, atol=1e-290)


@pytest.mark.parametrize("a", [0.5, 1, 2, 17, 200])
@pytest.mark.parametrize("b", [0.5, 1, 3, 30, 150])
def test_beta_quantiles(a: float, b: float) -> None:
    p = np.concatenate([np.linspace(0, 1, 201), [0.05, 0.95, 1e-10, 1e-20]])
    assert_allclose(numerics.beta_quantile(p, a, b), special.betaincinv(a, b, p), rtol=CLOSE)


def test_beta_outside_its_range() -> None:
    assert np.isnan(numerics.beta_cdf([-0.1, 1.1, np.nan, 0.5], [1, 1, 1, 0], 1)).all()
    assert np.isnan(numerics.beta_quantile([-0.1, 1.1, np.nan, 0.5], [1, 1, 1, -1], 1)).all()


def test_gamma_functions() -> None:
    x = np.concatenate([np.geomspace(1e-6, 1e8, 4001), np.arange(0.5, 200, 0.5)])
    assert_allclose(numerics.digamma(x), special.digamma(x), rtol=CLOSE, atol=1e-15)
    assert_allclose(numerics.trigamma(x), special.polygamma(1, x), rtol=CLOSE)
    assert_allclose(numerics.tetragamma(x), special.polygamma(2, x), rtol=CLOSE)


def test_gamma_functions_at_edges() -> None:
    assert np.isnan(numerics.digamma([0.0, -1.5, np.nan])).all()
    assert_allclose(numerics.digamma([np.inf, 1.4616321449683622]), [np.inf, 0.0], atol=1e-15)
    assert numerics.trigamma(np.inf) == 0.0


def test_log_beta() -> None:
    a, b = np.meshgrid(np.geomspace(1e-3, 300, 60), np.geomspace(1e-3, 90, 40))
    assert_allclose(numerics.log_beta(a, b), special.betaln(a, b), rtol=CLOSE, atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_log_beta_of_whole_numbers_is_a_product(n: int) -> None:
    """SciPy loses up to eight digits where one parameter is large."""
    a = np.geomspace(1e-3, 1e12, 400)
    factors = np.arange(1, n) / (a[:, None] + np.arange(n - 1))
    assert_allclose(numerics.log_beta(a, n), np.log(factors).sum(axis=1) - np.log(a + n - 1), rtol=CLOSE, atol=1e-14)


@pytest.mark.parametrize("seed", range(40))
def test_least_squares(seed: int) -> None:
    draw = np.random.default_rng(seed)
    m, n = int(draw.integers(5, 60)), int(draw.integers(1, 40))
    a = np.vstack([draw.normal(size=(m, n)), 0.1 * np.eye(n)])
    b = np.concatenate([draw.normal(size=m), np.zeros(n)])
    assert_allclose(numerics.nonnegative_least_squares(a, b), optimize.nnls(a, b)[0], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("seed", range(40))
def test_least_squares_of_columns_that_repeat(seed: int) -> None:
    draw = np.random.default_rng(seed)
    a = np.repeat(draw.normal(size=(12, 5)), 3, axis=1)
    b = draw.normal(size=12)
    x = numerics.nonnegative_least_squares(a, b)
    assert (x >= 0).all()
    assert np.linalg.norm(a @ x - b) == pytest.approx(optimize.nnls(a, b)[1], rel=1e-10)


def test_least_squares_of_nothing() -> None:
    assert numerics.nonnegative_least_squares(np.eye(3), -np.ones(3)).tolist() == [0, 0, 0]
    assert numerics.nonnegative_least_squares(np.zeros((4, 2)), np.ones(4)).tolist() == [0, 0]
    assert numerics.nonnegative_least_squares(np.zeros((4, 0)), np.ones(4)).tolist() == []


@pytest.mark.parametrize("seed", range(10))
def test_ranks(seed: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 8, size=(200, 23)).astype(float)
    rows[::7, 3] = np.inf
    rows[::11, 5:9] = np.inf
    rows[::50, 2] = np.nan
    assert np.array_equal(numerics.row_ranks(rows), stats.rankdata(rows, axis=1), equal_nan=True)


def test_ranks_of_no_columns() -> None:
    assert numerics.row_ranks(np.zeros((3, 0))).shape == (3, 0)


@pytest.mark.parametrize("seed", range(10))
def test_components(seed: int) -> None:
    n, pairs = 300, np.random.default_rng(seed).integers(0, 300, size=(40 * seed, 2))
    graph = sparse.coo_array((np.ones(len(pairs)), pairs.T), shape=(n, n)).tocsr()
    count, expected = sparse.csgraph.connected_components(graph, directed=False)
    found = numerics.components(n, map(tuple, pairs.tolist()))
    assert max(found) + 1 == count == len(set(zip(found, expected.tolist(), strict=True)))


def test_components_do_not_depend_on_the_order_of_links() -> None:
    links = [(5, 3), (3, 1), (2, 4)]
    assert numerics.components(6, links) == numerics.components(6, links[::-1]) == [0, 1, 2, 1, 2, 1]
