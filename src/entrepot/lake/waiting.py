"""Rows that wait in the stage, unsorted, to be checked and then sorted year by year.

Rows of tables with a period, of which there may be many millions, are packed (:mod:`entrepot.lake.packing`);
others wait as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.lake.disk import make_folder
from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.packing import CONSTANT, Packing, Words, forget, in_year, literal, pack, packed, survey, unpacked
from entrepot.lake.schema import TableSchema
from entrepot.lake.views import parquet

WAITING_GROUP = 122_880


@dataclass(frozen=True)
class Waiting:
    """Rows of one table in one file.

    Attributes:
        words: distinct words of each column of text that was surveyed; none for rows that wait as they are.
        packing: how the rows are packed; None for rows that wait as they are.
    """

    schema: TableSchema
    file: Path
    rows: int
    words: Mapping[str, Words] = field(default_factory=dict)
    packing: Packing | None = None

    @property
    def years(self) -> tuple[int | None, ...]:
        """Years of the rows; None alone for a table without a period."""
        return self.packing.years if self.packing else (None,)

    def rows_of(self, year: int | None = None) -> str:
        """Return SQL of the rows in plain words, of one year or all, without what the lake fills in."""
        given = [column for column in self.schema.columns if column.name not in CONSTANT]
        if self.packing is None:
            return f"(SELECT {', '.join(identifier(column.name) for column in given)} FROM {parquet([self.file])})"
        columns = [f"CAST({unpacked(self.packing, c.name)} AS {c.type}) AS {identifier(c.name)}" for c in given]
        return f"(SELECT {', '.join(columns)} FROM {parquet([self.file])} WHERE {in_year(self.packing, year)})"

    def in_order(self, year: int | None, constants: Mapping[str, str]) -> str:
        """Return SQL of a year's rows with the schema's columns in the schema's order; only of packed rows."""
        assert self.packing is not None
        columns = [
            f"{literal(constants[n]) if n in constants else unpacked(self.packing, n)} AS {identifier(n)}"
            for n in self.schema.names
        ]
        # Sorted as numbers, then spelled out: the other way round the sort would carry all the text.
        by = f" ORDER BY {', '.join(self.packing.keys)}" if self.packing.keys else ""
        rows = f"SELECT * FROM {parquet([self.file])} WHERE {in_year(self.packing, year)}{by}"
        return f"SELECT {', '.join(columns)} FROM ({rows})"

    def is_sorted(self, engine: Engine) -> bool:
        """Return whether rows that stay in the order of their file stand in it, so that no sort is needed."""
        if not self.schema.in_order:
            return False
        rows = f"(SELECT source_row, file_row_number FROM {parquet([self.file], numbered=True)})"
        before = f"SELECT source_row, lag(source_row) OVER (ORDER BY file_row_number) AS before FROM {rows}"
        return not engine.rows(f"SELECT 1 FROM ({before}) WHERE source_row < before LIMIT 1")

    def as_it_is(self, constants: Mapping[str, str]) -> str:
        """Return SQL of all rows with the schema's columns, in the order in which they wait."""
        filled = (
            f"{quoted(constants[name])} AS {identifier(name)}" if name in constants else identifier(name)
            for name in self.schema.names
        )
        return f"SELECT {', '.join(filled)} FROM {self.rows_of()}"

    def has_twins(self, engine: Engine, year: int | None) -> bool:
        """Return whether a cell is given twice in a year; only of packed rows."""
        assert self.packing is not None
        if not self.packing.keys:
            return self.rows > 1
        keys = ", ".join(self.packing.keys)
        before = " AND ".join(f"{key} = lag({key}) OVER in_order" for key in self.packing.keys)
        rows = f"SELECT {keys} FROM {parquet([self.file])} WHERE {in_year(self.packing, year)}"
        return bool(
            engine.rows(f"SELECT 1 FROM ({rows}) WINDOW in_order AS (ORDER BY {keys}) QUALIFY {before} LIMIT 1")
        )


def write_waiting(engine: Engine, schema: TableSchema, relation: str, *, file: Path, name: str) -> Waiting:
    """Write the rows of a relation into a file, unsorted; return them.

    A relation with a period is run twice: for its words, and for its rows. ``name`` tells this writing from
    others of the session.

    Raises:
        SourceError: the two runs differ.
    """
    make_folder(file.parent)
    if "period" not in schema.names:
        given = [c for c in schema.columns if c.name not in CONSTANT]
        select = ", ".join(f"CAST({identifier(c.name)} AS {c.type}) AS {identifier(c.name)}" for c in given)
        with engine.in_order(schema.in_order):
            rows = copy_rows(engine, f"SELECT {select} FROM {relation}", file, options="COMPRESSION lz4_raw")
        return Waiting(schema, file, rows)
    expected, words = survey(engine, schema, relation)
    packing = pack(schema, words, name=name)
    query = packed(engine, schema, relation, packing)
    # No dictionaries: hardly any number comes twice, and looking for those that do takes half of the time.
    options = f"COMPRESSION lz4_raw, ROW_GROUP_SIZE {WAITING_GROUP}, DICTIONARY_SIZE_LIMIT 1"
    rows = copy_rows(engine, query, file, options=options)
    forget(engine, packing)
    if rows != expected:
        raise SourceError(
            f"{expected:,} rows were counted, {rows:,} read",
            where=file.name,
            remedy="Report this: a reader is at fault.",
        )
    return Waiting(schema, file, rows, words, packing)


def copy_rows(engine: Engine, query: str, path: Path, *, options: str) -> int:
    """Run a query into Parquet; return how many rows."""
    done = engine.connection.execute(f"COPY ({query}) TO {quoted(str(path))} (FORMAT parquet, {options})").fetchone()
    return int(done[0]) if done else 0
