"""Companies: how sure two names are of one body; what is distinctive decides, what every firm has does not."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from entrepot.parties.names.found import NOTHING, NameMatch
from entrepot.parties.names.reading import Name, read_name
from entrepot.parties.names.scripts import latin
from entrepot.parties.names.sounds import likeness, near_likeness, sounds

# Log-odds. ``base`` is two names whose distinctive words agree in full; ``unlike`` and ``unmatched`` are multiplied
# with the share of the distinctive words they are about.
WEIGHTS = {
    "base": 3.0,
    "unlike": -8.0,
    "unmatched": -6.0,
    "common_differ": -2.6,
    "common_missing": -0.5,
    "numbers_differ": -5.0,
    "number_missing": -1.6,
    "form_differs": -0.5,
    "acronym": -2.4,
    "only_common": -1.0,
    "short": -0.6,
}
_PLACE, _SHORT = 0.4, 0.6
_SAME = 0.72
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Body:
    """A body's name in parts: distinctive words with weights and joined, every word joined, concepts, numbers, form."""

    words: tuple[tuple[str, float], ...]
    joined: str
    whole: str
    concepts: frozenset[str]
    numbers: frozenset[str]
    form: str
    is_only_common: bool


@lru_cache(maxsize=1 << 14)
def body_of(name: Name) -> Body:
    """Return the parts of a body's name."""
    texts, numbers = _texts(name)
    texts, form = _without_forms(texts, _HYPHENED.findall(name.text.lower()))
    texts = _spelled_out(texts)
    parts = [(t, concepts_of(t)) for t in texts]
    concepts = {concept for _, found in parts for concept in found}
    words = [t for t, found in parts if not found]
    is_only_common = not words
    if is_only_common:
        # Two firms that are called by nothing else are told apart by it, whatever the language.
        words, concepts = [c for _, found in parts for c in found if c != "and"], set()
    words = [_as_spoken(t) for t in dict.fromkeys(words)]
    weighed = tuple((sounds(t), _weight(t)) for t in words)
    joined = sounds("".join(words))
    return Body(
        weighed, joined, sounds("".join(texts)), frozenset(concepts - {"and"}), frozenset(numbers), form, is_only_common
    )


# A word joined to the one before it is a part of a name (Ala-Too), whatever form it looks like.
_HYPHENED = re.compile(r"(?<=\w)-(\w+)")


def _spelled_out(texts: list[str]) -> list[str]:
    """Words with what is short for words of business in full, where something else is left to be called by."""
    if len(texts) < 2 or not any(t in _abbreviations() for t in texts):
        return texts
    return [word for t in texts for word in _abbreviations().get(t, (t,))]


def _weight(text: str) -> float:
    if text in _places():
        return _PLACE
    return _SHORT if len(text) <= 3 else 1.0


def _texts(name: Name) -> tuple[list[str], list[str]]:
    """Words of a name, letters that stand alone joined (L.L.C.), numbers apart."""
    texts: list[str] = []
    numbers: list[str] = []
    letters = ""
    for token in name.tokens:
        numbers += [digits.lstrip("0") or "0" for digits in _DIGITS.findall(token.text)]
        text = _DIGITS.sub("", token.text)
        if len(text) == 1:
            letters += text
            continue
        if letters:
            texts.append(letters)
            letters = ""
        if text and not (text in ("no", "nr", "num", "nomer") and _DIGITS.search(name.folded)):
            texts.append(text)
    return ([*texts, letters] if letters else texts), numbers


def _without_forms(texts: list[str], hyphened: Sequence[str] = ()) -> tuple[list[str], str]:
    """Legal forms, one to six words long, taken out from where they stand; the first one found tells the form."""
    forms, form, kept, place = _forms(), "", [], 0
    held = {latin(word) for word in hyphened}
    while place < len(texts):
        for length in range(min(6, len(texts) - place), 0, -1):
            found = forms.get(" ".join(texts[place : place + length]))
            if found and not (length == 1 and place and texts[place] in held):
                form = form if form and form != "other" else found
                place += length
                break
        else:
            kept.append(texts[place])
            place += 1
    return (kept, form) if kept else (texts, "")


@lru_cache(maxsize=1 << 14)
def is_body(text: str) -> bool:
    """Return whether a name looks like a body's: it holds a legal form, or two words of business."""
    name = read_name(text, schema="Company")
    if name is None:
        return False
    texts, _ = _texts(name)
    body = body_of(name)
    return bool(body.form) or len(body.concepts) > 1 or (body.is_only_common and len(texts) > 1)


def compare_bodies(query: Name, candidate: Name) -> NameMatch:
    """Return how far two names of bodies agree."""
    one, other = body_of(query), body_of(candidate)
    if not one.words or not other.words:
        return NOTHING
    found = {"base": WEIGHTS["base"]}
    # One writes in one word what the other writes in two (Goldfield, Gold Field): nothing is left to compare.
    if one.whole != other.whole and not _is_acronym(query, candidate, one, other, found):
        _of_words(one, other, found)
        _of_common(one, other, found)
    _of_numbers(one, other, found)
    if one.form and other.form and one.form != other.form and "other" not in (one.form, other.form):
        found["form_differs"] = WEIGHTS["form_differs"]
    if one.is_only_common or other.is_only_common:
        found["only_common"] = WEIGHTS["only_common"]
    if "acronym" not in found and min(sum(len(w) for w, _ in b.words) for b in (one, other)) < 5:
        found["short"] = WEIGHTS["short"]
    score = 1 / (1 + math.exp(-sum(found.values())))
    against = tuple(name for name in ("numbers_differ", "common_differ") if name in found)
    return NameMatch(round(score, 4), against, tuple(found.items()), _sentence)


def _of_words(one: Body, other: Body, found: dict[str, float]) -> None:
    joined = near_likeness(one.joined, other.joined)
    if joined == 1:
        return
    # What one writes in one word and the other in two; else each word is compared by itself.
    joined = joined if len(one.words) != len(other.words) else 0.0
    pairs = sorted(
        ((_like(a, b), i, j) for i, (a, _) in enumerate(one.words) for j, (b, _) in enumerate(other.words)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    mine, theirs, unlike = set(range(len(one.words))), set(range(len(other.words))), 0.0
    for like, i, j in pairs:
        if like >= _SAME and i in mine and j in theirs:
            mine.discard(i)
            theirs.discard(j)
            unlike += (1 - like) * max(one.words[i][1], other.words[j][1])
    lost = sum(one.words[i][1] for i in mine), sum(other.words[j][1] for j in theirs)
    is_both = (
        min(lost) > 0 or (lost[0] and other.concepts - one.concepts) or (lost[1] and one.concepts - other.concepts)
    )
    whole = sum(w for _, w in one.words), sum(w for _, w in other.words)
    share = max(lost[0] / whole[0], lost[1] / whole[1])
    share = min(1.0, share + 0.25) if is_both else share
    if joined >= 0.85 and (1 - joined) * -WEIGHTS["unlike"] < share * -WEIGHTS["unmatched"]:
        share, unlike = 0.0, (1 - joined) * min(whole)
    if share:
        found["unmatched"] = WEIGHTS["unmatched"] * share * (1.0 if is_both else 0.6)
    if unlike:
        found["unlike"] = WEIGHTS["unlike"] * unlike / max(whole)


def _like(one: str, other: str) -> float:
    like = likeness(one, other)
    if one != other and one in _known() and other in _known():
        return min(like, 0.5)
    if like < 0.9 and one[:4] == other[:4] and min(len(one), len(other)) >= 5:
        # Endings of adjectives and of cases, and plurals: Arzamas, Arzamasskoe.
        common = _common_prefix(one, other)
        is_ending = all(_INFLECTED.fullmatch(word[common:]) for word in (one, other))
        like = max(like, 0.9 if is_ending and common >= min(len(one), len(other)) - 1 else 0.0)
    return like


_INFLECTED = re.compile(r"[aeiouy]?(?:e?s|(?:[aeo]v)?(?:sk|n|sn|v)[aeiouy]{1,3})?")


def _common_prefix(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _of_common(one: Body, other: Body, found: dict[str, float]) -> None:
    mine, theirs = one.concepts - other.concepts, other.concepts - one.concepts
    if mine and theirs:
        found["common_differ"] = WEIGHTS["common_differ"]
    elif mine or theirs:
        found["common_missing"] = WEIGHTS["common_missing"] * min(2, len(mine | theirs))


def _of_numbers(one: Body, other: Body, found: dict[str, float]) -> None:
    if one.numbers and other.numbers and one.numbers != other.numbers:
        found["numbers_differ"] = WEIGHTS["numbers_differ"]
    elif one.numbers != other.numbers:
        found["number_missing"] = WEIGHTS["number_missing"]


def _is_acronym(query: Name, candidate: Name, one: Body, other: Body, found: dict[str, float]) -> bool:
    for short, long_name in ((one, candidate), (other, query)):
        if len(short.words) == 1 and 3 <= len(short.words[0][0]) <= 6:
            kept, _ = _without_forms(_texts(long_name)[0])
            initials = "".join(t[0] for t in kept if concept_of(t) != "and")
            if len(kept) > 2 and sounds(initials) == short.words[0][0]:
                # Three letters are the initials of many names.
                found["acronym"] = WEIGHTS["acronym"] * 3 / (2 * len(initials) - 3)
                return True
    return False


# What no sentence tells, for docs/methods/matching.md.
UNSAID = {"base": "distinctive words agree in full", "short": "the distinctive words have few letters"}
SAYS = {
    "unlike": "distinctive words are spelled differently",
    "unmatched": "distinctive words differ",
    "common_differ": "business words differ",
    "common_missing": "one has a further business word",
    "numbers_differ": "numbers differ",
    "number_missing": "one has a number",
    "form_differs": "legal forms differ",
    "acronym": "one is the initials of the other",
    "only_common": "nothing but common words",
}


def _sentence(found: dict[str, float]) -> str:
    said = [text for name, text in SAYS.items() if name in found]
    return "; ".join(said) if said else "distinctive words agree"


def _rows(file: str) -> list[dict[str, str]]:
    text = (files(__package__) / "data" / file).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _forms() -> dict[str, str]:
    return {
        " ".join(map(latin, spelling.split())): row["form"]
        for row in _rows("legal_forms.csv")
        for spelling in row["spellings"].split("|")
    }


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    return {row["short"]: tuple(row["words"].split()) for row in _rows("abbreviations.csv")}


@cache
def _spoken() -> dict[str, str]:
    """How other alphabets spell English words of firms' names by ear, to the word."""
    rows = _rows("spoken_words.csv")
    return {_even(sounds(latin(heard))): row["word"] for row in rows for heard in row["spoken"].split()}


def _as_spoken(text: str) -> str:
    """A word, or the English word that it spells by ear."""
    return _spoken().get(_even(sounds(text)), text)


def _even(sound: str) -> str:
    return sound.replace("y", "i")


@cache
def _known() -> frozenset[str]:
    return frozenset(sounds(row["word"]) for row in _rows("spoken_words.csv"))


@cache
def _concepts() -> dict[str, str]:
    rows = _rows("common_words.csv")
    return {sounds(latin(word)): row["concept"] for row in rows for word in row["words"].split()}


def concept_of(text: str) -> str:
    """Return the concept of a word that any firm may use, however it is spelled; empty where it is none."""
    return _concepts().get(sounds(text), "")


@lru_cache(maxsize=1 << 15)
def concepts_of(text: str) -> tuple[str, ...]:
    """Return the concepts of a word: its own, or those that it is put together from (neftegaz)."""
    if whole := concept_of(text) or concept_of(_as_spoken(text)):
        return (whole,)
    for place in range(3, len(text) - 2):
        if (first := concept_of(text[:place])) and (rest := concepts_of(text[place:])) and first != "and":
            return (first, *rest)
    return ()


@cache
def _places() -> frozenset[str]:
    return frozenset((files(__package__) / "data" / "places.txt").read_text("utf-8").split())
