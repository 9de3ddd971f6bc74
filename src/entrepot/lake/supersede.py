"""Superseding: of two reports of one cell by one source, the newer extraction's stands.

A cell is what the key of a table names. Files are never edited: a part that loses cells is written anew for
the new version, and names the file it was first read into, so that dropping a snapshot can give back what it
had superseded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from entrepot.lake.engine import Engine, identifier
from entrepot.lake.manifest import FileRef, Part
from entrepot.lake.schema import SCHEMAS, TableSchema
from entrepot.lake.views import parquet

# Blocks of cells that are compared before any cell is: most files share none with what is there.
_BLOCK = ("freq", "period", "reporter_iso3", "flow")

Rewrite = Callable[[Part, str], FileRef]


def settle(
    engine: Engine,
    base: list[Part],
    arriving: list[Part],
    *,
    extracted: Mapping[str, str | None],
    find: Callable[[FileRef], Path],
    rewrite: Rewrite,
) -> list[Part]:
    """Return the parts in force after ``arriving`` joined ``base``: each cell once.

    Args:
        base: parts in force, each cell once.
        arriving: parts to add, in the order in which they were ingested.
        extracted: day of extraction by snapshot id. Where both snapshots have one the later day wins,
            whatever the order of ingest; otherwise the one ingested later wins.
        find: where the file of a reference is.
        rewrite: writes the rows of an SQL relation as the new file of a part.
    """
    blocks: dict[str, frozenset[tuple[object, ...]]] = {}

    def blocks_of(part: Part) -> frozenset[tuple[object, ...]]:
        if part.data.file not in blocks:
            blocks[part.data.file] = _blocks(engine, find(part.data), SCHEMAS[part.table])
        return blocks[part.data.file]

    def is_given_twice(part: Part, other: Part) -> bool:
        if not _may_share(part, other) or blocks_of(part).isdisjoint(blocks_of(other)):
            return False
        return _shares_cells(engine, find(part.data), find(other.data), SCHEMAS[part.table])

    standing = list(base)
    for part in arriving:
        settled: list[Part] = []
        for other in standing:
            if is_given_twice(part, other):
                late = _is_older(extracted.get(part.snapshot_id), extracted.get(other.snapshot_id))
                loser, winner = (part, other) if late else (other, part)
                kept = _without(engine, loser, find(loser.data), find(winner.data), rewrite)
                part, other = (kept, other) if late else (part, kept)
            settled.append(other)
        standing = [*settled, part]
    return standing


def _is_older(day: str | None, other: str | None) -> bool:
    return bool(day and other and day < other)


def _may_share(part: Part, other: Part) -> bool:
    return part.group == other.group and part.data.rows > 0 and other.data.rows > 0


def _shares_cells(engine: Engine, new: Path, old: Path, schema: TableSchema) -> bool:
    return bool(engine.rows(f"SELECT 1 FROM ({_joined('SEMI', old, new, schema)}) LIMIT 1"))


def _blocks(engine: Engine, path: Path, schema: TableSchema) -> frozenset[tuple[object, ...]]:
    names = [name for name in _BLOCK if name in schema.key]
    if not names:
        return frozenset([()])
    return frozenset(engine.rows(f"SELECT DISTINCT {', '.join(names)} FROM {parquet([path])}"))


def _without(engine: Engine, loser: Part, losing: Path, winning: Path, rewrite: Rewrite) -> Part:
    data = rewrite(loser, _joined("ANTI", losing, winning, SCHEMAS[loser.table]))
    return replace(loser, data=data, original=loser.first, coverage=None)


def _joined(kind: str, left: Path, right: Path, schema: TableSchema) -> str:
    key = ", ".join(identifier(name) for name in schema.key)
    on = " AND ".join(f"l.{identifier(n)} IS NOT DISTINCT FROM r.{identifier(n)}" for n in schema.key)
    return f"SELECT l.* FROM {parquet([left])} l {kind} JOIN (SELECT {key} FROM {parquet([right])}) r ON {on}"
