"""Table: the answer of an estimate, small enough for memory."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from entrepot.errors import ConfigError, SourceError
from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.harmless import harmless_sql

FORMATS = (".csv", ".parquet", ".json", ".jsonl")


class Table:
    """Named columns of equal length with declared SQL types.

    Turns into Arrow, pandas or Polars on request, writes itself to a file by its ending, and shows
    itself in a notebook. None in a column means unknown.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> None:
        self.types = dict(types)
        self.columns: dict[str, list[Any]] = {name: list(columns[name]) for name in self.types}
        if len({len(values) for values in self.columns.values()}) > 1:
            raise ValueError("columns differ in length")

    @classmethod
    def from_rows(cls, rows: Sequence[Mapping[str, Any]], types: Mapping[str, str]) -> Table:
        """Return a table of dictionaries; a missing key is None."""
        return cls({name: [row.get(name) for row in rows] for name in types}, types)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = list(self.columns)
        return (dict(zip(names, values, strict=True)) for values in zip(*self.columns.values(), strict=True))

    def __getitem__(self, name: str) -> list[Any]:
        return self.columns[name]

    def rows(self) -> list[dict[str, Any]]:
        """Return one dictionary a row."""
        return list(self)

    def write(self, path: Path) -> Path:
        """Write to ``path`` (.csv, .parquet, .json or .jsonl by ending), whole or not at all.

        In a CSV file an apostrophe stands before text that a spreadsheet would run as a formula.

        Raises:
            ConfigError: another ending.
            SourceError: the folder does not exist or may not be written.
        """
        if path.suffix not in FORMATS:
            raise ConfigError(
                f"unknown ending {path.suffix!r}", where=str(path), remedy=f"Use one of {', '.join(FORMATS)}."
            )
        options = {
            ".csv": "FORMAT csv, HEADER",
            ".parquet": "FORMAT parquet",
            ".json": "FORMAT json, ARRAY true",
            ".jsonl": "FORMAT json",
        }[path.suffix]
        scratch = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            if not path.parent.is_dir():
                raise SourceError("no such folder", where=str(path.parent), remedy="Make it first.")
            with self._engine() as engine:
                engine.connection.execute("SET threads = 1; SET preserve_insertion_order = true")
                texts = [name for name, type_ in self.types.items() if type_ == "VARCHAR" and path.suffix == ".csv"]
                replaced = f" REPLACE ({', '.join(harmless_sql(name) for name in texts)})" if texts else ""
                select = f"SELECT *{replaced} FROM answer"
                engine.connection.execute(f"COPY ({select}) TO {quoted(str(scratch))} ({options})")
            scratch.replace(path)
        except OSError as error:
            raise SourceError(str(error.strerror), where=str(path), remedy="Choose another --out.") from error
        finally:
            scratch.unlink(missing_ok=True)
        return path

    def to_arrow(self) -> Any:
        """Return a ``pyarrow.Table`` (needs pyarrow)."""
        with self._engine() as engine:
            return engine.connection.execute("FROM answer").to_arrow_table()

    def to_pandas(self) -> Any:
        """Return a ``pandas.DataFrame`` (needs pandas)."""
        import pandas

        return pandas.DataFrame(self.columns)

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame`` (needs polars and pyarrow)."""
        import polars

        return polars.from_arrow(self.to_arrow())

    def _engine(self) -> Engine:
        engine = Engine()
        engine.connection.execute("SET preserve_insertion_order = true")
        engine.table("answer", self.columns, self.types)
        return engine

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self)} rows x {len(self.columns)}: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(shown(value))}</td>" for value in row.values()) + "</tr>"
            for row, _ in zip(self, range(20), strict=False)
        )
        more = f"<p>20 of {len(self)} rows</p>" if len(self) > 20 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def shown(value: object) -> str:
    """Return a value as a person reads it: thousands apart, unknown as an empty cell."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


def copy_lines(lines: Path, path: Path, types: Mapping[str, str]) -> None:
    """Write a file of JSON lines as Parquet or as one JSON array, whole or not at all, in bounded memory."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.copy")
    columns = ", ".join(f"{identifier(name)}: '{type_}'" for name, type_ in types.items())
    form = "parquet" if path.suffix == ".parquet" else "json, ARRAY true"
    try:
        with Engine(threads=1) as engine:
            engine.connection.execute("SET preserve_insertion_order = true")
            engine.connection.execute(
                f"""COPY (SELECT * FROM read_json({quoted(str(lines))}, format = 'newline_delimited',
                    columns = {{{columns}}})) TO {quoted(str(scratch))} (FORMAT {form})"""
            )
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def as_table(engine: Engine, name: str, types: Mapping[str, str], *, order: Sequence[str]) -> Table:
    """Return an engine table's declared columns as a Table, in a stated order."""
    select = ", ".join(identifier(column) for column in types)
    by = ", ".join(identifier(column) for column in order)
    rows = engine.rows(f"SELECT {select} FROM {identifier(name)} ORDER BY {by}")
    return Table({column: [row[i] for row in rows] for i, column in enumerate(types)}, types)
