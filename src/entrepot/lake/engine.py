"""The table engine: DuckDB, running named SQL steps of a portable subset.

A step is one ``.sql`` file; its name is the table it makes. Parameters are bound by name (``$event``); lists
come in as small tables. Nothing here knows what the tables mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


class Engine:
    """One DuckDB session over in-memory temporary tables and views on the lake's files."""

    def __init__(self, *, memory_limit: str = "2GB", threads: int | None = None, temp_dir: Path | None = None) -> None:
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def table(self, name: str, columns: Mapping[str, Sequence[Any] | NDArray[Any]], types: Mapping[str, str]) -> None:
        """Make a temporary table from columns of equal length; ``types`` gives each column's SQL type."""
        arrays = {column: _as_array(columns[column], types[column]) for column in types}
        self.connection.register("incoming_columns", arrays)
        select = ", ".join(f"CAST({identifier(c)} AS {t}) AS {identifier(c)}" for c, t in types.items())
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS SELECT {select} FROM incoming_columns"
        )
        self.connection.unregister("incoming_columns")

    def step(self, folder: Path, name: str, *, using: Sequence[str] = (), **parameters: object) -> None:
        """Make temporary table ``name`` by running ``folder/name.sql``.

        ``using`` names further steps of the folder that the step reads without their being stored: relations
        too large to keep, spelled out in front of it.
        """
        sql = (folder / f"{name}.sql").read_text("utf-8")
        if using:
            parts = ", ".join(f"{identifier(n)} AS ({(folder / f'{n}.sql').read_text('utf-8')})" for n in using)
            sql = f"WITH {parts} {sql}"
        used = {key: value for key, value in parameters.items() if f"${key}" in sql}
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS {sql}", used)

    def rows(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return the answer as a list of tuples."""
        return self.connection.execute(sql, parameters).fetchall()

    def arrays(self, sql: str, **parameters: object) -> Arrays:
        """Return the answer as NumPy columns; NULL numbers come as NaN, NULL text as None."""
        columns = self.connection.execute(sql, parameters).fetchnumpy()
        return {name: _without_mask(values) for name, values in columns.items()}


def identifier(name: str) -> str:
    """Return a name quoted as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Return text quoted as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _as_array(values: Sequence[Any] | NDArray[Any], sql_type: str) -> NDArray[Any]:
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
