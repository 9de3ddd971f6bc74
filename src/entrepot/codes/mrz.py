"""Machine-readable zones of travel documents: ICAO Doc 9303, formats TD1, TD2 and TD3.

A zone carries the document's number and the dates of birth and expiry, a check digit for each, and one over all of
them; names have none. What does not hold is named, and the field is returned as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from entrepot.codes.check_digits import mrz_digit
from entrepot.codes.dates import parse_day
from entrepot.errors import CodeError

_SHAPES = {(3, 30): "TD1", (2, 36): "TD2", (2, 44): "TD3"}
_GERMANY = {"D": "DEU"}
_SEX = {"M": "male", "F": "female"}


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a machine-readable zone says.

    Attributes:
        form: TD1 (cards), TD2 or TD3 (passports).
        document: its first one or two letters: P, I, AC ...
        issuer: three letters of Doc 9303, as ISO 3166 alpha-3 where they are one.
        number: the document's number.
        surname, given_names: in the letters of the zone, which has no hyphens and cuts long names.
        nationality: as issuer.
        birth_date: ISO 8601, empty where a part of it is unknown or no such day exists.
        sex: male, female or empty.
        expiry_date: ISO 8601.
        optional: what the issuer writes into the free field: often a personal number.
        problems: the checks that do not hold, one sentence each.
    """

    form: str
    document: str
    issuer: str
    number: str
    surname: str
    given_names: str
    nationality: str
    birth_date: str
    sex: str
    expiry_date: str
    optional: str
    problems: tuple[str, ...]

    @property
    def is_valid(self) -> bool:
        """Whether every check digit holds and every date exists."""
        return not self.problems


def read_mrz(text: str, *, as_of: str = "") -> Mrz:
    """Return what a machine-readable zone says.

    Args:
        text: its lines, broken or run together; spaces are dropped, and ``«`` stands for ``<<``.
        as_of: day on which it was read, which settles the century of the birth date; without it the day of expiry does,
            so that a centenarian's zone may be read as a child's.

    Raises:
        CodeError: the text has the length of none of the three forms, or signs that no zone has.
    """
    signs = re.sub(r"\s", "", text).upper().replace("«", "<<").replace("‹", "<")
    length = next((n for lines, n in _SHAPES if lines * n == len(signs)), 0)
    if not length or not re.fullmatch(r"[A-Z0-9<]+", signs):
        remedy = "A zone has 3 lines of 30, 2 of 36 or 2 of 44 signs: A to Z, digits and '<'."
        raise CodeError(f"{text[:100]!r} is no machine-readable zone", remedy=remedy)
    lines = [signs[place : place + length] for place in range(0, len(signs), length)]
    fields = _card(lines) if length == 30 else _book(lines)
    return _said(_SHAPES[len(lines), length], fields, as_of)


@dataclass(frozen=True, slots=True)
class _Fields:
    document: str
    issuer: str
    number: str
    number_digit: str
    nationality: str
    birth: str
    birth_digit: str
    sex: str
    expiry: str
    expiry_digit: str
    optional: str
    optional_digit: str
    names: str
    whole: str
    whole_digit: str


def _card(lines: list[str]) -> _Fields:
    top, middle, names = lines
    number, digit, optional = _long_number(top[5:14], top[14], top[15:30])
    parts = (middle[15:18], middle[0:6], middle[6], middle[7], middle[8:14], middle[14])
    whole = top[5:30] + middle[0:7] + middle[8:15] + middle[18:29]
    free = (optional + middle[18:29]).replace("<", " ").strip()
    return _Fields(top[:2], top[2:5], number, digit, *parts, free, "", names, whole, middle[29])


def _long_number(number: str, digit: str, optional: str) -> tuple[str, str, str]:
    """A card's number of more than nine signs goes on in the free field, its check digit behind it."""
    if digit != "<" or not optional.strip("<"):
        return number, digit, optional
    rest, _, left = optional.partition("<")
    return number + rest[:-1], rest[-1:], left


def _book(lines: list[str]) -> _Fields:
    top, low = lines
    is_passport = len(low) == 44
    parts = (low[10:13], low[13:19], low[19], low[20], low[21:27], low[27])
    end = 42 if is_passport else 35
    free, digit = low[28:end], low[42] if is_passport else ""
    whole = low[0:10] + low[13:20] + low[21:43] if is_passport else low[0:10] + low[13:20] + low[21:35]
    return _Fields(top[:2], top[2:5], low[0:9], low[9], *parts, free, digit, top[5:], whole, low[-1])


def _said(form: str, fields: _Fields, as_of: str) -> Mrz:
    surname, _, given = fields.names.strip("<").partition("<<")
    expiry = _day(fields.expiry, "20")
    birth = _birth(fields.birth, as_of or expiry)
    issuer, nationality = fields.issuer.strip("<"), fields.nationality.strip("<")
    return Mrz(
        form=form,
        document=fields.document.strip("<"),
        issuer=_GERMANY.get(issuer, issuer),
        number=fields.number.strip("<"),
        surname=_words(surname),
        given_names=_words(given),
        nationality=_GERMANY.get(nationality, nationality),
        birth_date=birth,
        sex=_SEX.get(fields.sex, ""),
        expiry_date=expiry,
        optional=fields.optional.replace("<", " ").strip(),
        problems=tuple(_problems(fields, birth, expiry)),
    )


def _problems(fields: _Fields, birth: str, expiry: str) -> Iterator[str]:
    checked = (
        ("number", fields.number, fields.number_digit),
        ("birth date", fields.birth, fields.birth_digit),
        ("expiry date", fields.expiry, fields.expiry_digit),
        ("zone as a whole", fields.whole, fields.whole_digit),
    )
    for name, field, digit in checked:
        if mrz_digit(field) != digit.replace("<", "0"):
            yield f"the check digit of the {name} is {digit!r}, not {mrz_digit(field)!r}"
    # A free field that holds nothing may have "<" for its check digit.
    free = mrz_digit(fields.optional)
    if fields.optional_digit not in ("", free, "<" if not fields.optional.strip("<") else free):
        yield f"the check digit of the free field is {fields.optional_digit!r}, not {free!r}"
    for name, field, day in (("birth", fields.birth, birth), ("expiry", fields.expiry, expiry)):
        if not day and "<" not in field:
            yield f"there is no {name} date {field!r}"


def _day(field: str, century: str) -> str:
    text = f"{century}{field[:2]}-{field[2:4]}-{field[4:6]}"
    try:
        parse_day(text)
    except CodeError:
        return ""
    return text


def _birth(field: str, latest: str) -> str:
    """The later of the two centuries in which the birth is not after the latest day."""
    late, early = _day(field, "20"), _day(field, "19")
    return late if late and (not latest or late <= latest) else early


def _words(names: str) -> str:
    return " ".join(names.replace("<", " ").split())
