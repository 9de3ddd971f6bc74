"""Cells of records: text in, the type of its column out; what is no such thing is told and taken as unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from json import dumps
from typing import Any

from entrepot.lake import SQL_TYPES, Kind, typed_cell


def typed(kind: Kind, named: Sequence[str], relation: str, as_of: str) -> str:
    """SQL of a file's cells with their types; ``_faults`` names the cells that have none, ``_is_later`` a later day."""
    numbered = ", ".join(f'nullif(trim("{name}"), \'\') AS "raw {name}"' for name in named) or "1 AS _nothing"
    raw = {name: f'raw."raw {name}"' for name in named}
    taken = "".join(f', {typed_cell(raw[name], kind.columns[name])} AS "{name}"' for name in named)
    cells, faults = ["_row"], []
    for name, type_ in kind.columns.items():
        if name not in named:
            cells.append(f'NULL::{SQL_TYPES[type_]} AS "{name}"')
            continue
        is_dated = name in kind.events and type_ in ("date", "instant")
        later = f'CASE WHEN "{name}" <= {_end_of(as_of, type_)} THEN "{name}" END AS "{name}"'
        cells.append(later if is_dated else f'"{name}"')
        if type_ not in ("text", "list"):
            is_fault = f'"raw {name}" IS NOT NULL AND "{name}" IS NULL'
            faults.append(f"CASE WHEN {is_fault} THEN '{name}\x1f' || \"raw {name}\" END")
    said = f"nullif(concat_ws('\x1e', {', '.join(faults)}), '')" if faults else "NULL::VARCHAR"
    later = "false"
    if kind.dated in named and kind.dated:
        later = f'coalesce("{kind.dated}" > {_end_of(as_of, kind.columns[kind.dated])}, false)'
    return (
        f"SELECT {', '.join(cells)}, {said} AS _faults, {later} AS _is_later FROM (SELECT *{taken}"
        f" FROM (SELECT row_number() OVER () AS _row, {numbered} FROM {relation}) raw)"
    )


def _end_of(day: str, type_: str) -> str:
    return f"TIMESTAMP '{day} 23:59:59.999999'" if type_ == "instant" else f"DATE '{day}'"


def marked(kind: Kind, relation: str) -> str:
    """SQL of typed cells with ``_skip``: why a record is not kept, ``nameless``, ``again`` or ``later``."""
    if not kind.id:
        return f"SELECT *, CASE WHEN _is_later THEN 'later' END AS _skip FROM {relation}"
    again = f'row_number() OVER (PARTITION BY "{kind.id}" ORDER BY _row) > 1'
    return (
        f"SELECT *, CASE WHEN \"{kind.id}\" IS NULL THEN 'nameless' WHEN {again} THEN 'again'"
        f" WHEN _is_later THEN 'later' END AS _skip FROM {relation}"
    )


def text_rows(names: Sequence[str], json: str) -> str:
    """SQL of records given as JSON, an array of objects of texts: one column each."""
    return rows_of_json(dict.fromkeys(names, "VARCHAR") or {"_nothing": "VARCHAR"}, json)


def rows_of_json(types: Mapping[str, str], json: str) -> str:
    """SQL of the rows of an array of objects.

    Args:
        types: of their keys, each a type of the engine.
        json: SQL of the array, text.
    """
    shape = dumps([types], ensure_ascii=False).replace("'", "''")
    return f"SELECT unnest(from_json({json}::VARCHAR, '{shape}'), max_depth := 2)"


def header_of(rows: Sequence[Mapping[str, Any]], columns: Iterable[str] = ()) -> list[str]:
    """Return the columns that records given as objects have, after those that are named."""
    return list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))


def json_of(kind: Kind, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return records as JSON for `text_rows`: the cells that the kind has, as a file would hold them."""
    return dumps([{name: _text(row[name]) for name in kind.columns if name in row} for row in rows])


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ";".join(str(one) for one in value)
    return str(value)
