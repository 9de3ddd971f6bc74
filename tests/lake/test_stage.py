"""What a stage takes in, what it refuses, and that a refusal changes nothing."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from entrepot.errors import CheckFailed, LakeError, NotFound, SnapshotMismatch, SourceError, UnexpectedLayout
from entrepot.lake import LEDGER, Lake, Stage
from entrepot.origin import Origin
from tests.lake.made import AT, cell, content, file_of, new_lake, put, relation, values

OFFICE = Origin("office", "table")


def stage_of(lake: Lake) -> Stage:
    return lake.stage("flows", at=AT)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with one row."""
    made = new_lake(tmp_path)
    put(made, "first", cell(value=7.0))
    return made


def test_leaving_without_a_commit_changes_nothing(lake: Lake) -> None:
    before = content(lake)
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        stage.write("flows", relation(stage, [cell("2021-02")]), snapshot=snapshot)
    assert content(lake) == before


def test_an_error_after_writing_changes_nothing(lake: Lake) -> None:
    before = content(lake)
    with pytest.raises(KeyboardInterrupt), stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        stage.write("flows", relation(stage, [cell("2021-02")]), snapshot=snapshot)
        raise KeyboardInterrupt
    assert content(lake) == before


@pytest.mark.parametrize(
    "step",
    ["sort", "supersede", "coverage", "promote snapshots", "promote data", "write version", "switch current"],
)
def test_an_error_in_any_step_of_the_commit_changes_nothing(lake: Lake, step: str) -> None:
    def fail(name: str) -> None:
        if name == step:
            raise OSError(28, "No space left on device")

    before = content(lake)
    with pytest.raises((LakeError, OSError)):
        put(lake, "b", cell(value=8.0), cell("2021-02"), on_step=fail)
    assert content(lake) == before


def test_a_commit_of_nothing_makes_no_version(lake: Lake) -> None:
    with stage_of(lake) as stage:
        stage.snapshot(file_of(lake, "b"), OFFICE)
        assert stage.commit().version == 1
    assert lake.version().version == 1


def test_several_files_become_one_version(lake: Lake) -> None:
    with stage_of(lake) as stage:
        for name, period in (("b", "2021-02"), ("c", "2021-03")):
            snapshot = stage.snapshot(file_of(lake, name), OFFICE)
            stage.write("flows", relation(stage, [cell(period)]), snapshot=snapshot)
        assert stage.commit().version == 2
    assert len(values(lake)) == 3


def test_several_writes_of_one_snapshot_become_one_part_a_year(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        for period in ("2021-02", "2021-03", "2022-01"):
            stage.write("flows", relation(stage, [cell(period)]), snapshot=snapshot)
        version = stage.commit()
    assert [(part.year, part.data.rows) for part in version.parts] == [(2021, 1), (2021, 2), (2022, 1)]


def test_a_later_file_of_one_ingest_supersedes_an_earlier_one(lake: Lake) -> None:
    with stage_of(lake) as stage:
        for name, value in (("b", 1.0), ("c", 2.0), ("d", 3.0)):
            snapshot = stage.snapshot(file_of(lake, name), OFFICE)
            stage.write("flows", relation(stage, [cell("2021-02", value), cell(value=value)]), snapshot=snapshot)
        stage.commit()
    assert values(lake) == [("2021-01", 3.0), ("2021-02", 3.0)]
    assert len(lake.verify()) == 0


def test_bytes_written_in_this_stage_are_known(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        assert not stage.is_known(snapshot, reading="r")
        stage.write("flows", relation(stage, [cell("2021-02")]), snapshot=snapshot)
        assert stage.is_known(stage.snapshot(file_of(lake, "c", "b"), OFFICE), reading="r")


def test_a_committed_stage_takes_no_more(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        stage.write("flows", relation(stage, [cell("2021-02")]), snapshot=snapshot)
        stage.commit()
        with pytest.raises(LakeError, match="already committed"):
            stage.write("flows", relation(stage, [cell("2021-03")]), snapshot=snapshot)


def test_the_current_tables_are_there_to_be_looked_up(lake: Lake) -> None:
    with stage_of(lake) as stage:
        assert stage.engine.rows("SELECT value FROM flows") == [(7.0,)]


def test_issues_are_part_of_the_version(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        stage.engine.connection.execute(
            "CREATE TEMP TABLE odd AS SELECT 'b' AS file, 3 AS source_row, 'period' AS field, 'x' AS value, "
            "'no period' AS reason"
        )
        assert stage.record_issues("odd", snapshot=snapshot) == 1
        stage.commit()
    with lake.engine() as engine:
        assert engine.rows("SELECT source_id, file, source_row, reason FROM issues") == [("flows", "b", 3, "no period")]
    assert lake.status()["issues"] == [0, 1] and lake.history()["issues"] == [1, 0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"freq": "Q"}, "freq"),
        ({"period": "2021-13"}, "period"),
        ({"period": "1/2021"}, "period"),
        ({"period": None}, "period"),
        ({"freq": "A"}, "yearly"),
        ({"flow": "Export"}, "flow"),
        ({"hs_code": "8542.31"}, "hs_code"),
        ({"hs_code": "1"}, "hs_code"),
        ({"currency": "euro"}, "currency"),
        ({"reporter_iso3": None}, "reporter_iso3"),
        ({"valuation": "exw"}, "valuation"),
        ({"is_aggregate": None}, "is_aggregate"),
        ({"value": float("inf")}, "value"),
    ],
)
def test_a_row_that_breaks_the_declaration_is_refused(lake: Lake, change: dict[str, object], field: str) -> None:
    before = content(lake)
    with pytest.raises(CheckFailed, match=field) as failed:
        put(lake, "b", cell("2021-02"), {**cell("2021-03"), **change})
    assert failed.value.where == "b" and "record 2" in str(failed.value)
    assert content(lake) == before


def test_one_cell_given_twice_in_one_file_is_refused_with_its_records(lake: Lake) -> None:
    before = content(lake)
    with pytest.raises(CheckFailed, match=r"given 2 times .*KAZ.*records \[2, 3\]"):
        put(lake, "b", cell("2021-02"), cell("2021-03", 1.0), cell("2021-03", 2.0))
    assert content(lake) == before


def test_a_missing_and_an_unknown_column_are_named(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        name = relation(stage, [cell("2021-02")])
        stage.engine.connection.execute(f"CREATE TEMP VIEW less AS SELECT * EXCLUDE (currency) FROM {name}")
        with pytest.raises(UnexpectedLayout, match="lacks column 'currency'"):
            stage.write("flows", "less", snapshot=snapshot)
        stage.engine.connection.execute(f"CREATE TEMP VIEW more AS SELECT *, 1 AS colour FROM {name}")
        with pytest.raises(UnexpectedLayout, match="unknown column 'colour'"):
            stage.write("flows", "more", snapshot=snapshot)


def test_a_file_that_breaks_while_it_is_read_is_the_sources_fault(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        name = relation(stage, [cell("2021-02")])
        stage.engine.connection.execute(
            f"CREATE TEMP VIEW bad AS SELECT * REPLACE (CAST(hs_code || 'x' AS DOUBLE) AS value) FROM {name}"
        )
        with pytest.raises(SourceError, match="854231x") as failed:
            stage.write("flows", "bad", snapshot=snapshot)
    assert failed.value.where == "b"


def test_a_declared_check_is_recorded_and_a_broken_one_refused(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        stage.write("flows", relation(stage, [cell("2021-02")]), snapshot=snapshot)
        assert stage.check("rows", "SELECT count(*) FROM staged_flows", least=1, greatest=10) == 1
        with pytest.raises(CheckFailed, match="'rows' found 1, declared is at least 5"):
            stage.check("rows", "SELECT count(*) FROM staged_flows", least=5)
        with pytest.raises(CheckFailed, match="found nothing"):
            stage.check("sum", "SELECT sum(value) FROM staged_flows WHERE false", least=0)
        (check,) = stage.commit().checks
    assert (check.name, check.found, check.least, check.greatest) == ("rows", 1, 1, 10)


def test_a_file_that_is_not_there_is_not_found(lake: Lake) -> None:
    with stage_of(lake) as stage, pytest.raises(NotFound, match="no such file"):
        stage.snapshot(lake.path / "absent.csv", OFFICE)


def test_an_empty_file_is_refused(lake: Lake) -> None:
    path = lake.path.parent / "empty.csv"
    path.touch()
    with stage_of(lake) as stage, pytest.raises(SourceError, match="the file is empty"):
        stage.snapshot(path, OFFICE)


def test_a_folder_is_refused(lake: Lake) -> None:
    with stage_of(lake) as stage, pytest.raises(SourceError, match="this is a folder"):
        stage.snapshot(lake.path.parent, OFFICE)


def test_a_named_pipe_is_refused_at_once(lake: Lake) -> None:
    path = lake.path.parent / "pipe"
    os.mkfifo(path)
    with stage_of(lake) as stage, pytest.raises(SourceError, match="not a regular file"):
        stage.snapshot(path, OFFICE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(lake: Lake) -> None:
    path = file_of(lake, "secret")
    path.chmod(0)
    with stage_of(lake) as stage, pytest.raises(SourceError, match="no permission"):
        stage.snapshot(path, OFFICE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_lake_that_may_not_be_written_says_so(lake: Lake) -> None:
    lake.path.chmod(0o500)
    with pytest.raises(LakeError, match=r"[Pp]ermission"):
        put(lake, "b", cell("2021-02"))
    lake.path.chmod(0o700)


def test_other_bytes_than_recorded_are_refused(lake: Lake) -> None:
    with stage_of(lake) as stage, pytest.raises(SnapshotMismatch, match="recorded is 000000"):
        stage.snapshot(file_of(lake, "b"), Origin("office", "b", sha256="0" * 64))


def test_a_file_that_grows_while_it_is_copied_is_refused(lake: Lake) -> None:
    path = lake.path.parent / "growing"
    path.write_bytes(b"x" * (64 << 20))
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not stop.wait(0.001):
                file.write(b"y")
                file.flush()

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        with stage_of(lake) as stage, pytest.raises(SourceError, match="changed while it was read"):
            stage.snapshot(path, OFFICE)
    finally:
        stop.set()
        thread.join()


def test_the_copy_keeps_the_name_of_the_file(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "Ünlü (1).csv.gz"), OFFICE)
        assert snapshot.path.name == "Ünlü (1).csv.gz" and snapshot.path.read_text() == "Ünlü (1).csv.gz"


def test_rows_lie_in_the_declared_order(lake: Lake) -> None:
    rows = [cell("2023-01", partner_iso3=f"P{i % 97:02}", hs_code=f"{i:06}") for i in range(5000)]
    version = put(lake, "b", *rows)
    (part,) = (part for part in version.parts if part.year == 2023)
    with lake.engine() as engine:
        engine.connection.execute("SET preserve_insertion_order = true")
        read = f"SELECT partner_iso3, hs_code FROM read_parquet('{lake.path / part.data.file}')"
        assert engine.rows(read) == sorted((row["partner_iso3"], row["hs_code"]) for row in rows)


def test_a_refused_write_leaves_nothing_in_the_stage(lake: Lake) -> None:
    with stage_of(lake) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), OFFICE)
        wrong = [cell("2020-01"), cell("2021-02", currency="?")]
        with pytest.raises(CheckFailed):
            stage.write("flows", relation(stage, wrong), snapshot=snapshot)
        assert stage.commit().version == 1
        stage.write("flows", relation(stage, [cell("2021-02")]), snapshot=snapshot)
        stage.commit()
    assert values(lake) == [("2021-01", 7.0), ("2021-02", 1.0)]


def test_tables_without_a_period_are_written_and_superseded_by_key(lake: Lake) -> None:
    for name in ("b", "c"):
        with stage_of(lake) as stage:
            stage.engine.connection.execute(
                "CREATE TEMP TABLE rows AS SELECT 'HS' AS system, 'HS2017' AS revision_before, "
                "'HS2022' AS revision_after, '851770' AS code_before, '851779' AS code_after, 1 AS source_row"
            )
            stage.write("concordance", "rows", snapshot=stage.snapshot(file_of(lake, name), OFFICE))
            stage.commit()
    with lake.engine() as engine:
        assert engine.rows("SELECT count(*), count(DISTINCT snapshot_id) FROM concordance") == [(1, 1)]


def put_entry(lake: Lake, name: str, entry_id: str, reading: str = "r") -> None:
    """Write one row of the ledger as if read from a file of that name."""
    with stage_of(lake) as stage:
        row = {"entry_id": entry_id, "kind": "claim", "jurisdiction": "EU", "instrument": "claim", "title": "t"}
        row |= {"announced": "2024", "confidence": "low", "recorded_at": AT, "sources": "[]"}
        types = {c.name: c.type for c in LEDGER.columns if c.name != "snapshot_id"}
        stage.engine.table("rows", {n: [row.get(n)] for n in types}, types)
        snapshot = stage.snapshot(file_of(lake, name), OFFICE)
        stage.is_known(snapshot, reading=reading)
        stage.write("ledger", "rows", snapshot=snapshot)
        stage.commit()


def ledger_ids(lake: Lake) -> list[str]:
    with lake.engine() as engine:
        return [row[0] for row in engine.rows("SELECT entry_id FROM ledger ORDER BY 1")]


def test_rows_of_the_ledger_are_never_superseded(lake: Lake) -> None:
    put_entry(lake, "b", "x")
    with pytest.raises(LakeError, match=r"recorded already.*Record a correction"):
        put_entry(lake, "c", "x")
    assert ledger_ids(lake) == ["x"]


def test_reading_a_file_again_in_another_way_only_adds_to_the_ledger(lake: Lake) -> None:
    put_entry(lake, "b", "x")
    put_entry(lake, "b", "y", reading="another")
    assert ledger_ids(lake) == ["x", "y"]


def test_rows_of_the_ledger_are_never_dropped(lake: Lake) -> None:
    put_entry(lake, "b", "x")
    with pytest.raises(LakeError, match=r"1 entries of the ledger.*Record a correction"):
        lake.drop(next(e for e in lake.version().snapshots if e.name == "b").snapshot_id, at=AT)
    assert ledger_ids(lake) == ["x"]


def test_files_of_other_programs_are_left_alone(lake: Lake) -> None:
    for name in ("stage", "snapshots", "data", "data/flows"):
        (lake.path / name / ".DS_Store").write_text("x")
    (lake.path / "stage" / "dead").mkdir()
    put(lake, "b", cell("2021-02"))
    assert not (lake.path / "stage" / "dead").exists()
    assert len(values(lake)) == 2 and len(lake.verify()) == 0
