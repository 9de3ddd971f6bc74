"""Given names: which spellings are one name in several languages, and which near ones are two names.

The tables are our own: given names of the region and of Western and Arabic usage, each with spellings that no rule of
sounds brings together (Oleksandr and Alexander), and so that near names (Marat, Murat) are known to be different; short
forms with the names they are short for (Sasha: Aleksandr or Aleksandra); spellings that only a name written in Latin
letters from the first has (Pierre, John).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from entrepot.parties.names.scripts import latin
from entrepot.parties.names.sounds import sounds


@dataclass(frozen=True, slots=True)
class Given:
    """A given name: its usual spelling, whose it is, m or f, and the names it may be short for."""

    name: str
    gender: str
    full: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 14)
def find_given(sound: str) -> Given | None:
    """Return the given name that sounds so, or None where the table has none."""
    return _table().get(_key(sound))


def _key(sound: str) -> str:
    """What spellings of one name share beyond their sounds: y and i, what glides before a vowel."""
    even = sound.replace("y", "i").replace("w", "v")
    # Ye- and E- open one name; Ya- and A-, Yu- and U- open two.
    first, rest = ("", even[1:]) if even[:2] == "ie" else (even[:1], even[1:])
    for glide in "aeou":
        rest = rest.replace(f"i{glide}", glide)
    return first + rest.replace("ii", "i")


def are_one(one: Given, other: Given) -> float:
    """Return how far two given names are one: 1 the same name, less where one may be short for the other, 0 not."""
    if one.name == other.name:
        return 1.0
    return _SHORT if (one.full | {one.name}) & (other.full | {other.name}) else 0.0


_SHORT = 0.9


@cache
def _table() -> dict[str, Given]:
    table: dict[str, Given] = {}
    genders: dict[str, str] = {}
    for row in _rows("given_names.csv"):
        given = Given(row["name"], row["gender"])
        genders.setdefault(given.name, given.gender)
        for spelling in (row["name"], *row["spellings"].split()):
            table.setdefault(_key(sounds(latin(spelling.lower()))), given)
    for row in _rows("nicknames.csv"):
        full = frozenset(row["names"].split())
        held = {genders[name] for name in full}
        key = _key(sounds(latin(row["nickname"].lower())))
        also = {table[key].name} if key in table else set()
        table[key] = Given(row["nickname"], held.pop() if len(held) == 1 else "", full | also)
    return table


def _rows(file: str) -> list[dict[str, str]]:
    text = (files(__package__) / "data" / file).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def western() -> frozenset[str]:
    """Return spellings of given names, in the letters a to z, that say that a name was never transliterated."""
    return frozenset((files(__package__) / "data" / "western_spellings.txt").read_text("utf-8").split())
