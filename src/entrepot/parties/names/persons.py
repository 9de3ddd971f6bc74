"""Persons: how sure two names are of one person, from features that can be read, each with its weight in log-odds."""

from __future__ import annotations

import math
from collections.abc import Sequence

from entrepot.parties.names.eastern import eastern_likeness
from entrepot.parties.names.found import BY_SIZE, NameMatch, sentence
from entrepot.parties.names.reading import Name, Reading
from entrepot.parties.names.sounds import likeness, strict_likeness
from entrepot.parties.names.tokens import (
    family_likeness,
    father_likeness,
    is_fathers,
    joined_likeness,
    one_family,
    token_likeness,
)
from entrepot.parties.names.word import Token

# Log-odds of each feature. ``base`` is a given and a family name that agree in full. The rest is added as it applies;
# ``*_unlike`` is multiplied with what is missing to likeness 1, beyond what families of transliteration explain.
WEIGHTS = {
    "base": 2.9,
    "given_unlike": -8.5,
    "family_unlike": -8.5,
    "given_initial": -1.3,
    "given_missing": -2.2,
    "family_missing": -1.1,
    "family_only_father": -0.6,
    "bare_family": -0.6,
    "father_agrees": 0.9,
    "father_missing": -0.15,
    "father_differs": -3.6,
    "gender_differs": -3.2,
    "family_gender_differs": -1.2,
    "extra_given": -0.45,
    "extra_family": -0.3,
    "further_given_differ": -2.6,
    "child_in_front": -3.2,
    "long": 0.35,
    "short": -0.5,
}
# A name that is one word says too little to be sure of anybody.
MOST_OF_ONE_WORD = 0.62
# Below this likeness two given names, or two fathers' names, are different ones.
_DIFFERENT = 0.6
_SAME_FATHER = 0.72


def compare_persons(query: Name, candidate: Name) -> NameMatch:
    """Return how far two persons' names agree, under the readings of both that fit best."""
    total, features, one, other = _eastern(query, candidate) or _best_reading(query, candidate)
    if total > _HOPELESS:
        doubt = total - sum(features.values())
        _of_father(query, one, candidate, other, features)
        _of_gender(query, one, candidate, other, features)
        _of_child(query, candidate, features)
        _of_length(query, candidate, features)
        total = doubt + sum(features.values())
    score = 1 / (1 + math.exp(-total))
    if len(query.tokens) < 2 or len(candidate.tokens) < 2:
        score = min(score, MOST_OF_ONE_WORD)
    against = tuple(_AGAINST[a] for a in _AGAINST if a in features and (a not in BY_SIZE or features[a] < -2.5))
    return NameMatch(round(score, 4), against, tuple(features.items()), sentence)


_Read = tuple[float, dict[str, float], Reading, Reading]


def _best_reading(query: Name, candidate: Name) -> _Read:
    best = NOT_READ
    for one in query.readings:
        for other in candidate.readings:
            parts = _parts(query, one, candidate, other, best[0])
            total = sum(parts.values()) - one.doubt - other.doubt
            if total > best[0]:
                best = total, parts, one, other
    return best


def _eastern(query: Name, candidate: Name) -> _Read | None:
    """Two names of Chinese or Korean syllables, compared by them; None for others, and where both given are known."""
    if not query.eastern or not candidate.eastern:
        return None
    if any(t.given for t in query.tokens) and any(t.given for t in candidate.tokens):
        return None
    likes = eastern_likeness(query.eastern, candidate.eastern)
    if likes is None:
        return None
    found = {"base": WEIGHTS["base"]}
    for feature, like in zip(("family_unlike", "given_unlike"), likes, strict=True):
        if like < 1:
            _put(found, feature, 1 - like)
    return sum(found.values()), found, query.readings[0], candidate.readings[0]


NOT_READ: _Read = (-20.0, {}, Reading((), ()), Reading((), ()))
# Below this no father's name and no length brings two names back.
_HOPELESS = -4.0
_AGAINST = {
    "given_unlike": "different_given",
    "family_unlike": "different_family",
    "father_differs": "different_father",
    "gender_differs": "gender",
    "family_gender_differs": "gender_of_family",
    "further_given_differ": "different_middle",
    "child_in_front": "child",
}


def _parts(query: Name, one: Reading, candidate: Name, other: Reading, least: float) -> dict[str, float]:
    """What the given names and the families say, under one reading of each name.

    Every part after the first takes away: where the given names leave no more than ``least``, the rest is not asked.
    """
    found = {"base": WEIGHTS["base"]}
    is_western = query.is_western and candidate.is_western
    _of_given(one.given, other.given, found, (query.father, candidate.father), is_western)
    if sum(found.values()) - one.doubt - other.doubt <= least:
        return found
    _of_family(query, one, candidate, other, found)
    if len(query.tokens) > 2 < len(candidate.tokens):
        _of_left_over(query, one, candidate, other, found)
    return found


def _of_left_over(query: Name, one: Reading, candidate: Name, other: Reading, found: dict[str, float]) -> None:
    """Words of each name that nothing in the other is like: however the two are read, they are two persons' words."""
    if _AGAINST_WORDS & found.keys() and min(found.get(name, 0.0) for name in _AGAINST_WORDS) < -2:
        return
    mine, theirs = _unlike(one, candidate), _unlike(other, query)
    if mine and theirs and joined_likeness(mine, theirs) < _SAME_FATHER:
        found["further_given_differ"] = WEIGHTS["further_given_differ"]


_AGAINST_WORDS = frozenset(("given_unlike", "family_unlike", "further_given_differ"))


def _unlike(reading: Reading, name: Name) -> list[Token]:
    """Given and family names of one name that no word of another is like."""
    words = (*reading.given, *reading.family)
    mine, theirs = {word.sound for word in words}, {word.sound for word in name.tokens}
    others = [other for other in name.tokens if other.sound not in mine]
    return [w for w in words if w.sound not in theirs and not any(_is_near(w, other) for other in others)]


def _is_near(word: Token, other: Token) -> bool:
    if "initial" in (word.kind, other.kind):
        return word.sound[:1] == other.sound[:1] or likeness(word.sound[:2], other.sound[:2]) > _SAME_FATHER
    if word.sound == other.sound or likeness(word.root, other.root) >= _DIFFERENT:
        return True
    return max(token_likeness(word, other), one_family(word, other)[0]) >= _DIFFERENT


def _of_length(query: Name, candidate: Name, found: dict[str, float]) -> None:
    letters = min(len(query.folded), len(candidate.folded))
    if letters >= 19:
        found["long"] = WEIGHTS["long"]
    elif (max(len(query.folded), len(candidate.folded)) if _is_unwritten(query, candidate) else letters) < 10:
        found["short"] = WEIGHTS["short"]


def _is_unwritten(query: Name, candidate: Name) -> bool:
    """Whether the script of one name alone leaves vowels out: its letters do not count the sounds."""
    return query.tokens[0].is_consonantal != candidate.tokens[0].is_consonantal


def _of_given(
    left: Sequence[Token],
    right: Sequence[Token],
    found: dict[str, float],
    fathers: tuple[Token | None, Token | None],
    is_western: bool,
) -> None:
    if not left or not right:
        found["given_missing"] = WEIGHTS["given_missing"]
        return
    first, second = left[0], right[0]
    if "initial" in (first.kind, second.kind):
        same = first.sound[:1] == second.sound[:1] or likeness(first.sound[:2], second.sound[:2]) > 0.8
        _put(found, "given_initial" if same else "given_unlike", 1.0)
        return
    like = token_likeness(first, second)
    if is_western and not (first.given and second.given):
        like = min(like, strict_likeness(first.text, second.text))
    if like < 0.8 and len(left) + len(right) > 2:
        like = max(
            like,
            joined_likeness(left, right) if len(left) != len(right) else 0.0,
            0.9 * _crossed(left, right),
            0.93 * _held(left, right),
        )
    if like < 1:
        _put(found, "given_unlike", 1 - like)
    _of_further(left[1:], right[1:], found, fathers)


def _of_further(
    left: Sequence[Token], right: Sequence[Token], found: dict[str, float], fathers: tuple[Token | None, ...]
) -> None:
    if left and right:
        short, long_ = sorted((left, right), key=len)
        if any(max(_initials_or_like(one, other) for other in long_) < _DIFFERENT for one in short):
            found["further_given_differ"] = WEIGHTS["further_given_differ"]
    elif left or right:
        # The father's name without its ending, as in documents that drop it, is no further given name.
        known = fathers[1] if left else fathers[0]
        lone = left or right
        if not (known and any(is_fathers(t, known) for t in lone)):
            found["extra_given"] = WEIGHTS["extra_given"]


def _initials_or_like(one: Token, other: Token) -> float:
    if "initial" in (one.kind, other.kind):
        return float(one.sound[:1] == other.sound[:1])
    return token_likeness(one, other)


def _crossed(left: Sequence[Token], right: Sequence[Token]) -> float:
    """The first given name of one among the further ones of the other, where only one has further ones."""
    if min(len(left), len(right)) > 1 or (left[0].given and right[0].given):
        return 0.0
    return max(token_likeness(one, other) for one in left for other in right)


def _held(left: Sequence[Token], right: Sequence[Token]) -> float:
    """All given names of the one, two at least, among those of the other, which has a further one in front."""
    short, long_ = sorted((left, right), key=len)
    if len(short) < 2 or len(short) == len(long_):
        return 0.0
    start = max(range(len(long_) - len(short) + 1), key=lambda i: token_likeness(short[0], long_[i]))
    likes = [token_likeness(one, other) for one, other in zip(short, long_[start:], strict=False)]
    return min(likes) if len(likes) == len(short) and min(likes) >= _SAME_FATHER else 0.0


def _of_family(query: Name, one: Reading, candidate: Name, other: Reading, found: dict[str, float]) -> None:
    left, right = one.family, other.family
    if not left or not right:
        _of_missing_family(query, one, candidate, other, found)
        return
    like, is_bare = family_likeness(left, right)
    if query.is_western and candidate.is_western and len(left) == len(right):
        like = _western_likeness(left, right, like)
    if like < 1:
        # Without its ending and spelled otherwise: two steps away, where each alone is common.
        _put(found, "family_unlike", (1 - like) * (1.5 if is_bare else 1.0))
    if is_bare:
        found["bare_family"] = WEIGHTS["bare_family"]
    if len(left) != len(right):
        found["extra_family"] = WEIGHTS["extra_family"]
    _of_family_gender(left[0], right[0], query.gender, candidate.gender, found)


def _western_likeness(left: Sequence[Token], right: Sequence[Token], like: float) -> float:
    """How alike families are that both stood in Latin letters from the first, word by word."""
    pairs = [(one.text, other.text) for one, other in zip(left, right, strict=True)]
    if any(one.endswith(other) or other.endswith(one) for one, other in pairs if one != other):
        return like
    likes = [strict_likeness(one, other) for one, other in pairs]
    return likes[0] if len(likes) == 1 else min(like, *(one for one in likes if one >= 0.5), 1.0)


def _of_missing_family(query: Name, one: Reading, candidate: Name, other: Reading, found: dict[str, float]) -> None:
    """One document names the family, the other only the father: some families are called by the father's name."""
    family = one.family or other.family
    father = query.father if not one.family else candidate.father
    if not family or not father:
        found["family_missing"] = WEIGHTS["family_missing"]
        return
    others = candidate.father if not one.family else query.father
    like = max(father_likeness(father, t) for t in family)
    if like >= _SAME_FATHER:
        _put(found, "family_only_father", 1.0)
        _put(found, "family_unlike", 1 - like)
    elif others is not None:
        found["family_missing"] = WEIGHTS["family_missing"]
    else:
        _put(found, "family_unlike", max(0.3, 1 - like))


def _of_family_gender(left: Token, right: Token, mine: str, theirs: str, found: dict[str, float]) -> None:
    # A woman may bear the masculine form abroad; where both are known to be of one gender the form says nothing.
    if left.gender and right.gender and left.gender != right.gender and not (mine and mine == theirs):
        found["family_gender_differs"] = WEIGHTS["family_gender_differs"]


def _of_father(query: Name, one: Reading, candidate: Name, other: Reading, found: dict[str, float]) -> None:
    mine, theirs = query.father, candidate.father
    if mine and theirs:
        like = father_likeness(mine, theirs)
        if like >= _SAME_FATHER:
            found["father_agrees"] = WEIGHTS["father_agrees"] * like
        elif like < _DIFFERENT:
            found["father_differs"] = WEIGHTS["father_differs"]
        return
    known, further = (mine, other.given[1:]) if mine else (theirs, one.given[1:])
    if known is None or "family_only_father" in found:
        return
    initial = next((t for t in further if t.kind == "initial"), None)
    if initial is not None and initial.sound[:1] != known.root[:1] and likeness(initial.sound, known.root[:1]) < 0.5:
        found["father_differs"] = WEIGHTS["father_differs"] / 2
    elif not any(is_fathers(t, known) for t in further):
        # A further word that is not the father's name is more than a name left out.
        found["father_missing"] = WEIGHTS["father_missing"]
        if any(t.kind != "initial" for t in further):
            found["father_differs"] = WEIGHTS["father_differs"] / 2


def _of_gender(query: Name, one: Reading, candidate: Name, other: Reading, found: dict[str, float]) -> None:
    mine, theirs = query.gender or _family_gender(one), candidate.gender or _family_gender(other)
    if mine and theirs and mine != theirs and (query.gender or candidate.gender):
        is_sure = bool(query.gender and candidate.gender)
        found["gender_differs"] = WEIGHTS["gender_differs"] * (1.0 if is_sure else 0.35)


def _of_child(query: Name, candidate: Name, found: dict[str, float]) -> None:
    """A chain of fathers' names with a further name in front is not the same person's but a child's."""
    short, long_ = sorted((query, candidate), key=lambda name: len(name.tokens))
    if len(short.tokens) < 3 or len(long_.tokens) != len(short.tokens) + 1 or short.is_western or long_.father:
        return
    if not _is_left_out(long_.tokens[0]) and all(map(_is_near, short.tokens, long_.tokens[1:])):
        found["child_in_front"] = WEIGHTS["child_in_front"]


def _is_left_out(word: Token) -> bool:
    """Whether a first name is one that documents leave out."""
    return word.text.startswith(("abu", "umm")) or (word.given.name if word.given else word.text) in _LEFT_OUT


_LEFT_OUT = frozenset("Muhammad mohd md seyed seyyed sayed syed sayid said Maria Jose jean juan".split())


def _family_gender(reading: Reading) -> str:
    return next((t.gender for t in reading.family if t.gender == "f"), "")


def _put(found: dict[str, float], feature: str, amount: float) -> None:
    found[feature] = found.get(feature, 0.0) + WEIGHTS[feature] * amount
