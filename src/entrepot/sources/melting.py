"""Wide tables: columns that are years or kinds of trade, laid under each other."""

from __future__ import annotations

from dataclasses import replace

from entrepot.errors import UnexpectedLayout
from entrepot.lake import Engine, identifier
from entrepot.sources.columns import Matched, melted_columns
from entrepot.sources.opening import Raw


def melt(engine: Engine, raw: Raw, matched: Matched) -> Raw:
    """Return the cells with the layout's wide columns as two: their name and their value.

    A record keeps its number, so several rows share one source_row. Empty cells make no row: they report nothing.

    Raises:
        UnexpectedLayout: none of the wide columns is there.
    """
    spec = matched.layout.melt
    if spec is None:
        return raw
    wide = melted_columns(list(raw.columns), matched.layout)
    missing = [name for name in spec.columns if name not in wide]
    if not wide or missing:
        sought = missing[0] if missing else spec.pattern
        raise UnexpectedLayout(f"no column {sought!r} to melt", remedy="Correct [melt] in the mapping file.")
    stay = {name: kind for name, kind in raw.columns.items() if name not in wide}
    kept = ", ".join([*map(identifier, stay), "source_row", "source_file"])
    cells = ", ".join(f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}" for name in wide)
    view = "cells_melted"
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW {view} AS
            SELECT * FROM (SELECT {kept}, {cells} FROM {raw.view})
            UNPIVOT ({identifier(spec.value)} FOR {identifier(spec.name)} IN ({", ".join(map(identifier, wide))}))"""
    )
    rows = int(engine.rows(f"SELECT count(*) FROM {view}")[0][0])
    return replace(raw, view=view, rows=rows, columns={**stay, spec.name: "VARCHAR", spec.value: "VARCHAR"})
