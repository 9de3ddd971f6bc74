"""Countries of records: names and two-letter codes as alpha-3."""

from __future__ import annotations

import duckdb

from entrepot.codes import Territory, find_territory
from entrepot.lake import Kind
from entrepot.sources.records.mapping import RecordMapping


def alpha3(text: str) -> str:
    """Return the alpha-3 of a two-letter code; what is none stays, and the check tells it."""
    place = _two_letters(text)
    return place.code if place else text


def with_countries(connection: duckdb.DuckDBPyConnection, kind: Kind, mapping: RecordMapping, relation: str) -> str:
    """Names and two-letter codes of countries become alpha-3; what is neither stays, and the check tells it."""
    columns = [name for name in mapping.columns if kind.columns[name] == "country"]
    if not columns:
        return relation
    said: set[str] = set()
    for name in columns:
        said.update(
            row[0] for row in connection.execute(f'SELECT DISTINCT "{name}" FROM {relation}').fetchall() if row[0]
        )
    found = {text: place.code for text in said if (place := find_territory(text) or _two_letters(text)) is not None}
    connection.execute("CREATE OR REPLACE TEMP TABLE places (said VARCHAR, code VARCHAR)")
    if found:
        connection.executemany("INSERT INTO places VALUES (?, ?)", [list(pair) for pair in sorted(found.items())])
    replaced = ", ".join(
        f'coalesce((SELECT code FROM places WHERE said = "{name}"), "{name}") AS "{name}"' for name in columns
    )
    return f"(SELECT * REPLACE ({replaced}) FROM {relation})"


def _two_letters(text: str) -> Territory | None:
    """Two letters are ISO's here: the cell is one that the user says holds a country."""
    return find_territory(text.upper(), scheme="iso2") if len(text) == 2 else None
