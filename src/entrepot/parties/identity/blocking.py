"""Blocking: pairs that are worth comparing, without comparing all with all.

A block is what shares a key: an identifier, a phone, an e-mail address, a device, an address, a birth date with the
start of a name, two words of a name by their consonants, or a rare piece of a name. Blocks larger than MOST are left
out: their key says little, and most pairs in them meet under another key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from entrepot.parties.identity.profile import Profile

MOST = 60
_RARE = 3


def pairs(own: Sequence[Profile], others: Sequence[Profile] = ()) -> Iterator[tuple[Profile, Profile]]:
    """Yield pairs within a file, and of the file with a list, each once; a list is not compared with itself."""
    everyone = [*own, *others]
    rare = Counter(piece for profile in everyone for piece in _pieces(profile))
    blocks: dict[tuple[str, str], list[int]] = {}
    for place, profile in enumerate(everyone):
        for key in dict.fromkeys(_keys(profile, rare)):
            blocks.setdefault(key, []).append(place)
    seen: set[tuple[int, int]] = set()
    for places in blocks.values():
        if 1 < len(places) <= MOST:
            seen.update(pair for pair in combinations(places, 2) if pair[0] < len(own))
    for one, other in sorted(seen):
        yield everyone[one], everyone[other]


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
