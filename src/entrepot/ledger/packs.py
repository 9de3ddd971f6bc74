"""Packs: folders of data files that hold entries. The shipped one and the users' have one form, docs/ledger.md."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from entrepot.codes import day_text, parse_day
from entrepot.errors import CodeError, LedgerError, NotFound
from entrepot.ledger.entry import Entry
from entrepot.ledger.instruments import instruments_of
from entrepot.ledger.reading import actor, entry_of

# libyaml's parser where the wheel has it: ten times faster.
_BASE: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PACK_FIELDS = {"id", "title", "recorded_at", "complete"}


class _Loader(_BASE):  # type: ignore[misc]
    """All values stay text, so that no date becomes a day; a field that is given twice is refused, not overwritten."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        if twice := [name for name in names if names.count(name) > 1]:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]!r} stands twice", node.start_mark)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


@dataclass(frozen=True)
class Completeness:
    """A declaration that a pack holds every act of some jurisdictions on some topics in a period.

    Attributes:
        jurisdictions, topics: what is complete.
        first, last: days between which, both included, ISO 8601.
        source: on what the declaration rests.
    """

    jurisdictions: frozenset[str]
    topics: frozenset[str]
    first: str
    last: str
    source: str


@dataclass(frozen=True)
class Pack:
    """A folder of entries.

    Attributes:
        pack_id: its id; ``entrepot`` is the shipped one.
        title: name for a reader.
        recorded_at: UTC instant at which its entries were entered, where they do not say it themselves.
        entries: in the order of the files.
        complete: what the pack declares to hold completely.
    """

    pack_id: str
    title: str
    recorded_at: str
    entries: tuple[Entry, ...]
    complete: tuple[Completeness, ...]


def read_pack(folder: Path) -> Pack:
    """Return the pack in a folder.

    Raises:
        NotFound: there is no pack.yml.
        LedgerError: a file cannot be read, or an entry is wrong; file, entry and field are named.
    """
    head = pack_head(folder)
    complete = complete_of(head, folder / "pack.yml")
    entries = []
    for found in entries_in(folder, head):
        if isinstance(found, LedgerError):
            raise found
        entries.append(found)
    return Pack(head["id"], head["title"], head["recorded_at"], tuple(entries), complete)


def entries_in(folder: Path, head: Mapping[str, Any]) -> Iterator[Entry | LedgerError]:
    """Yield each entry of a pack's files in order, or what is wrong with it or with its file."""
    stamp = {"pack": head["id"], "recorded_at": head["recorded_at"]}
    for path in sorted([*folder.rglob("*.yml"), *folder.rglob("*.csv")]):
        if path == folder / "pack.yml":
            continue
        try:
            for where, fields in _records(path):
                try:
                    yield entry_of({**stamp, **fields}, where=where)
                except LedgerError as error:
                    yield error
        except LedgerError as error:
            yield error


def pack_head(folder: Path) -> dict[str, Any]:
    """Return what a folder's pack.yml says of the pack.

    Raises:
        NotFound: there is no pack.yml.
        LedgerError: it cannot be read, or lacks a field, or has an unknown one.
    """
    path = folder / "pack.yml"
    if not path.is_file():
        remedy = "Write a pack.yml with id, title and recorded_at; docs/ledger.md shows one."
        raise NotFound("this folder is no pack: it has no pack.yml", where=str(folder), remedy=remedy)
    head = _mapping(path)
    missing = [name for name in ("id", "title", "recorded_at") if not head.get(name)]
    if missing or not set(head) <= _PACK_FIELDS:
        wrong = f"{', '.join(missing)} is missing" if missing else f"unknown field {min(set(head) - _PACK_FIELDS)!r}"
        raise LedgerError(wrong, where=str(path), remedy=f"A pack has {', '.join(sorted(_PACK_FIELDS))}.")
    return head


def complete_of(head: Mapping[str, Any], path: Path) -> tuple[Completeness, ...]:
    """Return what a pack.yml declares to be complete.

    Raises:
        LedgerError: a declaration lacks a field, or names no day, jurisdiction or topic that is known.
    """
    return tuple(_declaration(item, path) for item in head.get("complete") or ())


def _declaration(item: Any, path: Path) -> Completeness:
    try:
        first, last = (day_text(parse_day(item[name])) for name in ("from", "to"))
        named = {name: item[name] for name in ("jurisdictions", "topics")}
        if wrong := [name for name, value in named.items() if not isinstance(value, list) or not value]:
            raise CodeError(f"{wrong[0]} is no list")
        for topic in named["topics"]:
            instruments_of(topic)
        jurisdictions = frozenset(actor(code, str(path)) for code in named["jurisdictions"])
        if last < first:
            raise CodeError(f"it ends on {last}, before it begins")
        return Completeness(jurisdictions, frozenset(named["topics"]), first, last, item["source"])
    except (KeyError, TypeError, AttributeError, CodeError, NotFound) as error:
        found = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        remedy = "Each has jurisdictions, topics, from, to (days) and source."
        raise LedgerError(f"a declaration under complete: {found}", where=str(path), remedy=remedy) from error


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each entry's fields with the place where it stands."""
    if path.suffix == ".csv":
        yield from _rows(path)
        return
    file = _mapping(path)
    entries = file.pop("entries", None)
    if not isinstance(entries, list):
        raise LedgerError("the file has no list 'entries'", where=str(path), remedy="Write entries: and one item each.")
    for number, fields in enumerate(entries, start=1):
        if not isinstance(fields, dict):
            raise LedgerError(
                f"entry {number} is no mapping", where=str(path), remedy="Write `- id: ...` and its fields."
            )
        yield f"{path} entry {number}", {**file, **fields}


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    from entrepot.ledger.form import fields_of_row

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                where = f"{path} row {reader.line_num}"
                yield where, fields_of_row(row, where=where)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"cannot be read ({error})", where=str(path), remedy="Save it as CSV in UTF-8.") from error


def _mapping(path: Path) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_bytes(), Loader=_Loader)
    except (OSError, UnicodeDecodeError, RecursionError, yaml.YAMLError) as error:
        text = " ".join(str(error).split())
        raise LedgerError(f"cannot be read ({text})", where=str(path), remedy="Mend the YAML there.") from error
    if not isinstance(found, dict):
        raise LedgerError(
            "the file is no mapping", where=str(path), remedy="Begin with `entries:` or the pack's fields."
        )
    return found
