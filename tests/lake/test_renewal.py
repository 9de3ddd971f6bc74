"""How a list takes the place of the one before: replaced, read again, rows taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import LakeDamaged
from entrepot.lake import Lake, Snapshot, Stage, open_lake
from entrepot.origin import Origin

AT = "2026-03-01T10:00:00Z"


def bring(stage: Stage, folder: Path, name: str, *ids: str) -> Snapshot:
    path = folder / name
    path.write_text(f"{name} {ids}", "utf-8")
    snapshot = stage.snapshot(path, Origin("made", name))
    put(stage, snapshot, *ids)
    return snapshot


def put(stage: Stage, snapshot: Snapshot, *ids: str) -> None:
    columns = {"entity_id": list(ids), "source_row": list(range(len(ids)))}
    stage.engine.table("ids", columns, {"entity_id": "VARCHAR", "source_row": "BIGINT"})
    nothing = ", ".join(f"NULL AS {name}" for name in ("is_target", "first_seen", "last_seen", "last_change"))
    stage.engine.view(
        "made", f"SELECT *, 'Person' AS schema, entity_id AS caption, '{{}}' AS properties, {nothing} FROM ids"
    )
    stage.write("parties", "made", snapshot=snapshot)


def ids_of(lake: Lake, version: int | None = None) -> list[str]:
    with lake.engine(version=version) as engine:
        return [row[0] for row in engine.rows("SELECT entity_id FROM parties ORDER BY 1")]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = open_lake(tmp_path / "lake", create=True)
    with made.stage("list", at=AT) as stage:
        snapshot = bring(stage, tmp_path, "one", "a", "b")
        stage.renewal.roles[snapshot.snapshot_id] = "names/whole"
        bring(stage, tmp_path, "two", "c")
        stage.commit()
    return made


def test_a_replaced_snapshot_is_gone_from_the_next_version_only(lake: Lake, tmp_path: Path) -> None:
    with lake.stage("list", at=AT) as stage:
        stage.renewal.replace(entry.snapshot_id for entry in stage.renewal.held() if entry.name == "one")
        bring(stage, tmp_path, "three", "d")
        version = stage.commit()
    assert (ids_of(lake), ids_of(lake, 1)) == (["c", "d"], ["a", "b", "c"])
    assert (version.rows_added, version.rows_superseded) == (1, 2)


def test_a_snapshot_read_again_keeps_its_entry(lake: Lake, tmp_path: Path) -> None:
    with lake.stage("list", at="2026-04-01T10:00:00Z") as stage:
        entry = next(entry for entry in stage.renewal.held() if entry.name == "one")
        put(stage, stage.renewal.hold(entry), "a", "x")
        stage.commit()
    kept = next(entry for entry in lake.version().snapshots if entry.name == "one")
    assert (ids_of(lake), kept) == (["a", "c", "x"], entry)
    assert (kept.role, kept.ingested_at) == ("names/whole", AT)


def test_rows_are_taken_out_by_their_key(lake: Lake, tmp_path: Path) -> None:
    with lake.stage("list", at=AT) as stage:
        stage.engine.table("gone", {"entity_id": ["a", "z"]}, {"entity_id": "VARCHAR"})
        assert stage.renewal.remove("parties", "gone") == 1
        bring(stage, tmp_path, "changes", "b", "d")
        stage.commit()
    assert (ids_of(lake), ids_of(lake, 1)) == (["b", "c", "d"], ["a", "b", "c"])
    assert lake.verify().rows() == []


def test_another_source_is_left_alone(lake: Lake, tmp_path: Path) -> None:
    with lake.stage("other", at=AT) as stage:
        assert stage.renewal.held() == ()
        stage.engine.table("gone", {"entity_id": ["a"]}, {"entity_id": "VARCHAR"})
        assert stage.renewal.remove("parties", "gone") == 0
        bring(stage, tmp_path, "others", "a")
        stage.commit()
    assert ids_of(lake) == ["a", "a", "b", "c"]


def test_bytes_that_are_gone_are_told(lake: Lake) -> None:
    with lake.stage("list", at=AT) as stage:
        entry = stage.renewal.held()[0]
        (lake.path / "snapshots" / entry.origin.sha256 / "bytes").unlink()
        with pytest.raises(LakeDamaged, match="the file is missing"):
            stage.renewal.hold(entry)
