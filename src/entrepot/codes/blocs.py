"""Blocs of states with dated memberships.

``EU27`` means the European Union as it was on the day asked for: twenty-eight states between 2013-07-01 and
2020-01-31. ``COALITION`` means the states whose measures on Russia of February 2022 and later were in force
on that day; measures of 2014 do not count. States for which no dated act is at hand (Andorra, Monaco, San
Marino, Kosovo, the Bahamas, Micronesia) are left out, and so is Bosnia and Herzegovina, which the declaration of
2022-03-01 names, but of which no act of its own was found. ``WORLD`` is every territory
whose code was in use on the day.

Rows are in ``data/memberships.csv``, each with its source. A source of ``COALITION`` says ``checked`` where the act's
own publication or a report of the time was read for that day, and ``unverified`` where it was not found; the other
blocs' sources are named, but were not opened again. A suspension by the bloc ends the member row; a
state that froze its own part keeps an open member row beside the row ``suspended``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from entrepot.codes.facts import rows
from entrepot.codes.territories import find_territory, lifetimes
from entrepot.errors import CodeError, UnknownCode

_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_ALIASES = {"EU": "EU27", "EEU": "EAEU", "EAEC": "EAEU", "ALL": "WORLD"}


@dataclass(frozen=True)
class Membership:
    """A state's standing in a bloc between two days.

    Attributes:
        bloc: id of the bloc.
        iso3: the state.
        kind: member, observer, associate or suspended.
        valid_from: first day, ISO 8601.
        valid_to: first day on which it no longer holds; None while it lasts.
        source: the act or list that says so.
    """

    bloc: str
    iso3: str
    kind: str
    valid_from: str
    valid_to: str | None
    source: str

    def is_valid(self, on: str) -> bool:
        """Return whether the row holds on a day (ISO 8601)."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@cache
def _memberships() -> dict[str, tuple[Membership, ...]]:
    blocs: dict[str, list[Membership]] = {}
    for row in rows("memberships"):
        entry = Membership(
            row["bloc"], row["iso3"], row["kind"], row["valid_from"], row["valid_to"] or None, row["source"]
        )
        blocs.setdefault(entry.bloc, []).append(entry)
    blocs["WORLD"] = [
        Membership("WORLD", iso3, "member", start or "0001-01-01", end, "ISO 3166, code in use")
        for iso3, (start, end) in lifetimes().items()
    ]
    return {bloc: tuple(entries) for bloc, entries in sorted(blocs.items())}


def bloc_ids() -> tuple[str, ...]:
    """Return the ids of the blocs with dated memberships."""
    return tuple(_memberships())


def memberships(bloc: str) -> tuple[Membership, ...]:
    """Return every dated membership of a bloc, observers and suspensions included.

    Raises:
        UnknownCode: no such bloc.
    """
    if bloc not in _memberships():
        raise UnknownCode(f"unknown bloc {bloc!r}", remedy=f"Use one of {', '.join(bloc_ids())}.")
    return _memberships()[bloc]


@lru_cache(maxsize=4096)
def members(bloc: str, *, on: str) -> frozenset[str]:
    """Return the ISO3 codes of a bloc's full members on a day (ISO 8601, YYYY-MM-DD).

    Raises:
        UnknownCode: no such bloc.
        CodeError: ``on`` is not a day.
    """
    if not _DAY.fullmatch(on):
        raise CodeError(f"{on!r} is not a day", where="memberships", remedy="Write it as YYYY-MM-DD.")
    return frozenset(row.iso3 for row in memberships(bloc) if row.kind == "member" and row.is_valid(on))


def origin_set(text: str, *, on: str) -> frozenset[str]:
    """Return the territories that a list of blocs and ISO3 codes, joined by commas, means on a day.

    ``COALITION``, ``EU27,USA,JPN``. Names of territories are read, too; groups that have no dated membership
    (AFRICA, AREAS_NES) are not.

    Raises:
        UnknownCode: an entry that is neither bloc nor territory, or an empty list.
        CodeError: ``on`` is not a day.
    """
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if not entries:
        raise UnknownCode("the list of territories is empty", remedy="Name blocs or ISO3 codes.")
    return frozenset().union(*(_entry(entry, on) for entry in entries))


def _entry(entry: str, on: str) -> frozenset[str]:
    bloc = _ALIASES.get(entry.upper(), entry.upper())
    if bloc in _memberships():
        return members(bloc, on=on)
    territory = find_territory(entry)
    if territory and not territory.is_aggregate:
        return frozenset({territory.code})
    raise UnknownCode(
        f"{entry!r} is neither a bloc nor a territory",
        remedy=f"Use ISO3 codes or one of {', '.join(bloc_ids())}.",
    )
