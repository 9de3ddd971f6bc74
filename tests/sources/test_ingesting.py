"""Ingest as a whole: one commit or nothing, known files, newer extractions, origins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.errors import ConfigError, EntrepotError, LakeBusy, NotFound
from entrepot.lake import open_lake
from entrepot.sources import get_source, ingest, source_ids
from tests.sources.reading import AT, FIXTURES, HEAD, ROW, new_lake, rows_of, written


def test_sources_are_found_by_their_files() -> None:
    assert set(source_ids()) >= {
        "flows", "comtrade", "comext", "eurostat-databrowser", "baci", "fts", "hs-concordance", "cn-concordance",
        "policy-events"}  # fmt: skip
    assert all(get_source(source_id).id == source_id for source_id in source_ids())


def test_an_unknown_source_names_close_ones(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no source 'comtrad'.*comtrade"):
        ingest(new_lake(tmp_path), "comtrad", tmp_path / "x.csv")


def test_several_files_are_one_version(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    one = written(tmp_path, f"{HEAD}\n{ROW}\n", "one.csv")
    two = written(tmp_path, f"{HEAD}\n{ROW.replace('-01', '-02')}\n", "two.csv")
    report = ingest(lake, "flows", [one, two], at=AT)
    assert (report.rows, report.version, len(rows_of(lake))) == (2, 1, 2)


def test_one_bad_file_leaves_the_lake_as_it_was(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    good = written(tmp_path, f"{HEAD}\n{ROW}\n", "good.csv")
    bad = written(tmp_path, "a,b\n1,2\n", "bad.csv")
    with pytest.raises(EntrepotError, match=r"bad\.csv"):
        ingest(lake, "flows", [good, bad], at=AT)
    assert (lake.version().version, list((lake.path / "stage").glob("*"))) == (0, [])


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    lake, path = new_lake(tmp_path), written(tmp_path, f"{HEAD}\n{ROW}\n")
    ingest(lake, "flows", path, at=AT)
    again = ingest(lake, "flows", [path, path], at=AT)
    assert (again.is_unchanged, again.version, again.rows) == (True, 1, 0)


def test_the_same_bytes_by_another_mapping_are_read_anew(tmp_path: Path) -> None:
    lake, path = new_lake(tmp_path), written(tmp_path, f"{HEAD}\n{ROW}\n")
    ingest(lake, "flows", path, at=AT)
    mapping = written(tmp_path, '[constants]\nflow = "import"\n', "m.toml")
    ingest(lake, "flows", path, mapping=mapping, at=AT)
    assert [row["flow"] for row in rows_of(lake)] == ["import"]


def test_a_newer_extraction_supersedes(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    ingest(lake, "flows", written(tmp_path, f"{HEAD}\n{ROW}\n", "old.csv"), at=AT)
    newer = written(tmp_path, f"{HEAD}\n{ROW.replace('1000', '1200')}\n", "new.csv")
    assert ingest(lake, "flows", newer, at=AT).superseded == 1
    assert [row["value"] for row in rows_of(lake)] == [1200.0]


def test_the_record_of_a_fetch_is_the_origin(tmp_path: Path) -> None:
    lake, path = new_lake(tmp_path), written(tmp_path, f"{HEAD}\n{ROW}\n")
    record = {"publisher": "UNSD", "title": "query", "url": "https://example.org/q", "extracted_date": "2024-04-01"}
    written(tmp_path, json.dumps(record), "trade.csv.origin.json")
    ingest(lake, "flows", path, at=AT)
    with lake.engine() as engine:
        assert engine.rows("SELECT publisher, url FROM snapshots") == [("UNSD", "https://example.org/q")]


def test_a_file_that_is_not_the_one_fetched_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEAD}\n{ROW}\n")
    written(tmp_path, json.dumps({"sha256": "0" * 64}), "trade.csv.origin.json")
    with pytest.raises(EntrepotError, match="hash"):
        ingest(new_lake(tmp_path), "flows", path, at=AT)


def test_another_writer_is_told_to_wait(tmp_path: Path) -> None:
    lake, path = new_lake(tmp_path), written(tmp_path, f"{HEAD}\n{ROW}\n")
    with lake.stage("flows", at=AT), pytest.raises(LakeBusy):
        ingest(open_lake(lake.path), "flows", path, at=AT)


def test_no_file_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no file"):
        ingest(new_lake(tmp_path), "flows", [])


def test_messages_name_the_users_path_not_the_copy(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n1,2\n", "bad.csv")
    with pytest.raises(EntrepotError) as error:
        ingest(new_lake(tmp_path), "flows", path)
    assert str(path) in str(error.value) and "stage" not in str(error.value)


def test_every_source_declares_bounds_and_terms() -> None:
    for source_id in source_ids():
        source = get_source(source_id)
        assert source.checks.least >= 1 and source.licence and source.publisher


def test_reading_twice_gives_the_same_rows(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        lake = new_lake(tmp_path / name)
        ingest(lake, "comtrade", FIXTURES / "comtrade" / "final_47.csv", at=AT)
        found.append([part.data.sha256 for part in lake.version().parts])
    assert found[0] == found[1]
