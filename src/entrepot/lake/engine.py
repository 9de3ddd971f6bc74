"""The table engine: named SQL steps of a portable subset, run by DuckDB or, where a table outgrows it, by Spark.

A step is one ``.sql`` file; its name is the table it makes. Parameters are bound by name (``$event``); lists
come in as small tables. Nothing here knows what the tables mean. What runs the SQL is a backend: DuckDB's is here,
Spark's in ``lake/spark.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Protocol, Self

import duckdb
import numpy as np
from numpy.typing import NDArray

from entrepot.errors import ConfigError

Arrays = dict[str, NDArray[Any]]
Columns = Mapping[str, Sequence[Any] | NDArray[Any]]

_NAMED = re.compile(r"[$:](\w+)")


class Backend(Protocol):
    """What runs SQL: temporary tables, views on Parquet files, answers. Types are spelled as DuckDB spells them."""

    dialect: ClassVar[str]

    def native(self, sql: str) -> str:
        """Return a query of the portable subset in the backend's own dialect; the methods below take no other."""

    def table(self, name: str, columns: Columns, types: Mapping[str, str]) -> None:
        """Make a temporary table from columns; NaN in a column of numbers is NULL."""

    def files(self, name: str, files: Sequence[str], types: Mapping[str, str]) -> None:
        """Make a view with the columns over Parquet files, or an empty one over none."""

    def view(self, name: str, sql: str) -> None:
        """Make a view of a query."""

    def make(self, name: str, sql: str, parameters: Mapping[str, object]) -> None:
        """Make a temporary table from a query, at once."""

    def rows(self, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Return the answer as tuples."""

    def arrays(self, sql: str, parameters: Mapping[str, object]) -> Arrays:
        """Return the answer as columns; NULL numbers are NaN, NULL text None."""

    def close(self) -> None:
        """Give everything back."""


class Engine:
    """One session of temporary tables and views on the lake's files; DuckDB's unless another backend is given."""

    def __init__(
        self,
        *,
        memory_limit: str = "2GB",
        threads: int | None = None,
        temp_dir: Path | None = None,
        backend: Backend | None = None,
    ) -> None:
        self.backend = backend or DuckBackend(memory_limit, threads, temp_dir)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB's own connection, for what reads and writes files. Estimates do without it: it is not on Spark.

        Raises:
            ConfigError: the session is another engine's.
        """
        if not isinstance(self.backend, DuckBackend):
            remedy = "Open the lake with engine='duckdb'."
            raise ConfigError(f"this runs on DuckDB, not on {self.backend.dialect}", remedy=remedy)
        return self.backend.connection

    def close(self) -> None:
        self.backend.close()

    @contextmanager
    def in_order(self, wanted: bool = True) -> Iterator[None]:
        """Keep rows in the order in which they are read, while it lasts; only of DuckDB's sessions."""
        if not wanted:
            yield
            return
        self.connection.execute("SET preserve_insertion_order = true")
        try:
            yield
        finally:
            self.connection.execute("SET preserve_insertion_order = false")

    def table(self, name: str, columns: Columns, types: Mapping[str, str]) -> None:
        """Make a temporary table from columns of equal length; ``types`` gives each column's SQL type."""
        self.backend.table(name, columns, types)

    def files(self, name: str, files: Sequence[str], types: Mapping[str, str]) -> None:
        """Make a view with the columns of ``types`` over Parquet files; one without rows where there are no files."""
        self.backend.files(name, files, types)

    def view(self, name: str, sql: str) -> None:
        """Make a view of a portable query: it is worked out whenever it is read."""
        self.backend.view(name, self.backend.native(sql))

    def step(self, folder: Path, name: str, *, using: Sequence[str] = (), **parameters: object) -> None:
        """Make temporary table ``name`` by running ``folder/name.sql``.

        ``using`` names further steps of the folder that the step reads without their being stored: relations
        too large to keep, spelled out in front of it. A file of the same name in ``folder/spark`` takes the step's
        place on Spark.
        """
        sql = self._text(folder, name)
        if using:
            parts = ", ".join(f"{n} AS ({self._text(folder, n)})" for n in using)
            sql = f"WITH {parts} {sql}"
        named = set(_NAMED.findall(sql))
        self.backend.make(name, sql, {key: value for key, value in parameters.items() if key in named})

    def rows(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return the answer as a list of tuples."""
        return self.backend.rows(self.backend.native(sql), parameters)

    def arrays(self, sql: str, **parameters: object) -> Arrays:
        """Return the answer as NumPy columns; NULL numbers come as NaN, NULL text as None."""
        return self.backend.arrays(self.backend.native(sql), parameters)

    def _text(self, folder: Path, name: str) -> str:
        own = folder / self.backend.dialect / f"{name}.sql"
        if own.is_file():
            return own.read_text("utf-8")
        return self.backend.native((folder / f"{name}.sql").read_text("utf-8"))


class DuckBackend:
    """DuckDB in this process, in memory, spilling to ``temp_dir``."""

    dialect: ClassVar[str] = "duckdb"

    def __init__(self, memory_limit: str, threads: int | None, temp_dir: Path | None) -> None:
        self.connection = duckdb.connect(":memory:")
        # Row order is never relied on, and giving it up halves the memory of large writes.
        self.connection.execute("SET preserve_insertion_order = false")
        self.connection.execute(f"SET memory_limit = '{memory_limit}'")
        # In a notebook DuckDB refuses even to switch its progress bar off where ipywidgets is not installed.
        if self.connection.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (True,):
            self.connection.execute("SET enable_progress_bar = false")
        if threads is not None:
            self.connection.execute(f"SET threads = {int(threads)}")
        if temp_dir is not None:
            self.connection.execute(f"SET temp_directory = {quoted(str(temp_dir))}")

    def close(self) -> None:
        self.connection.close()

    def native(self, sql: str) -> str:
        return sql

    def table(self, name: str, columns: Columns, types: Mapping[str, str]) -> None:
        arrays = {column: as_array(columns[column], types[column]) for column in types}
        self.connection.register("incoming_columns", arrays)
        select = ", ".join(f"CAST({identifier(c)} AS {t}) AS {identifier(c)}" for c, t in types.items())
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS SELECT {select} FROM incoming_columns"
        )
        self.connection.unregister("incoming_columns")

    def files(self, name: str, files: Sequence[str], types: Mapping[str, str]) -> None:
        if files:
            self.view(name, f"SELECT {', '.join(map(identifier, types))} FROM {parquet(files)}")
        else:
            nothing = ", ".join(f"CAST(NULL AS {kind}) AS {identifier(column)}" for column, kind in types.items())
            self.view(name, f"SELECT {nothing} WHERE false")

    def view(self, name: str, sql: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {sql}")

    def make(self, name: str, sql: str, parameters: Mapping[str, object]) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS {sql}", dict(parameters))

    def rows(self, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, dict(parameters)).fetchall()

    def arrays(self, sql: str, parameters: Mapping[str, object]) -> Arrays:
        columns = self.connection.execute(sql, dict(parameters)).fetchnumpy()
        return {name: _without_mask(values) for name, values in columns.items()}


def identifier(name: str) -> str:
    """Return a name quoted as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Return text quoted as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def parquet(files: Sequence[str | Path], *, numbered: bool = False) -> str:
    """Return DuckDB's SQL that reads Parquet files by exact name, whatever characters the folder has in it.

    Args:
        numbered: with a column ``file_row_number``.
    """
    names = ", ".join(quoted(_literal(str(path))) for path in files)
    return f"read_parquet([{names}], hive_partitioning = false{', file_row_number = true' if numbered else ''})"


def _literal(path: str) -> str:
    # The engine expands *, ? and [ in names; a bracketed character stands for itself.
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)


def as_array(values: Sequence[Any] | NDArray[Any], sql_type: str) -> NDArray[Any]:
    """Return a column as an array of numbers, or of objects with None where unknown."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "ifbu":
        return values
    if sql_type == "DOUBLE":
        return np.array([np.nan if v is None else v for v in values], dtype=float)
    array = np.empty(len(values), dtype=object)
    array[:] = [None if v is None or v != v else v for v in values]
    return array


def _without_mask(values: Any) -> NDArray[Any]:
    if not isinstance(values, np.ma.MaskedArray):
        return np.asarray(values)
    if values.dtype.kind == "f":
        return np.asarray(np.ma.filled(values, np.nan))
    if values.dtype.kind in "iub":
        return np.asarray(np.ma.filled(values.astype(float), np.nan)) if values.mask.any() else np.asarray(values.data)
    out = np.asarray(values.data, dtype=object).copy()
    out[np.ma.getmaskarray(values)] = None
    return out
