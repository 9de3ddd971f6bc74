"""Stage: where one writer prepares the next version, out of everybody's sight."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from entrepot.errors import LakeError
from entrepot.lake.checks import check_bounds, check_columns, check_rows, check_unique
from entrepot.lake.disk import make_folder, reading, storing
from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.lasting import is_lasting, refuse_dropping, refuse_superseding
from entrepot.lake.lock import WriterLock
from entrepot.lake.manifest import CheckResult, FileRef, Part, SnapshotEntry, Version, read_current
from entrepot.lake.packing import CONSTANT
from entrepot.lake.parts import PartWriter
from entrepot.lake.promote import clean, promote
from entrepot.lake.renewal import Renewal
from entrepot.lake.schema import ISSUES, SCHEMAS, TableSchema
from entrepot.lake.snapshots import Snapshot, copy_snapshot
from entrepot.lake.supersede import settle
from entrepot.lake.views import make_view, make_views
from entrepot.lake.waiting import Waiting, write_waiting
from entrepot.origin import Origin

OnStep = Callable[[str], None]


class Stage:
    """One writer's work towards the next version; a context manager. Only a commit changes the lake.

    Entering takes the writer's lock and removes what a dead writer left. Leaving without a commit removes the
    stage.

    Attributes:
        engine: scratch session with the tables of the current version as views; what does not fit in memory
            goes to the stage.
        renewal: says which snapshots of a list give way to others.
    """

    engine: Engine
    renewal: Renewal

    def __init__(
        self,
        lake: Path,
        source_id: str,
        *,
        at: str,
        command: str,
        memory_limit: str,
        threads: int | None,
        on_step: OnStep | None,
    ) -> None:
        self.lake = lake
        self.source_id = source_id
        self.at = at
        self.command = command
        self.folder = lake / "stage" / uuid.uuid4().hex
        self._memory_limit = memory_limit
        self._threads = threads
        self._step = on_step or (lambda name: None)
        self._lock = WriterLock(lake)
        self._snapshots: dict[str, Snapshot] = {}
        self._readings: dict[str, str] = {}
        self._waiting: dict[tuple[str, str], list[Waiting]] = {}
        self._unique: set[tuple[str, str]] = set()
        self._used: dict[str, Snapshot] = {}
        self._checks: list[CheckResult] = []
        self._writes = 0
        self._is_done = False

    def __enter__(self) -> Self:
        with storing(self.lake):
            self._lock.acquire()
            try:
                self.base = read_current(self.lake)
                clean(self.lake, self.base)
                make_folder(self.folder / "tmp")
                self._step("opened")
                self.engine = Engine(
                    memory_limit=self._memory_limit, threads=self._threads, temp_dir=self.folder / "tmp"
                )
                make_views(self.engine, self.base, lake=self.lake)
            except BaseException:
                self._lock.release()
                raise
        self.renewal = Renewal(self.engine, self.base, self.lake, self.source_id)
        self._writer = PartWriter(self.engine, self.folder / "out", version=self.base.version + 1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.close()
        try:
            # What cannot be removed now, the next writer removes.
            with contextlib.suppress(OSError, LakeError):
                if not self._is_done:
                    clean(self.lake, read_current(self.lake))
                shutil.rmtree(self.folder, ignore_errors=True)
        finally:
            self._lock.release()

    def snapshot(self, path: Path, origin: Origin) -> Snapshot:
        """Return a copy of a file, hashed while it was copied. Its rows may then be read and written.

        Raises:
            NotFound: no such file.
            SourceError: a folder or device, no permission, empty, or changed while it was copied.
            SnapshotMismatch: ``origin.sha256`` is given and the bytes have another hash.
        """
        self._step("snapshot")
        folder = self.folder / "incoming" / f"{len(self._snapshots)}"
        with storing(self.lake):
            make_folder(folder)
            snapshot = copy_snapshot(path, origin, folder=folder)
        return self._snapshots.setdefault(snapshot.snapshot_id, snapshot)

    def is_known(self, snapshot: Snapshot, *, reading: str) -> bool:
        """Return whether these bytes were already read this way, in this stage or in the current version.

        ``reading`` is the hash of all that decides how bytes become rows; it is recorded at commit.
        """
        known = {(entry.origin.sha256, entry.reading) for entry in self.base.snapshots}
        used = {(s.origin.sha256, self._readings.get(s.snapshot_id, "")) for s in self._used.values()}
        if (snapshot.origin.sha256, reading) in known | used:
            return True
        self._readings[snapshot.snapshot_id] = reading
        return False

    def write(self, table: str, relation: str, *, snapshot: Snapshot) -> int:
        """Append the rows of a relation of :attr:`engine` to a table; return how many.

        The relation has the table's columns by name, in any order; ``source_id`` and ``snapshot_id`` are
        filled in by the lake.
        The relation is run twice and must answer the same. May be called several times for one snapshot.

        Raises:
            UnexpectedLayout: columns are missing or unknown.
            SourceError: the rows could not be computed from the bytes.
            CheckFailed: a row breaks the table's declaration.
        """
        schema = SCHEMAS[table]
        return self._wait(schema, relation, snapshot=snapshot)

    def is_unique(self, table: str, *, snapshot: Snapshot) -> bool:
        """Return whether each cell is given once by what was written to a table from a snapshot.

        A commit refuses a cell that is given twice; who asks before can :meth:`withdraw` and write otherwise.
        """
        written = (table, snapshot.snapshot_id)
        if written not in self._waiting or written in self._unique:
            return True
        with storing(self.lake):
            waiting = self._gathered(*written)
            if any(self._has_twins(waiting, year) for year in waiting.years):
                return False
        self._unique.add(written)
        return True

    def withdraw(self, table: str, *, snapshot: Snapshot) -> None:
        """Take back what was written to a table from a snapshot."""
        for waiting in self._waiting.pop((table, snapshot.snapshot_id), []):
            waiting.file.unlink()

    def record_issues(self, relation: str, *, snapshot: Snapshot) -> int:
        """Record skipped records (columns file, source_row, field, value, reason); return how many."""
        return self._wait(ISSUES, relation, snapshot=snapshot)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the answer of a query over the current version and the rows written so far.

        What was written is in views: ``staged_`` and the name of the table, ``staged_issues`` among them.
        """
        for schema in (*SCHEMAS.values(), ISSUES):
            self._stage_view(schema)
        return self.engine.rows(sql)

    def check(
        self,
        name: str,
        sql: str,
        *,
        least: float | None = None,
        greatest: float | None = None,
        where: str = "",
    ) -> float | None:
        """Check that a query's one number lies between two bounds, both included; record and return it.

        It may read all that :meth:`ask` may.

        Raises:
            CheckFailed: the number is outside, or there is none.
        """
        value = self.ask(sql)[0][0]
        found = None if value is None else float(value)
        check_bounds(name, found, least=least, greatest=greatest, where=where or self.source_id)
        self._checks.append(CheckResult(self.source_id, name, found, least, greatest))
        return found

    def commit(self) -> Version:
        """Make what was staged the current version; return it, or the one in force if nothing was staged.

        Raises:
            CheckFailed: one cell is given twice in one snapshot.
            LakeError: the disk is full or may not be written, or a row that may only be added is there already. The
                lake stays as it was.
        """
        if not self._used:
            return self.base

        def is_read_again(item: Part | SnapshotEntry) -> bool:
            is_given = item.snapshot_id in self._used or item.snapshot_id in self.renewal.replaced
            return item.source_id == self.source_id and is_given and not is_lasting(item)

        with storing(self.lake):
            arriving = self._sorted_parts()
            entries, kept, again = self._remaining(is_read_again)
            kept = [self.renewal.without_removed(part, find=self._find, rewrite=self._rewrite) for part in kept]
            added = sum(part.data.rows for part in arriving if part.table in SCHEMAS)
            return self._promote(kept, [*again, *arriving], entries=[*entries, *self._entries()], added=added)

    def drop(self, snapshot_ids: frozenset[str], *, source_id: str | None = None) -> Version:
        """Make a version without some snapshots' rows, and commit it. Cells they had superseded come back.

        Args:
            snapshot_ids: the snapshots to leave out.
            source_id: only what this source read from them; None for whoever read them.

        Raises:
            LakeError: rows of a table that is only added to came from them.
        """

        def is_dropped(item: Part | SnapshotEntry) -> bool:
            return item.snapshot_id in snapshot_ids and source_id in (None, item.source_id)

        refuse_dropping(filter(is_dropped, self.base.parts), lake=self.lake)
        dropped = sum(p.data.rows for p in self.base.parts if is_dropped(p) and p.table in SCHEMAS)
        entries, kept, again = self._remaining(is_dropped)
        with storing(self.lake):
            return self._promote(kept, again, entries=entries, dropped=dropped)

    def _remaining(
        self, is_gone: Callable[[Part | SnapshotEntry], bool]
    ) -> tuple[list[SnapshotEntry], list[Part], list[Part]]:
        """Return the base without some snapshots: entries, parts that stand, parts to settle anew in order.

        Where parts lost cells to others, those of the same source and year go back to how they were first
        read: a cell must not stay superseded by rows that are gone.
        """
        entries = [entry for entry in self.base.snapshots if not is_gone(entry)]
        parts = [part for part in self.base.parts if not is_gone(part)]
        gone = {part.group for part in self.base.parts if is_gone(part)}
        lossy = {part.group for part in parts if part.original} & gone
        order = {(entry.source_id, entry.snapshot_id): i for i, entry in enumerate(entries)}
        again = [replace(part, data=part.first, original=None, coverage=None) for part in parts if part.group in lossy]
        again.sort(key=lambda part: order[part.source_id, part.snapshot_id])
        return entries, [part for part in parts if part.group not in lossy], again

    def _wait(self, schema: TableSchema, relation: str, *, snapshot: Snapshot) -> int:
        self._require_open()
        self._step("write")
        with storing(self.lake):
            with reading(snapshot.path.name, self.folder):
                check_columns(self.engine, relation, schema, given=CONSTANT, where=snapshot.path.name)
                waiting = self._write_waiting(schema, identifier(relation))
            if waiting.rows:
                check_rows(self.engine, waiting.rows_of(), schema, words=waiting.words, where=snapshot.path.name)
        self._used.setdefault(snapshot.snapshot_id, snapshot)
        written = (schema.name, snapshot.snapshot_id)
        self._waiting.setdefault(written, []).append(waiting)
        self._unique.discard(written)
        return waiting.rows

    def _write_waiting(self, schema: TableSchema, relation: str) -> Waiting:
        self._writes += 1
        file = self.folder / "waiting" / f"{self._writes}.parquet"
        return write_waiting(self.engine, schema, relation, file=file, name=str(self._writes))

    def _gathered(self, table: str, snapshot_id: str) -> Waiting:
        """Return all rows written to a table from a snapshot as one writing."""
        several = self._waiting[table, snapshot_id]
        if len(several) == 1:
            return several[0]
        rows = " UNION ALL BY NAME ".join(f"SELECT * FROM {waiting.rows_of()}" for waiting in several)
        gathered = self._write_waiting(several[0].schema, f"({rows})")
        for waiting in several:
            waiting.file.unlink()
        self._waiting[table, snapshot_id] = [gathered]
        return gathered

    def _has_twins(self, waiting: Waiting, year: int | None) -> bool:
        return waiting.packing is not None and waiting.has_twins(self.engine, year)

    def _stage_view(self, schema: TableSchema) -> None:
        bodies = []
        for (table, snapshot_id), several in self._waiting.items():
            if table == schema.name:
                filled = ", ".join(f"{quoted(w)} AS {identifier(n)}" for n, w in self._constants(snapshot_id).items())
                bodies += [f"SELECT *, {filled} FROM {waiting.rows_of()}" for waiting in several if waiting.rows]
        name = f"staged_{schema.name}"
        make_view(self.engine, schema, [], name=name)
        if bodies:
            body = " UNION ALL BY NAME ".join(bodies)
            self.engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {body}")

    def _constants(self, snapshot_id: str) -> dict[str, str]:
        return {"source_id": self.source_id, "snapshot_id": snapshot_id}

    def _sorted_parts(self) -> list[Part]:
        self._step("sort")
        parts: list[Part] = []
        for table, snapshot_id in self._waiting:
            waiting = self._gathered(table, snapshot_id)
            for year in waiting.years if waiting.rows else ():
                parts.append(self._sorted_part(waiting, snapshot_id=snapshot_id, year=year))
            waiting.file.unlink()  # Parts of further snapshots need the room.
        return parts

    def _sorted_part(self, waiting: Waiting, *, snapshot_id: str, year: int | None) -> Part:
        schema = waiting.schema
        is_known = (schema.name, snapshot_id) in self._unique
        is_told_apart = bool(schema.key) and not schema.has_repeats and not is_known
        if is_told_apart and (waiting.packing is None or self._has_twins(waiting, year)):
            where = self._used[snapshot_id].path.name
            check_unique(self.engine, waiting.rows_of(year), schema, given=CONSTANT, where=where)
        data = self._writer.write_waiting(waiting, year=year, constants=self._constants(snapshot_id))
        return Part(schema.name, self.source_id, snapshot_id, year, data)

    def _promote(
        self,
        kept: list[Part],
        arriving: list[Part],
        *,
        entries: list[SnapshotEntry],
        added: int = 0,
        dropped: int = 0,
    ) -> Version:
        self._require_open()
        self._step("supersede")
        extracted = {entry.snapshot_id: entry.origin.extracted_date for entry in entries}
        cells = [part for part in arriving if part.table in SCHEMAS]
        others = [part for part in arriving if part.table not in SCHEMAS]
        standing = settle(self.engine, kept, cells, extracted=extracted, find=self._find, rewrite=self._rewrite)
        refuse_superseding([*kept, *cells], standing, lake=self.lake)
        self._step("coverage")
        parts = tuple(self._with_coverage(part) for part in [*standing, *others])
        version = Version(
            version=self.base.version + 1,
            parent=self.base.version,
            at=self.at,
            command=self.command,
            rows_added=added,
            rows_superseded=_rows(self.base.parts) + added - _rows(parts) if added else 0,
            rows_dropped=dropped,
            parts=parts,
            snapshots=tuple(entries),
            checks=tuple(self._checks),
        )
        version = promote(self.lake, self.folder, version, snapshots=list(self._used.values()), step=self._step)
        self._is_done = True
        return version

    def _with_coverage(self, part: Part) -> Part:
        if part.table != "flows" or part.coverage is not None or not part.data.rows or part.year is None:
            return part
        return replace(part, coverage=self._writer.write_coverage(self._find(part.data), year=part.year))

    def _rewrite(self, part: Part, relation: str) -> FileRef:
        return self._writer.write(SCHEMAS[part.table], relation, year=part.year)

    def _find(self, ref: FileRef) -> Path:
        staged = self.folder / "out" / ref.file
        return staged if staged.exists() else self.lake / ref.file

    def _entries(self) -> list[SnapshotEntry]:
        return [
            self.renewal.entry(one, reading=self._readings.get(key, ""), at=self.at, command=self.command)
            for key, one in self._used.items()
        ]

    def _require_open(self) -> None:
        if self._is_done:
            raise LakeError("this stage is already committed", where=str(self.lake), remedy="Open another stage.")


def _rows(parts: Iterable[Part]) -> int:
    return sum(part.data.rows for part in parts if part.table in SCHEMAS)
