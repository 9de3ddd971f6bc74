"""Named functions for what a condition cannot say; each answers for one distinct set of values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from entrepot.errors import NotFound


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes:
        name: what `call` names.
        returns: the engine's type of its answer.
        answer: values in, one value out; None where it cannot be known.
    """

    name: str
    returns: str
    answer: Callable[..., Any]


FUNCTIONS: dict[str, Function] = {}


def get_function(name: str) -> Function:
    """Return a function of the language.

    Raises:
        NotFound: there is no such function.
    """
    if name not in FUNCTIONS:
        raise NotFound(f"no function {name!r}", remedy=f"There are {', '.join(FUNCTIONS)}.")
    return FUNCTIONS[name]
