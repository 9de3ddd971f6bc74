"""What the layout of the Russian customs service cannot say: who reports, and which way the goods go.

Rows with Source=MIRROR hold the same trade as India's ministry of commerce reports it, with the direction still as
seen from Russia; values are rounded to 10,000 USD and codes of chapters 01 to 09 have lost their leading zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from entrepot.lake import Engine, identifier
from entrepot.sources.opening import Raw

MADE = ("reporter_made", "partner_made", "flow_made", "code_made", "status_made")


def read(raw: Raw, *, engine: Engine, folder: Path, columns: Mapping[str, str]) -> Raw:
    """Return the cells with reporter, partner, flow, code and status made from NAPR, STRANA, TNVED and Source.

    A word in NAPR or Source that is not known here goes through as it is and becomes an issue.
    """
    napr, strana, tnved = (_cell(columns[name]) for name in ("NAPR", "STRANA", "TNVED"))
    source = f"upper({_cell(columns['Source'])})" if "Source" in columns else "''"
    is_mirror = f"{source} = 'MIRROR'"
    into = f"upper({napr}) IN ('ИМ', 'ИМПОРТ', 'IM', 'IMPORT')"
    out_of = f"upper({napr}) IN ('ЭК', 'ЭКСПОРТ', 'EK', 'EXPORT')"
    view = "cells_fts"
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW {view} AS SELECT *,
            CASE WHEN {is_mirror} THEN {strana} WHEN {source} IN ('', 'FTS') THEN 'RUS'
                ELSE 'Source=' || {source} END AS reporter_made,
            CASE WHEN {is_mirror} THEN 'RUS' ELSE {strana} END AS partner_made,
            CASE WHEN {into} THEN CASE WHEN {is_mirror} THEN 'export' ELSE 'import' END
                WHEN {out_of} THEN CASE WHEN {is_mirror} THEN 'import' ELSE 'export' END
                ELSE 'NAPR=' || {napr} END AS flow_made,
            CASE WHEN {is_mirror} AND length({tnved}) % 2 = 1 THEN '0' || {tnved} ELSE {tnved} END AS code_made,
            CASE WHEN {is_mirror} THEN 'rounded' ELSE 'reported' END AS status_made
            FROM {raw.view}"""
    )
    types = dict.fromkeys(MADE, "VARCHAR")
    return replace(raw, view=view, columns={**raw.columns, **types}, notes=())


def _cell(column: str) -> str:
    return f"coalesce(trim(CAST({identifier(column)} AS VARCHAR)), '')"
