"""Two rows of one cell: the same record again, parts to be added up, or a contradiction that stops the run.

The test is one pass over hashes of the key, in buckets, so that it holds for tables larger than memory.
"""

from __future__ import annotations

from collections.abc import Sequence

from entrepot.errors import CheckFailed
from entrepot.lake import FLOWS, Engine, identifier

KEY = tuple(name for name in FLOWS.key if name != "source_id")
BUCKET = 25_000_000
NUMBERS = ("value", "netweight_kg", "quantity")
FOUND = "twice_hashes"


def settle_duplicates(
    engine: Engine,
    relation: str,
    *,
    rows: int,
    rule: str,
    issues: str,
    where: str,
    columns: Sequence[str],
    varying: Sequence[str] = KEY,
) -> tuple[str, int, list[str]]:
    """Return a relation with every cell once, how many records it skips, and notes.

    Args:
        rows: about how many rows the relation has.
        rule: ``sum`` adds the rows of a cell up; ``stop`` keeps one of identical rows and stops at others.
        issues: table of issues to add to.
        columns: the relation's columns that hold one answer a cell.
        varying: columns that are not the same in all rows; only these need comparing.

    Raises:
        CheckFailed: rows of one cell differ, under ``stop``; both records are named.
    """
    # Hashing what never varies would take as long as what does.
    hashed = f"hash({', '.join(identifier(name) for name in KEY if name in varying)}, 0)"
    if not _find(engine, relation, rows, hashed):
        return relation, 0, []
    engine.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT * FROM {relation} WHERE {hashed} IN (FROM {FOUND})"
    )
    if rule == "sum":
        return _summed(engine, relation, columns, hashed)
    _refuse_contradictions(engine, where)
    return _one_of_each(engine, relation, issues)


def _find(engine: Engine, relation: str, rows: int, hashed: str) -> bool:
    buckets = max(1, -(-rows // BUCKET))
    engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE {FOUND} (h UBIGINT)")
    for bucket in range(buckets):
        part = f" WHERE h % {buckets} = {bucket}" if buckets > 1 else ""
        engine.connection.execute(
            f"""INSERT INTO {FOUND} SELECT h FROM (SELECT {hashed} AS h FROM {relation}){part}
                GROUP BY h HAVING count(*) > 1"""
        )
    return bool(engine.rows(f"SELECT 1 FROM {FOUND} LIMIT 1"))


def _summed(engine: Engine, relation: str, columns: Sequence[str], hashed: str) -> tuple[str, int, list[str]]:
    key = ", ".join(identifier(name) for name in KEY)
    same_unit = "count(DISTINCT coalesce(quantity_unit, '')) = 1"
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE summed AS SELECT {key}, sum(value) AS value,
            -- A weight of a part of the goods would make a wrong price of all of them.
            CASE WHEN count(netweight_kg) = count(*) THEN sum(netweight_kg) END AS netweight_kg,
            CASE WHEN count(quantity) = count(*) AND {same_unit} THEN sum(quantity) END AS quantity,
            CASE WHEN {same_unit} THEN min(quantity_unit) END AS quantity_unit,
            CASE WHEN bool_or(report_status = 'suppressed') THEN 'suppressed'
                 WHEN bool_or(report_status = 'estimated') THEN 'estimated'
                 WHEN bool_or(report_status = 'rounded') THEN 'rounded' ELSE 'reported' END AS report_status,
            bool_or(is_aggregate) AS is_aggregate, min(source_row) AS source_row,
            arg_min(source_file, source_row) AS source_file, count(*) AS n_rows,
            count(*) FILTER (value IS NULL) AS n_unknown
            FROM twice GROUP BY {key}"""
    )
    cells, rows, partly = engine.rows(
        """SELECT count(*) FILTER (n_rows > 1), coalesce(sum(n_rows) FILTER (n_rows > 1), 0),
                  count(*) FILTER (n_rows > 1 AND n_unknown > 0 AND n_unknown < n_rows) FROM summed"""
    )[0]
    notes = [f"{int(rows):,} records were added up to {cells:,} rows, which they are parts of"]
    if partly:
        notes.append(f"{partly:,} of these sums lack the parts whose value is unknown: they are lower bounds")
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW each_once AS
            SELECT {_listed(columns)} FROM {relation} WHERE {hashed} NOT IN (FROM {FOUND})
            UNION ALL BY NAME SELECT {_listed(columns)} FROM summed"""
    )
    return "each_once", 0, notes


def _refuse_contradictions(engine: Engine, where: str) -> None:
    key = ", ".join(identifier(name) for name in KEY)
    told = ", ".join(f"coalesce({name}::VARCHAR, '?')" for name in (*NUMBERS, "quantity_unit", "report_status"))
    wrong = engine.rows(
        f"""SELECT {key}, list(source_row ORDER BY source_row)[:2], list(value ORDER BY source_row)[:2], count(*)
            FROM twice GROUP BY {key} HAVING count(DISTINCT concat_ws('|', {told})) > 1 ORDER BY min(source_row)"""
    )
    if not wrong:
        return
    *cell, rows, values, _ = wrong[0]
    shown = ", ".join(f"{name}={value}" for name, value in zip(KEY, cell, strict=True) if value is not None)
    more = f", and {len(wrong) - 1:,} more such cells" if len(wrong) > 1 else ""
    raise CheckFailed(
        f"records {rows[0]} and {rows[1]} give one cell different values ({values[0]} and {values[1]}; {shown}){more}",
        where=where,
        remedy='If they are parts of one flow, add duplicates = "sum" to a mapping file; else remove one of them.',
    )


def _one_of_each(engine: Engine, relation: str, issues: str) -> tuple[str, int, list[str]]:
    key = ", ".join(identifier(name) for name in KEY)
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE again AS SELECT source_row, source_file, value FROM twice
            QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY source_row) > 1"""
    )
    skipped = int(engine.rows("SELECT count(*) FROM again")[0][0])
    if not skipped:
        return relation, 0, []
    engine.connection.execute(
        f"""INSERT INTO {issues} SELECT source_file, source_row, '', value::VARCHAR,
            'the same record again; one was kept', true FROM again"""
    )
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW each_once AS SELECT * FROM {relation}
            WHERE source_row NOT IN (SELECT source_row FROM again)"""
    )
    return "each_once", skipped, [f"{skipped:,} records repeat another one and were skipped"]


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(identifier(name) for name in columns)
