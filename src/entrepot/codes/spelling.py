"""Spellings: how a label is reduced before it is looked up.

Publishers differ in case, accents, hyphens, apostrophes and abbreviations ("Côte d’Ivoire", "Cote d'
Ivoire", "Turks and Caicos Isds"). Reducing them keeps the list of spellings short. It never guesses: two
labels with one reduced form must mean one thing, which the tests hold.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = re.compile("['’‘`ʻʼ´]")
_NOT_WORD = re.compile(r"[\W_]+")
_WORDS = {
    "st": "saint",
    "ste": "sainte",
    "isl": "islands",
    "isds": "islands",
    "isles": "islands",
    "rep": "republic",
    "dem": "democratic",
    "terr": "territory",
    "fmr": "former",
    "the": "",
}


@lru_cache(maxsize=65536)
def reduced(label: str) -> str:
    """Return a label without case, accents, punctuation and common abbreviations."""
    text = unicodedata.normalize("NFKD", label).replace("&", " and ")
    text = "".join(mark for mark in text if not unicodedata.combining(mark)).casefold()
    # In capitals the Turkish dotless i is an I, and comes back dotted.
    text = text.replace("ı", "i")
    words = _NOT_WORD.sub(" ", _APOSTROPHES.sub("", text)).split()
    return " ".join(word for word in (_WORDS.get(word, word) for word in words) if word)
