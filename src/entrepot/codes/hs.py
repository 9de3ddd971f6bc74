"""Codes of the Harmonized System (HS) and of the EU's Combined Nomenclature (CN), and their revisions.

Codes are text of 2 to 10 digits; ``TOTAL`` stands for all goods. Nothing is padded here: whether a leading
zero was lost is known only to whoever sees the whole file.
"""

from __future__ import annotations

import re
from functools import lru_cache

from entrepot.errors import CodeError

HS_YEARS = (1992, 1996, 2002, 2007, 2012, 2017, 2022)
HS_REVISIONS = tuple(f"HS{year}" for year in HS_YEARS)
FIRST_CN_YEAR = 1988

_TOTALS = frozenset({"TOTAL", "ALL", "TOTAL-TOTAL", "AG0"})
_MARKS = str.maketrans("", "", " .\u00a0\u202f-'")
# A table program that saw a missing cell writes every code as a decimal number.
_DECIMAL = re.compile(r"(?<=\d)\.0$")
_DIGITS = re.compile(r"[0-9]{2,10}")
_HIDDEN = re.compile(r"([0-9]{0,8})[XYZSMN]{2,}[0-9XYZSMN]*")
_UNSPECIFIED = re.compile(r"9999(?:99|AA|XX|00)?(?:00|99|XX)?")
_LABELLED = re.compile(r"^([0-9]{2,10})\s*[-:]\s+\D|^([0-9]{2,10})-[^\W\d]")
_SPELLED = re.compile(r"(?:HS|H|NC|CN)?\s*[-_]?\s*([0-9]{4}|[0-9]{1,2})")
# Comtrade's letters: H0 is the HS of 1992, H6 of 2022
_COMTRADE_VINTAGES = dict(enumerate(HS_REVISIONS))


@lru_cache(maxsize=262144)
def find_hs_code(text: str) -> str | None:
    """Return a goods code as 2 to 10 digits, or TOTAL, or None where the text is no code.

    Dots, spaces, hyphens and apostrophes go; a label after the code ("8703-Motor cars") goes, too. Lengths
    are kept as they are, odd ones included, and no zero is added. ``870323.0`` is a code that was read as a
    number. Codes with letters are not read here: see ``clean_code``.
    """
    stripped = _DECIMAL.sub("", text.strip().strip("'\""))
    if stripped.upper() in _TOTALS:
        return "TOTAL"
    if match := _LABELLED.match(stripped):
        return match[1] or match[2]
    bare = stripped.translate(_MARKS)
    return bare if bare.isascii() and _DIGITS.fullmatch(bare) else None


@lru_cache(maxsize=262144)
def clean_code(text: str) -> tuple[str, bool] | None:
    """Return a goods code and whether part of it is suppressed, or None where the text is no code.

    Publishers hide the goods of a confidential flow behind letters (X, Y, Z, S, M, N). What is left of the
    code in front is kept, cut to a whole HS level: ``09YYY123`` and ``09XXXXXX`` become (``09``, True),
    ``8703XX`` (``8703``, True). A code hidden from its first digit (``XXXXXXXXXX``, ``SSSSS999``) and
    Comtrade's ``9999`` and ``9999AA`` become (``9999``, True): goods not specified by kind. A plain code
    comes back as (code, False).
    """
    if code := find_hs_code(text):
        return ("9999", True) if _UNSPECIFIED.fullmatch(code) else (code, False)
    bare = text.strip().strip("'\"").upper().translate(_MARKS)
    if _UNSPECIFIED.fullmatch(bare):
        return "9999", True
    hidden = _HIDDEN.fullmatch(bare)
    if hidden is None or not 4 <= len(bare) <= 10:
        return None
    kept = hidden[1][: len(hidden[1]) // 2 * 2]
    return (kept or "9999"), True


def hs_revision_in_force(year: int) -> str:
    """Return the HS revision whose codes were new or still current in a year: HS2017 for 2017 to 2021.

    Raises:
        CodeError: a year before the first HS.
    """
    started = [first for first in HS_YEARS if first <= year]
    if not started:
        raise CodeError(f"no HS revision was in force in {year}", remedy=f"The first is {HS_REVISIONS[0]}.")
    return f"HS{started[-1]}"


def cn_revision(year: int) -> str:
    """Return the id of a year's Combined Nomenclature, ``CN2022``.

    Raises:
        CodeError: a year before the first Combined Nomenclature.
    """
    if year < FIRST_CN_YEAR:
        raise CodeError(f"no Combined Nomenclature in {year}", remedy=f"The first is CN{FIRST_CN_YEAR}.")
    return f"CN{year}"


@lru_cache(maxsize=4096)
def find_revision(text: str) -> str | None:
    """Return the id of a revision (HS2017, CN2021), or None.

    Reads HS2017, "HS 2017", HS17, 2017, H5 (Comtrade: H0 is 1992), CN2021 and "NC 2021". A bare year is an HS
    year. Comtrade's "HS" (as reported) names no revision and is None.
    """
    spelled = text.strip().upper()
    match = _SPELLED.fullmatch(spelled)
    if match is None:
        return None
    number = int(match[1])
    if spelled.startswith(("CN", "NC")):
        year = number if number > 99 else (1900 if number >= 88 else 2000) + number
        return f"CN{year}" if FIRST_CN_YEAR <= year <= 2099 else None
    if re.fullmatch(r"H[0-9]", spelled):
        return _COMTRADE_VINTAGES.get(number)
    year = number if number > 99 else (1900 if number >= 88 else 2000) + number
    return f"HS{year}" if year in HS_YEARS else None
