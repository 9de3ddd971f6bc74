"""When: the spans of days that a claim speaks of, from its words first, else from its date."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from entrepot.alerts.claims.words import pattern
from entrepot.codes import parse_dated
from entrepot.errors import CodeError

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan январ", "february feb феврал", "march mar март", "april apr апрел", "may ма", "june jun июн",
            "july jul июл", "august aug август", "september sep sept сентябр", "october oct октябр",
            "november nov ноябр", "december dec декабр",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_SEASONS = {"spring": 3, "весн": 3, "summer": 6, "лет": 6, "autumn": 9, "fall of": 9, "осен": 9}
_MONTH = (
    r"(?P<{0}>january|february|march|april|may|june|july|august|september|october|november|december|"
    r"январ|феврал|март|апрел|ма(?=[йяе]\b)|июн|июл|август|сентябр|октябр|ноябр|декабр)(?:[а-яё]*)\.?"
)
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_FORMS = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<n>\d\d)(?:-(?P<d>\d\d))?(?!\d)"),
    re.compile(rf"(?<!\d){_DAY}\s+(?:of\s+)?{_MONTH.format('m')},?\s+{_YEAR.format('y')}", re.I),
    re.compile(rf"\b{_MONTH.format('m')}\s+{_DAY},?\s+{_YEAR.format('y')}", re.I),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\.(?P<n>\d{1,2})\.(?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(rf"\b{_MONTH.format('m')},?\s+(?:of\s+)?{_YEAR.format('y')}", re.I),
    re.compile(rf"\b(?P<s>spring|summer|autumn|весн|лет|осен)[а-яё]*,?\s+(?:of\s+)?{_YEAR.format('y')}", re.I),
    re.compile(rf"\b(?P<h>first|second|перво|второ)[а-яё]*\s+(?:half|полугоди.)\s+(?:of )?{_YEAR.format('y')}", re.I),
    re.compile(rf"\bQ(?P<q>[1-4])\s+(?:of\s+)?{_YEAR.format('y')}", re.I),
    re.compile(rf"(?<![\d-]){_YEAR.format('y')}(?![\d-]*\d)(?!\s*(?:goods|items|cards|cars|firms))", re.I),
)  # fmt: skip
_YEARLESS = (
    re.compile(rf"\b{_MONTH.format('m')}\s+{_DAY}(?![\d%]|,?\s+\d{{4}})", re.I),
    re.compile(rf"(?<!\d){_DAY}\s+(?:of\s+)?{_MONTH.format('m')}(?!,?\s+\d{{4}})", re.I),
)
_RECURRING = re.compile(r"(?:XXXX|\.\.\.\.)-(\d\d)(?:-(\d\d))?")
FIRST, LAST = 1, date(9998, 12, 31).toordinal()


@dataclass(frozen=True, slots=True)
class Span:
    """Days that a claim names.

    Attributes:
        first, last: day numbers, both included.
        how: in, since, until or before: the word in front of it.
        text: as it is said.
        is_from: it is the earlier side of a comparison.
    """

    first: int
    last: int
    how: str
    text: str

    @property
    def year(self) -> int | None:
        """The year, where it is a whole one."""
        start, end = date.fromordinal(self.first), date.fromordinal(self.last)
        is_whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
        return start.year if is_whole else None

    def meets(self, first: int, last: int, *, slack: int = 0) -> bool:
        """Return whether some day of it lies between two days, give or take."""
        return self.first <= last + slack and first <= self.last + slack


def spans_in(quote: str) -> tuple[Span, ...]:
    """Return the dates that a quote names, in their order."""
    found: list[tuple[int, int, Span]] = []
    for form in _FORMS:
        for match in form.finditer(quote):
            if any(match.start() < end and start < match.end() for start, end, _ in found):
                continue
            days = _days({name: text for name, text in match.groupdict().items() if text})
            if days:
                how = _how(quote[: match.start()])
                found.append((match.start(), match.end(), Span(*days, how, match.group())))
    return tuple(span for _, _, span in sorted(found, key=lambda item: item[0]))


def span_of(stated: Any) -> Span | None:
    """Return the span of a claim's date field (EDTF), or None where it is open, missing or not readable."""
    text = _edtf(stated)
    said = str(stated.get("text") or text) if isinstance(stated, Mapping) else text
    if not text:
        return None
    start, slash, end = text.partition("/")
    try:
        if slash and ".." in (start, end):
            known = parse_dated(_plain(end if start == ".." else start))
            return Span(known.first, known.last, "until" if start == ".." else "since", said)
        known = parse_dated(_plain(text))
    except (CodeError, ValueError):
        return None
    how = _how(said) if not slash else "in"
    how = "since" if re.match(r"(since|after|from|с|после)\b", said, re.I) and not slash else how
    return Span(max(known.first, FIRST), min(known.last, LAST), how, said)


def recurring(stated: Any, quote: str = "") -> tuple[int, int | None] | None:
    """Return month and day of a date without a year: ``XXXX-01-24``, or ``January 24`` in the quote."""
    if match := _RECURRING.fullmatch(_edtf(stated)):
        return int(match[1]), int(match[2]) if match[2] else None
    for form in _YEARLESS:
        match = form.search(quote)
        if match and _how(quote[: match.start()]) not in ("before", "until"):
            return _MONTHS[match["m"].lower()], int(match["d"])
    return None


def _edtf(stated: Any) -> str:
    if isinstance(stated, Mapping):
        return str(stated.get("edtf") or "")
    return str(stated or "")


def _plain(text: str) -> str:
    """EDTF of seasons (21-24) and quarters (33-36) as the months that they are."""
    match = re.fullmatch(r"(\d{4})-(2[1-4]|3[3-6])[?~%]?", text)
    if not match:
        return text
    year, part = int(match[1]), int(match[2])
    start = (part - 33) * 3 + 1 if part > 30 else (part - 20) * 3
    end = start + 2
    return f"{year}-{start:02d}/{year + (end > 12)}-{(end - 1) % 12 + 1:02d}"


def _days(part: Mapping[str, str]) -> tuple[int, int] | None:
    year = int(part["y"])
    if "s" in part or "h" in part or "q" in part:
        first, length = _months_of(part)
        return date(year, first, 1).toordinal(), _end(year, first + length - 1)
    month = int(part["n"]) if "n" in part else _MONTHS.get(part.get("m", "").lower())
    if month is None:
        return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    if not 1 <= month <= 12:
        return None
    if "d" in part:
        if not 1 <= int(part["d"]) <= monthrange(year, month)[1]:
            return None
        day = date(year, month, int(part["d"])).toordinal()
        return day, day
    return date(year, month, 1).toordinal(), _end(year, month)


def _months_of(part: Mapping[str, str]) -> tuple[int, int]:
    if "s" in part:
        return _SEASONS[part["s"].lower()], 3
    if "h" in part:
        return (1 if part["h"].lower() in ("first", "перво") else 7), 6
    return (int(part["q"]) - 1) * 3 + 1, 3


def _end(year: int, month: int) -> int:
    return date(year, month, monthrange(year, month)[1]).toordinal()


def _how(text_before: str) -> str:
    text = text_before[-40:]
    for how, kind in (("before", "before_date"), ("until", "until_date"), ("since", "after_date")):
        if pattern(kind).search(text):
            return "after" if how == "since" and re.search(r"\b(after|после)\s+(the\s+)?$", text, re.I) else how
    return "in"
