"""Which words before or after a cue name the one who speaks."""

from __future__ import annotations

from collections.abc import Sequence

from entrepot.articles.clauses import QUOTED, finite_at
from entrepot.articles.sentences import Word

Span = tuple[int, int]
# Words between a subject and its verb, and words at which a subject begins anew.
_BETWEEN = frozenset("has have had also then later further is was were does did would will again still".split())
_EDGES = frozenset([QUOTED, *"; : — – but that while whereas although because when .".split()])


def subject_before(words: Sequence[Word], n: int) -> Span | None:
    """The words before a cue that name the speaker; None where the subject is one said before."""
    end, apposed = n, -1
    while end and (
        words[end - 1].low in _BETWEEN or (words[end - 1].low.endswith("ly") and words[end - 1].text.islower())
    ):
        end -= 1
    if end and words[n].low.endswith("ing") and words[end - 1].low in (",", "and"):
        return None
    if end and words[end - 1].low == ",":
        apposed = _before_appositive(words, end - 1) or -1
        end -= 1
    start = end
    while start and words[start - 1].low not in _EDGES:
        if words[start - 1].low == "," and start - 1 != apposed:
            break
        if words[start - 1].low == "and" and (start == end or _finite_before(words, start - 1)):
            break
        start -= 1
    while start < end and words[start].low in ("and", "but", ",", "meanwhile", "however", "so", "as"):
        start += 1
    if start >= end:
        return None
    return words[start].start, words[end - 1].end


def _finite_before(words: Sequence[Word], n: int) -> bool:
    """Return whether a predicate stands before a place."""
    return any(finite_at(words, k) for k in range(n))


def _before_appositive(words: Sequence[Word], comma: int) -> int | None:
    """``X, a trader in Osh,`` gives the place of the comma after X."""
    for k in range(comma - 1, max(-1, comma - 24), -1):
        if words[k].low == ",":
            return k if k else None
    return None


def named_after(tail: Sequence[Word]) -> Span | None:
    """Return the name that follows a cue: ``said X``; None where no name does."""
    taken: list[Word] = []
    for word in tail:
        if word.low in (",", ";", ".", QUOTED, "when", "while", "after", "as", "who") or (
            taken and word.low in ("on", "in", "at", "during")
        ):
            break
        taken.append(word)
    if not taken or not (
        any(w.text[0].isupper() for w in taken)
        or taken[0].low in ("the", "a", "an", "one", "he", "she", "they", "two", "his", "her")
    ):
        return None
    return taken[0].start, taken[-1].end
