"""Sellers: what other sellers' growth explains, and that it explains nothing where they go their own way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from entrepot.errors import ConfigError
from entrepot.flows import survey
from entrepot.flows.control_weights import control_weights
from entrepot.flows.controls import growth_of
from entrepot.flows.noise import noise_of
from entrepot.flows.options import Method
from entrepot.flows.panel import Floats, Panel
from entrepot.flows.pretrend import pretrend_p
from entrepot.flows.routes import Work, worked
from entrepot.flows.sellers import Sellers, less_drift, shared_growth
from entrepot.lake import Lake
from tests.factory import QUESTION, Row, added, lake_of, planted, present, quiet, row_of
from tests.flows.panel_made import noisy, panel

METHOD = Method()
N, MONTHS, BEFORE = 160, 36, 24


def moved(values: Floats, change: Floats) -> Floats:
    """Multiply what comes after the event."""
    return np.concatenate([values[:, :BEFORE], values[:, BEFORE:] * np.exp(change)[:, None]], axis=1)


def asked(made: Panel, sellers: Floats) -> tuple[Floats, Floats]:
    """Return what the origins did beyond their controls, and what other sellers' growth says of that."""
    noise = noise_of(made, METHOD)
    variance = noise.sampling + noise.drift
    pooled = growth_of(made, noise.change, variance).sets["pooled"].value
    found = shared_growth(made, noise.change, variance, pooled, Sellers(sellers, METHOD))
    return noise.change - pooled, found.growth


@pytest.fixture(scope="module")
def change() -> Floats:
    return np.random.default_rng(5).normal(0, 0.6, N)


@pytest.fixture(scope="module")
def made(change: Floats) -> Panel:
    return panel(moved(noisy(N, MONTHS, seed=2), change), BEFORE, via=[i % 4 for i in range(N)])


def test_a_movement_that_all_sellers_share_is_explained(made: Panel, change: Floats) -> None:
    left, shared = asked(made, moved(noisy(N, MONTHS, seed=3), change))
    assert np.corrcoef(left, shared)[0, 1] > 0.9
    assert np.var(left - shared) < 0.2 * np.var(left)


def test_sellers_who_go_their_own_way_explain_nothing(made: Panel, change: Floats) -> None:
    left, shared = asked(made, moved(noisy(N, MONTHS, seed=3), change[::-1]))
    assert np.abs(shared).mean() < 0.15 * np.abs(left).mean()


def test_sellers_who_move_against_the_origins_are_not_followed(made: Panel, change: Floats) -> None:
    assert (asked(made, moved(noisy(N, MONTHS, seed=3), -change))[1] == 0).all()


def test_where_others_hardly_sell_nothing_is_taken_from_them(made: Panel, change: Floats) -> None:
    sellers = moved(noisy(N, MONTHS, seed=3), change)
    sellers[: N // 2, ::5] = 0
    sellers[: N // 2, 1:] *= np.arange(1, MONTHS) % 5 == 0
    shared = asked(made, sellers)[1]
    assert (shared[: N // 2] == 0).all() and (shared[N // 2 :] != 0).all()
    assert (asked(made, np.zeros((N, MONTHS)))[1] == 0).all()


def test_a_few_series_cannot_tell_what_is_shared(change: Floats) -> None:
    few = panel(moved(noisy(12, MONTHS, seed=2), change[:12]), BEFORE)
    assert (asked(few, moved(noisy(12, MONTHS, seed=3), change[:12]))[1] == 0).all()


def test_the_unit_of_money_does_not_matter(made: Panel, change: Floats) -> None:
    sellers = moved(noisy(N, MONTHS, seed=3), change)
    assert np.allclose(asked(made, sellers)[1], asked(made, 1000 * sellers)[1], atol=1e-12)


def test_the_past_alone_is_held_against_the_past(made: Panel, change: Floats) -> None:
    noise = noise_of(made, METHOD)
    ends = [moved(noisy(N, MONTHS, seed=3), by) for by in (change, 5 * change)]
    found = [pretrend_p(made, noise, otherwise=0.02, sellers=Sellers(values, METHOD)) for values in ends]
    assert all(np.array_equal(found[0][name], found[1][name]) for name in found[0])


def market() -> list[Row]:
    """Trade of Germany and Poland that steps up or down by good and intermediary, as China's does."""
    step = dict.fromkeys(((via, f"84{7100 + i:04d}") for via in ("KAZ", "KGZ", "ARM", "UZB") for i in range(40)), 1.0)
    luck = np.random.default_rng(8)
    step |= {key: float(np.exp(luck.normal(0, 0.7))) for key in step}
    rows = quiet(3) + [{**row, "reporter_iso3": "CHN"} for row in quiet(4) if row["reporter_iso3"] == "DEU"]
    for row in rows:
        if row["period"] >= "2020-07":
            row["value"] = round(row["value"] * step[row["partner_iso3"], row["hs_code"]], 2)
    return added([*rows, *planted(200_000, via="KGZ", code="847104")])


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return lake_of(tmp_path_factory.mktemp("sellers"), market(), present(partner_iso3="RUS"))


@pytest.fixture(scope="module")
def without(lake: Lake) -> Work:
    return worked(lake, **QUESTION)


@pytest.fixture(scope="module")
def counted(lake: Lake) -> Work:
    return worked(lake, **QUESTION, has_sellers=True)


def test_steps_that_all_sellers_took_are_no_excess_and_a_planted_one_is(without: Work, counted: Work) -> None:
    def wrong(work: Work) -> float:
        rows = [row for row in work.answer if row["product_id"] != "847104"]
        return float(np.mean([abs(np.log(row["observed"] / row["expected"])) for row in rows]))

    assert wrong(counted) < 0.75 * wrong(without)
    assert row_of(counted.answer, "KGZ", "847104")["is_alert"]
    assert counted.answer.parameters["has_sellers"] and not without.answer.parameters["has_sellers"]


def test_drift_that_others_share_is_no_noise(made: Panel, change: Floats) -> None:
    def drift(by: Floats) -> Floats:
        sellers = Sellers(moved(noisy(N, MONTHS, seed=3), by), METHOD)
        growth = growth_of(made, usual.change, usual.sampling + usual.drift, sellers=sellers)
        return less_drift(replace(usual, drift=1.0), growth.shared, METHOD)

    usual = noise_of(made, METHOD)
    assert (drift(change) < 0.9).all() and (drift(change) >= METHOD.least_drift**2).all()
    assert (drift(-change) == 1).all()


def test_own_stays_the_own_past(without: Work, counted: Work) -> None:
    own = [work.legs["in"].inference.growth["own"] for work in (without, counted)]
    assert not own[0].any() and not own[1].any()


def test_what_other_sellers_add_is_a_line_of_the_weights(counted: Work) -> None:
    found = [row for row in control_weights(counted, rows=[("KGZ", "847110")]) if row["control_set"] == "via"]
    assert sum(row["contribution"] for row in found) == pytest.approx(found[0]["growth"], abs=1e-9)
    own = [row for row in found if (row["control_via_iso3"], row["control_product_id"]) == ("KGZ", "847110")]
    assert len(own) == 1 and own[0]["weight"] == 1 and own[0]["contribution"] != 0


def test_without_other_sellers_the_answer_is_the_usual_one(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, quiet(3), present(partner_iso3="RUS"))
    plain, same = (list(worked(lake, **QUESTION, has_sellers=more).answer) for more in (False, True))
    assert plain == same


def test_the_whole_world_does_not_count_them(lake: Lake) -> None:
    with pytest.raises(ConfigError, match="other sellers"):
        survey(lake, event="2020-07", has_sellers=True)
