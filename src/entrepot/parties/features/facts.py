"""Facts: what a party says about itself besides its names, in the form that features compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from entrepot.codes import find_territory, normal_number
from entrepot.parties.party import Party

_TAX = ("taxNumber", "innCode", "vatCode", "uscCode")
_REGISTRATION = ("registrationNumber", "ogrnCode", "leiCode", "dunsCode", "swiftBic", "okpoCode")
# Kind of number: the properties that hold one. A number is compared with those of every kind but craft's.
NUMBERS = {
    "passport": ("passportNumber",),
    "id": ("idNumber",),
    "tax": _TAX,
    "registration": _REGISTRATION,
    "imo": ("imoNumber",),
    "mmsi": ("mmsi",),
    "serial": ("serialNumber", "icaoCode"),
}
_NUMBERED = frozenset(name for names in NUMBERS.values() for name in names) | {"document"}
# A shorter number is borne by too many documents to prove anything.
_LEAST_DIGITS = 5
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a document or a register: its kind, itself in capitals and digits, its issuer (ISO3 or empty)."""

    kind: str
    value: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What features read. Dates are year, month and day, as much of them as is known."""

    births: tuple[tuple[int, ...], ...]
    genders: frozenset[str]
    numbers: tuple[Number, ...]
    countries: frozenset[str]
    addresses: tuple[frozenset[str], ...]
    flags: frozenset[str]
    call_signs: frozenset[str]
    contacts: frozenset[str]


def as_packed(facts: Facts) -> list[Any]:
    """Return facts as JSON holds them."""
    numbers = [(number.kind, number.value, number.issuer) for number in facts.numbers]
    sets = (facts.genders, facts.countries, facts.flags, facts.call_signs, facts.contacts)
    return [facts.births, numbers, [sorted(words) for words in facts.addresses], *map(sorted, sets)]


def from_packed(held: list[Any]) -> Facts:
    """Return the facts that :func:`as_packed` wrote."""
    births, numbers, addresses, *sets = held
    genders, countries, flags, call_signs, contacts = (frozenset(values) if values else _NONE for values in sets)
    return Facts(
        tuple(map(tuple, births)),
        genders,
        tuple(Number(*number) for number in numbers),
        countries,
        tuple(map(frozenset, addresses)),
        flags,
        call_signs,
        contacts,
    )


_NONE: frozenset[str] = frozenset()


def facts_of(party: Party) -> Facts:
    """Return a party's facts."""
    held = party.properties
    dates = (date_of(text) for text in held.get("birthDate") or held.get("incorporationDate", ()))
    return Facts(
        tuple(date for date in dates if date),
        frozenset(text[:1].lower() for text in held.get("gender", ())) & frozenset("mf"),
        numbers_held(party),
        _territories(party.values("country", "nationality", "citizenship", "jurisdiction", "birthCountry")),
        tuple(filter(None, (_words(text) for text in held.get("address", ())))),
        _territories(party.values("flag", "pastFlags")),
        frozenset(map(plain_number, held.get("callSign", ()))),
        frozenset(_contacts(party)),
    )


@lru_cache(maxsize=4096)
def date_of(text: str) -> tuple[int, ...] | None:
    """Return year, month and day of an ISO prefix, as far as it goes; None for what is none or no day of a calendar."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    last = 29 if month == 2 and year % 4 == 0 else 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    is_real = 1000 <= year <= 2200 and month <= 12 and day <= last and (not found[2] or month) and (not found[3] or day)
    return (year, month, day)[: 1 + bool(month) + bool(day)] if is_real else None


def numbers_held(party: Party) -> tuple[Number, ...]:
    """Return a party's numbers, each once; a document that names its issuer comes before the bare number."""
    if _NUMBERED.isdisjoint(party.properties):
        return ()
    found: dict[str, Number] = {}
    for text in party.properties.get("document", ()):
        kind, _, rest = text.partition("|")
        number, _, issuer = rest.rpartition("|")
        _keep(found, kind, number, _territory(issuer))
    for kind, properties in NUMBERS.items():
        for text in party.values(*properties):
            _keep(found, kind, text, "")
    return tuple(found.values())


def _keep(found: dict[str, Number], kind: str, text: str, issuer: str) -> None:
    value = plain_number(text)
    if len(value) >= _LEAST_DIGITS and len(set(value)) > 2:
        found.setdefault(value, Number(kind, value, issuer))


def numbers_of(party: Party) -> set[str]:
    """Return the numbers by which a party is found."""
    return {number.value for number in numbers_held(party)}


@lru_cache(maxsize=1 << 14)
def plain_number(text: str) -> str:
    """Return letters and digits of a number in capitals; the letters IMO in front are no part of it."""
    plain = _NO_WORD.sub("", normal_number(text[:100]))
    return plain[3:] if plain.startswith("IMO") and plain[3:].isdigit() else plain


@lru_cache(maxsize=4096)
def _territory(text: str) -> str:
    if len(text) > 100 or not text.strip():
        return ""
    found = find_territory(text, scheme="iso2") if len(text.strip()) == 2 else find_territory(text)
    return found.code if found else ""


def _territories(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(None, map(_territory, texts)))


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _NO_WORD.split(text[:300].lower()) if len(word) > 2 or word.isdigit())


def _contacts(party: Party) -> set[str]:
    emails = {text.strip().lower() for text in party.properties.get("email", ()) if "@" in text}
    phones = {re.sub(r"\D", "", text)[-10:] for text in party.properties.get("phone", ())}
    return emails | {phone for phone in phones if len(phone) >= 9}
