"""Held: the records that a lake holds, as tables of a check."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from entrepot.lake import Kind, Lake, get_kind, identifier, kinds, parquet
from entrepot.redflags import RecordTables


def kinds_held(lake: Lake) -> tuple[str, ...]:
    """Return the kinds of records of which a lake holds any, in the order of docs/records.md."""
    held = {part.table for part in lake.version().parts if part.data.rows}
    return tuple(kind.name for kind in kinds().values() if kind.table in held)


def take_held(tables: RecordTables, lake: Lake, wanted: Collection[str]) -> tuple[str, ...]:
    """Read what a lake holds of the kinds that are wanted and were not given; return which.

    Rows stand in the order of ingest and of their files, so that a check answers as it does from the files.
    """
    found = tuple(kind for kind in kinds_held(lake) if kind in wanted and kind not in tables.given)
    for name in found:
        kind = get_kind(name)
        rows = parquet(_files(lake, kind))
        columns = ", ".join(map(identifier, _given(tables, kind, rows)))
        tables.read_relation(kind, f"(SELECT {columns} FROM {rows})", lake.path / kind.table)
    return found


def _files(lake: Lake, kind: Kind) -> list[Path]:
    version = lake.version()
    place = {(one.source_id, one.snapshot_id): number for number, one in enumerate(version.snapshots)}
    parts = [part for part in version.parts_of(kind.table) if part.data.rows]
    parts.sort(key=lambda part: place[part.source_id, part.snapshot_id])
    return [lake.path / part.data.file for part in parts]


def _given(tables: RecordTables, kind: Kind, rows: str) -> list[str]:
    """The columns that files had; one of events only where all had it: empty would say that none is recorded."""
    told = tables.connection.execute(f"SELECT DISTINCT given_columns FROM {rows}").fetchall()
    each = [set(str(text).split(";")) for (text,) in told]
    some, every = set().union(*each), set.intersection(*each)
    return [name for name in kind.columns if name in (every if name in kind.events else some)]
