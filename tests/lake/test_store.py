"""Opening a lake, versions, history, status, verify and drop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.errors import ConfigError, LakeDamaged, LakeError, NotFound
from entrepot.lake import COVERAGE, FLOWS, SCHEMAS, open_lake
from entrepot.origin import content_hash
from tests.lake.made import AT, cell, content, new_lake, put, values


def test_a_lake_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no lake here"):
        open_lake(tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_a_new_lake_is_empty_and_its_tables_have_their_columns(tmp_path: Path) -> None:
    with new_lake(tmp_path).engine() as engine:
        for name in (*SCHEMAS, "coverage", "issues", "snapshots"):
            assert engine.rows(f"SELECT count(*) FROM {name}") == [(0,)]
        assert [r[0] for r in engine.rows("DESCRIBE flows")] == list(FLOWS.names)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    before = content(new_lake(tmp_path))
    assert content(new_lake(tmp_path)) == before


def test_a_file_is_not_a_lake(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("x")
    with pytest.raises(LakeError, match="this is a file"):
        open_lake(tmp_path / "lake", create=True)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_text("x")
    with pytest.raises(LakeError, match=r"photo\.jpg"):
        open_lake(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_a_lake_of_a_later_format_is_refused(tmp_path: Path) -> None:
    (new_lake(tmp_path).path / "lake.json").write_text('{"format": 99}')
    with pytest.raises(LakeError, match="format 99"):
        open_lake(tmp_path / "lake")


def test_a_garbled_pointer_is_named(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    (lake.path / "current.json").write_text("{")
    with pytest.raises(LakeDamaged, match=r"current\.json"):
        lake.engine()


def test_rows_come_back_as_written(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell("2021-01", None), cell("2021-02", 0.0), cell("2022", 3.5, freq="A"))
    assert values(lake) == [("2021-01", None), ("2021-02", 0.0), ("2022", 3.5)]


def test_every_row_leads_to_its_snapshot(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    with lake.engine() as engine:
        found = engine.rows("SELECT publisher, name, sha256 FROM flows JOIN snapshots USING (snapshot_id)")
    assert found == [("office", "a", content_hash(tmp_path / "a"))]
    assert (lake.path / "snapshots" / found[0][2] / "bytes").read_text() == "a"


def test_a_strange_folder_name_reads_and_writes(tmp_path: Path) -> None:
    folder = tmp_path / "a [1]*?'=é,%20"
    folder.mkdir()
    lake = new_lake(folder)
    put(lake, "a", cell())
    put(lake, "b", cell(value=2.0))
    assert values(lake) == [("2021-01", 2.0)]


def test_coverage_counts_rows_partners_and_value(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0), cell(value=None, partner_iso3="RUS"), cell(value=9.0, hs_code="TOTAL"))
    with lake.engine() as engine:
        rows = engine.rows("SELECT digits, n_rows, n_partners, value FROM coverage ORDER BY digits")
        assert [row[0] for row in engine.rows("DESCRIBE coverage")] == list(COVERAGE.names)
    assert rows == [(0, 1, 1, 9.0), (6, 2, 2, 1.0)]


def test_history_lists_versions_and_old_ones_stay_readable(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0), cell("2021-02", 2.0))
    put(lake, "b", cell(value=5.0))
    history = lake.history()
    assert history["version"] == [2, 1] and history["rows_superseded"] == [1, 0]
    assert values(lake, 1) == [("2021-01", 1.0), ("2021-02", 2.0)] and values(lake, 0) == []


def test_a_version_that_does_not_exist_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no version 7"):
        new_lake(tmp_path).engine(version=7)


def test_status_says_what_each_snapshot_gave(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell("2021-01"), cell("2022-03", reporter_iso3="FRA"), day="2023-05-01")
    (row,) = lake.status()
    assert (row["rows"], row["first_period"], row["last_period"], row["reporters"]) == (
        2,
        "2021-01",
        "2022-03",
        2,
    )
    assert row["extracted_date"] == "2023-05-01"


def test_verify_finds_nothing_in_a_sound_lake(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    put(lake, "b", cell(value=2.0))
    assert len(lake.verify()) == 0


@pytest.mark.parametrize("pattern", ["data/flows/*/*", "data/coverage/*/*", "snapshots/*/bytes"])
def test_verify_names_a_file_with_one_flipped_byte(tmp_path: Path, pattern: str) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    (path,) = lake.path.glob(pattern)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert lake.verify().rows() == [{"file": str(path.relative_to(lake.path)), "problem": "altered", "versions": "1"}]


def test_verify_names_a_missing_file_of_an_old_version(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(), cell("2021-02"))
    put(lake, "b", cell(value=2.0))
    (lake.path / "data/coverage/000001/y2021-0.parquet").unlink()
    assert lake.verify()["problem"] == ["missing"]
    assert len(values(lake)) == 2


def test_a_rewritten_manifest_is_noticed(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    put(lake, "b", cell("2021-02"))
    old = lake.path / "versions" / "000001.json"
    old.write_text(json.dumps({**json.loads(old.read_text()), "at": "2020-01-01T00:00:00Z"}))
    assert lake.verify()["file"] == ["versions/000001.json"]
    new = lake.path / "versions" / "000002.json"
    new.write_text(new.read_text() + " ")
    with pytest.raises(LakeDamaged, match=r"000002\.json"):
        lake.engine()


def test_reading_a_lake_whose_file_is_gone_says_so(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    next(lake.path.glob("data/flows/*/*")).unlink()
    with pytest.raises(LakeDamaged, match="lake verify"):
        lake.engine()


def test_drop_gives_back_what_the_dropped_rows_had_superseded(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0), cell("2021-02", 2.0))
    version = put(lake, "b", cell(value=5.0))
    assert lake.drop(version.snapshots[-1].snapshot_id[:6], at=AT) == 1
    assert values(lake) == [("2021-01", 1.0), ("2021-02", 2.0)]
    assert values(lake, 2) == [("2021-01", 5.0), ("2021-02", 2.0)]
    assert lake.history()["rows_dropped"] == [1, 0, 0]


def test_a_dropped_snapshot_can_be_ingested_again(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0))
    lake.drop("flows", at=AT)
    assert values(lake) == [] and len(lake.status()) == 0
    put(lake, "a", cell(value=1.0))
    assert values(lake) == [("2021-01", 1.0)] and lake.version().version == 3


def test_drop_by_source_leaves_other_sources(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0))
    put(lake, "b", cell(value=2.0), source="comext")
    lake.drop("flows", at=AT)
    assert values(lake) == [("2021-01", 2.0)]


@pytest.mark.parametrize("what", ["nothing", "", "zzzz"])
def test_drop_of_something_unknown_changes_nothing(tmp_path: Path, what: str) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell())
    before = content(lake)
    with pytest.raises(NotFound, match="lake status"):
        lake.drop(what, at=AT)
    assert content(lake) == before


def test_a_wrong_instant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="yesterday"):
        new_lake(tmp_path).stage("flows", at="yesterday")


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    lakes = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        lakes.append(new_lake(tmp_path / name))
        put(
            lakes[-1],
            "a",
            *(cell(f"2021-{m:02}", float(m), partner_iso3=f"P{i:02}") for m in range(1, 13) for i in range(60)),
        )
        put(lakes[-1], "b", *(cell("2021-05", float(i), partner_iso3=f"P{i:02}") for i in range(30)))
    assert content(lakes[0]) == content(lakes[1])
