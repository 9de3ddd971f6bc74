"""Profiles: what a customer file, its documents or a list say of one identity, in forms that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from entrepot.codes import Identifier, Mrz, find_territory, parse_day, read_identifier, read_mrz
from entrepot.errors import CodeError, SourceError
from entrepot.parties.addresses import address_key
from entrepot.parties.cells import read_cells, read_header
from entrepot.parties.names import Name, read_name
from entrepot.parties.party import PERSONS, Party

Row = Mapping[str, str | None]
# A state gives one of these to a person, once: two that differ are two persons, or a mistake.
PERSONAL = frozenset({"iin", "pin", "pinfl", "tckn", "rnokpp", "inn", "unp"})
_TAX = ("iin", "tax_id")
_SEX = {"m": "male", "male": "male", "f": "female", "female": "female"}


@dataclass(frozen=True, slots=True)
class Value:
    """One value and where it stands: a column, or a document's id and field."""

    key: str
    shown: str
    where: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One identity.

    Attributes:
        party_id: id in the file, or ``dataset:entity``.
        names: every spelling, each with where it stands.
        births: ISO 8601 dates, as precise as they are stated.
        numbers: identifiers and document numbers, in their normal form.
        sexes: male, female, as numbers and zones say.
        phones, emails, devices, addresses, citizenships: in a form that can be compared.
    """

    party_id: str
    names: tuple[tuple[Name, str], ...] = ()
    births: tuple[Value, ...] = ()
    numbers: tuple[tuple[Identifier, str], ...] = ()
    sexes: tuple[Value, ...] = ()
    phones: tuple[Value, ...] = ()
    emails: tuple[Value, ...] = ()
    devices: tuple[Value, ...] = ()
    addresses: tuple[Value, ...] = ()
    citizenships: tuple[Value, ...] = ()


def read_rows(path: Path) -> list[dict[str, str | None]]:
    """Return the rows of a CSV or Parquet file as dictionaries; an empty cell is None.

    Raises:
        SourceError: there is no such file, or it cannot be read.
    """
    names = [name.strip().casefold() for name in read_header(path)]
    return [{name: cell or None for name, cell in zip(names, row, strict=True)} for row in read_cells(path)]


def profiles(persons: Sequence[Row], documents: Sequence[Row] = (), *, as_of: str) -> list[Profile]:
    """Return the profiles of RECORDS person rows with their documents, each person once.

    Raises:
        SourceError: there is no column person_id, or an id is empty or stands twice.
        CodeError: ``as_of`` is no day.
    """
    parse_day(as_of)
    papers: dict[str, list[Row]] = {}
    for row in documents:
        papers.setdefault((row.get("person_id") or "").strip(), []).append(row)
    seen: set[str] = set()
    found = []
    for place, row in enumerate(persons, 1):
        party_id = (row.get("person_id") or row.get("id") or "").strip()
        if not party_id or party_id in seen:
            problem = f"person_id {party_id!r} stands twice" if party_id else "person_id is empty or missing"
            raise SourceError(problem, where=f"row {place}", remedy="Give every person an id of their own.")
        seen.add(party_id)
        found.append(_profile(party_id, row, papers.get(party_id, ()), as_of))
    return found


def profile_of(party: Party, papers: Iterable[Party] = ()) -> Profile:
    """Return the profile of a listed person; ``papers`` are its Passport and Identification entities."""
    party_id = f"{party.dataset}:{party.party_id}" if party.dataset else party.party_id
    numbers = [
        (value, name, "")
        for name in ("innCode", "passportNumber", "idNumber", "taxNumber")
        for value in party.values(name)
    ]
    for paper in papers:
        kind = "passportNumber" if paper.schema == "Passport" else "idNumber"
        country = next(iter(paper.values("country")), "")
        numbers += [(value, kind, country) for value in paper.values("number", "passportNumber")]
    return Profile(
        party_id,
        _names((text, "list") for text in party.names),
        tuple(Value(day, day, "list") for day in party.values("birthDate")),
        tuple((one, "list") for text, kind, country in numbers for one in _number(text, kind, country)),
        tuple(Value(_SEX[text], text, "list") for text in party.values("gender") if text in _SEX),
        _values(party.values("phone"), _phone, "list"),
        _values(party.values("email"), str.casefold, "list"),
        (),
        _values(party.values("address"), address_key, "list"),
        _values(party.values("citizenship", "nationality", "country"), _country, "list"),
    )


def _profile(party_id: str, row: Row, papers: Sequence[Row], as_of: str) -> Profile:
    zones = [(paper, zone) for paper in papers if (zone := zone_of(paper, as_of)) is not None]
    numbers = tuple(
        (one, paper.get("document_id") or "document")
        for paper in papers
        for one in _number(paper.get("number") or "", _kind(paper), paper.get("issuer_country") or "")
    )
    citizenships = _values(_cells(row, "citizenships", "declared_citizenships"), _country, "person")
    issued = _values(
        (p.get("issuer_country") or "" for p in papers if p.get("kind") == "passport"), _country, "document"
    )
    return Profile(
        party_id,
        _names(_spellings(row, zones, papers)),
        tuple(dict.fromkeys(_births(row, papers, zones, numbers))),
        numbers,
        tuple(_sexes(zones, numbers)),
        _values(_cells(row, "phone"), _phone, "person"),
        _values(_cells(row, "email"), str.casefold, "person"),
        _values(_cells(row, "device_ids"), str, "person"),
        _values([row.get("address") or ""], address_key, "person"),
        tuple({value.key: value for value in (*issued, *citizenships)}.values()),
    )


def zone_of(paper: Row, as_of: str) -> Mrz | None:
    """Return the machine-readable zone of a document's row, or None where it has none that can be read."""
    if not (text := paper.get("mrz")):
        return None
    try:
        return read_mrz(text, as_of=as_of)
    except CodeError:
        return None


def _kind(paper: Row) -> str:
    kind = paper.get("kind") or "other"
    return kind if kind in ("passport", "id_card", *_TAX) else "other"


def _number(text: str, kind: str, country: str) -> Iterator[Identifier]:
    if not text.strip():
        return
    known = _country(country)
    yield read_identifier(text, kind=kind, country=known)


def _spellings(row: Row, zones: Iterable[tuple[Row, Mrz]], papers: Iterable[Row]) -> Iterator[tuple[str, str]]:
    yield row.get("name") or "", "person"
    yield from ((text, "person") for text in _cells(row, "other_names"))
    yield from ((paper.get("name_as_printed") or "", paper.get("document_id") or "document") for paper in papers)
    for paper, zone in zones:
        yield f"{zone.surname}, {zone.given_names}", f"{paper.get('document_id') or 'document'} (zone)"


def _names(spellings: Iterable[tuple[str, str]]) -> tuple[tuple[Name, str], ...]:
    found: dict[str, tuple[Name, str]] = {}
    for text, where in spellings:
        name = read_name(text) if text.strip(" ,") else None
        if name is not None and name.text not in found:
            found[name.text] = name, where
    return tuple(found.values())


def _births(
    row: Row, papers: Iterable[Row], zones: Iterable[tuple[Row, Mrz]], numbers: Iterable[tuple[Identifier, str]]
) -> Iterator[Value]:
    said = [(row.get("birth_date"), "person")]
    said += [(paper.get("birth_date_as_printed"), paper.get("document_id") or "document") for paper in papers]
    said += [(zone.birth_date, f"{paper.get('document_id') or 'document'} (zone)") for paper, zone in zones]
    said += [(one.birth_date, f"{where} ({one.kind})") for one, where in numbers]
    for day, where in said:
        if day and re.fullmatch(r"\d{4}(-\d\d){0,2}", day.strip()):
            yield Value(day.strip(), day.strip(), where)


def _sexes(zones: Iterable[tuple[Row, Mrz]], numbers: Iterable[tuple[Identifier, str]]) -> Iterator[Value]:
    for paper, zone in zones:
        if zone.sex:
            yield Value(zone.sex, zone.sex, f"{paper.get('document_id') or 'document'} (zone)")
    yield from (Value(one.sex, one.sex, f"{where} ({one.kind})") for one, where in numbers if one.sex)


def _cells(row: Row, *names: str) -> list[str]:
    return [part.strip() for name in names for part in (row.get(name) or "").split(";") if part.strip()]


def _values(texts: Iterable[str], key: object, where: str) -> tuple[Value, ...]:
    assert callable(key)
    found = {key(text.strip()): Value(key(text.strip()), text.strip(), where) for text in texts}
    return tuple(value for name, value in found.items() if name)


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return digits[-9:] if len(digits) >= 7 else ""


def _country(text: str) -> str:
    """The ISO3 code, or nothing where the text is none that is known."""
    found = find_territory(text, scheme="iso2" if len(text.strip()) == 2 else "any") if text.strip() else None
    return found.code if found else ""


def profiles_of(parties: Sequence[Party]) -> list[Profile]:
    """Return the profiles of the persons among FollowTheMoney entities, with the papers that name them as holder."""
    papers: dict[tuple[str, str], list[Party]] = {}
    for party in parties:
        for holder in party.values("holder"):
            papers.setdefault((party.dataset, holder), []).append(party)
    persons = (party for party in parties if party.schema in PERSONS)
    return [profile_of(party, papers.get((party.dataset, party.party_id), ())) for party in persons]
