"""Queries of a case: what was asked of the lake, so that it can be asked again elsewhere."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from entrepot import __version__
from entrepot.alerts import Check, CheckOptions, answer_table
from entrepot.errors import ConfigError
from entrepot.flows import routes
from entrepot.lake import Lake, Table
from entrepot.ledger import open_ledger
from entrepot.parties import ScreenOptions, screen
from entrepot.redflags import read_policy, shipped_flags

# What names a row of an answer, so that two answers can be compared cell by cell.
ROW_KEYS = {
    "routes": ("via_iso3", "product_id"),
    "check": ("record_id", "flag_id"),
    "screen": ("query_id", "rank"),
}
_KNOWN = {
    "routes": frozenset("destination event until origins via products level as_of alpha controls has_sellers".split()),
    "check": frozenset("kind as_of language thresholds with".split()),
    "screen": frozenset("against limit threshold".split()),
}
_NEEDED = {"routes": ("destination", "event"), "check": ("kind", "as_of"), "screen": ("against",)}
_PACKAGES = ("entrepot", "duckdb", "numpy", "rapidfuzz")
_PRODUCTS = re.compile(r"[A-Za-z0-9_,+ -]{0,20000}")
_FILES = {"routes": ("products",), "check": ("file", "policy"), "screen": ("file",)}


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    Attributes:
        command: routes, check or screen.
        parameters: as the command's options have them, underscores for hyphens.
        files: role -> name and bytes of a file that it reads: ``file``; of check also ``policy`` and ``with:KIND``; of
            routes ``products``.
    """

    command: str
    parameters: Mapping[str, Any]
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.command not in ROW_KEYS:
            remedy = f"A case can ask {', '.join(ROW_KEYS)}."
            raise ConfigError(f"a case cannot replay {self.command!r}", remedy=remedy)
        where = f"query {self.command}"
        if unknown := sorted(set(self.parameters) - _KNOWN[self.command]):
            remedy = f"Leave it out; known: {', '.join(sorted(_KNOWN[self.command]))}."
            raise ConfigError(f"parameter {unknown[0]!r} cannot be replayed", where=where, remedy=remedy)
        if lacking := [name for name in _NEEDED[self.command] if not self.parameters.get(name)]:
            raise ConfigError(f"no {lacking[0]}", where=where, remedy="A replay needs it; give it.")
        products = str(self.parameters.get("products", ""))
        if not _PRODUCTS.fullmatch(products) or Path(products).is_file():
            # The query may be a stranger's: it must not make anybody read a file of his own.
            remedy = "Name a list or codes; a file goes along as the file products."
            raise ConfigError(f"products {products[:80]!r}", where=where, remedy=remedy)
        for role in self.files:
            if role not in _FILES[self.command] and not (self.command == "check" and role.startswith("with:")):
                raise ConfigError(f"a file for {role!r}", where=where, remedy="Leave it out.")

    @property
    def reads_people(self) -> bool:
        """Whether it reads a file of persons or firms."""
        return self.command != "routes"


def answer_query(query: Query, lake: Lake | None, folder: Path) -> Table:
    """Return the answer of a query.

    Args:
        lake: what it is asked of; check needs none, unless the corridors of the lake are checked.
        folder: an empty folder for the files that it reads.

    Raises:
        ConfigError: it needs a lake and there is none.
        EntrepotError: what the command itself raises.
    """
    paths = {}
    for number, (role, (name, content)) in enumerate(sorted(query.files.items())):
        place = folder / f"{number:02d}"
        place.mkdir()
        # The ending decides how a file is read; the rest of the name is somebody else's and not trusted.
        paths[role] = place / f"{role.partition(':')[0]}{Path(name).suffix}"
        paths[role].write_bytes(content)
    if lake is None and query.command != "check":
        raise ConfigError(f"{query.command} without a lake", remedy="Name one with --lake.")
    return _ANSWERS[query.command](query, lake, paths)


def _routes(query: Query, lake: Lake | None, paths: Mapping[str, Path]) -> Table:
    assert lake is not None
    question = dict(query.parameters)
    if "products" in paths:
        question["products"] = str(paths["products"])
    return routes(lake, **question)


def _screen(query: Query, lake: Lake | None, paths: Mapping[str, Path]) -> Table:
    assert lake is not None
    asked = dict(query.parameters)
    against = asked.pop("against")
    lists = [part.strip() for part in against.split(",")] if isinstance(against, str) else list(against)
    return screen(lake, _file(query, paths), against=lists, options=ScreenOptions(**asked))


def _check(query: Query, lake: Lake | None, paths: Mapping[str, Path]) -> Table:
    asked = query.parameters
    options = CheckOptions(
        asked["as_of"],
        policy=read_policy(paths["policy"]) if "policy" in paths else None,
        language=asked.get("language", "en"),
        thresholds=asked.get("thresholds", {}),
    )
    kind = asked["kind"]
    corridors = lake if kind == "corridor" else None
    with Check(kind, shipped_flags(), open_ledger(), options, lake=corridors) as made:
        if kind != "corridor":
            made.read(kind, _file(query, paths))
        for role, path in paths.items():
            if role.startswith("with:"):
                made.read(role.partition(":")[2], path)
        made.outcomes()
        return answer_table(made)


def _file(query: Query, paths: Mapping[str, Path]) -> Path:
    if "file" not in paths:
        raise ConfigError("no file", where=f"query {query.command}", remedy="Name the file that it reads.")
    return paths["file"]


_ANSWERS = {"routes": _routes, "check": _check, "screen": _screen}


def versions_here() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = __version__ if name == "entrepot" else version(name)
        except PackageNotFoundError:
            continue
    return found


def answer_json(table: Table) -> bytes:
    """Return an answer as it stands in a case file: types, and rows in their order."""
    rows = [[_plain(value) for value in row.values()] for row in table]
    body = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"types": {json.dumps(table.types)},\n"rows": [\n{body}\n]}}\n'.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value != value:
        return None
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
