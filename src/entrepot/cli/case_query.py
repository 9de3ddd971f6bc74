"""A command line as a query of a case."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.desk import file_bytes
from entrepot.errors import ConfigError, EntrepotError

if TYPE_CHECKING:
    from entrepot.cases import Query


def query_of_line(line: str) -> Query:
    """Return a command line as a query: read by the command's own options, so that it means what it means there.

    Raises:
        ConfigError: another command, or an option that cannot be replayed.
        SourceError: a file that it reads cannot be read.
    """
    from entrepot.cases import Query
    from entrepot.cli import entrepot

    words = shlex.split(line)
    words = words[1:] if words[:1] == ["entrepot"] else words
    name = words[0] if words else ""
    command = entrepot.get_command(click.Context(entrepot), name) if name in ("routes", "check", "screen") else None
    if command is None:
        raise ConfigError(f"a case cannot replay {name!r}", where="--query", remedy="Use routes, check or screen.")
    context = command.make_context(name, words[1:])
    asked = {key: value for key, value in context.params.items() if value is not None}
    try:
        return Query(name, *_PARAMETERS[name](asked))
    except EntrepotError as error:
        raise ConfigError(error.found, where=f"--query {name!r}", remedy=error.remedy) from error


def _routes(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    from entrepot.cli.options import asked_of_ledger

    names = (
        "destination",
        "event",
        "measure",
        "until",
        "origins",
        "via",
        "products",
        "level",
        "as_of",
        "alpha",
        "controls",
        "has_sellers",
    )
    question = asked_of_ledger({name: asked.get(name) for name in names}, asked.get("lake_path"))
    # A flag that was not given is not a part of the question.
    said = {name: value for name, value in question.items() if value not in (None, False)}
    said["level"] = int(said["level"])
    path = Path(said["products"])
    if path.is_file():
        said.pop("products")
        return said, {"products": (path.name, file_bytes(path))}
    return said, {}


def _screen(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    for name, option in (("since", "--diff"), ("as_of", "--as-of")):
        if asked.get(name):
            # A case file holds one state of the lists.
            raise ConfigError(f"{option} cannot be replayed", where="--query screen", remedy="Leave it out.")
    said: dict[str, Any] = {name: asked[name] for name in ("against", "limit", "threshold") if name in asked}
    return {**said, "against": list(asked["against"])}, {"file": (asked["file"].name, file_bytes(asked["file"]))}


def _check(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    if refused := [name for name in ("mapping_path", "folder", "is_fairness", "is_backtest") if asked.get(name)]:
        remedy = "Leave it out; convert files before with `entrepot records convert`."
        raise ConfigError(f"{refused[0]} cannot be replayed", where="--query check", remedy=remedy)
    said: dict[str, Any] = {name: asked[name] for name in ("kind", "as_of", "language") if name in asked}
    if asked.get("changed"):
        said["thresholds"] = asked["changed"]
    files = {}
    if asked.get("file"):
        files["file"] = (asked["file"].name, file_bytes(asked["file"]))
    if asked.get("policy_path"):
        files["policy"] = (asked["policy_path"].name, file_bytes(asked["policy_path"]))
    files |= {f"with:{kind}": (path.name, file_bytes(path)) for kind, path in asked.get("beside", ())}
    return said, files


_PARAMETERS = {"routes": _routes, "screen": _screen, "check": _check}
