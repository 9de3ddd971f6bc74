"""What the layout of UN Comtrade cannot say: which of its two valuations the primary value is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from entrepot.lake import Engine, identifier
from entrepot.sources.opening import Raw

MADE = "valuation_made"


def read(raw: Raw, *, engine: Engine, folder: Path, columns: Mapping[str, str]) -> Raw:
    """Return the cells with ``valuation_made``: cif or fob where only that value equals the primary one, else empty.

    Imports are CIF by custom, yet some reporters (Canada, South Africa) give them FOB and leave the CIF column empty.
    """
    primary = columns.get("value_usd", "")
    cif = _beside(columns, "cif")
    fob = _beside(columns, "fob")
    made = "''"
    if primary and cif and fob:
        is_cif, is_fob = _equals(cif, primary), _equals(fob, primary)
        made = f"CASE WHEN {is_cif} AND NOT {is_fob} THEN 'cif' WHEN {is_fob} AND NOT {is_cif} THEN 'fob' ELSE '' END"
    view = "cells_comtrade"
    engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT *, {made} AS {MADE} FROM {raw.view}")
    return replace(raw, view=view, columns={**raw.columns, MADE: "VARCHAR"}, notes=())


def _beside(columns: Mapping[str, str], word: str) -> str:
    return next((column for name, column in columns.items() if name.lower().startswith(word)), "")


def _equals(column: str, primary: str) -> str:
    value, whole = (f"TRY_CAST({identifier(name)} AS DOUBLE)" for name in (column, primary))
    return f"coalesce({value} > 0 AND abs({value} - {whole}) <= 0.001 * {whole}, false)"
