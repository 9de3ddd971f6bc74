"""Territories and groups of territories, by the codes and labels of many publishers.

A territory has an ISO 3166 alpha-3 code (``XKX`` for Kosovo, ``TWN`` for Taiwan, and the withdrawn codes of
states that are no more). A group (EU27, WORLD, AFRICA) or a residual area (AREAS_NES, BUNKERS) has an id of
this project and ``is_aggregate``: it must never be added to territories. Ceuta, Melilla and areas that some
tables list beside the state they belong to have no code of their own and count as residual areas.

Several codes of one publisher may mean one territory: Comext reports the United Kingdom of 2021 and later as
GB (or XU) and XI, so a reader adds those rows. Comtrade reports Taiwan as "Other Asia, nes" (490).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from entrepot.codes.facts import rows
from entrepot.codes.spelling import reduced
from entrepot.errors import CodeError, UnknownCode

SCHEMES = ("any", "iso3", "iso2", "m49", "comtrade", "cepii", "comext", "eurostat", "imf", "oksm")

# "Italy (incl. San Marino 'SM' -> 1993)", "Monténégro (depuis 2007)", "India (...1974)"
_TAIL = re.compile(
    r"\s*\((?:incl\.|including|from |since |before |until |depuis|à partir|jusqu|\.\.\.|\d{4}).*\)\s*$",
    re.DOTALL,
)
# the members in "European Union (AT-01/1995, BE-01/1958, ...)" and "Euro area - 20 countries (AT, BE, ...)"
_MEMBERS = re.compile(r"\s*\((?:[A-Z]{2}(?:-[^,()]*)?(?:, |(?=\))))+\)\s*$")
_BRACKETED_CODE = re.compile(r"^(.*\S)\s*\[([A-Z0-9_]{2,20})\]\s*$", re.DOTALL)
_LEADING_CODE = re.compile(r"^([A-Z][A-Z0-9_]{1,14})\s*[-:]\s*(.+)$", re.DOTALL)


@dataclass(frozen=True)
class Territory:
    """A territory, a group of territories or a residual area.

    Attributes:
        code: ISO 3166 alpha-3, or the id of a group or residual area.
        name: short English name.
        is_aggregate: a group or a residual area, not to be added to its members.
    """

    code: str
    name: str
    is_aggregate: bool


@dataclass(frozen=True)
class _Index:
    by_code: Mapping[str, Territory]
    iso2: Mapping[str, str]
    m49: Mapping[str, str]
    names: Mapping[str, str]
    numbers: Mapping[str, Mapping[str, str]]


@cache
def _index() -> _Index:
    states, groups = rows("territories"), rows("groups")
    by_code = {row["iso3"]: Territory(row["iso3"], row["name"], False) for row in states}
    by_code |= {row["id"]: Territory(row["id"], row["name"], True) for row in groups}
    names = {reduced(territory.name): code for code, territory in by_code.items()}
    names |= {reduced(row["name"]): row["code"] for row in rows("names")}
    numbers: dict[str, dict[str, str]] = {scheme: {} for scheme in SCHEMES}
    for row in rows("numbers"):
        numbers[row["scheme"]][row["code"]] = row["id"]
    return _Index(
        by_code,
        {row["iso2"]: row["iso3"] for row in states if row["iso2"]},
        {row["m49"].lstrip("0"): row["iso3"] for row in states},
        names,
        numbers,
    )


def territories() -> tuple[Territory, ...]:
    """Return every territory, group and residual area that the code lists hold."""
    return tuple(_index().by_code.values())


def lifetimes() -> dict[str, tuple[str, str | None]]:
    """Return the days between which each territory's code was in use; "" means since ever."""
    return {row["iso3"]: (row["valid_from"], row["valid_to"] or None) for row in rows("territories")}


def find_iso2(iso3: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of a territory given by its alpha-3 code, or None."""
    return _alpha2().get(iso3)


@cache
def _alpha2() -> dict[str, str]:
    return {iso3: iso2 for iso2, iso3 in _index().iso2.items()}


def find_territory(text: str, *, scheme: str = "any") -> Territory | None:
    """Return the territory, group or residual area that a code or label means, or None.

    Args:
        text: a code or label as the publisher writes it.
        scheme: what kind of code it is. ``any`` reads ISO alpha-3, this project's ids and names in any
            listed spelling and language, not two-letter codes or numbers, which mean different things to
            different publishers. ``iso3``, ``iso2``, ``m49`` (UN numbers), ``comtrade`` (numbers, alpha-3 or
            labels), ``cepii`` (BACI numbers, GeoDist alpha-3), ``comext`` (Eurostat's two letters and
            aggregates), ``eurostat`` (labels of Eurostat's tables, with their tails, or comext codes),
            ``imf``, ``oksm`` (two letters of the Russian customs service).

    Raises:
        CodeError: a scheme that does not exist.
    """
    reader = _READERS.get(scheme)
    if reader is None:
        raise CodeError(f"unknown scheme of territory codes {scheme!r}", remedy=f"Use one of {', '.join(SCHEMES)}.")
    return _find(text, scheme)


def get_territory(text: str, *, scheme: str = "any", where: str = "") -> Territory:
    """Return what ``find_territory`` finds.

    Raises:
        UnknownCode: no code list holds the text; the remedy names close spellings.
    """
    if found := find_territory(text, scheme=scheme):
        return found
    close = _close_names(text)
    remedy = f"Did you mean {', '.join(close)}?" if close else "Use the ISO 3166 alpha-3 code."
    raise UnknownCode(f"unknown territory {text!r}", where=where, remedy=remedy)


def _close_names(text: str) -> list[str]:
    index = _index()
    keys = get_close_matches(reduced(text), index.names, n=5, cutoff=0.75)
    if not keys and 2 <= len(text) <= 4:
        keys = [
            reduced(index.by_code[code].name)
            for code in get_close_matches(text.upper(), index.by_code, n=3, cutoff=0.6)
        ]
    codes = dict.fromkeys(index.names[key] for key in keys)
    return [f"{index.by_code[code].name} ({code})" for code in list(codes)[:3]]


@lru_cache(maxsize=65536)
def _find(text: str, scheme: str) -> Territory | None:
    code = _READERS[scheme](text.strip())
    return _index().by_code[code] if code else None


def _iso3(text: str) -> str | None:
    return text.upper() if text.upper() in _index().by_code else None


def _iso2(text: str) -> str | None:
    return _index().iso2.get(text.upper())


def _number(scheme: str, text: str) -> str | None:
    if not text.isascii() or not text.removesuffix(".0").isdigit():
        return _index().numbers[scheme].get(text.upper())
    bare = text.removesuffix(".0").lstrip("0") or "0"
    return _index().numbers[scheme].get(bare) or _index().m49.get(bare)


def _name(text: str) -> str | None:
    return _index().names.get(reduced(text))


def _any(text: str) -> str | None:
    return _iso3(text) or _name(text)


def _comtrade(text: str) -> str | None:
    return _number("comtrade", text) or _iso3(text) or _label(text)


def _cepii(text: str) -> str | None:
    return _number("cepii", text) or _iso3(text)


def _comext(text: str) -> str | None:
    return _index().numbers["comext"].get(text.upper()) or _iso2(text)


def _imf(text: str) -> str | None:
    return _index().numbers["imf"].get(text.upper()) or _iso3(text) or _label(text)


def _oksm(text: str) -> str | None:
    return _index().numbers["oksm"].get(text.upper()) or _iso2(text)


def _label(text: str) -> str | None:
    if found := _name(text):
        return found
    if (members := _MEMBERS.search(text)) and "27" in text and "GB" in members.group():
        return "EU27_2007"
    bare = _MEMBERS.sub("", _TAIL.sub("", text))
    return _name(bare) if bare != text else None


def _eurostat(text: str) -> str | None:
    if found := _label(text):
        return found
    for pattern, code, label in ((_BRACKETED_CODE, 2, 1), (_LEADING_CODE, 1, 2)):
        if match := pattern.match(text):
            by_code, by_label = _comext(match[code]), _label(match[label])
            return by_label if by_label in (by_code, None) or by_code is None else None
    return _comext(text) if text.isupper() else None


def _m49(text: str) -> str | None:
    return _number("m49", text)


_READERS: dict[str, Callable[[str], str | None]] = {
    "any": _any,
    "iso3": _iso3,
    "iso2": _iso2,
    "m49": _m49,
    "comtrade": _comtrade,
    "cepii": _cepii,
    "comext": _comext,
    "eurostat": _eurostat,
    "imf": _imf,
    "oksm": _oksm,
}
