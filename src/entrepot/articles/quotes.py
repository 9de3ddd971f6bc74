"""Stretches in quotation marks, whatever the marks; also those that were never closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PAIRS = {"“": "”", "«": "»", "„": "“”", "‘": "’", "‹": "›", "「": "」", "”": "”"}
_MARK = re.compile(r"[“”«»„‘’‹›「」\"]|(?<![\w])'(?=\w)|(?<=[\w.,!?])'(?!\w)|``|''")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation.

    Attributes:
        start, end: with the marks.
        inner_start, inner_end: without them.
        is_closed: False where no mark ends it and the paragraph does.
        goes_on: it is not closed and the next paragraph opens with a mark again.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    is_closed: bool = True

    def holds(self, place: int) -> bool:
        """Return whether a place of the text is inside."""
        return self.start <= place < self.end


def quotes_of(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Quote]:
    """Return the quotations of a text, outermost only, in order."""
    return [quote for start, end in paragraphs for quote in _in_paragraph(text, start, end)]


def _in_paragraph(text: str, start: int, end: int) -> list[Quote]:
    found: list[Quote] = []
    at = start
    while match := _MARK.search(text, at, end):
        mark = match.group()
        closing = _closing(text, mark, match.end(), end)
        if not _opens(text, match, start):
            at = match.end()
            continue
        if closing is None:
            if mark in "'‘’" or text[match.end() : end].strip() == "":
                at = match.end()
                continue
            found.append(Quote(match.start(), end, match.end(), end, False))
            break
        found.append(Quote(match.start(), closing[1], match.end(), closing[0]))
        at = closing[1]
    return found


def _opens(text: str, match: re.Match[str], start: int) -> bool:
    before = text[match.start() - 1] if match.start() > start else " "
    after = text[match.end()] if match.end() < len(text) else " "
    if match.group() in "’”»›」":
        return False
    return not before.isalnum() and not after.isspace()


def _closing(text: str, mark: str, at: int, end: int) -> tuple[int, int] | None:
    ends = _PAIRS.get(mark, "''" if mark == "``" else mark)
    depth = 0
    for match in _MARK.finditer(text, at, end):
        found = match.group()
        if mark == "'" or mark == "‘":
            if found in ends and not text[match.end() : match.end() + 1].isalnum():
                return match.start(), match.end()
        elif found == mark and mark not in ends:
            depth += 1
        elif found in ends:
            if depth == 0 or mark in "“„":
                return match.start(), match.end()
            depth -= 1
    return None
