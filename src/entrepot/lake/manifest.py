"""Manifests: what one version of the lake consists of.

A manifest is immutable. It names every file of its version with size and hash, every snapshot its rows were
read from, and the manifest before it by hash, so that history cannot be rewritten unnoticed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from entrepot.errors import LakeDamaged
from entrepot.lake.schema import COVERAGE_LAYOUT
from entrepot.origin import Origin, content_hash

T = TypeVar("T")


@dataclass(frozen=True)
class FileRef:
    """One immutable file: path inside the lake, rows, bytes, hash."""

    file: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Part:
    """The rows of one table that one source read from one snapshot for one year.

    Attributes:
        data: the file in force.
        year: calendar year; None for tables without a period.
        original: the rows as first read, where newer snapshots have since superseded some of them.
        coverage: the file that counts the rows (flows only); None where there is none in the present layout.
    """

    table: str
    source_id: str
    snapshot_id: str
    year: int | None
    data: FileRef
    original: FileRef | None = None
    coverage: FileRef | None = None

    @property
    def first(self) -> FileRef:
        """The rows as first read."""
        return self.original or self.data

    @property
    def group(self) -> tuple[str, str, int | None]:
        """What parts have in common that may hold reports of the same cell."""
        return self.table, self.source_id, self.year

    def files(self) -> list[FileRef]:
        """Return every file that this part needs."""
        return [ref for ref in (self.data, self.original, self.coverage) if ref is not None]


@dataclass(frozen=True)
class SnapshotEntry:
    """One reading of one snapshot: which bytes, how read, when, with what origin.

    ``role`` tells the lists of one source from each other; with a ``/`` it is one of several pieces that are read
    together (``sdn/alt``). Empty where a source has one list in one piece.
    """

    snapshot_id: str
    source_id: str
    reading: str
    name: str
    bytes: int
    ingested_at: str
    command: str
    origin: Origin
    role: str = ""


@dataclass(frozen=True)
class CheckResult:
    """One declared check that held: what was counted, and the least and greatest count allowed."""

    source_id: str
    name: str
    found: float | None
    least: float | None
    greatest: float | None


@dataclass(frozen=True)
class Version:
    """One committed state of the lake. Version 0 is the empty lake and has no manifest."""

    version: int = 0
    parent: int | None = None
    parent_sha256: str = ""
    at: str = ""
    command: str = ""
    rows_added: int = 0
    rows_superseded: int = 0
    rows_dropped: int = 0
    parts: tuple[Part, ...] = ()
    snapshots: tuple[SnapshotEntry, ...] = ()
    checks: tuple[CheckResult, ...] = field(default=())

    def parts_of(self, table: str) -> list[Part]:
        """Return the parts of one table."""
        return [part for part in self.parts if part.table == table]

    def files(self) -> list[FileRef]:
        """Return every table file that this version needs."""
        return [ref for part in self.parts for ref in part.files()]


def manifest_path(lake: Path, version: int) -> Path:
    """Return where the manifest of a version is."""
    return lake / "versions" / f"{version:06d}.json"


def as_json(version: Version) -> dict[str, Any]:
    """Return a manifest as it is written: parts grouped by table."""
    value = asdict(version)
    tables: dict[str, list[dict[str, Any]]] = {}
    for part in value.pop("parts"):
        tables.setdefault(part.pop("table"), []).append(part)
    return {**value, "coverage_layout": COVERAGE_LAYOUT, "tables": tables}


def from_json(value: dict[str, Any]) -> Version:
    """Return the version that a manifest describes."""
    parts = tuple(_part(table, part) for table, entries in value.pop("tables").items() for part in entries)
    if value.pop("coverage_layout", 1) != COVERAGE_LAYOUT:
        # Counts can be made again from the rows: readers do so as they ask, the next writer keeps them.
        parts = tuple(replace(part, coverage=None) for part in parts)
    snapshots = tuple(SnapshotEntry(**{**entry, "origin": Origin(**entry["origin"])}) for entry in value["snapshots"])
    checks = tuple(CheckResult(**entry) for entry in value["checks"])
    return Version(**{**value, "parts": parts, "snapshots": snapshots, "checks": checks})


def read_version(lake: Path, version: int) -> Version:
    """Return one version of the lake at ``lake``.

    Raises:
        LakeDamaged: the manifest is missing or unreadable.
    """
    if version == 0:
        return Version()
    return _read(manifest_path(lake, version), from_json)


def read_current(lake: Path) -> Version:
    """Return the version in force; the empty version where nothing was committed yet.

    Raises:
        LakeDamaged: the pointer or its manifest is missing, unreadable or altered.
    """
    pointer = lake / "current.json"
    if not pointer.exists():
        return Version()
    number, digest = _read(pointer, lambda value: (int(value["version"]), str(value["sha256"])))
    version = read_version(lake, number)
    if content_hash(manifest_path(lake, number)) != digest:
        raise _damaged(manifest_path(lake, number), "the hash is not the recorded one")
    return version


def _part(table: str, entry: dict[str, Any]) -> Part:
    part = Part(table=table, **{**entry, "data": FileRef(**entry["data"])})
    if entry["original"]:
        part = replace(part, original=FileRef(**entry["original"]))
    if entry["coverage"]:
        part = replace(part, coverage=FileRef(**entry["coverage"]))
    return part


def _read(path: Path, build: Callable[[dict[str, Any]], T]) -> T:
    try:
        return build(json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise _damaged(path, "the file is missing") from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _damaged(path, f"cannot be read ({error})") from error


def _damaged(path: Path, found: str) -> LakeDamaged:
    remedy = "Run `entrepot lake verify`, and restore the file from a copy."
    return LakeDamaged(found, where=str(path), remedy=remedy)
