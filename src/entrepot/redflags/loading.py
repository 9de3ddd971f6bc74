"""Flags from their files: read strictly, checked one by one; a broken file stops that flag only, and says so."""

from __future__ import annotations

import atexit
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import yaml

from entrepot.errors import ConfigError, EntrepotError, NotFound
from entrepot.lake import SQL_TYPES, get_kind, kinds
from entrepot.ledger import open_ledger
from entrepot.redflags.fairness import refuse_unfair
from entrepot.redflags.flag import Call, Find, Flag, Measure, Over, expressions_of
from entrepot.redflags.functions import get_function
from entrepot.redflags.language import OTHER, parse
from entrepot.redflags.run import Run
from entrepot.redflags.strict import model_of
from entrepot.redflags.tables import RecordTables
from entrepot.redflags.world import World

_LARGEST_FILE = 200_000


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML of which `on`, `no` and 2025-01-19 stay the text that somebody wrote."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in found if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for first, found in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


@dataclass(frozen=True, slots=True)
class Flags:
    """Flags by id, and why others are not among them."""

    flags: tuple[Flag, ...]
    refused: tuple[EntrepotError, ...] = ()

    def get(self, flag_id: str) -> Flag:
        """Return a flag.

        Raises:
            ConfigError: there is none of this id.
        """
        for flag in self.flags:
            if flag.id == flag_id:
                return flag
        raise ConfigError(f"no red flag {flag_id!r}", remedy=f"There are {', '.join(f.id for f in self.flags)}.")


@cache
def shipped_flags() -> Flags:
    """Return the flags that the project ships."""
    folder = files("entrepot.redflags").joinpath("flags")
    named = sorted((one for one in folder.iterdir() if one.name.endswith(".yml")), key=lambda one: one.name)
    # Their types are checked by the tests; a user's own are checked here.
    return _loaded([(one.name, one.read_text("utf-8")) for one in named], is_typed=False)


def read_flags(folder: Path, *, acts: Collection[str] = ()) -> Flags:
    """Return the flags of a folder of a user's own; a broken file is among the refused.

    Args:
        acts: ids of entries of the user's ledger that a duty may cite, besides those that the project ships.

    Raises:
        ConfigError: there is no such folder, or it has no file of a flag.
    """
    if not folder.is_dir():
        raise ConfigError("no such folder", where=str(folder), remedy="Name a folder of .yml files, one a flag.")
    found = sorted(folder.glob("*.yml"))
    if not found:
        raise ConfigError("no .yml file in it", where=str(folder), remedy="Write one file a flag.")
    texts = []
    for path in found:
        texts.append((path.name, path.read_text("utf-8", errors="replace")[: _LARGEST_FILE + 1]))
    return _loaded(texts, is_typed=True, acts=acts)


def _loaded(texts: Sequence[tuple[str, str]], *, is_typed: bool, acts: Collection[str] = ()) -> Flags:
    flags: dict[str, Flag] = {}
    refused: list[EntrepotError] = []
    for name, text in texts:
        try:
            flag = read_flag(text, where=name, is_typed=is_typed, acts=acts)
            if flag.id in flags:
                raise ConfigError(f"{flag.id} is there twice", where=name, remedy="Give it an id of its own.")
            flags[flag.id] = flag
        except EntrepotError as error:
            refused.append(error)
    return Flags(tuple(flags.values()), tuple(refused))


def read_flag(text: str, *, where: str, is_typed: bool = True, acts: Collection[str] = ()) -> Flag:
    """Return a flag from the text of its file, checked.

    Args:
        acts: ids of entries that its duty may cite besides those of the shipped ledger.

    Raises:
        ConfigError: it is no YAML, has a field that flags do not have, a condition that the language does not have
            or that does not fit its records, rests on protected fields alone, or cites a duty that no entry of the
            ledger is.
    """
    if len(text) > _LARGEST_FILE:
        raise ConfigError("a flag's file of more than 200 kB", where=where, remedy="One flag a file.")
    flag = model_of(Flag, text, where=where, loader=_Loader)
    try:
        _refuse_unknown(flag)
        _refuse_undated(flag, acts)
        refuse_unfair(flag)
        if is_typed:
            _refuse_untyped(flag)
    except EntrepotError as error:
        raise type(error)(error.found, where=f"{where}: {flag.id}", remedy=error.remedy) from error
    return flag


def _refuse_unknown(flag: Flag) -> None:
    known = set(get_kind(flag.kind).columns) | set(flag.thresholds) | {"as_of"}
    for name, step in flag.let.items():
        if name in get_kind(flag.kind).columns or name in flag.thresholds:
            raise ConfigError(f"let.{name} has the name of a field", remedy="Choose another name.")
        if isinstance(step, Call):
            get_function(step.call)
        table = step.find if isinstance(step, Find) else step.over if isinstance(step, Over) else None
        theirs = set(get_kind(table).columns) if table else set()
        for text in expressions_of(step):
            _refuse_names(
                text, known | (theirs if isinstance(step, Over) and step.by.__class__ is list else set()), flag, table
            )
        known.add(name)
    for text in (
        flag.applies,
        flag.condition,
        *flag.evidence.values(),
        *flag.also.values(),
        *filter(None, [flag.regime]),
    ):
        _refuse_names(text, known, flag, None)
        for name in parse(text).none_tests:
            kind = get_kind(flag.kind)
            if "." not in name and name in kind.columns and name not in kind.events and name not in flag.optional:
                remedy = f"An empty {name} is unknown, not none; list it under `optional` if it may count as none."
                raise ConfigError(f"asks whether {name} IS NULL", remedy=remedy)
    for kind_name in flag.also:
        if get_kind(kind_name).id is None:
            raise ConfigError(f"also.{kind_name}: records of this kind have no id")


def _refuse_undated(flag: Flag, acts: Collection[str]) -> None:
    """A duty is an act of the ledger, which knows its days; a number of our own is nobody's duty."""
    if not flag.duty:
        return
    if flag.duty not in acts:
        try:
            open_ledger().get(flag.duty)
        except NotFound as error:
            remedy = f"Cite under `duty` the id of the act's entry. {error.remedy}"
            raise ConfigError(f"its duty {flag.duty!r} is no entry of the ledger", remedy=remedy) from error
    if flag.basis != "law":
        raise ConfigError("it cites a duty, and its basis is no law", remedy="Set `basis: law`, or leave `duty` out.")


def _refuse_names(text: str, known: set[str], flag: Flag, table: str | None) -> None:
    expression = parse(text)
    unknown = expression.own - known
    if unknown:
        remedy = f"A {flag.kind} has {', '.join(get_kind(flag.kind).columns)}; `let` and `thresholds` add names."
        raise ConfigError(f"no name {sorted(unknown)[0]!r} in {text!r}", remedy=remedy)
    for alias, columns in expression.of.items():
        if alias == OTHER and table:
            wrong = columns - set(get_kind(table).columns) - {"_row"}
            if wrong:
                remedy = f"A {table} has {', '.join(get_kind(table).columns)}."
                raise ConfigError(f"no column {sorted(wrong)[0]!r} in {text!r}", remedy=remedy)
        elif alias not in known:
            raise ConfigError(f"no name {alias!r} in {text!r}", remedy="Find the record under `let` first.")


def _refuse_untyped(flag: Flag) -> None:
    """Let the engine bind the flag to empty tables: a text compared with a number is told here, not in a check."""
    tables = _empty_tables()
    try:
        relation = Run(tables, [flag], _NOBODY).compiled(flag).relation
        shown = "".join(f", ({text})" for text in flag.evidence.values())
        asked = f"DESCRIBE SELECT ({flag.applies}) AS applies, ({flag.condition}) AS condition{shown} FROM ({relation})"
        types = tables.connection.execute(asked).fetchall()
    except duckdb.Error as error:
        raise ConfigError(" ".join(str(error).split())[:300], remedy="Mend the condition.") from error
    for name, type_, *_ in types[:2]:
        if type_ not in ("BOOLEAN", '"NULL"'):
            raise ConfigError(f"`{name}` is a {type_}", remedy="It must be true or false.")


@cache
def _empty_tables() -> RecordTables:
    tables = RecordTables(as_of="9999-12-31", memory_limit="200MB", threads=1)
    tables.know(_NOBODY)
    for name, kind in kinds().items():
        cells = ", ".join(f'NULL::{SQL_TYPES[type_]} AS "{column}"' for column, type_ in kind.columns.items())
        tables.take(name, f"SELECT 0::BIGINT AS _row, {cells} WHERE false", kind.columns)
    # Functions of Python hold the engine, and the engine them: at the end of the process neither would be let go.
    atexit.register(tables.close)
    return tables


def _nothing(*_: Any) -> None:
    return None


_NOBODY = World(_nothing, _nothing, lambda _: ())


def measures_of(flag: Flag) -> Mapping[str, str]:
    """Return the measures that a flag asks the ledger about, by the step that does."""
    return {name: step.measure for name, step in flag.let.items() if isinstance(step, Measure)}
