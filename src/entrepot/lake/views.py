"""Views: one version of the lake as tables of an engine session."""

from __future__ import annotations

from pathlib import Path

import duckdb

from entrepot.errors import LakeDamaged
from entrepot.lake.disk import first_line
from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.manifest import FileRef, Version
from entrepot.lake.schema import COVERAGE, ISSUES, SCHEMAS, SNAPSHOTS, TableSchema


def make_views(engine: Engine, version: Version, *, lake: Path) -> None:
    """Make ``flows``, ``concordance``, ``measures``, ``coverage``, ``issues`` and ``snapshots`` of a version.

    A table without rows has its columns all the same.

    Raises:
        LakeDamaged: a file is missing or is no Parquet file any more.
    """
    try:
        _make_views(engine, version, lake)
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        remedy = "Run `entrepot lake verify` to see every damaged file."
        raise LakeDamaged(first_line(error), where=str(lake), remedy=remedy) from error


def _make_views(engine: Engine, version: Version, lake: Path) -> None:
    for schema in (*SCHEMAS.values(), ISSUES):
        make_view(
            engine,
            schema,
            [lake / part.data.file for part in version.parts_of(schema.name) if part.data.rows],
        )
    coverage = [part.coverage for part in version.parts_of("flows") if part.data.rows]
    make_view(engine, COVERAGE, [lake / ref.file for ref in coverage if ref is not None])
    _make_snapshots(engine, version)


def make_view(engine: Engine, schema: TableSchema, files: list[Path], *, name: str = "") -> None:
    """Make one view with the schema's columns over Parquet files, or an empty one."""
    if files:
        body = f"SELECT {columns(schema)} FROM {parquet(files)}"
    else:
        nothing = ", ".join(f"CAST(NULL AS {c.type}) AS {identifier(c.name)}" for c in schema.columns)
        body = f"SELECT {nothing} WHERE false"
    engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name or schema.name)} AS {body}")


def parquet(files: list[Path]) -> str:
    """Return SQL that reads Parquet files by exact name, whatever characters the folder has in it."""
    names = ", ".join(quoted(_literal(path)) for path in files)
    return f"read_parquet([{names}], hive_partitioning = false)"


def columns(schema: TableSchema) -> str:
    """Return the schema's columns as an SQL list."""
    return ", ".join(identifier(name) for name in schema.names)


def ref_path(lake: Path, ref: FileRef) -> Path:
    """Return where a file of the lake is."""
    return lake / ref.file


def _literal(path: Path) -> str:
    # The engine expands *, ? and [ in names; a bracketed character stands for itself.
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


def _make_snapshots(engine: Engine, version: Version) -> None:
    entries = [
        {**entry.origin.as_dict(), **{k: v for k, v in vars(entry).items() if k != "origin"}}
        for entry in version.snapshots
    ]
    types = {column.name: column.type for column in SNAPSHOTS.columns}
    if entries:
        engine.table("snapshots", {name: [entry[name] for entry in entries] for name in types}, types)
    else:
        make_view(engine, SNAPSHOTS, [])
