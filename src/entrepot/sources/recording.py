"""Records of tables other than flows: cells checked against the table's declaration, each key once."""

from __future__ import annotations

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.lake import SCHEMAS, Column, Engine, identifier, quoted
from entrepot.sources.normalising import BAD, ISSUES_SELECT, Normalised
from entrepot.sources.opening import Raw

RELATION = "records_once"
_GIVEN = ("source_id", "snapshot_id", "source_row")


def read_records(engine: Engine, raw: Raw, *, table: str, where: str) -> Normalised:
    """Return the rows of a table whose columns a source's read.py already named as ours.

    Raises:
        UnexpectedLayout: a required column was not made.
        SourceError: more than half of the records are bad.
    """
    schema = SCHEMAS[table]
    columns = [column for column in schema.columns if column.name not in _GIVEN]
    if lacking := [c.name for c in columns if c.is_required and c.name not in raw.columns]:
        raise UnexpectedLayout(f"no column for {lacking[0]}", where=where, remedy="The reader must make it.")
    faults = {column.name: fault for column in columns if (fault := _fault(column, raw))}
    bodies = [
        f"SELECT source_file, source_row, {quoted(name)}, CAST({identifier(name)} AS VARCHAR), "
        f"'no legal ' || {quoted(name)}, true FROM {raw.view} WHERE {fault}"
        for name, fault in faults.items()
    ]
    engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE {BAD} AS {' UNION ALL '.join([ISSUES_SELECT, *bodies])}")
    # One issue a record: the first field that is wrong.
    skipped = int(engine.rows(f"SELECT count(DISTINCT source_row) FROM {BAD}")[0][0])
    if skipped * 2 > raw.rows:
        raise _mostly_bad(engine, skipped, raw.rows, where)
    cells = ", ".join(_cell(column, raw) for column in columns)
    keep = " AND ".join(f"NOT ({fault})" for fault in faults.values()) or "true"
    key = ", ".join(identifier(name) for name in schema.key)
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {RELATION} AS SELECT {cells}, source_row FROM {raw.view} WHERE {keep}
            QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY source_row) = 1"""
    )
    kept = int(engine.rows(f"SELECT count(*) FROM {RELATION}")[0][0])
    again = raw.rows - skipped - kept
    notes = (f"{again:,} records repeat another one; one of each was kept",) if again else ()
    return Normalised(RELATION, BAD, skipped, notes)


def _cell(column: Column, raw: Raw) -> str:
    if column.name not in raw.columns:
        return f"CAST(NULL AS {column.type}) AS {identifier(column.name)}"
    return f"nullif(trim(CAST({identifier(column.name)} AS VARCHAR)), '') AS {identifier(column.name)}"


def _fault(column: Column, raw: Raw) -> str:
    if column.name not in raw.columns:
        return ""
    cell = f"coalesce(trim(CAST({identifier(column.name)} AS VARCHAR)), '')"
    faults = [f"{cell} = ''"] if column.is_required else []
    if column.allowed:
        faults.append(f"{cell} NOT IN ({', '.join(map(quoted, column.allowed))})")
    if column.pattern:
        faults.append(f"NOT regexp_full_match({cell}, {quoted(column.pattern)})")
    return " OR ".join(faults)


def _mostly_bad(engine: Engine, skipped: int, rows: int, where: str) -> SourceError:
    field, row, value = engine.rows(
        f"""SELECT field, min(source_row), arg_min(value, source_row) FROM {BAD}
            GROUP BY field ORDER BY count(*) DESC LIMIT 1"""
    )[0]
    return SourceError(
        f"{skipped:,} of {rows:,} records cannot be read; most often {field}, first in record {row}: {value!r}",
        where=where,
        remedy="Check that the file is of this source.",
    )
