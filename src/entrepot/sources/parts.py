"""Rows that are parts of another row, or a total beside its parts: each trade is counted once.

Comtrade splits a flow by mode of transport, second partner and customs procedure; Eurostat by statistical
procedure. Where a row for all parts together exists it is kept and its parts are left out; else the parts are kept
and added up later.
"""

from __future__ import annotations

from pathlib import Path

from entrepot.lake import Engine, identifier, quoted
from entrepot.sources.columns import VALUES, Matched
from entrepot.sources.opening import Raw, materialise

_CELL = ("period", "year", "month", "reporter_iso3", "partner_iso3", "flow", "hs_code", "hs_revision", "valuation",
         "partner_role", "currency")  # fmt: skip


def leave_out_parts(engine: Engine, raw: Raw, matched: Matched, *, folder: Path) -> tuple[Raw, list[str]]:
    """Return the cells without rows that another row already holds, and notes that count what was left out."""
    notes: list[str] = []
    raw, note = _leave_out_kinds(engine, raw, matched, folder)
    notes += note
    split = {name: column for name, column in matched.beside.items() if name in matched.layout.parts}
    split = {name: column for name, column in split.items() if _is_split(engine, raw, column)}
    if not split:
        return raw, notes
    cell = [identifier(matched.columns[field]) for field in _CELL if field in matched.columns]
    columns = [identifier(column) for column in split.values()]
    value = next(identifier(matched.columns[name]) for name in VALUES if name in matched.columns)
    totals = [_is_total(identifier(c), matched.layout.parts[name]) for name, c in split.items()]
    before = raw.rows
    raw = materialise(engine, raw, _without_copies(raw), path=folder / "parts_copies.parquet")
    if raw.rows < before:
        notes.append(f"{before - raw.rows:,} records were given twice in the same words; one of each was kept")
    before = raw.rows
    for number, total in enumerate(totals):
        others = [column for place, column in enumerate(columns) if place != number]
        raw = materialise(
            engine, raw, _without_parts(raw, [*cell, *others], total), path=folder / f"parts_{number}.parquet"
        )
    raw = materialise(engine, raw, _one_split(raw, cell, totals, value), path=folder / "parts_split.parquet")
    if raw.rows < before:
        named = ", ".join(split.values())
        notes.append(f"{before - raw.rows:,} records are parts of a total in the same file and were left out ({named})")
    return raw, notes


def _leave_out_kinds(engine: Engine, raw: Raw, matched: Matched, folder: Path) -> tuple[Raw, list[str]]:
    wanted = {n: c for n, c in matched.beside.items() if n in matched.layout.skip}
    notes = []
    for number, (name, column) in enumerate(wanted.items()):
        words = ", ".join(quoted(word) for word in matched.layout.skip[name])
        keep = f"SELECT * FROM {raw.view} WHERE coalesce(CAST({identifier(column)} AS VARCHAR), '') NOT IN ({words})"
        before = raw.rows
        raw = materialise(engine, raw, keep, path=folder / f"kinds_{number}.parquet")
        if raw.rows < before:
            notes.append(f"{before - raw.rows:,} records are of another kind and were left out ({column})")
    return raw, notes


def _is_split(engine: Engine, raw: Raw, column: str) -> bool:
    return len(engine.rows(f"SELECT DISTINCT {identifier(column)} FROM {raw.view} LIMIT 2")) > 1


def _is_total(column: str, codes: list[str]) -> str:
    words = ", ".join(quoted(code) for code in codes)
    return f"(coalesce(trim(CAST({column} AS VARCHAR)), '') IN ({words}))"


def _without_copies(raw: Raw) -> str:
    same = [identifier(name) for name in raw.columns]
    return (
        f"SELECT * FROM {raw.view} QUALIFY row_number() OVER (PARTITION BY {', '.join(same)} ORDER BY source_row) = 1"
    )


def _without_parts(raw: Raw, group: list[str], total: str) -> str:
    return f"SELECT * FROM {raw.view} QUALIFY {total} OR NOT bool_or({total}) OVER (PARTITION BY {', '.join(group)})"


def _one_split(raw: Raw, cell: list[str], totals: list[str], value: str) -> str:
    """Of several incomplete splits of one cell keep the one that holds most: the others hold the same trade."""
    depth = " + ".join(f"CAST({total} AS INTEGER)" for total in totals)
    named = ", ".join(cell)
    return f"""SELECT * EXCLUDE (depth, shape, held) FROM (
            SELECT *, sum(TRY_CAST({value} AS DOUBLE)) OVER (PARTITION BY {named}, shape) AS held FROM (
                SELECT *, {depth} AS depth, ROW({", ".join(totals)}) AS shape FROM {raw.view}))
        QUALIFY shape = first(shape) OVER (
            PARTITION BY {named} ORDER BY coalesce(held, 0) DESC, depth DESC, shape
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"""
