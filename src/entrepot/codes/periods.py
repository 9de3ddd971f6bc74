"""Periods: a year (``A``, ``2024``) or a month (``M``, ``2024-03``), read from the layouts of publishers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from entrepot.errors import CodeError

LAYOUTS = ("auto", "iso", "yyyymm", "mm/yyyy", "yyyy", "comext", "label")

_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "january february march april may june july august september october november december",
        "janv fevr mars avr mai juin juil aout sept oct nov dec",
        "янв фев мар апр май июн июл авг сен окт ноя дек",
        "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    )
    for number, name in enumerate(names.split(), start=1)
}
_FIRST_YEAR, _LAST_YEAR = 1900, 2099

_CLOCK = r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})(?:-([0-9]{{1,2}}))?(?:{_CLOCK})?")
_ISO_MONTH = re.compile(r"([0-9]{4})[-_ ]?M([0-9]{1,2})", re.IGNORECASE)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?(?:\.0)?")
_SLASHED = re.compile(r"([0-9]{1,2})[/.]([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})(?:[/.]([0-9]{1,2}))?")
_YEAR = re.compile(r"[YA]?([0-9]{4})(?:\.0)?(?:-?A1?)?", re.IGNORECASE)
_WHOLE_YEAR = re.compile(r"(?:([0-9]{4})52\s*-\s*)?jan\w*\.?\s*-\s*d[eé]c\w*\.?\s+([0-9]{4})", re.IGNORECASE)
_NAMED = re.compile(r"(?:([0-9]{4})([0-9]{2})\s*-\s*)?([^\W\d]+)\.?\s*[-, ]?\s*([0-9]{4})")
_NAMED_AFTER = re.compile(r"([0-9]{4})[-, ]\s*([^\W\d]+)\.?")


def month_index(period: str) -> int:
    """Return a month as a whole number, so that months can be subtracted: "2024-03" -> 2024 * 12 + 2.

    Raises:
        CodeError: not a month written YYYY-MM.
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period, re.ASCII):
        raise CodeError(f"{period!r} is not a month", remedy="Write it as YYYY-MM.")
    return int(period[:4]) * 12 + int(period[5:]) - 1


def month_text(index: int) -> str:
    """Return the month of an index that ``month_index`` made.

    Raises:
        CodeError: an index outside the years 1 to 9999.
    """
    if not 12 <= index < 120000:
        raise CodeError(f"{index!r} is not the index of a month", remedy="Use what month_index returns.")
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


@lru_cache(maxsize=65536)
def parse_period(text: str, *, layout: str = "auto") -> tuple[str, str] | None:
    """Return ("M", "2024-03") or ("A", "2024"), or None where the text is no period.

    Args:
        text: 2024-03, 2024-03-01, 2024M03, 202403, 20240301, 03/2024, "Mar. 2024", "202403-Mar. 2024"
            (Comext), 2024, Y2024, "Jan.-Dec. 2024" and Comext's 202452 (the whole year).
        layout: ``auto`` tries all of these; ``iso``, ``yyyymm``, ``mm/yyyy``, ``yyyy``, ``comext`` (yyyymm
            and yyyy52) or ``label`` (names of months) allow one, where a number may mean another thing.

    Raises:
        CodeError: a layout that does not exist.
    """
    readers = _READERS.get(layout)
    if readers is None:
        raise CodeError(f"unknown layout of periods {layout!r}", remedy=f"Use one of {', '.join(LAYOUTS)}.")
    stripped = text.strip().strip("'\"")
    if not stripped.isascii():
        stripped = stripped.replace("\u00a0", " ").replace("\u2013", "-")
    for reader in readers:
        if period := reader(stripped):
            return period
    return None


def _month(year: str, month: str | int, day: str | None = None) -> tuple[str, str] | None:
    if not 1 <= int(month) <= 12 or (day is not None and not 1 <= int(day) <= 31):
        return None
    return ("M", f"{int(year)}-{int(month):02d}") if _FIRST_YEAR <= int(year) <= _LAST_YEAR else None


def _year(year: str) -> tuple[str, str] | None:
    return ("A", year) if _FIRST_YEAR <= int(year) <= _LAST_YEAR else None


def _read_iso(text: str) -> tuple[str, str] | None:
    if match := _ISO.fullmatch(text):
        return _month(match[1], match[2], match[3])
    match = _ISO_MONTH.fullmatch(text)
    return _month(match[1], match[2]) if match else None


def _read_compact(text: str) -> tuple[str, str] | None:
    match = _COMPACT.fullmatch(text)
    return _month(match[1], match[2], match[3]) if match else None


def _read_comext(text: str) -> tuple[str, str] | None:
    match = _COMPACT.fullmatch(text)
    return _year(match[1]) if match and match[2] == "52" and not match[3] else _read_compact(text)


def _read_slashed(text: str) -> tuple[str, str] | None:
    if match := _SLASHED.fullmatch(text):
        return _month(match[2], match[1])
    if match := _DAY_FIRST.fullmatch(text):
        return _month(match[3], match[2], match[1])
    match = _YEAR_FIRST.fullmatch(text)
    return _month(match[1], match[2], match[3]) if match else None


def _read_year(text: str) -> tuple[str, str] | None:
    match = _YEAR.fullmatch(text)
    return _year(match[1]) if match else None


def _read_label(text: str) -> tuple[str, str] | None:
    if match := _WHOLE_YEAR.fullmatch(text):
        return _year(match[2]) if match[1] in (None, match[2]) else None
    if match := _NAMED.fullmatch(text):
        number = _named_month(match[3])
        agrees = match[1] is None or (match[1] == match[4] and int(match[2]) == number)
        return _month(match[4], number) if number and agrees else None
    match = _NAMED_AFTER.fullmatch(text)
    number = _named_month(match[2]) if match else None
    return _month(match[1], number) if match and number else None


def _named_month(name: str) -> int | None:
    plain = name.casefold().translate(str.maketrans("éèû", "eeu"))
    return _MONTHS.get(plain) or (_MONTHS.get("sep") if plain == "sept" else None)


_READERS: dict[str, tuple[Callable[[str], tuple[str, str] | None], ...]] = {
    "iso": (_read_iso,),
    "yyyymm": (_read_compact,),
    "mm/yyyy": (_read_slashed,),
    "yyyy": (_read_year,),
    "comext": (_read_comext, _read_label),
    "label": (_read_label,),
    "auto": (_read_iso, _read_comext, _read_slashed, _read_year, _read_label),
}
