"""Parts: the Parquet files of the lake, written sorted, hashed and forced to the disk.

Rows arrive in any order, possibly in several goes, and wait unsorted in the stage, one folder a year. Parts
are then written year by year, so that a sort never holds more than one year of one snapshot.
"""

from __future__ import annotations

from pathlib import Path

from entrepot.lake.disk import make_folder, sync_file
from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.manifest import FileRef
from entrepot.lake.schema import COVERAGE, TableSchema
from entrepot.lake.views import coverage_of
from entrepot.origin import content_hash

ROW_GROUP = 122_880
YEAR = "part_year"
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
# The same for every row of a part: left out while rows wait and are sorted, put back as they are written.
CONSTANT = ("source_id", "snapshot_id")


class PartWriter:
    """Writes the parts of one new version below ``folder``, as they will lie below the lake."""

    def __init__(self, engine: Engine, folder: Path, *, version: int) -> None:
        self.engine = engine
        self.folder = folder
        self.version = version
        self._count: dict[str, int] = {}

    def write(self, schema: TableSchema, relation: str, *, year: int | None) -> FileRef:
        """Write the rows of an SQL relation in the schema's order; return the file's reference."""
        kind = "all" if year is None else f"y{year}"
        stem = f"data/{schema.name}/{self.version:06d}/{kind}"
        number = self._count.get(stem, 0)
        self._count[stem] = number + 1
        name = f"{stem}-{number}.parquet"
        path = self.folder / name
        make_folder(path.parent)
        select = ", ".join(f"CAST({identifier(c.name)} AS {c.type}) AS {identifier(c.name)}" for c in schema.columns)
        rows = copy_rows(
            self.engine,
            f"SELECT {select} FROM ({relation}) ORDER BY {', '.join(_order(schema))}",
            path,
            options=f"COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}",
        )
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


def write_waiting(engine: Engine, schema: TableSchema, relation: str, *, folder: Path) -> int:
    """Write the rows of a relation unsorted below ``folder``, one folder a year; return how many."""
    given = [c for c in schema.columns if c.name not in CONSTANT]
    select = ", ".join(f"CAST({identifier(c.name)} AS {c.type}) AS {identifier(c.name)}" for c in given)
    make_folder(folder)
    if "period" not in schema.names:
        query = f"SELECT {select} FROM {identifier(relation)}"
        return copy_rows(engine, query, folder / "all.parquet", options="COMPRESSION lz4_raw")
    year = f"TRY_CAST(period[:4] AS INTEGER) AS {YEAR}"
    query = f"SELECT {select}, {year} FROM {identifier(relation)}"
    options = f"COMPRESSION lz4_raw, ROW_GROUP_SIZE {ROW_GROUP}, PARTITION_BY ({YEAR}), OVERWRITE_OR_IGNORE"
    return copy_rows(engine, query, folder, options=options)


def waiting_years(folder: Path) -> dict[int | None, list[Path]]:
    """Return the files of waiting rows by year; None holds the rows of tables without a period."""
    years: dict[int | None, list[Path]] = {}
    for file in sorted(folder.rglob("*.parquet")):
        label = file.parent.name.removeprefix(f"{YEAR}=")
        years.setdefault(int(label) if label.isdigit() and file.name != "all.parquet" else None, []).append(file)
    return years


def copy_rows(engine: Engine, query: str, path: Path, *, options: str) -> int:
    """Run a query into Parquet; return how many rows."""
    done = engine.connection.execute(f"COPY ({query}) TO {quoted(str(path))} (FORMAT parquet, {options})").fetchone()
    return int(done[0]) if done else 0


def _order(schema: TableSchema) -> list[str]:
    # The whole key and the record number after the sort columns: the same rows make the same bytes.
    names = dict.fromkeys((*schema.sort, *schema.key, *(["source_row"] if "source_row" in schema.names else [])))
    return [f"{identifier(name)} NULLS LAST" for name in names if name not in CONSTANT]
