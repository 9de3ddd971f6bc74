"""The lake: versioned tables in one folder, never edited in place.

Layout on disk::

    lake.json                       format of the lake
    current.json                    version in force and its manifest's hash; replaced by one atomic rename
    versions/000007.json            manifest, immutable: parent, when, command, files, snapshots, checks
    data/<table>/000007/y2021-0.parquet
                                    rows that came or were rewritten with version 7, sorted, one year a file
    data/coverage/000007/...        what those rows cover
    data/issues/000007/...          the records that were skipped
    snapshots/<sha256>/bytes        the publisher's bytes; origin.json beside them says where from
    lock                            held by the one writer (flock); names its process
    stage/<id>/                     the writer's scratch space
    index/<key>/                    indexes of names for screening; may be deleted, and are made again
    desk/                           alerts, cases and decisions, kept by the room cases

A version is the set of files its manifest names. Readers open the current manifest and are never disturbed:
nothing a manifest names is changed or removed by a later version.
"""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from datetime import UTC, date, datetime, time
from pathlib import Path

from entrepot.errors import ConfigError, EntrepotError, LakeDamaged, LakeError, NotFound
from entrepot.lake.disk import make_folder, storing, write_json
from entrepot.lake.engine import Engine
from entrepot.lake.inspect import damage, history, status
from entrepot.lake.known import show_known
from entrepot.lake.lasting import refuse_dropping_pieces
from entrepot.lake.manifest import Version, read_current, read_version
from entrepot.lake.spark import SparkBackend, SparkOptions
from entrepot.lake.stage import OnStep, Stage
from entrepot.lake.table import Table
from entrepot.lake.views import make_views

FORMAT = 1
ENGINES = ("duckdb", "spark")
_OURS = {"lake.json", "lock", "stage", "data", "versions", "snapshots", "current.json", "index", "desk"}


class Lake:
    """A folder of versioned tables. Make one with :func:`open_lake`.

    Attributes:
        path: the folder.
        memory_limit: the most memory that one engine session may use, as DuckDB spells it.
        threads: worker threads of a session; None means one a core.
        spark: where Spark runs and finds the files, if sessions are to run on it; None for DuckDB. Writing is
            always DuckDB's.
        on_step: called with the name of each step of a write as it begins, for a progress bar; None for none.
    """

    def __init__(
        self,
        path: Path,
        *,
        memory_limit: str = "2GB",
        threads: int | None = None,
        spark: SparkOptions | None = None,
    ) -> None:
        self.on_step: OnStep | None = None
        self.path = path
        self.memory_limit = memory_limit
        self.threads = threads
        self.spark = spark

    def __repr__(self) -> str:
        return f"<Lake {str(self.path)!r} version {self.version().version}>"

    def version(self, number: int | None = None) -> Version:
        """Return a version's manifest; the one in force by default.

        Raises:
            NotFound: there is no such version.
            LakeDamaged: its manifest cannot be read.
        """
        current = read_current(self.path)
        if number is None or number == current.version:
            return current
        if not 0 <= number < current.version:
            raise NotFound(f"no version {number}", where=str(self.path), remedy=f"The last is {current.version}.")
        return read_version(self.path, number)

    def version_at(self, when: str) -> int:
        """Return the number of the version that was in force at a time.

        Args:
            when: a day (its end, UTC) or an instant, ISO 8601; an instant without an offset is UTC.

        Raises:
            ConfigError: no day and no instant.
            NotFound: nothing had been ingested by then.
        """
        limit = _end_of(when)
        current = self.version()
        for number in range(current.version, 0, -1):
            version = current if number == current.version else read_version(self.path, number)
            if _instant(version.at) <= limit:
                return number
        remedy = "See `entrepot lake history` for the versions."
        raise NotFound(f"the lake held nothing on {when}", where=str(self.path), remedy=remedy)

    def engine(self, *, version: int | None = None, as_of: str | None = None) -> Engine:
        """Return an engine session with the tables of a version as views; a context manager.

        Views: flows, concordance, ledger, parties, those of records (persons, payments, ...), snapshots, issues,
        coverage; an empty one has its columns.

        Args:
            as_of: a month, YYYY-MM; flows and coverage hold what was known at its end: no later period, and of
                several extractions the one that had been made by then.
        """
        manifest = self.version(version)
        engine = self._session()
        try:
            make_views(engine, manifest, lake=self.path, find=self._find)
            if as_of is not None:
                show_known(engine, manifest, find=self._find, month=as_of)
        except EntrepotError:
            engine.close()
            raise
        return engine

    def show_as_of(self, engine: Engine, *, month: str, version: int | None = None) -> None:
        """Make flows and coverage of a running session what was known at the end of a month, YYYY-MM."""
        show_known(engine, self.version(version), find=self._find, month=month)

    def _session(self) -> Engine:
        if self.spark is not None:
            backend = SparkBackend(self.spark, memory_limit=self.memory_limit, threads=self.threads)
            return Engine(backend=backend)
        # DuckDB makes the folder when it first runs out of memory, and removes it when the session ends.
        scratch = Path(tempfile.gettempdir()) / f"entrepot-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        return Engine(memory_limit=self.memory_limit, threads=self.threads, temp_dir=scratch)

    def _find(self, file: str) -> str:
        """Where a file of the lake is, as the engine reads it."""
        if self.spark is not None and self.spark.folder is not None:
            return f"{self.spark.folder.rstrip('/')}/{file}"
        # Spark takes a bare path for one of its default file system, which on a cluster is another.
        return f"file://{(self.path / file).absolute()}" if self.spark is not None else str(self.path / file)

    def stage(self, source_id: str, *, at: str, command: str = "", on_step: OnStep | None = None) -> Stage:
        """Return a stage for one writer; a context manager that holds the writer's lock.

        Args:
            source_id: the source whose rows are written.
            at: UTC instant to record, ISO 8601.
            command: the command to record.
            on_step: called with the name of each step as it begins; the lake's own by default.

        Raises:
            LakeBusy: on entering, where another writer holds the lock.
        """
        try:
            datetime.fromisoformat(at)
        except ValueError as error:
            raise ConfigError(f"{at!r} is no instant", remedy="Write it as 2024-03-01T12:00:00Z.") from error
        return Stage(
            self.path,
            source_id,
            at=at,
            command=command,
            memory_limit=self.memory_limit,
            threads=self.threads,
            on_step=on_step or self.on_step,
        )

    def status(self) -> Table:
        """Return what is in the lake: grain source, snapshot and table; rows, periods, reporters, issues."""
        with self.engine() as engine:
            return status(engine, self.version())

    def history(self) -> Table:
        """Return every version, newest first: when, by which command, rows added, superseded and dropped."""
        current = self.version()
        versions = [current, *(read_version(self.path, n) for n in range(current.version - 1, 0, -1))]
        return history([version for version in versions if version.version])

    def verify(self) -> Table:
        """Return the files of any version that are missing or altered: file, problem, versions."""
        return damage(self.path)

    def drop(self, what: str, *, at: str, command: str = "") -> int:
        """Make a version without the rows of a snapshot (its id or the beginning of it) or of a source.

        Cells that the dropped rows had superseded come back; older versions stay in the history.

        Returns:
            How many rows were dropped.

        Raises:
            NotFound: no snapshot or source of the current version is called that.
            LakeError: the beginning fits several snapshots, or entries of the ledger came from it.
        """
        with self.stage(what, at=at, command=command or f"lake drop {what}") as stage:
            snapshot_ids, source_id = _named(stage.base, what)
            if source_id is None:
                refuse_dropping_pieces(stage.base.snapshots, snapshot_ids, lake=self.path)
            return stage.drop(snapshot_ids, source_id=source_id).rows_dropped


def open_lake(
    path: str | os.PathLike[str],
    *,
    create: bool = False,
    memory_limit: str = "2GB",
    threads: int | None = None,
    engine: str = "duckdb",
    spark: SparkOptions | None = None,
) -> Lake:
    """Return the lake in a folder.

    Args:
        create: make the folder and an empty lake where there is none.
        memory_limit: the most memory that one engine session may use, as DuckDB spells it.
        threads: worker threads; None means one a core.
        engine: what runs the estimates, duckdb or spark (extra ``entrepot[spark]``). What writes is always DuckDB.
        spark: where Spark runs and finds the files; this machine and this folder by default.

    Raises:
        ConfigError: there is no such engine.
        NotFound: there is no lake and ``create`` is False.
        LakeError: the path is a file, a folder of something else, or a lake of a later format.
    """
    if engine not in ENGINES:
        raise ConfigError(f"there is no engine {engine!r}", remedy=f"Use one of {', '.join(ENGINES)}.")
    folder = Path(path)
    if not (folder / "lake.json").is_file():
        _create(folder, create=create)
    _check_format(folder)
    chosen = (spark or SparkOptions()) if engine == "spark" else None
    return Lake(folder, memory_limit=memory_limit, threads=threads, spark=chosen)


def _create(folder: Path, *, create: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise LakeError("this is a file, not a lake", where=str(folder), remedy="Name a folder with --lake.")
    if not create:
        remedy = "Make one with `entrepot ingest`, or name its folder with --lake."
        raise NotFound("there is no lake here", where=str(folder), remedy=remedy)
    with storing(folder):
        if folder.exists() and (foreign := _foreign(folder)):
            remedy = "Name a new or empty folder with --lake."
            raise LakeError(f"the folder holds something else ({foreign[0]!r})", where=str(folder), remedy=remedy)
        make_folder(folder)
        write_json(folder / "lake.json", {"format": FORMAT, "made_by": "entrepot"})


def _foreign(folder: Path) -> list[str]:
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".lake.json.")}
    return sorted(names - _OURS)


def _check_format(folder: Path) -> None:
    path = folder / "lake.json"
    try:
        found = json.loads(path.read_text("utf-8"))["format"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LakeDamaged(f"cannot be read ({error})", where=str(path), remedy="Restore it from a copy.") from error
    if found != FORMAT:
        remedy = "Use the version of entrepot that wrote it, or a later one."
        raise LakeError(f"the lake has format {found!r}, this program writes {FORMAT}", where=str(path), remedy=remedy)


def _end_of(when: str) -> datetime:
    try:
        if len(when) == len("2024-03-01"):
            return datetime.combine(date.fromisoformat(when), time.max, tzinfo=UTC)
        return _instant(when)
    except ValueError as error:
        remedy = "Write 2024-03-01 or 2024-03-01T12:00:00Z."
        raise ConfigError(f"{when!r} is no day and no instant", remedy=remedy) from error


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _named(version: Version, what: str) -> tuple[frozenset[str], str | None]:
    by_source = frozenset(e.snapshot_id for e in version.snapshots if e.source_id == what)
    if by_source:
        return by_source, what
    found = sorted({e.snapshot_id for e in version.snapshots if what and e.snapshot_id.startswith(what)})
    if not found:
        remedy = "See `entrepot lake status` for both."
        raise NotFound(f"no snapshot or source {what!r} in the current version", remedy=remedy)
    if len(found) > 1:
        raise LakeError(f"{what!r} fits {len(found)} snapshots", remedy=f"Write more of it: {', '.join(found[:5])}.")
    return frozenset(found), None
