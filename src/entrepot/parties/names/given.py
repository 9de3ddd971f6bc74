"""Given names: which spellings are one name in several languages, and which near ones are two names.

The table is our own: given names of the region and of Western and Arabic usage, each with spellings that no rule of
sounds brings together (Oleksandr and Alexander), and so that near names (Marat, Murat) are known to be different.
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
    """A given name: its usual spelling and whose it is, m or f."""

    name: str
    gender: str


@lru_cache(maxsize=1 << 16)
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


@cache
def _table() -> dict[str, Given]:
    table: dict[str, Given] = {}
    text = (files(__package__) / "data" / "given_names.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        given = Given(row["name"], row["gender"])
        for spelling in (row["name"], *row["spellings"].split()):
            table.setdefault(_key(sounds(latin(spelling.lower()))), given)
    return table
