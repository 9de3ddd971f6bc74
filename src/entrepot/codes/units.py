"""Units of quantity, by the codes that publishers give them.

The ids are this project's own: ``kg``, ``t``, ``piece``, ``pair``, ``m2``, ``carat``, ``l_alcohol`` (litres
of pure alcohol) and so on. A unit is only named, never converted. ``6`` and ``MTS`` mean different things to
different publishers, so a scheme is needed.
"""

from __future__ import annotations

from functools import cache

from entrepot.codes.facts import rows
from entrepot.errors import CodeError

UNIT_SCHEMES = ("any", "comtrade", "comext", "okei", "india")


@cache
def _units() -> dict[str, dict[str, str]]:
    schemes: dict[str, dict[str, str]] = {scheme: {} for scheme in UNIT_SCHEMES}
    for row in rows("units"):
        schemes[row["scheme"]][_key(row["code"])] = row["unit"]
    return schemes


def _key(text: str) -> str:
    bare = " ".join(text.replace("\u00a0", " ").split()).casefold().rstrip(".")
    bare = bare.replace("1,000 ", "1000 ").replace("1 000 ", "1000 ").replace("90 %", "90%")
    return (bare.removesuffix(".0").lstrip("0") or bare) if bare.removesuffix(".0").isdigit() else bare


def find_unit(text: str, *, scheme: str) -> str | None:
    """Return the id of a unit of quantity, or None for no unit and for a code that no list holds.

    Args:
        text: the code or abbreviation.
        scheme: ``comtrade`` (numbers and WCO abbreviations), ``comext`` (supplementary units of the Combined
            Nomenclature), ``okei`` (numbers and abbreviations of the Russian classifier), ``india`` (unit
            quantity codes) or ``any`` (this project's ids and everyday words).

    Raises:
        CodeError: a scheme that does not exist.
    """
    if scheme not in UNIT_SCHEMES:
        raise CodeError(f"unknown scheme of units {scheme!r}", remedy=f"Use one of {', '.join(UNIT_SCHEMES)}.")
    return _units()[scheme].get(_key(text))


@cache
def _currencies() -> dict[str, str]:
    names: dict[str, str] = {}
    for row in rows("currencies"):
        for name in (row["code"], row["name"], *row["other_names"].split(";")):
            if name:
                names[_key(name)] = row["code"]
    return names


def currencies() -> tuple[str, ...]:
    """Return the codes of currencies (ISO 4217), in their order."""
    return tuple(sorted(set(_currencies().values())))


def find_currency(text: str) -> str | None:
    """Return the ISO 4217 code of a currency given by code, sign or name, or None."""
    return _currencies().get(_key(text))
