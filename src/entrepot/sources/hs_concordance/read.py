"""The table of changes between HS revisions: '2022 to 2017' beside each pair of codes.

The compilation also holds SITC, whose years (1962, 1976, 1988) are no HS years: those rows are counted and left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from entrepot.codes import HS_REVISIONS
from entrepot.lake import Engine, identifier
from entrepot.sources.opening import Raw, materialise

_TYPES = dict.fromkeys(("system", "revision_before", "revision_after", "code_before", "code_after"), "VARCHAR")


def read(raw: Raw, *, engine: Engine, folder: Path, columns: Mapping[str, str]) -> Raw:
    """Return the changes between HS revisions, earlier code first."""
    before, after, pair = (identifier(columns[name]) for name in ("code_before", "code_after", "revision_pair"))
    later, earlier = (f"'HS' || trim(split_part({pair}, ' to ', {n}))" for n in (1, 2))
    known = f"({later} IN {HS_REVISIONS} AND {earlier} IN {HS_REVISIONS})"
    is_sitc = f"(NOT {known} AND regexp_full_match({pair}, '\\s*\\d{{4}} to \\d{{4}}\\s*'))"
    sql = f"""SELECT 'HS' AS system, CASE WHEN {known} THEN {earlier} END AS revision_before,
            CASE WHEN {known} THEN {later} END AS revision_after, {_six(before)} AS code_before,
            {_six(after)} AS code_after, source_row, source_file FROM {raw.view} WHERE NOT coalesce({is_sitc}, false)"""
    made = materialise(engine, raw, sql, path=folder / "changes.parquet", columns=_TYPES)
    left_out = raw.rows - made.rows
    notes = (f"{left_out:,} records are about SITC and were left out",) if left_out else ()
    return replace(made, notes=notes)


def _six(column: str) -> str:
    bare = f"trim(CAST({column} AS VARCHAR))"
    return f"CASE WHEN regexp_full_match({bare}, '\\d{{6}}') THEN {bare} END"
