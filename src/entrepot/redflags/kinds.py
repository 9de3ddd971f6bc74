"""Kinds of records: which columns a card, a payment or a shipment has, and of which type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

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
        is_derived: worked out from other kinds, and never given.
    """

    name: str
    id: str | None
    dated: str | None
    columns: Mapping[str, str]
    events: frozenset[str]
    is_derived: bool = False


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of records by name, as docs/records.md describes them."""
    text = files("entrepot.redflags").joinpath("data/records.yml").read_text("utf-8")
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
        bool(entry.get("derived")),
    )
