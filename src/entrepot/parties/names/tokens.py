"""Tokens: how alike two words are as given names, as families' names, as fathers' names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from entrepot.parties.names import endings
from entrepot.parties.names.given import are_one
from entrepot.parties.names.sounds import likeness, near_likeness, skeleton
from entrepot.parties.names.word import Token

_SAME_FATHER = 0.72


@lru_cache(maxsize=1 << 15)
def token_likeness(one: Token, other: Token) -> float:
    """Return how alike two given names are, 0 to 1; known names that differ are never near, however they sound."""
    if one.sound == other.sound:
        return 1.0
    if one.others or other.others:
        ways = [_token_likeness(a, b) for a in (one, *one.others) for b in (other, *other.others)]
        return max(ways[0], _OTHER_WAY * max(ways))
    return _token_likeness(one, other)


# A word that is like another only by the rules of a language that its spelling shows.
_OTHER_WAY = 0.98


def _token_likeness(one: Token, other: Token) -> float:
    if one.is_consonantal != other.is_consonantal:
        return _UNWRITTEN * likeness(_bones(one.sound), _bones(other.sound))
    like = likeness(one.sound, other.sound)
    if one.given and other.given:
        known = are_one(one.given, other.given)
        return min(like, 0.5) if not known else max(like, 0.96) if known == 1 else known
    return like


# What two words may agree that stand in a script without vowels and in one with them.
_UNWRITTEN = 0.92


def _bones(sound: str) -> str:
    """Consonants of a word as a script without vowels has them; dh is one letter there (Ramadhan, Fadhil)."""
    return skeleton(sound).replace("dh", "d")


@lru_cache(maxsize=1 << 15)
def one_family(one: Token, other: Token) -> tuple[float, bool]:
    """Return how alike two words of families are, 0 to 1, and whether one has an ending that the other lacks."""
    if one.sound == other.sound:
        return 1.0, False
    if one.others or other.others:
        first, *ways = [_family_of(a, b) for a in (one, *one.others) for b in (other, *other.others)]
        return max(first, *((_OTHER_WAY * like, is_bare) for like, is_bare in ways))
    return _family_of(one, other)


def _family_of(one: Token, other: Token) -> tuple[float, bool]:
    if one.sound == other.sound:
        return 1.0, False
    if one.is_consonantal != other.is_consonantal:
        return _UNWRITTEN * likeness(_bones(one.sound), _bones(other.sound)), False
    if one.kind == other.kind == "family":
        return _both_ended(one, other)
    if "family" in (one.kind, other.kind):
        ended, plain = (one, other) if one.kind == "family" else (other, one)
        bare = likeness(ended.root, plain.sound) if endings.is_optional(ended.sound[len(ended.root) :]) else 0.0
        whole = likeness(ended.sound, plain.sound)
        return (bare, True) if bare > whole else (whole, False)
    like = max(likeness(one.sound, other.sound), _but_for_article(one.sound, other.sound))
    if like < 0.95 and (one.text.endswith(other.text) or other.text.endswith(one.text)):
        # A particle that one document joins and another drops or parts (Di Stefano, Distefano).
        longer, shorter = sorted((one.text, other.text), key=len, reverse=True)
        like = max(like, 0.95 if longer[: len(longer) - len(shorter)] in _PREFIXES else 0.0)
    return like, False


def _but_for_article(one: str, other: str) -> float:
    """An Arabic article that only one document writes, or writes together with the name."""
    bare = [s[2:] if s[:2] in ("al", "el", "ul") and len(s) > 6 else s for s in (one, other)]
    return 0.95 * likeness(*bare) if bare != [one, other] else 0.0


_PREFIXES = frozenset("di de da la le del della du al el ul mc mac o van von ter st".split())


def _both_ended(one: Token, other: Token) -> tuple[float, bool]:
    """Two families with endings: roots count beside whole words, for the endings they share say little."""
    whole = likeness(one.sound, other.sound)
    endings_ = one.sound[len(one.root) :], other.sound[len(other.root) :]
    if "" in endings_ and endings_ != ("", "") and endings.is_optional("".join(endings_)):
        return likeness(one.root, other.root), True
    if not endings.are_one(*endings_):
        return whole, False
    root = likeness(one.root, other.root)
    if endings.is_child(endings_[0]) != endings.is_child(endings_[1]):
        return root, False
    return (min(root, whole) if min(len(one.root), len(other.root)) < 4 else (root + whole) / 2), False


def family_likeness(left: Sequence[Token], right: Sequence[Token]) -> tuple[float, bool]:
    """Return how alike two families' names are, 0 to 1, and whether one has an ending that the other lacks."""
    if len(left) == len(right) == 1:
        return one_family(left[0], right[0])
    pairs = [one_family(one, other) for one in left for other in right]
    best = max(pairs)
    if len(left) == len(right) == 2:
        straight = (one_family(left[0], right[0])[0] + one_family(left[1], right[1])[0]) / 2
        crossed = (one_family(left[0], right[1])[0] + one_family(left[1], right[0])[0]) / 2
        return max(straight, 0.97 * crossed), best[1]
    return max(best[0], joined_likeness(left, right)), best[1]


@lru_cache(maxsize=1 << 14)
def father_likeness(one: Token, other: Token) -> float:
    """Return how alike two fathers' names are, 0 to 1."""
    if one.others or other.others:
        ways = [(a, b) for a in (one, *one.others) for b in (other, *other.others)]
        return max(_one_father(a, b) for a, b in ways if a.kind == one.kind and b.kind == other.kind)
    return _one_father(one, other)


def _one_father(one: Token, other: Token) -> float:
    if one.is_consonantal != other.is_consonantal:
        return _UNWRITTEN * likeness(_bones(one.root), _bones(other.root))
    if one.given and other.given:
        return are_one(one.given, other.given) or min(0.5, likeness(one.root, other.root))
    return max(likeness(one.root, other.root), _but_for_glide(one.root, other.root))


def is_fathers(word: Token, father: Token) -> bool:
    """Return whether a word is a father's name without its ending, as in documents that drop it."""
    if word.is_consonantal != father.is_consonantal:
        return _UNWRITTEN * likeness(_bones(word.sound), _bones(father.root)) >= _SAME_FATHER
    return likeness(word.sound, father.root) >= _SAME_FATHER


def _but_for_glide(one: str, other: str) -> float:
    return likeness(one.rstrip("iy"), other.rstrip("iy"))


def joined_likeness(left: Sequence[Token], right: Sequence[Token]) -> float:
    """Return how alike words are when joined, for one document joins syllables that another parts (Xiao Ming)."""
    if any(t.is_consonantal for t in left) != any(t.is_consonantal for t in right):
        return _UNWRITTEN * max(likeness(_bones(one), _bones(other)) for one in _ways(left) for other in _ways(right))
    return near_likeness("".join(t.sound for t in left), "".join(t.sound for t in right))


def _ways(tokens: Sequence[Token]) -> tuple[str, str]:
    """Words joined, in the first way to say them and in the last."""
    return "".join(t.sound for t in tokens), "".join((t.others or (t,))[-1].sound for t in tokens)
