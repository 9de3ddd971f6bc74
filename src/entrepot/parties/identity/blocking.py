"""Blocking: pairs that are worth comparing, without comparing all with all.

A block is what shares a key: an identifier, a phone, an e-mail address, a device, an address, a birth date with the
start of a name, two words of a name by their consonants, or a rare piece of a name. Blocks larger than MOST are left
out: their key says little, and most pairs in them meet under another key.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from entrepot.parties.identity.profile import Profile

MOST = 60
_RARE = 3


def pairs(own: Sequence[Profile], others: Sequence[Profile] = ()) -> Iterator[tuple[Profile, Profile]]:
    """Yield pairs within a file, and of the file with a list, each once; a list is not compared with itself."""
    everyone = [*own, *others]
    codes = _codes(everyone, len(own))
    for code in codes:
        one, other = divmod(int(code), len(everyone))
        yield everyone[one], everyone[other]


def _codes(everyone: Sequence[Profile], n_own: int) -> NDArray[np.int64]:
    """The pairs as numbers, place of the one times the count plus place of the other: eight bytes each."""
    rare = Counter(piece for profile in everyone for piece in _pieces(profile))
    keys, places = array("Q"), array("q")
    for place, profile in enumerate(everyone):
        for key in dict.fromkeys(_keys(profile, rare)):
            # Two keys of one digest would only add a pair that is compared for nothing.
            keys.append(int.from_bytes(blake2b("\n".join(key).encode(), digest_size=8).digest(), "little"))
            places.append(place)
    if not keys:
        return np.empty(0, dtype=np.int64)
    order = np.argsort(np.frombuffer(keys, dtype=np.uint64), kind="stable")
    held, sorted_keys = np.frombuffer(places, dtype=np.int64)[order], np.frombuffer(keys, dtype=np.uint64)[order]
    starts = np.flatnonzero(np.r_[True, sorted_keys[1:] != sorted_keys[:-1]])
    sizes = np.diff(np.r_[starts, len(held)])
    found = np.empty(0, dtype=np.int64)
    for size in range(2, MOST + 1):
        blocks = held[starts[sizes == size][:, None] + np.arange(size)]
        left, right = np.triu_indices(size, 1)
        one, other = blocks[:, left].ravel(), blocks[:, right].ravel()
        found = np.union1d(found, (one * len(everyone) + other)[one < n_own])
    return found


def _keys(profile: Profile, rare: Counter[str]) -> Iterator[tuple[str, str]]:
    yield from (("number", one.number) for one, _ in profile.numbers if len(one.number) >= 5)
    for name in ("phones", "emails", "devices", "addresses"):
        yield from ((name, value.key) for value in getattr(profile, name))
    bones = [sorted({bone for bone in name.skeleton.split() if bone}) for name, _ in profile.names]
    for words in bones:
        yield from (("words", f"{one} {other}") for one, other in combinations(words, 2))
        for birth in profile.births:
            if len(birth.key) == 10:
                yield from (("birth", f"{birth.key} {word[:2]}") for word in words)
    pieces = sorted(set(_pieces(profile)), key=lambda piece: (rare[piece], piece))
    yield from (("piece", piece) for piece in pieces[:_RARE])


def _pieces(profile: Profile) -> Iterable[str]:
    for name, _ in profile.names:
        for word in name.folded.split():
            padded = f"^{word}$"
            yield from (padded[place : place + 4] for place in range(max(1, len(padded) - 3)))
