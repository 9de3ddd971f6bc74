"""Grams: pieces of three letters, by which a name with two typos is still found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Space 0, letters 1 to 26, digits 27 to 36, anything else 37.
_BASE = 38
_ONE_SPACE = _BASE**3
# Grams of the sounds come first, grams of the consonants after them.
N_GRAMS = 2 * _ONE_SPACE

_CODES = np.full(256, 37, np.int64)
_CODES[ord(" ")] = 0
_CODES[ord("a") : ord("z") + 1] = np.arange(1, 27)
_CODES[ord("0") : ord("9") + 1] = np.arange(27, 37)
_TIMES = np.array([_BASE * _BASE, _BASE, 1], np.int64)


def grams_of(folded: str, skeleton: str) -> NDArray[np.int64]:
    """Return the grams of one name, each once, rising."""
    found = np.concatenate([_windows(_codes(folded))[0], _windows(_codes(skeleton))[0] + _ONE_SPACE])
    found.sort()
    return found[np.concatenate([[True], found[1:] != found[:-1]])] if len(found) else found


def grams_of_all(folded: Sequence[str], skeletons: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return grams and the number of the name that each is of, each pair once, sorted by gram and name."""
    keys = []
    for texts, first in ((folded, 0), (skeletons, _ONE_SPACE)):
        lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
        grams, middles = _windows(_codes(" ".join(texts)))
        names = np.searchsorted(np.cumsum(lengths), middles, side="right")
        keys.append((grams + first) * max(1, len(texts)) + names)
    even = np.unique(np.concatenate(keys))
    return even // max(1, len(folded)), even % max(1, len(folded))


def _codes(text: str) -> NDArray[np.int64]:
    raw = np.frombuffer(b" " + text.encode("ascii", "replace") + b" ", np.uint8)
    codes: NDArray[np.int64] = _CODES[raw]
    return codes


def _windows(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each three codes in a row, but those that bridge two words, and the place of their middle in the text."""
    middles = np.flatnonzero(codes[1:-1])
    grams = codes[middles] * _TIMES[0] + codes[middles + 1] * _TIMES[1] + codes[middles + 2]
    return grams, middles
