"""Endings: what the end of a word says of its part in a name: a father's name, a family's, whose gender."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ending:
    """What an ending says: ``kind`` father or family, ``root`` the sounds before it, ``gender`` m, f or empty."""

    kind: str
    root: str
    gender: str


# On sounds. Glides before the ending belong to it (Vasil-ievich, Ali-yev).
_FATHER = (
    # A letter lost or doubled in typing is allowed for: what is no patronymic then is a given name more.
    (re.compile(r"(?:[iy]?[aeo][iy]?v[iy]?t?[CcT])$"), "m"),
    (re.compile(r"(?:[iy]?[aeo]vna|[iy]?[aeo]una|[iy]?ivna|iniCna|iCna)$"), "f"),
)
_IRREGULAR = re.compile(r"^(?:il[iy]*|nikit|kuzm[iy]?|luk|fom|sav|kuz[iy]m)iC$")
# Markers that were written together with the father's name.
_JOINED = (
    # Of -guly nothing is said: given names of Turkmen end so (Gurbanguly).
    (re.compile(r"(?<=[a-zA-Z]{3})(?:(?<!g)(?:u?ulu|uli)|oglu|ogli|ugli|wgli|okl[iu])$"), "m"),
    (re.compile(r"(?<=[a-zA-Z]{3})(?:[kg][iy]zi|kysi)$"), "f"),
)
_FOREFATHER = re.compile(r"(?<=[a-zA-Z]{3})tegin?$")
_CHILD = re.compile(r"(?<=[a-zA-Z]{3})(?:zoda|zada|zade|zadeh|pur)$")
_FAMILY = (
    (re.compile(r"(?<=[a-zA-Z]{2})[iy]?(?:ov|ev|of|ef)$"), "m"),
    (re.compile(r"(?<=[a-zA-Z]{2})[iy]?(?:ova|eva)$"), "f"),
    (re.compile(r"(?<=[a-zA-Z]{3})[iy]?av$"), "m"),
    (re.compile(r"(?<=[a-zA-Z]{3})[iy]?ava$"), "f"),
    (re.compile(r"(?<=[a-zA-Z]{2})(?:[sTc]ki|[sTc]koi|[sTc]koy)$"), "m"),
    (re.compile(r"(?<=[a-zA-Z]{2})(?:[sTc]ka[iy]?a|[sTc]ka)$"), "f"),
    (re.compile(r"(?<=[a-zA-Z]{3})(?:enk[oa]|[Cy]uk|yan|[sS]v[iy]l[iy]|dze)$"), ""),
)

# Given names that end like a family's. Of -in and -ina nothing is said: too many given names end so.
_GIVEN = re.compile(r"slava?$")


def find(sound: str) -> Ending | None:
    """Return what the end of a word says, given its sounds, or None."""
    if _GIVEN.search(sound):
        return None
    for pattern, gender in _JOINED:
        if (found := pattern.search(sound)) is not None:
            return Ending("father", sound[: found.start()], gender)
    if _IRREGULAR.match(sound):
        return Ending("father", sound[:-2], "m")
    for pattern, gender in _FATHER:
        if (found := pattern.search(sound)) is not None and found.start() >= 2:
            return Ending("father", sound[: found.start()], gender)
    if (found := _CHILD.search(sound) or _FOREFATHER.search(sound)) is not None:
        return Ending("family", sound[: found.start()], "")
    for pattern, gender in _FAMILY:
        if (found := pattern.search(sound)) is not None:
            return Ending("family", sound[: found.start()], gender)
    return None


def is_slavic_son(sound: str) -> bool:
    """Return whether a word ends like a son's patronymic, as some families' names do, too."""
    return _FATHER[0][0].search(sound) is not None


def is_optional(ending: str) -> bool:
    """Return whether documents drop or add the ending: -ov and its like, -zoda."""
    return ending.endswith(("v", "va", "f")) or is_child(ending)


def is_child(ending: str) -> bool:
    """Return whether an ending is one of those that mean child of (-zoda, -zade)."""
    return ending in _CHILDREN


_CHILDREN = ("zoda", "zada", "zade", "zadeh", "pur")


def are_one(one: str, other: str) -> bool:
    """Return whether two endings are one, but for gender, glide and what documents change."""
    return class_of(one) == class_of(other)


def class_of(ending: str) -> str:
    """Return what an ending has in common with those that documents write for it."""
    if is_optional(ending):
        return "v"
    if "k" in ending and ending[:1] in ("s", "T", "c"):
        return "sk"
    return ending.rstrip("ao")
