"""FollowTheMoney as OpenSanctions publishes it: entities, nested targets, simple CSV, statements, changes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from typing import Any

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.sources.entities import Entity, sanction_of
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.tables import header_of, records_of

_STATEMENT = ("canonical_id", "prop", "schema", "value")
_SIMPLE = ("id", "schema", "name", "aliases")
_SIMPLE_PROPERTIES = {
    "name": "name", "aliases": "alias", "birth_date": "birthDate", "countries": "country", "addresses": "address",
    "phones": "phone", "emails": "email", "program_ids": "programId",
}  # fmt: skip
_IDENTIFIERS = {"Person": "idNumber", "Vessel": "imoNumber", "Airplane": "serialNumber"}
_PACK_FIELDS = 11
_YES = ("t", "true", "1")
_DEPTH = 12
_LINE = 64 << 20
# Statements of one entity may be about several schemas; the most special one is its own.
_GENERAL = ("Thing", "Interval", "Interest", "Value", "LegalEntity", "Asset", "Organization")


def role_of(file: ListFile) -> str:
    """Return ``ftm/whole``, or ``ftm/change`` for entities.delta.json."""
    kind = _kind_of(file)
    return "ftm/change" if kind == "delta" else "ftm/whole"


def read(files: Sequence[ListFile], found: Found) -> None:
    """Take every entity; of changes, take what is added and modified and name what is deleted."""
    readers = {
        "entities": _entities, "delta": _changes, "simple": _simple, "statements": _statements, "pack": _pack,
    }  # fmt: skip
    for file in files:
        readers[_kind_of(file)](file, found)


def _kind_of(file: ListFile) -> str:
    line = file.first_line
    if line.startswith("{"):
        try:
            value = json.loads(line)
        except json.JSONDecodeError:
            value = {}
        if "op" in value and "entity" in value:
            return "delta"
        if "schema" in value and "properties" in value:
            return "entities"
    header = header_of(file)
    if header.has(*_STATEMENT):
        return "statements"
    if header.has(*_SIMPLE):
        return "simple"
    if len(header.names) == _PACK_FIELDS and ":" in header.names[1]:
        return "pack"
    raise UnexpectedLayout(
        f"this is none of the FollowTheMoney formats; it begins with {line[:60]!r}",
        where=file.name,
        remedy="Read are entities.ftm.json, targets.nested.json, targets.simple.csv, statements.csv, statements.pack"
        " and entities.delta.json.",
    )


def _lines(file: ListFile, found: Found) -> Iterator[tuple[int, dict[str, Any]]]:
    """JSON lines with their numbers; a broken last one means that the file was cut."""
    broken: tuple[int, str, str] | None = None
    with file.path.open("rb") as lines:
        row = 0
        while line := lines.readline(_LINE):
            row += 1
            if not line.strip():
                continue
            if broken:
                found.issue(file, broken[0], "line", broken[1], broken[2], skips=True)
                found.records += 1
                broken = None
            try:
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise ValueError("no object")
            except (ValueError, RecursionError) as error:
                broken = (row, line[:200].decode("utf-8", "replace"), f"no JSON object ({error})")
                continue
            found.records += 1
            yield row, value
    if broken:
        raise SourceError(
            f"line {broken[0]} ends early, as in a file that was cut",
            where=file.name,
            remedy="Download it again.",
        )


def _entities(file: ListFile, found: Found) -> None:
    nested: set[str] = set()
    for row, value in _lines(file, found):
        _take(value, row, file, found, nested)


def _changes(file: ListFile, found: Found) -> None:
    for row, value in _lines(file, found):
        op, entity = value.get("op"), value.get("entity")
        if not isinstance(entity, dict) or op not in ("ADD", "MOD", "DEL"):
            found.issue(file, row, "op", str(op), "no change: ADD, MOD or DEL of an entity", skips=True)
        elif op == "DEL":
            found.removed.add(str(entity.get("id")))
        else:
            _take(entity, row, file, found, set())


def _take(value: dict[str, Any], row: int, file: ListFile, found: Found, nested: set[str]) -> None:
    """Take an entity and those nested in it; ``nested`` are the ids that were taken from inside others."""
    faults: list[str] = []
    try:
        entity, *others = _flattened(value, row, 0, faults)
    except ValueError as error:
        found.issue(file, row, "entity", str(value.get("id")), f"no entity ({error})", skips=True)
        return
    for fault in faults:
        found.issue(file, row, "nested entity", str(value.get("id")), f"no entity ({fault}); left out")
    if entity.entity_id not in nested:
        found.add(file, entity)
    # A party that several others name is nested in each of them.
    for other in others:
        if not found.has(other.entity_id):
            nested.add(other.entity_id)
            found.add(file, other)


def _flattened(value: dict[str, Any], row: int, depth: int, faults: list[str]) -> Iterator[Entity]:
    """An entity, and those that stand in it, each as a row of its own; what cannot be read in it goes to ``faults``."""
    if depth > _DEPTH:
        raise ValueError("nested too deep")
    entity_id, schema, properties = value.get("id"), value.get("schema"), value.get("properties")
    if (
        not isinstance(entity_id, str)
        or not entity_id
        or not isinstance(schema, str)
        or not isinstance(properties, dict)
    ):
        raise ValueError("id, schema or properties are missing")
    target = value.get("target")
    entity = Entity(
        entity_id,
        schema,
        target if isinstance(target, bool) else None,
        row,
        caption=str(value.get("caption") or ""),
        first_seen=value.get("first_seen"),
        last_seen=value.get("last_seen"),
        last_change=value.get("last_change"),
    )
    others: list[Entity] = []
    for name, several in properties.items():
        for one in several if isinstance(several, list) else [several]:
            if not isinstance(one, dict):
                entity.add(name, str(one))
                continue
            try:
                nested = list(_flattened(one, row, depth + 1, faults))
            except ValueError as error:
                faults.append(f"{name}: {error}")
                continue
            others += nested
            # An edge that names this entity stands under a name of its own only in the nested format.
            if not any(entity_id in texts for texts in nested[0].properties.values()):
                entity.add(name, nested[0].entity_id)
    yield entity
    yield from others


def _simple(file: ListFile, found: Found) -> None:
    knows = (*_SIMPLE_PROPERTIES, "identifiers", "sanctions", "dataset", "first_seen", "last_seen", "last_change")
    for row, cells in records_of(file, found, needs=("id", "schema"), knows=knows):
        if not cells["id"] or not cells["schema"]:
            found.issue(file, row, "id", cells["id"], "no id or no schema", skips=True)
            continue
        entity = Entity(cells["id"], cells["schema"], True, row)
        for name, own in _SIMPLE_PROPERTIES.items():
            entity.add(own, *_joined(cells.get(name, "")))
        entity.add(_IDENTIFIERS.get(entity.schema, "registrationNumber"), *_joined(cells.get("identifiers", "")))
        entity.first_seen, entity.last_seen, entity.last_change = (
            cells.get(name) or None for name in ("first_seen", "last_seen", "last_change")
        )
        listed = [
            sanction_of(entity, authority=cells.get("dataset", ""), key=text, program=text)
            for text in _joined(cells.get("sanctions", ""))
        ]
        found.add(file, entity, *listed)


def _joined(text: str) -> list[str]:
    return next(csv.reader([text], delimiter=";"), []) if text else []


def _statements(file: ListFile, found: Found) -> None:
    knows = ("entity_id", "prop_type", "dataset", "lang", "original_value", "external", "first_seen", "last_seen",
             "id", "origin", "target")  # fmt: skip
    entities: dict[str, Entity] = {}
    for row, cells in records_of(file, found, needs=_STATEMENT, knows=knows):
        if cells.get("external", "").lower() in _YES:
            found.left_over("statements of enrichment that are not the list's own, left out", "")
            continue
        seen = (cells.get("first_seen", ""), cells.get("last_seen", ""))
        target = cells.get("target", "").lower()
        _state(entities, row, cells["canonical_id"], cells["schema"], cells["prop"], cells["value"], seen, target)
    found.add(file, *entities.values())


def _pack(file: ListFile, found: Found) -> None:
    """The older short form without a header.

    Fields: entity, schema:property, value, dataset, lang, original, target, external, first seen, last seen, id.
    """
    entities: dict[str, Entity] = {}
    with file.path.open(encoding="utf-8", newline="") as text:
        for row, cells in enumerate(csv.reader(text), 1):
            found.records += 1
            if len(cells) != _PACK_FIELDS or ":" not in cells[1]:
                found.issue(file, row, "record", ",".join(cells), f"no statement of {_PACK_FIELDS} fields", skips=True)
                continue
            if cells[7].lower() in _YES:
                found.left_over("statements of enrichment that are not the list's own, left out", "")
                continue
            schema, _, prop = cells[1].partition(":")
            _state(entities, row, cells[0], schema, prop, cells[2], (cells[8], cells[9]), cells[6].lower())
    found.add(file, *entities.values())


def _state(
    entities: dict[str, Entity],
    row: int,
    entity_id: str,
    schema: str,
    prop: str,
    value: str,
    seen: tuple[str, str],
    target: str,
) -> None:
    entity = entities.setdefault(entity_id, Entity(entity_id, schema, None, row))
    if _rank(schema) > _rank(entity.schema):
        entity.schema = schema
    if target:
        entity.is_target = bool(entity.is_target) or target.startswith("t")
    entity.first_seen = min(filter(None, (entity.first_seen, seen[0])), default=None)
    entity.last_seen = max(filter(None, (entity.last_seen, seen[1])), default=None)
    if prop != "id":  # A sum over the entity, not a property.
        entity.add(prop, value)


def _rank(schema: str) -> int:
    return _GENERAL.index(schema) if schema in _GENERAL else len(_GENERAL)
