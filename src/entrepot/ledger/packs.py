"""Packs: folders of data files that hold entries. The shipped one and the users' have one form, docs/ledger.md."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from entrepot.codes import parse_dated
from entrepot.errors import CodeError, LedgerError, NotFound
from entrepot.ledger.entry import Entry
from entrepot.ledger.reading import entry_of

# libyaml's parser where the wheel has it: ten times faster. All values stay text, so that no date becomes a day.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PACK_FIELDS = {"id", "title", "recorded_at", "complete"}


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
    head = _head(folder)
    stamp = {"pack": head["id"], "recorded_at": head["recorded_at"]}
    entries = tuple(
        entry_of({**stamp, **fields}, where=where)
        for path in sorted([*folder.rglob("*.yml"), *folder.rglob("*.csv")])
        if path != folder / "pack.yml"
        for where, fields in _records(path)
    )
    return Pack(head["id"], head["title"], head["recorded_at"], entries, _complete(head, folder / "pack.yml"))


def _head(folder: Path) -> dict[str, Any]:
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


def _complete(head: Mapping[str, Any], path: Path) -> tuple[Completeness, ...]:
    found = []
    for item in head.get("complete") or ():
        try:
            first, last = (parse_dated(item[name]) for name in ("from", "to"))
            made = Completeness(
                frozenset(item["jurisdictions"]), frozenset(item["topics"]), str(first), str(last), item["source"]
            )
        except (KeyError, TypeError, CodeError) as error:
            remedy = "Each has jurisdictions, topics, from, to and source."
            raise LedgerError(
                f"a declaration under complete is wrong ({error})", where=str(path), remedy=remedy
            ) from error
        found.append(made)
    return tuple(found)


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
                yield f"{path} row {reader.line_num}", fields_of_row(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"cannot be read ({error})", where=str(path), remedy="Save it as CSV in UTF-8.") from error


def _mapping(path: Path) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_bytes(), Loader=_LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        text = " ".join(str(error).split())
        raise LedgerError(f"cannot be read ({text})", where=str(path), remedy="Mend the YAML there.") from error
    if not isinstance(found, dict):
        raise LedgerError(
            "the file is no mapping", where=str(path), remedy="Begin with `entries:` or the pack's fields."
        )
    return found
