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
    """Return the answer as a table in memory, its first 200,000 rows."""
    return _table(check, f"{check.answer()} LIMIT {_MOST_IN_MEMORY}")


def gravest(check: Check, records: int) -> tuple[Table, dict[str, int]]:
    """Return the answer for the records that need a person most, and how many records there are by decision.

    Args:
        check: with its outcomes.
        records: at most so many; those that stop first, then by how many flags fired. A record of which every flag
            saw nothing is not told.
    """
    connection = check.tables.connection
    check.answer()
    by_record = (
        "SELECT o._row, coalesce(any_value(d.decision), 'pass') AS decision, count_if(outcome = 'fired') AS fired,"
        " count_if(outcome = 'missing_fields') AS missing FROM outcomes o LEFT JOIN decisions d USING (_row)"
        " GROUP BY o._row"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE by_record AS {by_record}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE gravest AS SELECT _row FROM by_record WHERE fired + missing > 0"
        f" ORDER BY decision = 'pass', decision = 'ask', fired DESC, _row LIMIT {int(records)}"
    )
    counts = connection.execute("SELECT decision, count(*) FROM by_record GROUP BY decision").fetchall()
    return _table(check, check.answer("gravest")), dict(counts)


def _table(check: Check, sql: str) -> Table:
    return table_of(check.tables.connection.execute(sql))


def table_of(connection: duckdb.DuckDBPyConnection) -> Table:
    """Return what an engine answered last as a table in memory."""
    rows = connection.fetchall()
    types = {str(one[0]): str(one[1]) for one in connection.description or ()}
    return Table({name: [row[place] for row in rows] for place, name in enumerate(types)}, types)
