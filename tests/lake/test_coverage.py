"""Coverage: what the rows of flows cover, and lakes whose coverage was written in an earlier layout."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from entrepot.lake import Lake
from entrepot.origin import content_hash
from tests.lake.made import AT, cell, new_lake, put

EARLIER = (
    "snapshot_id, source_id, freq, period, reporter_iso3, flow, partner_role, digits, currency, is_aggregate, n_rows,"
    " n_partners, value"
)


def covered(lake: Lake) -> list[tuple[object, ...]]:
    with lake.engine() as engine:
        return engine.rows(
            "SELECT period, hs_revision, valuation, n_rows, n_partners, value FROM coverage ORDER BY ALL"
        )


def made_earlier(lake: Lake) -> Lake:
    """Make a lake look as it did before coverage told revisions and valuations apart."""
    number = lake.version().version
    for file in lake.path.glob("data/coverage/*/*.parquet"):
        earlier = file.with_suffix(".earlier")
        duckdb.execute(f"COPY (SELECT {EARLIER} FROM read_parquet('{file}')) TO '{earlier}' (FORMAT parquet)")
        earlier.rename(file)
    manifest = lake.path / f"versions/{number:06d}.json"
    value = json.loads(manifest.read_text())
    del value["coverage_layout"]
    manifest.write_text(json.dumps(value))
    pointer = {"version": number, "sha256": content_hash(manifest)}
    (lake.path / "current.json").write_text(json.dumps(pointer))
    return lake


def test_a_cell_given_at_two_stages_is_counted_at_each(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0), cell(value=1.1, valuation="cif"), cell(value=2.0, valuation=None))
    assert [row[2:4] for row in covered(lake)] == [("cif", 1), ("fob", 1), (None, 1)]


def test_a_cell_given_under_two_revisions_is_counted_under_each(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(), cell(hs_revision="HS2022"), cell(hs_revision=None, partner_iso3="KGZ"))
    assert [row[1] for row in covered(lake)] == ["HS2017", "HS2022", None]


def test_status_has_one_row_a_snapshot_whatever_it_mixes(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(), cell(valuation="cif"), cell("2021-03", hs_revision="HS2022", reporter_iso3="POL"))
    found = [(r["rows"], r["first_period"], r["last_period"], r["reporters"]) for r in lake.status()]
    assert found == [(3, "2021-01", "2021-03", 2)]


def test_an_earlier_lake_is_counted_as_it_is_read(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(), cell(valuation="cif"), cell("2022-01"))
    expected = covered(lake)
    assert covered(made_earlier(lake)) == expected
    assert lake.status()["rows"] == [3]


def test_the_next_write_counts_an_earlier_lake_for_good(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(), cell("2022-01"))
    put(made_earlier(lake), "b", cell("2022-02"))
    assert all(part.coverage for part in lake.version().parts_of("flows"))
    assert [row[0] for row in covered(lake)] == ["2021-01", "2022-01", "2022-02"]


@pytest.mark.parametrize("version", [1, 2])
def test_versions_of_both_layouts_can_be_read(tmp_path: Path, version: int) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    put(made_earlier(lake), "b", cell("2022-02"))
    with lake.engine(version=version) as engine:
        assert engine.rows("SELECT sum(n_rows) FROM coverage") == [(version,)]


def test_dropping_from_an_earlier_lake_keeps_the_rest_counted(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    put(lake, "b", cell("2022-02", valuation="cif"))
    made_earlier(lake).drop(lake.version().snapshots[0].snapshot_id, at=AT)
    assert covered(lake) == [("2022-02", "HS2017", "cif", 1, 1, 1.0)]
