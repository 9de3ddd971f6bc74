"""Words and sentences, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Words without a stop are cut there: no sentence is so long, and the work grows with the square of its length.
MOST_OF_SENTENCE = 1_000
_WORD = re.compile(r"\w+(?:[.'’\-]\w+)*|\d+(?:[.,]\d+)*|[^\w\s]")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen col lt sgt st gov sen rep jr sr vs inc ltd co corp no vol fig jan feb mar apr "
    "jun jul aug sep"
    " sept oct nov dec u.s u.k u.n e.g i.e p.m a.m etc bros approx dept est art cf al".split()
)
_END = re.compile(r"[.!?…]+[\"”’»)\]']*(?=\s|$)|[。！？]|(?<=[.!?…])[\"”»]+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark.

    Attributes:
        low: without case, apostrophes straight.
    """

    text: str
    start: int
    end: int
    low: str


def words_of(text: str, start: int, end: int) -> list[Word]:
    """Return the words and marks of a stretch of the text."""
    return [
        Word(m.group(), m.start(), m.end(), m.group().lower().replace("’", "'"))
        for m in _WORD.finditer(text, start, end)
    ]


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a paragraph as spans without white space at their ends."""
    at = start
    for match in _END.finditer(text, start, end):
        if match.start() < at or not _is_end(text, at, match, end):
            continue
        yield from _trimmed(text, at, match.end())
        at = match.end()
    yield from _trimmed(text, at, end)


def _is_end(text: str, start: int, match: re.Match[str], end: int) -> bool:
    rest = text[match.end() : min(end, match.end() + 40)].lstrip()
    if not rest:
        return True
    if match.group()[0] == ".":
        before = re.search(r"[\w.]+$", text[start : match.start()])
        word = before.group().lower() if before else ""
        if word in _ABBREVIATIONS and not (word in ("etc", "p.m", "a.m", "inc", "ltd", "co") and rest[0].isupper()):
            return word == "no" and not rest[0].isdigit()
        if re.fullmatch(r"[^\W\d_]", word) and before and before.group().isupper() and rest[0].isupper():
            return False
    first = rest.lstrip("\"“”'‘«„([—–- *_")[:1]
    return (bool(first) and not first.islower()) or rest[0] in '“«„"'


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MOST_OF_SENTENCE:
        cut = max(text.rfind(", ", start, start + MOST_OF_SENTENCE), text.rfind(" ", start, start + MOST_OF_SENTENCE))
        cut = cut if cut > start else start + MOST_OF_SENTENCE
        yield start, cut
        start = cut + 1 if text[cut].isspace() else cut
    if start < end:
        yield start, end
