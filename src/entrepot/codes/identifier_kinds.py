"""Kinds of identifiers: the shape of each, its check digits, and what its digits say of the holder."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes import check_digits as check
from entrepot.codes.dates import day_text, parse_day
from entrepot.codes.facts import rows
from entrepot.codes.territories import find_territory
from entrepot.errors import CodeError

NO_DATE = "its digits hold no date that exists"


@dataclass(frozen=True, slots=True)
class Said:
    """What the digits of a number say: a problem, and facts of its holder, each empty where they say nothing."""

    problem: str = ""
    birth_date: str = ""
    sex: str = ""
    date: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of identifier.

    Attributes:
        name: inn, ogrn, iin ...
        country: ISO3 of the state that gives it; empty where an international body does.
        shape: regular expression of its normal form.
        says: what the digits of a number of that shape say, problems among them.
        holds: whether the check digits are right; None where no rule for them is public.
        also: further names under which records and lists hold it.
        is_distinct: the checks are strong enough to tell it in running text without a label.
    """

    name: str
    country: str
    shape: str
    says: Callable[[str], Said]
    holds: Callable[[str], bool] | None = None
    also: tuple[str, ...] = ()
    is_distinct: bool = False


def _day(year: int, month: str, day: str) -> str:
    text = f"{year:04d}-{month}-{day}"
    try:
        parse_day(text)
    except CodeError:
        return ""
    return text


def _person(birth: str, sex: str) -> Said:
    return Said("" if birth else NO_DATE, birth, sex, holder="person")


def _nothing(number: str) -> Said:
    return Said()


def _company(number: str) -> Said:
    return Said(holder="company")


def _natural(number: str) -> Said:
    return Said(holder="person")


def _inn(number: str) -> Said:
    return Said(holder="company" if len(number) == 10 else "person")


def _ogrn(number: str) -> Said:
    """Digits 2 and 3 are the year of the entry; the register began in July 2002."""
    is_company = len(number) == 13
    year = f"20{number[1:3]}"
    return Said("" if year >= "2002" else NO_DATE, date=year, holder="company" if is_company else "person")


def _iin(number: str) -> Said:
    """The seventh digit is century and sex: odd male; 1 and 2 the 19th century, 3 and 4 the 20th, 5 and 6 the 21st.

    Other digits (0 is found with foreigners) leave the century open.
    """
    seventh = int(number[6])
    if not 1 <= seventh <= 6:
        exists = any(_day(century + int(number[:2]), number[2:4], number[4:6]) for century in (1900, 2000))
        return Said("" if exists else NO_DATE, holder="person")
    year = 1800 + (seventh - 1) // 2 * 100 + int(number[:2])
    return _person(_day(year, number[2:4], number[4:6]), "male" if seventh % 2 else "female")


def _bin(number: str) -> Said:
    """Year and month of registration; the fifth digit is the form (6: joint entrepreneurs), the sixth the unit."""
    year, month = int(number[:2]), number[2:4]
    if not "01" <= month <= "12":
        return Said(NO_DATE, holder="company")
    holder = "entrepreneurs" if number[4] == "6" else {"1": "branch", "2": "representation"}.get(number[5], "company")
    return Said(date=f"{(1900 if year >= 90 else 2000) + year}-{month}", holder=holder)


def _pin(number: str) -> Said:
    """Sex (1 female, 2 male) and day of birth; legal persons have 0 and the day of registration."""
    day = _day(int(number[5:9]), number[3:5], number[1:3])
    if number[0] == "0":
        return Said("" if day else NO_DATE, date=day, holder="company")
    return _person(day, "female" if number[0] == "1" else "male")


def _pinfl(number: str) -> Said:
    first = int(number[0])
    year = 1800 + (first - 1) // 2 * 100 + int(number[5:7])
    return _person(_day(year, number[3:5], number[1:3]), "male" if first % 2 else "female")


def _rnokpp(number: str) -> Said:
    """Five digits count the days from 31 December 1899; the ninth is odd for men."""
    birth = day_text(date(1899, 12, 31).toordinal() + int(number[:5]))
    return _person(birth, "male" if int(number[8]) % 2 else "female")


def _unp(number: str) -> Said:
    return Said(holder="person" if number[0].isalpha() else "company")


def _voen(number: str) -> Said:
    return Said(holder="company" if number[9] == "1" else "person")


def _iban(number: str) -> Said:
    length = _iban_lengths().get(number[:2])
    if length is None:
        return Said(f"no IBANs are registered for {number[:2]}")
    return Said("" if length == len(number) else f"an IBAN of {number[:2]} has {length} signs, not {len(number)}")


@cache
def _iban_lengths() -> dict[str, int]:
    return {row["iso2"]: int(row["length"]) for row in rows("iban")}


def _bic(number: str) -> Said:
    is_state = number[4:6] == "XK" or find_territory(number[4:6], scheme="iso2") is not None
    return Said("" if is_state else f"{number[4:6]} is no country")


KINDS = (
    Kind("inn", "RUS", r"\d{10}|\d{12}", _inn, check.holds_inn, ("innCode", "tax_number", "tax_id")),
    Kind("ogrn", "RUS", r"[15]\d{12}", _ogrn, check.holds_ogrn, ("ogrnCode", "registration_number"), True),
    Kind("ogrnip", "RUS", r"3\d{14}", _ogrn, check.holds_ogrn, ("ogrnCode", "ogrn", "registration_number"), True),
    Kind("iin", "KAZ", r"\d{4}[0-3]\d[0-6]\d{5}", _iin, check.holds_iin, ("tax_number", "tax_id", "id_number"), True),
    Kind("bin", "KAZ", r"\d{4}[4-6][0-9]\d{6}", _bin, check.holds_iin, ("tax_number", "registration_number"), True),
    Kind("pin", "KGZ", r"[012]\d{13}", _pin, None, ("inn", "innCode", "tax_number", "tax_id", "id_number")),
    Kind("pinfl", "UZB", r"[1-6]\d{13}", _pinfl, check.holds_pinfl, ("tax_number", "tax_id", "id_number"), True),
    Kind("stir", "UZB", r"[2-9]\d{8}", _nothing, None, ("inn", "innCode", "tax_number", "tax_id")),
    Kind("unp", "BLR", r"[1-7]\d{8}|[ABCEHKM][ABCEHKMOPT]\d{7}", _unp, check.holds_unp, ("tax_number", "tax_id")),
    Kind("edrpou", "UKR", r"\d{8}", _company, check.holds_edrpou, ("registration_number", "tax_number")),
    Kind("rnokpp", "UKR", r"\d{10}", _rnokpp, check.holds_rnokpp, ("tax_number", "tax_id")),
    Kind("tckn", "TUR", r"[1-9]\d{10}", _natural, check.holds_tckn, ("tax_number", "tax_id", "id_number"), True),
    Kind("vkn", "TUR", r"\d{10}", _nothing, check.holds_vkn, ("tax_number", "tax_id")),
    Kind("voen", "AZE", r"\d{9}[12]", _voen, check.holds_voen, ("tax_number", "tax_id")),
    Kind("hvhh", "ARM", r"\d{8}", _nothing, None, ("tax_number", "tax_id", "tin")),
    Kind("lei", "", r"[A-Z0-9]{18}\d{2}", _company, check.holds_mod97, ("leiCode", "registration_number"), True),
    Kind("imo", "", r"\d{7}", lambda _: Said(holder="vessel"), check.holds_imo, ("imoNumber", "imo_number")),
    Kind("iban", "", r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", _iban, check.holds_iban, (), True),
    Kind("bic", "", r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", _bic, None, ("swiftBic", "swift")),
)
_SHAPES = {(kind.name, kind.country): re.compile(kind.shape) for kind in KINDS}


def fits(kind: Kind, number: str) -> bool:
    """Return whether a number in its normal form has the shape of a kind."""
    return _SHAPES[kind.name, kind.country].fullmatch(number) is not None
