"""Grams: pieces of three letters, by which a name with two typos is still found.

Each kind of piece has its own range of numbers:

- three sounds in a row, a word's edge counting as one;
- three consonants;
- three consonants in rough classes, words joined: what a script without vowels, in which one letter has several
  readings, has in common with a spelling in Latin letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Space 0, letters 1 to 26, digits 27 to 36, anything else 37.
_BASE = 38
_RANGE = _BASE**3
SOUNDS, CONSONANTS, ROUGH = range(3)
N_GRAMS = 3 * _RANGE

_CODES = np.full(256, 37, np.int64)
_CODES[ord(" ")] = 0
_CODES[ord("a") : ord("z") + 1] = np.arange(1, 27)
_CODES[ord("0") : ord("9") + 1] = np.arange(27, 37)
_ROUGHLY = str.maketrans(
    {"d": "t", "s": "t", "c": "t", "z": "t", "p": "b", "g": "k", "q": "k", **dict.fromkeys("vWh ")}
)

Grams = NDArray[np.int64]


def rough(skeleton: str) -> str:
    """Return consonants in rough classes, the words joined."""
    return skeleton.translate(_ROUGHLY)


def grams_of(folded: str, skeleton: str, *, is_rough: bool = False) -> Grams:
    """Return the grams of one name, each once, rising: the rough ones alone, or all but those."""
    if is_rough:
        return _once(_threes(_codes(rough(skeleton)))[0] + ROUGH * _RANGE)
    consonants = _threes(_codes(skeleton))[0] + CONSONANTS * _RANGE
    return _once(np.concatenate([_threes(_codes(folded))[0], consonants]))


def grams_of_all(folded: Sequence[str], skeletons: Sequence[str]) -> tuple[Grams, Grams]:
    """Return grams and the number of the name that each is of, each pair once, sorted by gram and name."""
    count = max(1, len(folded))
    keys = []
    for kind, texts in ((SOUNDS, folded), (CONSONANTS, skeletons), (ROUGH, [rough(text) for text in skeletons])):
        ends = np.cumsum(np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts)))
        grams, places = _threes(_codes(" ".join(texts)))
        keys.append((grams + kind * _RANGE) * count + np.searchsorted(ends, places, side="right"))
    even = _once(np.concatenate(keys))
    return even // count, even % count


def is_rough(grams: Grams) -> NDArray[np.bool_]:
    """Return which grams are rough ones."""
    found: NDArray[np.bool_] = grams >= ROUGH * _RANGE
    return found


def _once(grams: Grams) -> Grams:
    grams.sort()
    return grams[np.concatenate([[True], grams[1:] != grams[:-1]])] if len(grams) else grams


def _codes(text: str) -> Grams:
    codes: Grams = _CODES[np.frombuffer(b" " + text.encode("ascii", "replace") + b" ", np.uint8)]
    return codes


def _threes(codes: Grams) -> tuple[Grams, Grams]:
    """Each three codes in a row, but those that bridge two words, and the place of their middle in the text."""
    places = np.flatnonzero(codes[1:-1])
    return (codes[places] * _BASE + codes[places + 1]) * _BASE + codes[places + 2], places
