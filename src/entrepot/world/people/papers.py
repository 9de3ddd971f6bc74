"""Numbers of papers: machine-readable lines with their check digits, document numbers, accounts, telephones, BICs."""

from __future__ import annotations

from typing import Any

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

Texts = NDArray[Any]

# 9 a digit, A a letter, other letters themselves. One usual shape a country; others use plain digits.
_SHAPES = {
    "KAZ": "N99999999", "KGZ": "PE9999999", "UZB": "FA9999999", "TJK": "999999999", "RUS": "999999999",
    "ARM": "AA9999999", "AZE": "C99999999", "TUR": "U99999999", "BLR": "MP9999999", "GEO": "99AA99999",
    "CHN": "E99999999", "DEU": "C99999999", "POL": "EA9999999", "ITA": "YA9999999",
}  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_ISO2 = {
    "KAZ": "KZ", "KGZ": "KG", "UZB": "UZ", "TJK": "TJ", "RUS": "RU", "ARM": "AM", "AZE": "AZ", "TUR": "TR",
    "BLR": "BY", "GEO": "GE", "CHN": "CN", "DEU": "DE", "POL": "PL", "ITA": "IT", "ARE": "AE", "HKG": "HK",
    "USA": "US", "JPN": "JP", "KOR": "KR", "FRA": "FR", "NLD": "NL", "IRN": "IR", "CUB": "CU", "PRK": "KP",
    "SYR": "SY", "GBR": "GB", "LTU": "LT", "CYP": "CY", "BRA": "BR", "MEX": "MX", "ZAF": "ZA",
}  # fmt: skip
_DIAL = {
    "KAZ": "7701", "KGZ": "996555", "UZB": "99890", "TJK": "99293", "RUS": "7916", "ARM": "37491", "AZE": "99450",
    "TUR": "90532", "BLR": "37529", "GEO": "995599", "CHN": "86138", "DEU": "49151", "POL": "48601", "ITA": "39333",
    "ARE": "97150", "HKG": "8529",
}  # fmt: skip


def document_numbers(luck: np.random.Generator, country: str, count: int) -> Texts:
    """Return numbers of passports in the country's usual shape."""
    shape = _SHAPES.get(country, "999999999")
    draw = luck.random((len(shape), count))
    out = np.full(count, "", dtype=object)
    for place, mark in enumerate(shape):
        if mark == "9":
            out = out + (draw[place] * 10).astype(np.int64).astype(str).astype(object)
        elif mark == "A":
            out = out + np.array(list(_LETTERS), dtype=object)[(draw[place] * len(_LETTERS)).astype(np.int64)]
        else:
            out = out + mark
    return out


def iin(luck: np.random.Generator, birth: str, *, is_woman: bool) -> str:
    """Return a Kazakh identification number that belongs to a birth date: the date, a digit of century and sex, a
    serial and a check digit."""
    head = birth.replace("-", "")[2:8] + str((3 if birth < "2000" else 5) + is_woman)
    while True:
        text = head + f"{int(luck.integers(10**4)):04d}"
        for first in (1, 3):
            digit = sum(int(mark) * ((place + first - 1) % 11 + 1) for place, mark in enumerate(text)) % 11
            if digit < 10:
                return text + str(digit)


def phone(luck: np.random.Generator, country: str) -> str:
    """Return a telephone number with the country's prefix."""
    return f"+{_DIAL.get(country, '999')}{int(luck.integers(10**6, 10**7))}"


def phones(luck: np.random.Generator, countries: Texts) -> Texts:
    """Return telephone numbers, one for each country given."""
    heads = np.array([f"+{_DIAL.get(str(one), '999')}" for one in countries], dtype=object)
    out: Texts = heads + luck.integers(10**6, 10**7, len(countries)).astype(str).astype(object)
    return out


def iso2(country: str) -> str:
    """Return the two letters of a country of this world."""
    return _ISO2.get(country, "XX")


def check_digit(text: str) -> str:
    """Return the check digit of a field of a machine-readable line (ICAO 9303: weights 7, 3, 1)."""
    total = 0
    for place, mark in enumerate(text):
        value = 0 if mark == "<" else int(mark) if mark.isdigit() else ord(mark) - 55
        total += value * (7, 3, 1)[place % 3]
    return str(total % 10)


def mrz(
    issuer: str, family: str, given: str, number: str, *, citizenship: str, birth: str, is_woman: bool, expiry: str
) -> str:
    """Return the two lines of a passport, without a break between them: 88 marks.

    Args:
        birth, expiry: days, ``YYYY-MM-DD``.
    """
    first = f"P<{issuer}{_field(family)}<<{_field(given)}".ljust(44, "<")[:44]
    head = number[:9].ljust(9, "<")
    born, until = birth.replace("-", "")[2:8], expiry.replace("-", "")[2:8]
    own = "<" * 14
    second = f"{head}{check_digit(head)}{citizenship}{born}{check_digit(born)}{'F' if is_woman else 'M'}"
    second += f"{until}{check_digit(until)}{own}{check_digit(own)}"
    whole = second[:10] + second[13:20] + second[21:43]
    return first + second + check_digit(whole)


def _field(text: str) -> str:
    return "".join(mark if mark.isalpha() else "<" for mark in anyascii(text).upper())
