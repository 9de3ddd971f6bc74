"""Views: one version of the lake as tables of an engine session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from entrepot.errors import LakeDamaged
from entrepot.lake.disk import first_line
from entrepot.lake.engine import Engine, identifier
from entrepot.lake.engine import parquet as parquet
from entrepot.lake.manifest import FileRef, Version
from entrepot.lake.schema import COVERAGE, FLOWS, ISSUES, SCHEMAS, SNAPSHOTS, TableSchema

Find = Callable[[str], str]


def make_views(engine: Engine, version: Version, *, lake: Path, find: Find | None = None) -> None:
    """Make the tables of :data:`SCHEMAS`, ``coverage``, ``issues`` and ``snapshots`` of a version.

    A table without rows has its columns all the same.

    Args:
        find: gives the place of a file of the lake as the engine reads it; below ``lake`` by default.

    Raises:
        LakeDamaged: a file is missing or is no Parquet file any more.
    """
    try:
        _make_views(engine, version, find or (lambda file: str(lake / file)))
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        remedy = "Run `entrepot lake verify` to see every damaged file."
        raise LakeDamaged(first_line(error), where=str(lake), remedy=remedy) from error


def _make_views(engine: Engine, version: Version, find: Find) -> None:
    for schema in (*SCHEMAS.values(), ISSUES):
        files = [find(part.data.file) for part in version.parts_of(schema.name) if part.data.rows]
        make_view(engine, schema, files)
    flows = [part for part in version.parts_of("flows") if part.data.rows]
    counted = [find(part.coverage.file) for part in flows if part.coverage is not None]
    uncounted = [find(part.data.file) for part in flows if part.coverage is None]
    if uncounted:
        _add_uncounted(engine, uncounted, counted)
    else:
        make_view(engine, COVERAGE, counted)
    _make_snapshots(engine, version)


def _add_uncounted(engine: Engine, files: list[str], counted: list[str]) -> None:
    """Coverage of a lake that was written in an earlier layout is counted when it is asked for."""
    make_view(engine, FLOWS, files, name="uncounted_flows")
    make_view(engine, COVERAGE, counted, name="counted_coverage")
    bodies = (counts_of("uncounted_flows"), "SELECT * FROM counted_coverage")
    engine.view(COVERAGE.name, " UNION ALL ".join(f"SELECT {columns(COVERAGE)} FROM ({body}) AS c" for body in bodies))


def coverage_of(files: Sequence[str | Path]) -> str:
    """Return SQL that counts what files of flows cover: rows, partners and value."""
    return counts_of(parquet(files))


def counts_of(relation: str) -> str:
    """Return SQL that counts what a relation of flows covers: rows, partners and value."""
    key = ", ".join(COVERAGE.key)
    # Partner by partner first: counting distinct ones takes more than half of the time.
    return (
        f"SELECT {key}, CAST(sum(n_rows) AS BIGINT) AS n_rows, count(partner_iso3) AS n_partners, sum(value) AS value"
        f" FROM (SELECT {key}, partner_iso3, count(*) AS n_rows, sum(value) AS value"
        " FROM (SELECT f.*, CASE WHEN hs_code = 'TOTAL' THEN 0 ELSE length(hs_code) END AS digits"
        f" FROM {relation} AS f) AS d GROUP BY {key}, partner_iso3) AS p GROUP BY {key}"
    )


def make_view(engine: Engine, schema: TableSchema, files: Sequence[str | Path], *, name: str = "") -> None:
    """Make one view with the schema's columns over Parquet files, or an empty one."""
    types = {column.name: column.type for column in schema.columns}
    engine.files(name or schema.name, [str(file) for file in files], types)


def columns(schema: TableSchema) -> str:
    """Return the schema's columns as an SQL list."""
    return ", ".join(identifier(name) for name in schema.names)


def ref_path(lake: Path, ref: FileRef) -> Path:
    """Return where a file of the lake is."""
    return lake / ref.file


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
