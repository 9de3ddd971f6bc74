"""Parts: the Parquet files of the lake, written sorted, hashed and forced to the disk.

Rows arrive in any order, possibly in several goes, and wait unsorted in the stage. Parts are then written year
by year, so that a sort never holds more than one year of one snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from entrepot.lake.disk import make_folder, sync_file
from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.manifest import FileRef
from entrepot.lake.packing import order
from entrepot.lake.schema import COVERAGE, TableSchema
from entrepot.lake.views import coverage_of
from entrepot.lake.waiting import Waiting, copy_rows
from entrepot.origin import content_hash

ROW_GROUP = 122_880


class PartWriter:
    """Writes the parts of one new version below ``folder``, as they will lie below the lake."""

    def __init__(self, engine: Engine, folder: Path, *, version: int) -> None:
        self.engine = engine
        self.folder = folder
        self.version = version
        self._count: dict[str, int] = {}

    def write(self, schema: TableSchema, relation: str, *, year: int | None) -> FileRef:
        """Write the rows of an SQL relation in the schema's order; return the file's reference."""
        select = ", ".join(f"CAST({identifier(c.name)} AS {c.type}) AS {identifier(c.name)}" for c in schema.columns)
        by = ", ".join(f"{identifier(name)} NULLS LAST" for name in _order(schema))
        return self._write(schema, f"SELECT {select} FROM ({relation}) ORDER BY {by}", year)

    def write_waiting(self, waiting: Waiting, *, year: int | None, constants: Mapping[str, str]) -> FileRef:
        """Write a year of waiting rows in the schema's order; ``constants`` are what the lake fills in."""
        if waiting.packing is not None:
            return self._write(waiting.schema, waiting.in_order(year, constants), year)
        if waiting.is_sorted(self.engine):
            with self.engine.in_order():
                return self._write(waiting.schema, waiting.as_it_is(constants), year)
        filled = ", ".join(f"{quoted(word)} AS {identifier(name)}" for name, word in constants.items())
        return self.write(waiting.schema, f"SELECT *, {filled} FROM {waiting.rows_of(year)}", year=year)

    def _write(self, schema: TableSchema, query: str, year: int | None) -> FileRef:
        kind = "all" if year is None else f"y{year}"
        stem = f"data/{schema.name}/{self.version:06d}/{kind}"
        number = self._count.get(stem, 0)
        self._count[stem] = number + 1
        name = f"{stem}-{number}.parquet"
        path = self.folder / name
        make_folder(path.parent)
        rows = copy_rows(self.engine, query, path, options=f"COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}")
        sync_file(path)
        return FileRef(name, rows, path.stat().st_size, content_hash(path))

    def write_coverage(self, flows: Path, *, year: int) -> FileRef:
        """Write what a part of flows covers: rows, partners and value by reporter, period, digits, revision, stage."""
        relation = coverage_of([flows])
        # Sums of several threads differ in their last digits from run to run.
        threads = self.engine.rows("SELECT current_setting('threads')")[0][0]
        self.engine.connection.execute("SET threads = 1")
        try:
            return self.write(COVERAGE, relation, year=year)
        finally:
            self.engine.connection.execute(f"SET threads = {int(threads)}")


def _order(schema: TableSchema) -> list[str]:
    # The record number last: the same rows make the same bytes.
    return list(dict.fromkeys((*order(schema), *(["source_row"] if "source_row" in schema.names else []))))
