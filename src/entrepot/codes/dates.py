"""Dates as sources state them: a day, a month, a year, or a span of days within which the date lies.

The written form is the subset of EDTF (ISO 8601-2) that dated law needs: ``2024-03-15``, ``2024-03``, ``2024``,
each with ``?`` (uncertain), ``~`` (approximate) or ``%`` (both) after it, ``2024-09-25/2024-09-30`` (somewhere
between two dates), ``../2024-09`` (then or before) and ``2024-09/..`` (then or later). A month is never turned into
a day: a question about a day inside it has no answer, and says so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from entrepot.errors import CodeError

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%]?)")
_REMEDY = "Write a day, month or year (2024-03-15, 2024-03, 2024), or two of them joined by '/'."


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with the precision at which it is known.

    Attributes:
        text: as written.
        first: earliest day it can be, as a day number (``date.toordinal``); 0 where it has no beginning.
        last: latest day it can be; 4_000_000 where it has no end.
        is_sure: False where the source doubts it.
    """

    text: str
    first: int
    last: int
    is_sure: bool = True

    def has_come(self, day: int) -> bool | None:
        """Return whether the date lies on or before a day; None where its precision cannot say."""
        return True if self.last <= day else False if self.first > day else None

    @property
    def is_day(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def __str__(self) -> str:
        return self.text


NEVER, EVER = 0, 4_000_000


@lru_cache(maxsize=65536)
def parse_dated(text: str) -> Dated:
    """Return a date written in the subset of EDTF that this module describes.

    Raises:
        CodeError: it is not written so, or no such day exists, or a span ends before it begins.
    """
    start, slash, end = text.strip().partition("/")
    if not slash:
        return _one(start, text)
    first = NEVER if start == ".." else _one(start, text).first
    last = EVER if end == ".." else _one(end, text).last
    if first > last or (first, last) == (NEVER, EVER):
        raise CodeError(f"{text!r} is no span of dates", remedy=_REMEDY)
    return Dated(text.strip(), first, last, is_sure=not re.search(r"[?~%]", text))


def parse_day(text: str) -> int:
    """Return the number of a day written YYYY-MM-DD.

    Raises:
        CodeError: it is not written so, or no such day exists.
    """
    found = parse_dated(text)
    if not found.is_day or "/" in text:
        raise CodeError(f"{text!r} is not a day", remedy="Write it as YYYY-MM-DD.")
    return found.first


def day_text(day: int) -> str:
    """Return the ISO 8601 text of a day number; ``..`` for the ends of time."""
    return date.fromordinal(day).isoformat() if 0 < day <= date.max.toordinal() else ".."


def _one(part: str, text: str) -> Dated:
    match = _DATE.fullmatch(part.strip())
    if match is None:
        raise CodeError(f"{text!r} is no date", remedy=_REMEDY)
    year, month, day = (int(n) if n else None for n in match.groups()[:3])
    try:
        assert year is not None
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError as error:
        raise CodeError(f"{text!r}: there is no such day", remedy=_REMEDY) from error
    return Dated(part.strip(), first.toordinal(), last.toordinal(), is_sure=not match[4])
