"""Checks: what must hold of rows before they may enter the lake."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from entrepot.errors import CheckFailed, UnexpectedLayout
from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.schema import Column, TableSchema


def check_columns(engine: Engine, relation: str, schema: TableSchema, *, given: Collection[str], where: str) -> None:
    """Check that a relation has the columns of a table, except those the lake fills in itself.

    Raises:
        UnexpectedLayout: columns are missing or unknown.
    """
    found = {str(row[0]) for row in engine.rows(f"DESCRIBE SELECT * FROM {identifier(relation)}")}
    wanted = set(schema.names)
    if wrong := sorted((wanted - found - set(given)) | (found - wanted)):
        kind = "lacks" if wrong[0] in wanted else "has unknown"
        raise UnexpectedLayout(
            f"table {schema.name} {kind} column {wrong[0]!r}",
            where=where,
            remedy=f"Columns of {schema.name}: {', '.join(schema.names)}.",
        )


def check_rows(
    engine: Engine, rows: str, schema: TableSchema, *, words: Mapping[str, Sequence[str | None]], where: str
) -> None:
    """Check every column's declaration over the rows of an SQL relation.

    Args:
        words: distinct values of columns of text, where they are known: those columns are not read again.

    Raises:
        CheckFailed: a required value is missing, a category or pattern does not hold, a number is not finite.
    """
    present = {str(row[0]) for row in engine.rows(f"DESCRIBE SELECT * FROM {rows}")}
    columns = [column for column in schema.columns if column.name in present]
    conditions = {column.name: condition for column in columns if (condition := _wrong(column))}
    asked = {name: condition for name, condition in conditions.items() if name not in words}
    if asked:
        counts = ", ".join(f"count(*) FILTER ({condition})" for condition in asked.values())
        counted = dict(zip(asked, engine.rows(f"SELECT {counts} FROM {rows}")[0], strict=True))
        for name in (name for name, count in counted.items() if count):
            raise _failed(engine, rows, schema, name=name, condition=asked[name], where=where)
    for column in (column for column in columns if column.name in words):
        if None in words[column.name] and column.is_required:
            raise _failed(engine, rows, schema, name=column.name, condition=conditions[column.name], where=where)
        if column.allowed and set(words[column.name]) - {None, *column.allowed}:
            raise _failed(engine, rows, schema, name=column.name, condition=conditions[column.name], where=where)
    for column in columns:
        if column.pattern:
            _check_pattern(engine, rows, schema, column=column, words=words.get(column.name), where=where)
    for condition, meaning in schema.rules:
        _check_rule(engine, rows, schema, condition=condition, meaning=meaning, where=where)


def check_unique(engine: Engine, rows: str, schema: TableSchema, *, given: Collection[str] = (), where: str) -> None:
    """Check that no cell of one snapshot is given twice.

    Raises:
        CheckFailed: names the cell and the records that give it.
    """
    names = [name for name in schema.key if name not in given]
    key = ", ".join(identifier(name) for name in names)
    # Hashes first: a table of full keys would not fit in memory for a year of the world's trade.
    twice = f"SELECT h FROM (SELECT hash({key}) AS h FROM {rows}) GROUP BY h HAVING count(*) > 1"
    example = engine.rows(
        f"""SELECT {key}, count(*), list(source_row ORDER BY source_row)[:5] FROM {rows}
            WHERE hash({key}) IN ({twice}) GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"""
    )
    if example:
        *cell, count, records = example[0]
        shown = ", ".join(f"{n}={v}" for n, v in zip(names, cell, strict=True) if v is not None)
        raise CheckFailed(
            f"one cell of {schema.name} is given {count} times ({shown}), in records {records}",
            where=where,
            remedy="Sum or choose among them before ingesting, or name the column that tells them apart.",
        )


def check_bounds(name: str, found: float | None, *, least: float | None, greatest: float | None, where: str) -> None:
    """Check a count against its declared least and greatest.

    Raises:
        CheckFailed: the count is outside, or there is none.
    """
    low = least if least is not None else float("-inf")
    high = greatest if greatest is not None else float("inf")
    if found is None or not low <= found <= high:
        bounds = f"between {low:,.0f} and {high:,.0f}" if high < float("inf") else f"at least {low:,.0f}"
        shown = "nothing" if found is None else f"{found:,.0f}"
        raise CheckFailed(
            f"check {name!r} found {shown}, declared is {bounds}",
            where=where,
            remedy="Check that the file is complete and of this source.",
        )


def _wrong(column: Column) -> str:
    name = identifier(column.name)
    wrong = [f"{name} IS NULL"] if column.is_required else []
    if column.allowed:
        wrong.append(f"{name} NOT IN ({', '.join(quoted(value) for value in column.allowed)})")
    if column.type == "DOUBLE":
        wrong.append(f"NOT isfinite({name})")
    return " OR ".join(wrong)


def _check_pattern(
    engine: Engine,
    rows: str,
    schema: TableSchema,
    *,
    column: Column,
    words: Sequence[str | None] | None,
    where: str,
) -> None:
    name = identifier(column.name)
    # Few distinct values, many rows: the pattern is tried once a value.
    distinct = f"(SELECT DISTINCT {name} FROM {rows})"
    if words is not None:
        engine.table("words_to_check", {column.name: list(words)}, {column.name: "VARCHAR"})
        distinct = "words_to_check"
    condition = f"NOT regexp_full_match({name}, {quoted(column.pattern)})"
    odd = engine.rows(f"SELECT {name} FROM {distinct} WHERE {condition} LIMIT 1")
    if odd:
        condition = f"{name} = {quoted(str(odd[0][0]))}"
        raise _failed(engine, rows, schema, name=column.name, condition=condition, where=where)


def _check_rule(engine: Engine, rows: str, schema: TableSchema, *, condition: str, meaning: str, where: str) -> None:
    count, record = engine.rows(f"SELECT count(*), min(source_row) FROM {rows} WHERE NOT ({condition})")[0]
    if count:
        raise CheckFailed(
            f"{schema.name}: {meaning}; not so in record {record} and {count - 1:,} more",
            where=where,
            remedy="The reader must skip such records as issues or translate the value.",
        )


def _failed(engine: Engine, rows: str, schema: TableSchema, *, name: str, condition: str, where: str) -> CheckFailed:
    count = engine.rows(f"SELECT count(*) FROM {rows} WHERE {condition}")[0][0]
    value, record = engine.rows(
        f"SELECT {identifier(name)}, source_row FROM {rows} WHERE {condition} ORDER BY source_row LIMIT 1"
    )[0]
    return CheckFailed(
        f"{schema.name}.{name} is {value!r} in record {record} and {count - 1:,} more",
        where=where,
        remedy="The reader must skip such records as issues or translate the value.",
    )
