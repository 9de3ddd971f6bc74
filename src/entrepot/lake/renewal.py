"""Renewal: how a source's list takes the place of the same list as it was.

Rows of flows give way cell by cell (:mod:`entrepot.lake.supersede`). A list is different: what it no longer names is
gone. Its reader says which snapshots of the current version are replaced, which are read again with new ones, and
which rows a file of changes takes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from entrepot.errors import LakeDamaged
from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.manifest import FileRef, Part, SnapshotEntry, Version
from entrepot.lake.schema import SCHEMAS, TableSchema
from entrepot.lake.snapshots import Snapshot
from entrepot.lake.supersede import Rewrite
from entrepot.lake.views import parquet


@dataclass
class Renewal:
    """What one writer says of the snapshots that its source gave before.

    Attributes:
        roles: which list of the source a snapshot is, and which piece of it, by snapshot id.
        replaced: snapshots that the next version leaves out.
        again: snapshots of the current version that are read again, as they were recorded.
    """

    engine: Engine
    base: Version
    lake: Path
    source_id: str
    roles: dict[str, str] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()
    again: dict[str, SnapshotEntry] = field(default_factory=dict)
    _removed: list[tuple[TableSchema, str]] = field(default_factory=list)

    def held(self) -> tuple[SnapshotEntry, ...]:
        """Return what the current version holds of this source."""
        return tuple(entry for entry in self.base.snapshots if entry.source_id == self.source_id)

    def hold(self, entry: SnapshotEntry) -> Snapshot:
        """Return a snapshot of the current version, to be read again: its rows are those written from now on.

        Raises:
            LakeDamaged: its bytes are gone.
        """
        path = self.lake / "snapshots" / entry.origin.sha256 / "bytes"
        if not path.is_file():
            remedy = "Run `entrepot lake verify`, and restore the file from a copy."
            raise LakeDamaged("the file is missing", where=str(path), remedy=remedy)
        self.again[entry.snapshot_id] = entry
        return Snapshot(entry.snapshot_id, path, entry.origin)

    def entry(self, snapshot: Snapshot, *, reading: str, at: str, command: str) -> SnapshotEntry:
        """Return what the manifest says of a snapshot; of one that was read again what it said before."""
        return self.again.get(snapshot.snapshot_id) or SnapshotEntry(
            snapshot_id=snapshot.snapshot_id,
            source_id=self.source_id,
            reading=reading,
            name=snapshot.path.name,
            bytes=snapshot.path.stat().st_size,
            ingested_at=at,
            command=command,
            origin=snapshot.origin,
            role=self.roles.get(snapshot.snapshot_id, ""),
        )

    def replace(self, snapshot_ids: Iterable[str]) -> None:
        """Leave out of the next version what this source read from some snapshots: other bytes take their place."""
        self.replaced |= frozenset(snapshot_ids)

    def remove(self, table: str, relation: str) -> int:
        """Take rows out of the next version that this source gave before, by their key; return how many.

        The relation has the table's key without ``source_id``.
        """
        schema = SCHEMAS[table]
        name = f"removed_{len(self._removed)}"
        key = ", ".join(map(identifier, _key(schema)))
        self.engine.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT DISTINCT {key} FROM {identifier(relation)}"
        )
        self._removed.append((schema, name))
        rows = f"(SELECT * FROM {table} WHERE source_id = {quoted(self.source_id)})"
        return int(self.engine.rows(f"SELECT count(*) FROM {_joined('SEMI', rows, name, schema)}")[0][0])

    def without_removed(self, part: Part, *, find: Callable[[FileRef], Path], rewrite: Rewrite) -> Part:
        """Return a part without the rows that were taken out."""
        for schema, removed in self._removed:
            if (part.table, part.source_id) != (schema.name, self.source_id) or not part.data.rows:
                continue
            data = rewrite(part, f"SELECT l.* FROM {_joined('ANTI', parquet([find(part.data)]), removed, schema)}")
            if data.rows < part.data.rows:
                part = replace(part, data=data, original=part.first, coverage=None)
        return part


def _key(schema: TableSchema) -> list[str]:
    return [name for name in schema.key if name != "source_id"]


def _joined(kind: str, rows: str, removed: str, schema: TableSchema) -> str:
    on = " AND ".join(f"l.{identifier(n)} IS NOT DISTINCT FROM r.{identifier(n)}" for n in _key(schema))
    return f"{rows} l {kind} JOIN {removed} r ON {on}"
