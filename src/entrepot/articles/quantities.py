"""Numbers with what they count, and dates in EDTF as open as the text leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from entrepot.articles.russian_dates import russian_date_of
from entrepot.articles.russian_words import is_russian

_ONES = "zero one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {word: n for n, word in enumerate(_ONES)} | {
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "dozen": 12,
    "hundred": 100,
    "half": 0.5,
    "thousand": 1000,
}
_SCALE = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "mn": 1e6,
    "bn": 1e9,
    "m": 1e6,
}
_CURRENCY = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
    "₸": "KZT",
    "dollars": "USD",
    "euros": "EUR",
    "rubles": "RUB",
    "roubles": "RUB",
    "tenge": "KZT",
    "som": "KGS",
    "soms": "KGS",
    "sum": "UZS",
    "yuan": "CNY",
    "lira": "TRY",
    "usd": "USD",
    "eur": "EUR",
}
_SPELT = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?P<about>(?:about|around|some|nearly|almost|roughly|over|more than|less than|fewer than|at least"
    rf"|up to|under)\s)?"
    rf"(?P<sign>[$€£₽₸])?(?P<number>\d[\d,]*(?:[.]\d+)?|\b(?:{_SPELT})\b)(?:[\s-](?P<scale>hundred"
    rf"|thousand|million|billion|trillion|mn|bn)\b)?"
    r"(?:\s?(?P<unit>%|per ?cent|percent|percentage points|times)|[\s-](?P<noun>[a-z][a-z\-]+))?"
    r"|\b(?P<fold>two|three|four|five|six|seven|eight|nine|ten|\d+)-?fold\b|\b(?P<word>doubled|tripled"
    r"|quadrupled|halved)\b",
    re.I,
)
_WORDS = {"doubled": 2.0, "tripled": 3.0, "quadrupled": 4.0, "halved": 0.5}
MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    "(?:"
    + "|".join(
        [*(m.title() for m in MONTHS), "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept?", "Oct", "Nov", "Dec"]
    )
    + r")\.?"
)
_SEASON = {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
_ONE = (
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m>{_MONTH})(?:,?\s(?P<y>(?:19|20)\d\d))?"
    rf"|(?P<m2>{_MONTH})\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s(?P<y2>(?:19|20)\d\d))?"
    r"|(?P<iso>(?:19|20)\d\d-\d\d(?:-\d\d)?)|(?P<dd>\d{1,2})\.(?P<mm>\d{1,2})\.(?P<yy>(?:19|20)\d\d)"
    rf"|(?P<m3>{_MONTH})(?:\s(?:of\s)?(?P<y3>(?:19|20)\d\d))?"
    r"|(?P<season>spring|summer|autumn|fall|winter)(?:\s(?:of\s)?(?P<y4>(?:19|20)\d\d))"
    r"|(?P<y5>(?:19|20)\d\d)(?:s(?=\b))?(?!\d)"
)
_DATE = re.compile(rf"\b(?:{_ONE})", re.I)
_BETWEEN = re.compile(r"\b(?:between|from)\s$", re.I)
_RELATIVE = re.compile(
    r"\b(?:(?:last|this|next|previous|current|coming) (?:year|month|week|spring|summer|autumn|winter"
    r"|decade)|yesterday|today|tomorrow|recently"
    r"|(?:two|three|four|five|several|few|a) (?:years?|months?|weeks?|days?) ago|since then|in recent "
    r"(?:years|months|weeks))\b",
    re.I,
)
_OPENERS = (
    (
        re.compile(
            (
                r"\b(?:since|starting from|starting|beginning|effective|as of|as from|from)\s(?:the\s)?(?:beginning "
                r"of\s|start of\s|early\s)?$"
            ),
            re.I,
        ),
        "{}/..",
    ),
    (re.compile(r"\b(?:after|following)\s(?:the\s)?(?:end of\s)?$", re.I), "{}/.."),
    (re.compile(r"\b(?:until|till|before|by|up to|prior to)\s(?:the\s)?(?:end of\s)?$", re.I), "../{}"),
    (re.compile(r"\b(?:about|around|circa)\s$", re.I), "{}~"),
)


def quantities_of(text: str, start: int, end: int) -> Iterator[Mapping[str, Any]]:
    """Yield numbers of a stretch with unit, place and whether they are rounded; years and days of dates left out."""
    dates = [m.span() for m in _DATE.finditer(text, start, end) if _edtf(m)]
    for match in _QUANTITY.finditer(text, start, end):
        if any(a <= match.start("number") < b for a, b in dates if match["number"]) or (
            match.start() > start and text[match.start() - 1].isalnum()
        ):
            continue
        value, unit = _value(match)
        if value is not None and unit != "":
            yield {"text": match.group().strip(), "value": value, "unit": unit, "is_approximate": bool(match["about"])}


def _value(match: re.Match[str]) -> tuple[float | None, str | None]:
    if match["fold"] or match["word"]:
        word = (match["fold"] or match["word"]).lower()
        return float(_WORDS.get(word, _NUMBERS.get(word, 0)) or word), "times"
    low = match["number"].lower()
    number = float(_NUMBERS[low]) if low in _NUMBERS else float(low.replace(",", ""))
    number *= _SCALE.get((match["scale"] or "").lower(), 1)
    noun = (match["noun"] or "").lower()
    if match["sign"] or noun in _CURRENCY:
        return number, _CURRENCY[match["sign"] or noun]
    if match["unit"]:
        return number, "%" if match["unit"].lower() in ("%", "per cent", "percent") else match["unit"].lower()
    if low == "one" and noun in ("of", "can", "has", "is", "more", "another", "day", ""):
        return None, None
    return number, noun if noun not in _EMPTY else None


_EMPTY = frozenset(
    "of and or in on to the for a by at from is was are were that have has had will as but with".split()
) | {""}


def date_of(text: str, start: int, end: int) -> Mapping[str, str] | None:
    """Return the date of a stretch as ``{text, edtf, status}``, or None.

    The year or month that the text leaves out stays ``X``; what lies after or before a date is an open interval.
    ``status`` is ``stated`` where the text gives it in full, ``open`` where a part is missing, ``relative`` where it
    hangs on the day of writing (edtf is then empty).
    """
    if is_russian(text, start, end) and (russian := russian_date_of(text, start, end)):
        words, edtf = russian
        return _dated(words, edtf) if edtf else {"text": words, "edtf": "", "status": "relative"}
    found = [m for m in _DATE.finditer(text, start, end) if _edtf(m)]
    if not found:
        match = _RELATIVE.search(text, start, end)
        return {"text": match.group(), "edtf": "", "status": "relative"} if match else None
    first = found[0]
    value = _edtf(first)
    before = text[max(start, first.start() - 30) : first.start()]
    if (
        len(found) > 1
        and re.fullmatch(r"\s?(?:and|to|until|till|through|[–—-])\s?(?:the )?", text[first.end() : found[1].start()])
        and (_BETWEEN.search(before) or text[first.end() : found[1].start()].strip() != "and")
    ):
        return _dated(text[first.start() : found[1].end()], f"{value}/{_edtf(found[1])}")
    for pattern, form in _OPENERS:
        if match := pattern.search(before):
            opened = first.start() - (len(before) - match.start())
            return _dated(text[opened : first.end()], form.format(value))
    return _dated(first.group(), value)


def _dated(text: str, edtf: str) -> Mapping[str, str]:
    return {"text": text, "edtf": edtf, "status": "open" if "X" in edtf else "stated"}


def _edtf(m: re.Match[str]) -> str:
    if m["iso"]:
        return m["iso"]
    if m["dd"]:
        return f"{m['yy']}-{int(m['mm']):02d}-{int(m['dd']):02d}" if int(m["mm"]) <= 12 else ""
    if m["season"]:
        return f"{m['y4']}-{_SEASON[m['season'].lower()]}"
    if m["y5"]:
        return f"{m['y5'][:3]}X" if m.group().lower().endswith("s") else m["y5"]
    name = m["m"] or m["m2"] or m["m3"]
    if not name[0].isupper():
        return ""
    month = next(n for n, full in enumerate(MONTHS, 1) if full.startswith(name.lower().rstrip(".")[:3]))
    year, day = m["y"] or m["y2"] or m["y3"] or "XXXX", m["d"] or m["d2"]
    if (
        m["m3"]
        and name == "March"
        and year == "XXXX"
        and not re.search(
            r"\b(?:in|since|until|by|of|last|this|from|for|before|after|mid|early|late)[\s-]$",
            m.string[max(0, m.start() - 9) : m.start()],
            re.I,
        )
    ):
        return ""
    if (
        m["m3"]
        and name == "May"
        and year == "XXXX"
        and not re.search(
            r"\b(?:in|since|until|by|of|last|this|from|before|after|early|late)[\s-]$",
            m.string[max(0, m.start() - 9) : m.start()],
            re.I,
        )
    ):
        return ""
    return f"{year}-{month:02d}" + (f"-{int(day):02d}" if day and int(day) <= 31 else "")
