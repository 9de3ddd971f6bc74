"""What BACI's columns do not say and its file names do: the revision of the product codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from entrepot.lake import Engine
from entrepot.sources.opening import Raw

MADE = "revision_made"


def read(raw: Raw, *, engine: Engine, folder: Path, columns: Mapping[str, str]) -> Raw:
    """Return the cells with ``revision_made``: HS2017 from the name BACI_HS17_Y2021_V202401.csv, else empty."""
    year = "regexp_extract(source_file, '(?i)_HS_?(\\d{2})_', 1)"
    century = f"CASE WHEN {year} >= '80' THEN '19' ELSE '20' END"
    view = "cells_baci"
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW {view} AS
            SELECT *, CASE WHEN {year} <> '' THEN 'HS' || {century} || {year} ELSE '' END AS {MADE} FROM {raw.view}"""
    )
    return replace(raw, view=view, columns={**raw.columns, MADE: "VARCHAR"}, notes=())
