"""The table of yearly changes of the Combined Nomenclature: period 20212022 beside each pair of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from entrepot.lake import Engine, identifier
from entrepot.sources.opening import Raw

_TYPES = dict.fromkeys(("system", "revision_before", "revision_after", "code_before", "code_after"), "VARCHAR")


def read(raw: Raw, *, engine: Engine, folder: Path, columns: Mapping[str, str]) -> Raw:
    """Return the changes of the Combined Nomenclature, earlier code first."""
    before, after, pair = (identifier(columns[name]) for name in ("code_before", "code_after", "revision_pair"))
    period = f"trim(CAST({pair} AS VARCHAR))"
    is_pair = f"regexp_full_match({period}, '(19|20)\\d{{2}}(19|20)\\d{{2}}')"
    view = "cells_changes"
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW {view} AS SELECT 'CN' AS system,
            CASE WHEN {is_pair} THEN 'CN' || {period}[1:4] END AS revision_before,
            CASE WHEN {is_pair} THEN 'CN' || {period}[5:8] END AS revision_after,
            {_eight(before)} AS code_before, {_eight(after)} AS code_after, source_row, source_file FROM {raw.view}"""
    )
    return replace(raw, view=view, columns=_TYPES, notes=())


def _eight(column: str) -> str:
    bare = f"replace(CAST({column} AS VARCHAR), ' ', '')"
    return f"CASE WHEN regexp_full_match({bare}, '\\d{{8}}') THEN {bare} END"
