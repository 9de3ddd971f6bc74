"""Kinds of records: which columns a card, a payment or a shipment has, and of which type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from entrepot.codes import currencies, territories
from entrepot.errors import NotFound

# Our types and what they are in a table.
SQL_TYPES = {
    "text": "VARCHAR",
    "list": "VARCHAR[]",
    "countries": "VARCHAR[]",
    "country": "VARCHAR",
    "currency": "VARCHAR",
    "edtf": "VARCHAR",
    "date": "DATE",
    "instant": "TIMESTAMP",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record.

    Attributes:
        name: card, payment ...
        id: the column that names a record; None where rows of the kind have no name of their own.
        dated: the column with the day from which a record can be known, or None.
        columns: name -> type, a key of SQL_TYPES.
        events: columns that record an event or a statement: where the file has the column, an empty cell says that
            none is recorded.
        table: where the lake keeps records of the kind that were ingested; empty where none are.
        cell: the columns by which a newer record takes the place of an older one; the id, where there is one.
        needs: the columns without which a row names nothing; the id, where there is one.
        is_derived: worked out from other kinds, and never given.
    """

    name: str
    id: str | None
    dated: str | None
    columns: Mapping[str, str]
    events: frozenset[str]
    table: str = ""
    cell: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    is_derived: bool = False


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of records by name, as docs/records.md describes them."""
    text = files("entrepot.lake").joinpath("data/records.yml").read_text("utf-8")
    found = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return MappingProxyType({name: _kind(name, entry) for name, entry in found.items()})


def get_kind(name: str) -> Kind:
    """Return a kind of record.

    Raises:
        NotFound: there is no such kind.
    """
    if name not in kinds():
        given = ", ".join(one.name for one in kinds().values() if not one.is_derived)
        raise NotFound(f"no kind of record {name!r}", where="--kind", remedy=f"Use one of {given}.")
    return kinds()[name]


def _kind(name: str, entry: Mapping[str, object]) -> Kind:
    columns = entry["columns"]
    assert isinstance(columns, dict)
    types = {column: str(kind).removesuffix("*") for column, kind in columns.items()}
    events = frozenset(column for column, kind in columns.items() if str(kind).endswith("*"))
    key, dated = entry.get("id"), entry.get("dated")
    return Kind(
        name,
        str(key) if key else None,
        str(dated) if dated else None,
        MappingProxyType(types),
        events,
        str(entry.get("table", "")),
        _names(entry.get("cell", key)),
        _names(entry.get("needs", key)),
        bool(entry.get("derived")),
    )


def _names(entry: object) -> tuple[str, ...]:
    return tuple(map(str, entry)) if isinstance(entry, list) else (str(entry),) if entry else ()


def typed_cell(raw: str, type_: str) -> str:
    """Return the SQL of a cell of text with the type of a record's column; NULL where it has no such value."""
    if type_ == "date":
        return f"CASE WHEN regexp_full_match({raw}, '\\d{{4}}-\\d{{2}}-\\d{{2}}') THEN try_cast({raw} AS DATE) END"
    if type_ == "instant":
        return f"make_timestamp(epoch_us(try_cast({raw} AS TIMESTAMPTZ)))"
    if type_ == "number":
        number = f"try_cast(replace({raw}, ' ', '') AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    if type_ == "integer":
        return f"try_cast({raw} AS BIGINT)"
    if type_ == "boolean":
        return (
            f"CASE WHEN lower({raw}) IN ('true', 't', '1', 'yes', 'y') THEN true"
            f" WHEN lower({raw}) IN ('false', 'f', '0', 'no', 'n') THEN false END"
        )
    if type_ in ("country", "currency"):
        is_known = _is_code(f"upper({raw})", _countries() if type_ == "country" else _currencies())
        return f"CASE WHEN {is_known} THEN upper({raw}) END"
    if type_ == "edtf":
        return f"CASE WHEN regexp_full_match({raw}, '\\d{{4}}(-\\d{{2}}(-\\d{{2}})?)?[?~%]?') THEN {raw} END"
    parts = f"list_filter(list_transform(string_split({raw}, ';'), lambda part: trim(part)), lambda part: part <> '')"
    if type_ == "countries":
        known = f"lambda part: {_is_code('part', _countries())}"
        codes = f"list_filter(list_transform({parts}, lambda part: upper(part)), {known})"
        return f"CASE WHEN len({codes}) = len({parts}) THEN {codes} END"
    return parts if type_ == "list" else raw


def _is_code(text: str, codes: str) -> str:
    """SQL: looking into one text of all codes is faster than into a list of them, which the engine goes through."""
    return f"(length({text}) = 3 AND contains('{codes}', ';' || {text} || ';'))"


@cache
def _countries() -> str:
    return f";{';'.join(one.code for one in territories() if len(one.code) == 3 and not one.is_aggregate)};"


@cache
def _currencies() -> str:
    return f";{';'.join(currencies())};"
