"""Whether words make a clause, and where a sentence of several claims is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entrepot.articles import lexicon
from entrepot.articles.russian_words import is_predicate
from entrepot.articles.sentences import Word

PRONOUNS = frozenset(
    (
        "i you he she it we they who which that this these those there everyone everybody nobody people some "
        "many most others all both what"
    ).split()
)
DETERMINERS = frozenset(
    (
        "the a an his her its their our my your this that these those some any no every each such another of "
        "to in on at by for with from into about as than very"
    ).split()
)
JOINTS = frozenset("and but yet so or while whereas although though because since и но а однако зато".split())
QUOTED = "\0quote"


def finite_at(words: Sequence[Word], n: int) -> bool:
    """Return whether the word at a place can be the predicate of a clause."""
    word = words[n]
    low = word.low
    if "а" <= low[0] <= "ё":
        return is_predicate(low)
    if low in lexicon.AUXILIARIES:
        return (not (low == "may" and word.text[0].isupper() and n > 0) and low not in ("that's",)) or low == "that's"
    before = words[n - 1].low if n else ""
    if low in lexicon.finite_forms():
        if low.endswith("s") and not low.endswith("ss") and (before in DETERMINERS or not before):
            return False
        return n > 0 and before not in ("the", "a", "an", "to", "of") and not word.text[0].isupper()
    if low in lexicon.base_forms() and n:
        is_plural = before.endswith("s") and before not in DETERMINERS and before not in lexicon.AUXILIARIES
        return before in PRONOUNS - {"this", "it", "he", "she"} or is_plural
    return False


def has_clause(words: Sequence[Word]) -> bool:
    """Return whether a predicate stands in the words."""
    return any(finite_at(words, n) for n in range(len(words)))


def cuts(words: Sequence[Word]) -> Iterator[int]:
    """Yield places where a new main clause begins: its first word, after a comma and a joint, a semicolon or a dash."""
    for n in range(2, len(words) - 2):
        mark = words[n].low
        if mark not in (",", ";", "–", "—", "-", ":") and not (
            mark in ("but", "and") and words[n - 1].low not in (",", ";")
        ):
            continue
        first = n + 1
        if mark in ("but", "and"):
            if not (words[n + 1].low in PRONOUNS and has_clause(words[n + 1 : n + 6])):
                continue
        elif words[first].low in JOINTS:
            first += 1
        elif mark in (",", ":"):
            continue
        if has_clause(words[:n]) and _is_main(words[first:]):
            yield first


def _is_main(words: Sequence[Word]) -> bool:
    """A subject comes before the first predicate."""
    for n in range(min(len(words), 14)):
        if words[n].low in (",", ";"):
            return False
        if finite_at(words, n):
            return n > 0
    return False
