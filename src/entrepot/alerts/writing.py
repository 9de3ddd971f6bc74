"""The answer of a check on its way out: streamed to a file, or as a table for a screen."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from entrepot.alerts.checking import Check
from entrepot.errors import SourceError
from entrepot.lake import Table, harmless_sql

_FORMATS = {
    ".csv": "FORMAT csv, HEADER",
    ".parquet": "FORMAT parquet",
    ".json": "FORMAT json, ARRAY true",
    ".jsonl": "FORMAT json",
}
_TEXTS = ("record_id", "evidence", "missing_fields")
_MOST_IN_MEMORY = 200_000


def write_answer(check: Check, path: Path) -> int:
    """Write the answer to a file, whole or not at all; return its rows.

    Raises:
        SourceError: the file cannot be written.
    """
    answer = check.answer()
    if path.suffix == ".csv":
        answer = f"SELECT * REPLACE ({', '.join(harmless_sql(name) for name in _TEXTS)}) FROM ({answer})"
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        done = check.tables.connection.execute(
            f"COPY ({answer}) TO '{str(scratch).replace(chr(39), chr(39) * 2)}' ({_FORMATS[path.suffix]})"
        ).fetchone()
        scratch.replace(path)
    except (OSError, duckdb.IOException) as error:
        raise SourceError(str(error).splitlines()[0], where=str(path), remedy="Choose another --out.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return int(done[0]) if done else 0


def answer_table(check: Check) -> Table:
    """Return the answer as a table in memory."""
    connection = check.tables.connection
    rows = connection.execute(f"{check.answer()} LIMIT {_MOST_IN_MEMORY}").fetchall()
    types = {str(one[0]): str(one[1]) for one in connection.description or ()}
    return Table({name: [row[place] for row in rows] for place, name in enumerate(types)}, types)
