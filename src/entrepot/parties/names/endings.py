"""Endings: what the end of a word says of its part in a name: a father's name, a family's, whose gender."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.parties.names.sounds import sounds


@dataclass(frozen=True, slots=True)
class Ending:
    """What an ending says: ``kind`` father or family, ``root`` the sounds before it, ``gender`` m, f or empty."""

    kind: str
    root: str
    gender: str


# On sounds. Glides before the ending belong to it (Vasil-ievich, Ali-yev).
_FATHER = (
    (re.compile(r"(?:[iy]?[aeo]v[iy]C|[iy]?[ao]viT)$"), "m"),
    (re.compile(r"(?:[iy]?[aeo]vna|[iy]?[aeo]una|[iy]?ivna|iniCna|iCna)$"), "f"),
)
_IRREGULAR = re.compile(r"^(?:il[iy]*|nikit|kuzm[iy]?|luk|fom|sav|kuz[iy]m)iC$")
# On letters: markers that were written together with the father's name.
_JOINED = (
    (re.compile(r"(?<=\w{3})(?:uulu|uluu|ulu|uly|uli|oglu|ogly|ogli|ugli|tegin|tegi)$"), "m"),
    (re.compile(r"(?<=\w{3})(?:kyzy|kizi|qizi|qyzy|gyzy|gizi|kysy)$"), "f"),
)
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

# Of -in and -ina only the gender is taken off: what is left of a short name would fit too many.
_IN = re.compile(r"(?<=[a-zA-Z]{3})[iy]na$")


def find(text: str, sound: str) -> Ending | None:
    """Return what the end of a word says, given its letters and its sounds, or None."""
    for pattern, gender in _JOINED:
        if (found := pattern.search(text)) is not None:
            return Ending("father", sounds(text[: found.start()]), gender)
    if _IRREGULAR.match(sound):
        return Ending("father", sound[:-2], "m")
    for pattern, gender in _FATHER:
        if (found := pattern.search(sound)) is not None and found.start() >= 2:
            return Ending("father", sound[: found.start()], gender)
    if (found := _CHILD.search(sound)) is not None:
        return Ending("family", sound[: found.start()], "")
    for pattern, gender in _FAMILY:
        if (found := pattern.search(sound)) is not None:
            return Ending("family", sound[: found.start()], gender)
    if _IN.search(sound):
        return Ending("family", sound[:-1], "f")
    return None


def is_slavic_son(sound: str) -> bool:
    """Return whether a word ends like a son's patronymic, as some families' names do, too."""
    return _FATHER[0][0].search(sound) is not None


def is_optional(ending: str) -> bool:
    """Return whether documents drop or add the ending: -ov and its like, -zoda."""
    return ending.endswith(("v", "va", "f")) or ending in ("zoda", "zada", "zade", "zadeh")


def are_one(one: str, other: str) -> bool:
    """Return whether two endings are one, but for gender, glide and what documents change."""
    return _class(one) == _class(other)


def _class(ending: str) -> str:
    if is_optional(ending):
        return "v"
    if "k" in ending and ending[:1] in ("s", "T", "c"):
        return "sk"
    return ending.rstrip("ao")
