"""Common families: names that so many bear that a given and a family's name say little of who somebody is.

The table is our own: the commonest families' names of Russia and of the West, by their sounds. Other
peoples' are left out where a name alone raised hardly a false alert, or where that was not measured.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from entrepot.parties.names import endings
from entrepot.parties.names.reading import Name
from entrepot.parties.names.word import Token, token_of


def is_common_family(name: Name) -> bool:
    """Return whether one of the families in a person's name is among the commonest."""
    return bool(name.readings) and any(_key(token) in _commonest() for token in name.readings[0].family)


def _key(token: Token) -> tuple[str, str]:
    return token.root, endings.class_of(token.sound[len(token.root) :])


@cache
def _commonest() -> frozenset[tuple[str, str]]:
    text = (files(__package__) / "data" / "common_families.txt").read_text("utf-8")
    return frozenset(_key(token_of(word)) for word in text.split())
