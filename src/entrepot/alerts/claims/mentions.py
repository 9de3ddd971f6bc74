"""Mentions: which territories and blocs a claim names, where in its words, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from entrepot.alerts.claims.words import pattern, rule_file
from entrepot.codes import bloc_ids, find_territory

_ALIASES = {"EU": "EU27", "EEU": "EAEU", "EAEC": "EAEU"}
# Bodies with a standing of their own in the ledger that are no bloc of the table of memberships.
_FURTHER = ("UN", "FATF")
_PLACES = ("territory", "country", "bloc", "place", "gpe", "location", "city", "capital")
_PARTIES = ("person", "body", "company", "organisation", "organization", "org", "vessel", "party", "bank")
_LIST = re.compile(r"\s*(,|and|as well as|и|а также)?\s*(the\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A territory or bloc in a claim.

    Attributes:
        code: ISO3, a bloc's id, UN or FATF.
        start, end: where in the quote; -1 where it is known from the context alone.
        is_body: named by a body of it (OFAC), which acts and is never acted upon.
    """

    code: str
    start: int
    end: int
    is_body: bool = False

    @property
    def is_bloc(self) -> bool:
        return self.code in bloc_ids() or self.code in _FURTHER


def mentions_of(quote: str, entities: Sequence[Mapping[str, Any]]) -> tuple[Mention, ...]:
    """Return the territories and blocs of a claim in their order, those without a place in the quote last."""
    found: list[Mention] = []
    for entity in entities:
        code = _code_of(entity)
        if code:
            found += _places(quote, str(entity.get("text") or ""), code)
    taken = [(one.start, one.end) for one in found if one.start >= 0]
    known = {one.code for one in found if one.start >= 0}
    for one in _scanned(quote):
        is_free = all(one.end <= start or end <= one.start for start, end in taken)
        if is_free and (one.code not in known or one.is_body):
            found.append(one)
    placed = {one.code for one in found if one.start >= 0}
    kept = [one for one in found if one.start >= 0 or one.code not in placed]
    return tuple(sorted(dict.fromkeys(kept), key=lambda one: (one.start < 0, one.start)))


def parties_of(entities: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return the entities that may be on a list: persons, bodies, firms, ships."""
    return tuple(
        one
        for one in entities
        if str(one.get("type", "")).lower() in _PARTIES and one.get("text") and not _code_of(one)
    )


def _code_of(entity: Mapping[str, Any]) -> str:
    kind, known = str(entity.get("type") or "").lower(), str(entity.get("id") or "")
    code = _ALIASES.get(known.upper(), known.upper())
    if code in bloc_ids() or code in _FURTHER:
        return code
    if kind and kind not in _PLACES:
        return ""
    place = find_territory(known, scheme="iso3") if len(known) == 3 else None
    place = place or find_territory(str(entity.get("text") or ""))
    return place.code if place and (not place.is_aggregate or place.code in bloc_ids()) else ""


def _places(quote: str, text: str, code: str) -> list[Mention]:
    spots = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(text)}(?!\w)", quote)] if text else []
    return [Mention(code, *spot) for spot in spots] or [Mention(code, -1, -1)]


def _scanned(quote: str) -> list[Mention]:
    """What the rule file finds, and names of the code lists in up to four words; the longer first."""
    found: list[Mention] = []
    for code, is_body, regex in _rules():
        found += [Mention(code, *match.span(), is_body) for match in regex.finditer(quote)]
    words = list(re.finditer(r"[\w'’.-]+", quote))
    for size in (4, 3, 2, 1):
        for place in range(len(words) - size + 1):
            start, end = words[place].start(), words[place + size - 1].end()
            text = re.sub(r"(['’]s?|\.)$", "", quote[start:end])
            if len(text) > 3 and text[0].isupper() and (hit := find_territory(text)) and not hit.is_aggregate:
                found.append(Mention(hit.code, start, start + len(text)))
    chosen: list[Mention] = []
    for one in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if all(one.end <= other.start or other.end <= one.start for other in chosen):
            chosen.append(one)
    return chosen


@cache
def _rules() -> tuple[tuple[str, bool, re.Pattern[str]], ...]:
    return tuple(
        (str(code).lstrip("="), str(code).startswith("="), re.compile(rf"(?<!\w)(?:{text})(?!\w)"))
        for code, text in rule_file("places").items()
    )


def before(quote: str, one: Mention) -> str:
    """Return the words before a mention, in front of the list that it stands in."""
    return quote[: one.start] if one.start >= 0 else ""


def stands_after(quote: str, one: Mention, kind: str) -> bool:
    """Return whether a mention directly follows words of a kind."""
    return one.start >= 0 and bool(pattern(kind).search(quote[: one.start]))


def is_followed(quote: str, one: Mention, kind: str) -> bool:
    """Return whether words of a kind directly follow a mention."""
    return one.start >= 0 and bool(pattern(kind).search(quote[one.end :]))


def is_listed_with(quote: str, one: Mention, other: Mention) -> bool:
    """Return whether only a comma or an ``and`` stands between two mentions."""
    return 0 <= one.end <= other.start and bool(_LIST.fullmatch(quote[one.end : other.start]))
