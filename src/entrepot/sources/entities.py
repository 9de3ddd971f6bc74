"""Entities of lists as FollowTheMoney shapes them, and the words in which publishers write their parts.

Countries are stored as FollowTheMoney has them, ISO 3166 alpha-2 in lower case; a text that no code list knows stays
as it is. Dates are ISO 8601 prefixes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache

from entrepot.codes import find_iso2, find_territory
from entrepot.sources.demonyms import DEMONYMS

# What FollowTheMoney calls states that are no more.
_FORMER = {"SU": "suhh", "YU": "yucs", "CS": "csxx"}
_OTHER_COUNTRIES = {
    "korea, north": "kp",
    "korea, south": "kr",
    "man, isle of": "im",
    "china, hong kong special administrative region": "hk",
    "palestinian": "ps",
    "gaza": "ps",
    "west bank": "ps",
    "delaware": "us",
}
_NO_COUNTRY = frozenset({"", "undetermined", "none identified", "na", "n/a", "unknown", "not available", "-0-"})
_UNWANTED = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufeff]")
# They turn the direction of writing, and are no part of a name or number.
_DIRECTIONS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T Z+-].*)?")
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[ -])?([A-Za-z]{3,9})\.?,?[ -](\d{4})")


_SPAN_IN = re.compile(r"(?<![\d.])(\d{4})\s*(?:-|–|to|and|/)\s*(\d{4})(?!\d)")
_MONTH_IN = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DATE_IN = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}|"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH_IN}\.?,? \d{{4}}|\d{{4}})\b"
)
# What stands around dates without saying more: "(a)", "or", "born".
_AROUND_DATES = re.compile(r"\([a-z]\)|\b(?:or|and|born|DOB|alternatively|alt)\b|[;,.:()\"]", re.IGNORECASE)
_WORD = r"[A-Za-z’'()-]"
_BEFORE_NUMBER = re.compile(
    r"^(?:\(?[a-z]\)\s*)?(?:(?:[A-Za-z-]+ ){0,4}?(?:[Pp]assport|card|identification|document|ID)(?: \(\w+\))?"
    r"(?: (?:number|card|[Nn]o\.?))*\s*:?\s+(?=\D{0,12}\d)"
    # "Laissez-passer no. 235", but not "series BK No 262981": the series is part of the number.
    rf"|(?!series){_WORD}{{4,}}(?:\s+{_WORD}+)*\s+(?:number|[Nn]o\.?)\s*:?\s+(?=\S*\d))?"
)


@dataclass(slots=True)
class Entity:
    """One row of the table ``parties`` in the making.

    Attributes:
        is_target: the list is about it; None where the publisher does not say.
        row: number of the record that it was read from.
    """

    entity_id: str
    schema: str
    is_target: bool | None = None
    row: int = 0
    properties: dict[str, list[str]] = field(default_factory=dict)
    caption: str = ""
    first_seen: str | None = None
    last_seen: str | None = None
    last_change: str | None = None

    def add(self, name: str, *values: str | None) -> None:
        """Add values to a property; empty ones and repeated ones are left out."""
        for value in values:
            if value and (text := clean(value)):
                held = self.properties.setdefault(name, [])
                if text not in held:
                    held.append(text)

    def first(self, *names: str) -> str:
        """Return the first value of the first property that has one, or an empty text."""
        return next((self.properties[name][0] for name in names if self.properties.get(name)), "")

    @property
    def shown(self) -> str:
        """The name shown to a reader."""
        return self.caption or self.first("name", "alias", "weakAlias", "number", "publicKey", "program") or self.schema


def clean(text: str) -> str:
    """Return a text on one line, without control characters and marks of direction."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(_UNWANTED.sub(" ", _DIRECTIONS.sub("", text)).split())


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """Return a country as FollowTheMoney codes it, the text itself where none is known, or "" where it says nothing."""
    plain = clean(text)
    plain = plain.removeprefix("Region: ").removeprefix("former ")
    name = plain.lower()
    if name in _NO_COUNTRY:
        return ""
    if name in _OTHER_COUNTRIES:
        return _OTHER_COUNTRIES[name]
    if name in DEMONYMS:
        return DEMONYMS[name]
    found = find_territory(plain)
    if found is None and len(plain) == 2:
        found = find_territory(plain.upper(), scheme="iso2")
    iso2 = find_iso2(found.code) if found and not found.is_aggregate else None
    return _FORMER.get(iso2, iso2.lower()) if iso2 else plain


def is_country(code: str) -> bool:
    """Return whether what :func:`country_code` gave is a code."""
    return len(code) == 2 or code in _FORMER.values()


def iso_date(text: str, *, month_first: bool = False) -> str | None:
    """Return a date as an ISO 8601 prefix (1965, 1965-03, 1965-03-09), or None where it is none.

    Args:
        text: 1965-03-09, 09 Mar 1965, Mar 1965, 1965, 9.3.1965, 09/03/1965; a day or month of 00 is unknown.
        month_first: 03/09/1965 is 9 March.
    """
    plain = clean(text)
    if found := _ISO.fullmatch(plain):
        return _prefix(*found.groups())
    if found := _DOTTED.fullmatch(plain):
        day, month, year = found.groups()
        return _prefix(year, *((day, month) if month_first and "/" in plain else (month, day)))
    found = _NAMED.fullmatch(plain)
    month = str(_MONTHS.get(found[2].lower(), "")) if found else ""
    return _prefix(found[3], month, found[1]) if found and month else None


def _prefix(year: str, month: str | None, day: str | None) -> str | None:
    if not 1000 <= int(year) <= 2200:
        return None
    if not month or not int(month):
        return year
    if int(month) > 12:
        return None
    if not day or not int(day):
        return f"{year}-{int(month):02d}"
    is_day = int(day) <= _DAYS[int(month) - 1] and not (
        int(month) == 2 and int(day) == 29 and (int(year) % 4 or (int(year) % 100 == 0 and int(year) % 400))
    )
    return f"{year}-{int(month):02d}-{int(day):02d}" if is_day else None


def years_between(first: str, last: str) -> list[str]:
    """Return every year from one date to another, both included; nothing where they are no span of up to 50 years."""
    begin, end = int(first[:4]), int(last[:4])
    return [str(year) for year in range(begin, end + 1)] if 0 <= end - begin <= 50 else []


def dates_in(text: str) -> tuple[list[str], bool]:
    """Return every date in a text, and whether the text says more than dates.

    "1951 to 1953" gives each of the years. A date that there is not is left out, and makes the text say more.
    """
    dates: list[str] = []
    rest = text
    for found in _SPAN_IN.finditer(text):
        dates += years_between(found[1], found[2])
    rest = _SPAN_IN.sub(" ", rest)
    is_odd = False
    for found in _DATE_IN.finditer(rest):
        day = iso_date(found[0].replace(".", " ") if re.search("[A-Za-z]", found[0]) else found[0])
        is_odd |= day is None
        dates += [day] if day else []
    words = _AROUND_DATES.sub(" ", _DATE_IN.sub(" ", rest)).strip()
    return list(dict.fromkeys(dates)), is_odd or bool(words)


def names_in(text: str) -> list[str]:
    """Return the names in a text: "Ivan TESTOV (original script: Иван ТЕСТОВ)" gives two, one in each script."""
    found = re.fullmatch(r"(.+?)\s*\(([^()]+)\)\s*", clean(text))
    if found and _is_latin(found[1]) != _is_latin(other := found[2].rpartition(": ")[2]):
        return [found[1], other]
    return [clean(text)]


def _is_latin(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]", text)) and not re.search(
        r"[\u0370-\uffff]", text.replace("’", "").replace("‘", "")
    )


def document_number(text: str) -> tuple[str, str]:
    """Return the number in a text like "Afghan passport number SE 012820 (issued 2.3.2004)", and the words after it."""
    plain = _BEFORE_NUMBER.sub("", clean(text.strip(' "')))
    found = re.match(r"(.+?)(?=[(,]|\s(?:issued|expires?|valid|under)\b|$)[(,]?(.*)", plain)
    if found is None or not re.search(r"\d", found[1]):
        return plain, ""
    return clean(found[1]), clean(found[2].rstrip(")"))


def given_and_surname(text: str) -> tuple[str, str, str]:
    """Return the name in the order it is spoken, the given names and the surname of "SURNAME, Given"."""
    surname, comma, given = (part.strip() for part in text.partition(","))
    if not comma or not given:
        return clean(text.rstrip(", ")), "", ""
    given, _, suffix = (part.strip() for part in given.partition(","))
    return clean(f"{given} {surname} {suffix}"), given, surname


def stable_id(*parts: str) -> str:
    """Return an id for a row that belongs to another one: the same whatever stands before it in the list."""
    first, *others = parts
    digest = hashlib.sha1("\x1f".join(others).encode("utf-8", "replace")).hexdigest()
    return f"{first}-{digest[:12]}"


def sanction_of(entity: Entity, *, authority: str, key: str = "", **values: str | None) -> Entity:
    """Return the row that says by whom and when an entity was listed.

    Args:
        key: tells several sanctions of one entity from each other.
        values: further properties: program, programId, reason, listingDate, startDate, endDate.
    """
    sanction = Entity(stable_id(f"{entity.entity_id}-sanction", authority, key), "Sanction", False, entity.row)
    sanction.add("entity", entity.entity_id)
    sanction.add("authority", authority)
    for name, value in values.items():
        sanction.add(name, value)
    sanction.caption = sanction.first("program", "authority")
    return sanction


_DOCUMENT_OF = {"passportNumber": "Passport"}


def add_document(entity: Entity, name: str, number: str, **values: str | None) -> Entity | None:
    """Add a document's number to an entity; return the row of the document where more is known of it.

    Args:
        name: property of the entity: passportNumber, idNumber, taxNumber.
        values: country, type, startDate, endDate, authority, summary.
    """
    entity.add(name, number)
    held = {key: value for key, value in values.items() if value and key != "type"}
    if not held or not clean(number):
        return None
    row_id = stable_id(f"{entity.entity_id}-document", name, clean(number), values.get("country") or "")
    document = Entity(row_id, _DOCUMENT_OF.get(name, "Identification"), False, entity.row)
    document.add("holder", entity.entity_id)
    document.add("number", number)
    for key, value in values.items():
        document.add(key, value)
    document.caption = clean(number)
    return document
