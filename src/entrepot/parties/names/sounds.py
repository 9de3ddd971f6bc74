"""Sounds: a Latin word as a string of sounds, one character each, in which families of transliteration meet.

Capital letters are sounds that Latin writes with several letters: C as in chair, S as in shop, Q as in the Russian
shch, J for zh and j, T for ts, W for the Arabic letter that is a long u or o, or a v. Lower-case letters keep their
own sound; c and w stand for letters whose sound depends on a language that the word does not tell.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

# Longest first. Each pair is what is written and the sound it stands for, in families of transliteration that occur
# in documents: ICAO 9303, GOST, BGN/PCGN, the French of Soviet passports, German, Polish and Czech spellings.
_DIGRAPHS = (
    ("chtch", "Q"), ("shtsh", "Q"), ("schtsch", "Q"), ("shch", "Q"), ("szcz", "Q"), ("tsch", "C"), ("dzh", "J"),
    ("dsch", "J"), ("tch", "C"), ("sch", "S"), ("sh", "S"), ("ch", "C"), ("zh", "J"), ("kh", "h"), ("gh", "g"),
    ("ph", "f"), ("th", "t"), ("ts", "T"), ("tz", "T"),
    ("tzod", "tzod"), ("tzad", "tzad"), ("cz", "C"), ("sz", "S"), ("dj", "J"),
    ("dz", "d"), ("ck", "k"), ("oo", "u"), ("ee", "e"), ("ou", "u"), ("ii", "i"), ("yy", "i"), ("iy", "i"),
    ("yi", "i"), ("uu", "u"), ("ew", "ev"), ("ow", "ov"), ("aw", "av"), ("q", "k"), ("j", "J"),
)  # fmt: skip
_SPELLED = dict(_DIGRAPHS)
_WRITTEN = re.compile("|".join(sorted(map(re.escape, _SPELLED), key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")
# Belarusian spells the ending -ov as -ou or -au.
_BELARUSIAN = re.compile(r"(?<=[a-z]{3})[iy]?([aeo])u$|(?<=[a-z]{3})([aeo])u(?=sk[aiy])")
_ENDING = re.compile(r"(?<=[a-zA-Z])(?:[iy]+|iJ|yJ)$")
# The letter x is ks in these; in Latin of Uzbek and Azerbaijani it is kh, and elsewhere both sides write it.
_X = re.compile(r"(?<=^ale)x|(?<=^ma)x(?!u)|(?<=^lu)x|(?<=^feli)x|(?<=^[or]o)x(?=an)|(?<=^o)x(?=an)|x$|(?<=^a)x(?=el)")
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=1 << 15)
def sounds(word: str) -> str:
    """Return the sounds of a word of the letters a to z; digits stay."""
    word = _BELARUSIAN.sub(lambda m: f"{m.group(1) or m.group(2)}v", word)
    word = _X.sub("ks", word).replace("x", "kh").replace("eev", "eyev")
    spelled = _WRITTEN.sub(lambda m: _SPELLED[m.group()], word)
    return _ENDING.sub("i", _DOUBLED.sub(r"\1", spelled))


@lru_cache(maxsize=1 << 15)
def skeleton(sounded: str) -> str:
    """Return the consonants of a word's sounds, near ones under one letter: what scripts without vowels write."""
    merged = sounded.translate(_MERGED)
    return _DOUBLED.sub(r"\1", "".join(c for c in merged if c not in _VOWELS)) or merged[:1]


_MERGED = str.maketrans("QSCJTgcwpz", "ssccskkvbs")


def _costs() -> dict[str, float]:
    near = {
        # One letter's several sounds, and sounds that families write differently.
        "W": "v.02 o.1 u.02", "c": "k.15 T.1 s.3 J.15 C.2", "w": "v.03 o.2 u.15 f.3", "v": "u.2 f.2 b.35",
        "J": "y.2 C.25 S.35 z.35 g.35 h.4 d.5 i.4", "Q": "S.1 C.3", "S": "s.3 C.3 z.5 h.5", "T": "s.3 z.3 C.3 t.2 c.1",
        "z": "s.3", "h": "g.2 k.35", "g": "k.3", "d": "t.35", "b": "p.3",
        # Vowels.
        "a": "o.2 e.22 u.55 i.5 y.45", "o": "u.22 e.35 y.5 i.6", "e": "i.2 y.22 u.6", "i": "y.03 u.6 a.5",
        "y": "u.45",
        "m": "n.6", "f": "p.5",
    }  # fmt: skip
    costs: dict[str, float] = {}
    for sound, others in near.items():
        for other in others.split():
            costs[sound + other[0]] = costs[other[0] + sound] = float(other[1:])
    return costs


NEAR = _costs()
# What a sound costs where only one side has it: y and h come and go with the family, vowels with unwritten schools.
LONE = {**dict.fromkeys("aeou", 0.5), "i": 0.4, "y": 0.12, "h": 0.35, "w": 0.4, "W": 0.12}


def _strict() -> dict[str, float]:
    """Costs between two words that were never transliterated: another vowel is another name."""
    vowels = {one + other: 1.0 for one in "aeiou" for other in "aeiou" if one != other}
    return NEAR | vowels | {"ei": 0.7, "ie": 0.7, "Tt": 1.0, "tT": 1.0, "dt": 0.6, "td": 0.6, "vf": 1.0, "fv": 1.0}


_STRICT = _strict()


def distance(left: str, right: str, most: float, near: dict[str, float] = NEAR) -> float:
    """Return the cheapest way from one string of sounds to another; ``most`` where it would cost more.

    A sound for a near one costs what their nearness says, any other change 1, two neighbours changing places 0.6.
    """
    left, right = _parted(left, right)
    if not left or not right:
        return min(most, sum(LONE.get(sound, 1.0) for sound in left or right))
    before: list[float] = []
    row = [0.0]
    for sound in right:
        row.append(row[-1] + LONE.get(sound, 1.0))
    lone = LONE
    past = ""
    for sound in left:
        gone = lone.get(sound, 1.0)
        best = diagonal = row[0]
        new = [diagonal + gone]
        last = best = new[0]
        previous = ""
        for place, other in enumerate(right, 1):
            if sound == other:
                cost = diagonal
            else:
                cost = diagonal + near.get(sound + other, 1.0)
                other_way = row[place] + gone
                if other_way < cost:
                    cost = other_way
                other_way = last + lone.get(other, 1.0)
                if other_way < cost:
                    cost = other_way
                if sound == previous and other == past and before and before[place - 2] + 0.6 < cost:
                    cost = before[place - 2] + 0.6
            diagonal = row[place]
            new.append(cost)
            last = cost
            previous = other
            if cost < best:
                best = cost
        if best >= most:
            return most
        before, row, past = row, new, sound
    return min(row[-1], most)


def _parted(left: str, right: str) -> tuple[str, str]:
    """Both strings without what they begin and end with in common: most of what is compared is alike but for a part."""
    start, end = 0, min(len(left), len(right))
    while start < end and left[start] == right[start]:
        start += 1
    left, right, end = left[start:], right[start:], end - start
    last = 0
    while last < end and left[-1 - last] == right[-1 - last]:
        last += 1
    return (left[:-last], right[:-last]) if last else (left, right)


# How much of a word one unit of cost takes away, and below which likeness two words have nothing to do with another.
_SLOPE, _LEAST = 1.75, 0.25
# In so few letters each may be written otherwise (Weiss, Vays).
_FEW = 4


@lru_cache(maxsize=1 << 16)
def likeness(left: str, right: str) -> float:
    """Return how alike two strings of sounds are: 1 the same, 0 nothing to do with each other."""
    if left == right:
        return 1.0
    length = max(3.0, (len(left) + len(right)) / 2)
    # Near sounds are cheap, but a word of which seven letters in ten are others is another word.
    if length > _FEW and Levenshtein.normalized_similarity(left, right) < 0.3:
        return 0.0
    most = (1 - _LEAST) * length / _SLOPE
    cost = distance(left, right, most)
    # Small costs are what families of transliteration differ by: several of them are less than one letter.
    return 0.0 if cost >= most else 1 - _SLOPE * (cost**1.3 if cost < 1 else cost) / length


@lru_cache(maxsize=1 << 14)
def strict_likeness(left: str, right: str) -> float:
    """Return how alike two words in the letters a to z are that both stood in Latin letters from the first."""
    left, right = (_evened(word) for word in (left, right))
    if left == right:
        return 1.0
    length = max(3.0, (len(left) + len(right)) / 2)
    most = (1 - _LEAST) * length / _SLOPE
    cost = distance(left, right, most, _STRICT)
    return 0.0 if cost >= most else 1 - _SLOPE * (cost**1.3 if cost < 1 else cost) / length


def _evened(word: str) -> str:
    word = word.replace("ph", "f").replace("ck", "k").replace("tz", "T").replace("dt", "t")
    return _DOUBLED.sub(r"\1", word.replace("mps", "ms").replace("mpt", "mt"))


def near_likeness(left: str, right: str) -> float:
    """Return how alike two long strings are where they are nearly one; 0 where letters alone say that they are not."""
    return likeness(left, right) if Levenshtein.normalized_similarity(left, right) >= 0.55 else 0.0
