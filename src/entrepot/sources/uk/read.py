"""The UK Sanctions List, XML (one Designation a party) or CSV (one row a name and address of it)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from entrepot.errors import UnexpectedLayout
from entrepot.sources.entities import Entity, add_document, country_code, is_country, iso_date, sanction_of
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.tables import Header, header_of, records_of
from entrepot.sources.uk.layout import (
    ADDRESS_COLUMNS,
    COLUMNS,
    KNOWN,
    NAME_COLUMNS,
    NEEDED_COLUMNS,
    PATHS,
    ROOT,
)
from entrepot.sources.xml_records import elements_of, root_of, text_of, texts_of, unread

_SCHEMAS = {"individual": "Person", "entity": "Organization", "ship": "Vessel"}
_PLAIN = {
    "title": "title", "phone": "phone", "email": "email", "website": "website", "position": "position",
    "business_number": "registrationNumber", "entity_type": "legalForm", "imo": "imoNumber", "ship_type": "type",
    "tonnage": "tonnage", "built": "buildDate", "other": "notes",
}  # fmt: skip
_COUNTRIES = {"nationality": "nationality", "birth_country": "birthCountry", "flag": "flag", "past_flag": "pastFlags"}
_NOTED = {"owner": "Owner or operator", "past_owner": "Previous owner or operator", "parent": "Parent company",
          "subsidiary": "Subsidiary", "length": "Length", "hull": "Hull identification number"}  # fmt: skip


@dataclass
class _Designation:
    """What the rows or elements of one designation say, each value once."""

    unique_id: str
    row: int
    names: dict[tuple[str, str, str, str], None] = field(default_factory=dict)
    addresses: dict[tuple[str, ...], None] = field(default_factory=dict)
    births: dict[tuple[str, str], None] = field(default_factory=dict)
    documents: dict[tuple[str, str, str], None] = field(default_factory=dict)
    said: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, name: str, *values: str) -> None:
        held = self.said.setdefault(name, {})
        held.update((value, None) for value in values if value)

    def values(self, name: str) -> list[str]:
        return list(self.said.get(name, ()))

    def first(self, name: str) -> str:
        return next(iter(self.said.get(name, ())), "")


def role_of(file: ListFile) -> str:
    """Return the one list of this source."""
    if root_of(file.head()) != ROOT and not _header(file).has(*NEEDED_COLUMNS):
        raise UnexpectedLayout(
            f"neither XML with {ROOT!r} outermost nor a table with {', '.join(NEEDED_COLUMNS)}",
            where=file.name,
            remedy="Download the UK Sanctions List as XML or CSV. OFSI's ConList is not published any more.",
        )
    return "uk"


def read(files: Sequence[ListFile], found: Found) -> None:
    """Take every designation."""
    for file in files:
        if root_of(file.head()) == ROOT:
            records = elements_of(file.path, root=ROOT, records=frozenset(("Designation",)), where=file.name)
            for row, record in enumerate(records, 1):
                found.records += 1
                _take(_of_element(record, row, found), file, found)
        else:
            _read_table(file, found)


def _header(file: ListFile) -> Header:
    """The header of the table; a line with the day of the report may stand above it."""
    header = header_of(file)
    return header if header.has(*NEEDED_COLUMNS) else header_of(file, before=1)


def _read_table(file: ListFile, found: Found) -> None:
    designations: dict[str, _Designation] = {}
    knows = (*NAME_COLUMNS, *ADDRESS_COLUMNS, *COLUMNS)
    for row, cells in records_of(
        file, found, needs=NEEDED_COLUMNS, knows=knows, header=_header(file), encodings=("utf-8", "windows-1252")
    ):
        unique_id = cells["Unique ID"]
        one = designations.setdefault(unique_id, _Designation(unique_id, row))
        parts = [cells.get(f"Name {number}", "") for number in range(1, 7)]
        _name(one, parts, cells.get("Name type", ""), cells.get("Alias strength", ""))
        one.addresses[tuple(cells.get(name, "") for name in ADDRESS_COLUMNS)] = None
        one.births[cells.get("Town of birth", ""), cells.get("Country of birth", "")] = None
        for kind, number, about in (
            ("passportNumber", "Passport number", "Passport additional information"),
            ("idNumber", "National Identifier number", "National Identifier additional information"),
        ):
            one.documents[kind, cells.get(number, ""), cells.get(about, "")] = None
        for column, name in COLUMNS.items():
            one.add(name, cells.get(column, ""))
    for one in designations.values():
        _take(one, file, found)


def _of_element(record: Element, row: int, found: Found) -> _Designation:
    one = _Designation(text_of(record, "UniqueID"), row)
    for place in unread(record, KNOWN):
        found.left_over("elements not read", place)
    for name in record.findall("Names/Name"):
        parts = [text_of(name, f"Name{number}") for number in range(1, 7)]
        _name(one, parts, text_of(name, "NameType"), text_of(name, "AliasStrength"))
    for address in record.findall("Addresses/Address"):
        lines = [text_of(address, f"AddressLine{number}") for number in range(1, 7)]
        one.addresses[(*lines, text_of(address, "AddressPostalCode"), text_of(address, "AddressCountry"))] = None
    for place_of_birth in record.iter("Location"):
        one.births[text_of(place_of_birth, "TownOfBirth"), text_of(place_of_birth, "CountryOfBirth")] = None
    for kind, tag, stem in (
        ("passportNumber", "Passport", "Passport"), ("idNumber", "NationalIdentifier", "NationalIdentifier"),
    ):  # fmt: skip
        for document in record.iter(tag):
            number = text_of(document, f"{stem}Number")
            one.documents[kind, number, text_of(document, f"{stem}AdditionalInformation")] = None
    for name_of, path in PATHS.items():
        one.add(name_of, *texts_of(record, path))
    return one


def _name(one: _Designation, parts: Sequence[str], kind: str, strength: str) -> None:
    """Name 6 is the family name, or the whole name of an entity or ship."""
    given, surname = " ".join(filter(None, parts[:5])), parts[5]
    if given or surname:
        one.names[given, surname, kind.lower(), strength.lower()] = None


def _take(one: _Designation, file: ListFile, found: Found) -> None:
    if not one.unique_id or not one.names:
        missing = "Unique ID" if not one.unique_id else "Name"
        found.issue(file, one.row, missing, one.unique_id, "no id or no name", skips=True)
        return
    kind = one.first("type").lower()
    entity = Entity(one.unique_id, _SCHEMAS.get(kind, "LegalEntity"), True, one.row)
    if kind not in _SCHEMAS:
        found.left_over("types not known, read as legal entities", kind)
    _add_names(entity, one)
    for name, own in _PLAIN.items():
        entity.add(own, *one.values(name))
    for name, own in _COUNTRIES.items():
        for text in one.values(name):
            _add_country(entity, own, text, found)
    for name, label in _NOTED.items():
        entity.add("notes", *(f"{label}: {value}" for value in one.values(name)))
    entity.add("gender", *(text.lower() for text in one.values("gender")))
    for town, country in one.births:
        entity.add("birthPlace", ", ".join(filter(None, (town, country))))
        _add_country(entity, "birthCountry", country, found)
    for address in one.addresses:
        entity.add("address", ", ".join(filter(None, address)))
        _add_country(entity, "country", address[-1], found)
    for text in one.values("birth_date"):
        day = _day(text)
        if day is None:
            found.issue(file, one.row, "DOB", text, "no date; the entity stays without it")
        entity.add("birthDate", day)
    entity.add("topics", "sanction")
    entity.add("programId", *one.values("regime"))
    entity.last_change = max(filter(None, map(_day, one.values("updated"))), default=None)
    found.add(file, entity, _sanction(entity, one), *_documents(entity, one))


def _add_names(entity: Entity, one: _Designation) -> None:
    for given, surname, kind, strength in one.names:
        is_primary = kind.startswith("primary name") and "variation" not in kind
        name = "name" if is_primary else "weakAlias" if "low" in strength or "weak" in strength else "alias"
        entity.add(name, f"{given} {surname}")
        if is_primary and entity.schema == "Person":
            entity.add("firstName", given)
            entity.add("lastName", surname)
    entity.add("alias", *one.values("non_latin"))
    if "name" not in entity.properties and entity.properties.get("alias"):
        entity.add("name", entity.properties["alias"][0])


def _add_country(entity: Entity, name: str, text: str, found: Found) -> None:
    for part in [text] if is_country(country_code(text)) else re.split(r"[;|/]", text):
        code = country_code(part.strip())
        if code and not is_country(code):
            found.left_over("countries not known, kept as text", code[:40])
        entity.add(name, code)


def _documents(entity: Entity, one: _Designation) -> list[Entity | None]:
    return [add_document(entity, kind, number, summary=about) for kind, number, about in one.documents if number]


def _sanction(entity: Entity, one: _Designation) -> Entity:
    sanction = sanction_of(
        entity,
        authority="Foreign, Commonwealth and Development Office",
        key=one.unique_id,
        program=one.first("regime"),
        programId=one.first("regime"),
        startDate=_day(one.first("designated")),
        authorityId=one.unique_id,
        unscId=one.first("un_reference"),
        reason=one.first("reasons"),
        summary=f"Designated by {one.first('source')}" if one.first("source") else "",
    )
    sanction.add("provisions", *(part for text in one.values("imposed") for part in text.split("|")))
    return sanction


def _day(text: str) -> str | None:
    """A date as dd/mm/yyyy; the letters stand where day or month is not known."""
    return iso_date(re.sub(r"[a-z]{2}", "00", text.lower()) if "/" in text else text)
