"""What flags ask of others: the ledger's standings and facts, lists of goods, functions; as functions of the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from inspect import Parameter, Signature
from typing import Any

import duckdb
from duckdb.func import SPECIAL

from entrepot.redflags.functions import FUNCTIONS, get_function


def _number(*_: str) -> str:
    return "DOUBLE"


@dataclass(frozen=True, slots=True)
class World:
    """What flags ask of the ledger and of lists of goods.

    Attributes:
        standing: (measure id, day, day of knowledge) -> status on that day as known then, None where there is no such
            measure.
        fact: (measure id, fact, day, day of knowledge) -> its value, None where unknown.
        codes: name of a product list, or id of a measure -> codes of goods, None where unknown.
        fact_type: (measure id, fact) -> DOUBLE or VARCHAR.
    """

    standing: Callable[[str, str, str], str | None]
    fact: Callable[[str, str, str, str], Any]
    codes: Callable[[str], Sequence[str] | None]
    fact_type: Callable[[str, str], str] = _number


def teach(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Give an engine the functions that flags call and the world that they ask."""
    for function in FUNCTIONS.values():
        _teach(connection, function.name, function.takes, function.returns, partial(_called, function.name))
    _teach(connection, "standing_of", ("VARCHAR", "DATE", "VARCHAR"), "VARCHAR", partial(_standing, world))
    takes = ("VARCHAR", "VARCHAR", "DATE", "VARCHAR")
    for type_ in ("DOUBLE", "VARCHAR"):
        _teach(connection, f"fact_of_{type_.lower()}", takes, type_, partial(_fact, world, type_))


def standing_sql(world: World, measure: str, fact: str | None, day: str, *, known: str) -> str:
    """Return the SQL of a measure's status on a day, or of one of its facts."""
    quoted = [f"'{text}'" for text in (one.replace("'", "''") for one in (measure, fact or "", known))]
    if not fact:
        return f"standing_of({quoted[0]}, {day}, {quoted[2]})"
    return f"fact_of_{world.fact_type(measure, fact).lower()}({quoted[0]}, {quoted[1]}, {day}, {quoted[2]})"


def _teach(
    connection: duckdb.DuckDBPyConnection, name: str, takes: Sequence[str], returns: str, answer: Callable[..., Any]
) -> None:
    def asked(*values: Any) -> Any:
        return answer(*values)

    # The engine counts the parameters of what it is given.
    kinds = [Parameter(f"k{place}", Parameter.POSITIONAL_ONLY) for place in range(len(takes))]
    asked.__signature__ = Signature(kinds)  # type: ignore[attr-defined]
    connection.create_function(name, asked, list(takes), returns, null_handling=SPECIAL)


def _called(name: str, *values: Any) -> Any:
    return get_function(name).answer(*values)


def _standing(world: World, measure: str, day: object, known: str) -> str | None:
    # A day before the year 1 comes as text: no act is that old.
    return world.standing(measure, day.isoformat(), known) if isinstance(day, date) else None


def _fact(world: World, type_: str, measure: str, fact: str, day: object, known: str) -> Any:
    value = world.fact(measure, fact, day.isoformat(), known) if isinstance(day, date) else None
    return value if value is None or type_ == "DOUBLE" else str(value)
