"""What the world must resemble: noise, silence, revisions, shocks."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from entrepot.codes import product_list
from entrepot.world import World, simulate
from tests.world.conftest import Ask, tiny, views

BOTH = """
    FROM flows AS x JOIN flows AS m ON x.flow = 'export' AND m.flow = 'import' AND x.period = m.period
        AND x.reporter_iso3 = m.partner_iso3 AND x.partner_iso3 = m.reporter_iso3 AND x.hs_code = m.hs_code
"""
LISTED = ", ".join(f"'{item.hs_code}'" for item in product_list("chpl").items)


def test_the_two_reports_of_a_flow_differ_as_much_as_real_ones(ask: Ask) -> None:
    (median,) = ask(f"SELECT median(abs(ln(m.value_usd / x.value_usd))) {BOTH}")[0]
    assert 0.5 <= float(str(median)) <= 0.65


def test_without_mirror_noise_only_the_margin_and_the_delay_are_left(tmp_path: Path) -> None:
    quiet = simulate(tmp_path, tiny(mirror_noise=0.0))
    with duckdb.connect() as connection:
        views(connection, quiet)
        found = connection.execute(
            f"SELECT median(ln(got / sent)) FROM (SELECT sum(m.value_usd) AS got, sum(x.value_usd) AS sent"
            f" {BOTH} WHERE x.partner_iso3 = 'KAZ' AND x.reporter_iso3 <> 'RUS' GROUP BY x.reporter_iso3)"
        ).fetchall()
    assert 0.0 < found[0][0] < 0.25


def test_born_codes_have_no_rows_before_the_revision_and_dead_ones_none_after(ask: Ask) -> None:
    born = ask(
        "SELECT count(*) FROM flows WHERE period < '2022-01' AND hs_code NOT IN"
        ' (SELECT "code.before" FROM concordance)'
    )
    dead = ask(
        "SELECT count(*) FROM flows WHERE period >= '2022-01' AND hs_code NOT IN"
        ' (SELECT "code.after" FROM concordance)'
    )
    assert (born, dead) == ([(0,)], [(0,)])


def test_the_listed_codes_born_in_2022_are_born_here_too(ask: Ask) -> None:
    codes = "('852589', '854149', '854151', '854159', '854800', '880730')"
    first = ask(f"SELECT min(period), count(DISTINCT hs_code) FROM flows WHERE hs_code IN {codes}")
    assert first == [("2022-01", 6)]


def test_the_concordance_names_splits_merges_and_renamed_codes(ask: Ask) -> None:
    relations = dict(ask("SELECT Relationship, count(*) FROM concordance GROUP BY 1"))
    assert {"1:1", "n:1"} <= set(relations)
    assert ask("SELECT count(*) FROM concordance WHERE adjustment <> '2022 to 2017'") == [(0,)]
    assert ("852589", "852580", "n:1") in ask('SELECT "code.after", "code.before", Relationship FROM concordance')


def test_the_destination_stops_reporting_and_some_never_report(ask: Ask) -> None:
    assert ask("SELECT max(period) FROM flows WHERE reporter_iso3 = 'RUS'") == [("2022-01",)]
    assert ask("SELECT count(*) FROM flows WHERE reporter_iso3 = 'ARE'") == [(0,)]
    assert ask("SELECT max(period) FROM flows WHERE partner_iso3 = 'RUS'") == [("2023-06",)]


def test_direct_exports_of_listed_goods_fall_and_intermediaries_grow(ask: Ask) -> None:
    def change(partner: str, goods: str) -> float:
        (ratio,) = ask(
            f"SELECT sum(value_usd) FILTER (period >= '2022-12' AND period <= '2023-05')"
            f" / sum(value_usd) FILTER (period >= '2021-06' AND period <= '2021-11') FROM flows"
            f" WHERE flow = 'export' AND reporter_iso3 IN ('DEU', 'USA', 'ITA', 'JPN', 'POL', 'FRA')"
            f" AND partner_iso3 = '{partner}' AND hs_code {goods} ({LISTED})"
        )[0]
        return float(str(ratio))

    assert change("RUS", "IN") < 0.25
    assert change("RUS", "IN") < change("RUS", "NOT IN") < 1.2
    assert change("KGZ", "NOT IN") > 1.3


def test_most_pairs_trade_a_good_in_some_months_only(ask: Ask) -> None:
    silent, heavy = ask(
        """SELECT avg((n < 30)::INTEGER), max(total) / sum(total) FROM (
            SELECT count(*) AS n, sum(value_usd) AS total FROM flows WHERE flow = 'export'
            AND reporter_iso3 IN ('DEU', 'FRA', 'ITA', 'POL') AND partner_iso3 IN ('KAZ', 'KGZ', 'ARM')
            GROUP BY reporter_iso3, partner_iso3, hs_code)"""
    )[0]
    assert float(str(silent)) > 0.5
    assert float(str(heavy)) > 0.02


def test_planted_paths_are_patchy_and_carried_by_one_or_two_origins(ask: Ask) -> None:
    carriers = ask("SELECT max(n) FROM (SELECT count(DISTINCT path_id) AS n FROM months GROUP BY left(path_id, 8))")
    gaps = ask(
        """SELECT avg(n / span) FROM (SELECT count(*) AS n, max(m) - min(m) + 1 AS span FROM (
            SELECT path_id, left(period, 4)::INTEGER * 12 + right(period, 2)::INTEGER AS m FROM months
            WHERE leg = 'in' AND true_usd::BIGINT > 0) GROUP BY path_id)"""
    )
    assert carriers == [(2,)]
    assert 0.6 < float(str(gaps[0][0])) < 0.95


def test_no_leg_starts_before_its_path_and_onward_legs_lag(ask: Ask) -> None:
    late = ask(
        """SELECT count(*) FROM (SELECT path_id, min(period) FILTER (leg = 'in') AS i,
            min(period) FILTER (leg = 'out') AS o FROM months WHERE true_usd::BIGINT > 0 GROUP BY 1)
            WHERE o < i OR i < '2022-03'"""
    )
    assert late == [(0,)]


@pytest.mark.parametrize("knob", ["relocation", "growth", "noise", "break_share", "contaminated_goods"])
def test_a_knob_can_be_turned_off(knob: str, tmp_path: Path) -> None:
    made: World = simulate(tmp_path, tiny(**{knob: 0.0}))
    assert made.n_rows > 10_000
