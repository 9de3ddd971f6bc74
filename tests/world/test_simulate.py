"""The files of a world: same bytes every time, right columns, planted amounts that add up."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from entrepot.codes import find_hs_code, find_territory, members, product_list
from entrepot.errors import ConfigError, SourceError
from entrepot.world import World, preset, simulate
from entrepot.world.places import places
from tests.world.conftest import Ask, folder_bytes, tiny, views


def test_same_options_give_the_same_bytes_whatever_the_block_size(world: World, tmp_path: Path) -> None:
    again = simulate(tmp_path, tiny(), block_rows=1000)
    assert folder_bytes(again.folder) == folder_bytes(world.folder)


def test_another_seed_is_another_world(world: World, tmp_path: Path) -> None:
    other = simulate(tmp_path, tiny(seed=2))
    assert other.flows.read_bytes() != world.flows.read_bytes()


def test_a_second_world_replaces_the_first_and_leaves_no_scratch(world: World, tmp_path: Path) -> None:
    simulate(tmp_path, tiny(seed=2))
    simulate(tmp_path, tiny())
    assert folder_bytes(tmp_path) == folder_bytes(world.folder)


def test_planted_reports_are_the_data_minus_the_same_world_without_them(world: World, tmp_path: Path) -> None:
    without = simulate(tmp_path, tiny(share_planted=0.0))
    key = "period, reporter_iso3, partner_iso3, flow, hs_code"
    with duckdb.connect() as connection:
        views(connection, world)
        views(connection, without, "null_")
        wrong = connection.execute(
            f"""WITH added AS (SELECT {key}, sum(v) AS v FROM (
                SELECT {key}, value_usd AS v FROM flows UNION ALL SELECT {key}, -value_usd FROM null_flows)
                GROUP BY ALL HAVING v <> 0),
            told AS (SELECT {key}, sum(v) AS v FROM (
                SELECT period, exporter_iso3 AS reporter_iso3, importer_iso3 AS partner_iso3,
                    'export' AS flow, hs_code, CAST(export_report_usd AS DOUBLE) AS v FROM months
                UNION ALL
                SELECT period, importer_iso3, exporter_iso3, 'import', hs_code,
                    CAST(import_report_usd AS DOUBLE) FROM months) GROUP BY ALL HAVING v <> 0)
            SELECT count(*), count(a.v), count(t.v), sum(a.v - t.v) FROM added AS a FULL JOIN told AS t
                USING ({key}) WHERE a.v IS DISTINCT FROM t.v"""
        ).fetchall()
        planted = connection.execute("SELECT count(*) FROM months").fetchall()
    assert wrong[0][0] == 0
    assert planted[0][0] > 500


def test_truth_by_month_adds_up_to_truth_by_series_and_totals(ask: Ask) -> None:
    by_month = ask(
        "SELECT leg, sum(export_report_usd::BIGINT) FROM months WHERE period >= '2022-03' GROUP BY 1 ORDER BY 1"
    )
    by_series = ask("SELECT leg, sum(export_report_usd::BIGINT) FROM series GROUP BY 1 ORDER BY 1")
    totals = ask(
        "SELECT split_part(name, '_', 1) AS leg, sum(value::BIGINT) FROM totals"
        " WHERE name LIKE '%_export_usd' GROUP BY 1 ORDER BY 1"
    )
    assert by_month == by_series == totals


def test_null_worlds_have_no_planting(tmp_path: Path) -> None:
    for name, changes in (("a", {"share_planted": 0.0}), ("b", {"has_event_effect": False})):
        made = simulate(tmp_path / name, tiny(**changes))
        with duckdb.connect() as connection:
            views(connection, made)
            found = connection.execute(
                "SELECT (SELECT count(*) FROM months), (SELECT count(*) FROM series WHERE is_planted = 'true')"
            ).fetchall()
        assert found == [(0, 0)]


def test_a_smaller_share_plants_a_part_of_what_a_larger_one_does(world: World, tmp_path: Path) -> None:
    fewer = simulate(tmp_path, tiny(share_planted=0.1))
    with duckdb.connect() as connection:
        views(connection, world)
        views(connection, fewer, "few_")
        found = connection.execute(
            "SELECT count(*), count(m.path_id) FROM (SELECT DISTINCT path_id FROM few_months) AS f"
            " LEFT JOIN (SELECT DISTINCT path_id FROM months) AS m USING (path_id)"
        ).fetchall()
    assert found[0][0] == found[0][1] > 0


def test_every_code_and_territory_is_known(ask: Ask) -> None:
    territories = [row[0] for row in ask("SELECT DISTINCT reporter_iso3 FROM flows")]
    codes = [str(row[0]) for row in ask("SELECT DISTINCT hs_code FROM flows")]
    assert all(find_territory(str(code), scheme="iso3") for code in territories)
    assert all(find_hs_code(code) == code and len(code) == 6 for code in codes)


def test_all_fifty_listed_codes_are_traded(ask: Ask) -> None:
    listed = {item.hs_code for item in product_list("chpl").items}
    traded = {row[0] for row in ask("SELECT DISTINCT hs_code FROM flows WHERE hs_revision = 'HS2022'")}
    assert listed <= traded


def test_planted_origins_belong_to_the_coalition(ask: Ask) -> None:
    origins = {str(row[0]) for row in ask("SELECT DISTINCT exporter_iso3 FROM months WHERE leg = 'in'")}
    assert origins <= members("COALITION", on="2022-06-01")


def test_a_month_flow_and_code_is_reported_once_by_each_side(ask: Ask) -> None:
    key = "period, reporter_iso3, partner_iso3, flow, hs_code"
    assert ask(f"SELECT count(*) FROM (SELECT {key} FROM flows GROUP BY ALL HAVING count(*) > 1)") == [(0,)]
    assert ask("SELECT count(*) FROM flows WHERE value_usd < 1 OR netweight_kg < 1") == [(0,)]
    assert ask("SELECT DISTINCT flow, valuation, partner_role FROM flows ORDER BY 1") == [
        ("export", "fob", "destination"),
        ("import", "cif", "consignment"),
    ]


def test_rows_come_in_the_stated_order(world: World) -> None:
    with duckdb.connect() as connection:
        names = "period, reporter_iso3, flow, hs_code, partner_iso3"
        rows = connection.execute(f"SELECT {names} FROM '{world.flows}'").fetchall()
    order = {iso3: place for place, iso3 in enumerate(places(16).iso3)}
    keys = [(p, order[r], f, h, order[q]) for p, r, f, h, q in rows]
    assert keys == sorted(keys)


def test_every_written_file_says_that_it_is_simulated(world: World) -> None:
    assert "SIMULATED" in (world.folder / "README.txt").read_text()
    assert "SIMULATED" in (world.folder / "flows.parquet.origin.json").read_text()
    assert "SIMULATED" in world.truth_totals.read_text()


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": -1},
        {"n_territories": 3},
        {"n_products": 100.5},
        {"first_month": "2017"},
        {"event": "2030-01"},
        {"event": "2017-01", "first_month": "2017-01"},
        {"share_planted": 1.5},
        {"noise": float("nan")},
        {"no_such_knob": 1},
    ],
)
def test_wrong_options_are_refused_by_name(changes: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=next(iter(changes))):
        preset("demo", **changes)


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(ConfigError, match="huge"):
        preset("huge")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(SourceError, match="taken"):
        simulate(tmp_path / "taken", tiny())
    assert (tmp_path / "taken").read_text() == "mine"


def test_planted_usd_counts_listed_goods_on_the_way_in(world: World, ask: Ask) -> None:
    told = ask(
        "SELECT sum(export_report_usd::BIGINT) FROM months JOIN (SELECT DISTINCT product, is_listed FROM series)"
        " USING (product) WHERE leg = 'in' AND is_listed = 'true' AND importer_iso3 IN ('KAZ', 'KGZ')"
    )
    assert told == [(world.planted_usd(["KAZ", "KGZ"]),)]
    assert world.planted_usd([]) == 0
