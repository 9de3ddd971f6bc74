"""The Consolidated List as XML: INDIVIDUAL and ENTITY with up to four names, aliases of a stated quality, documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from entrepot.errors import UnexpectedLayout
from entrepot.sources.entities import (
    Entity,
    add_document,
    country_code,
    document_number,
    is_country,
    iso_date,
    names_in,
    sanction_of,
    years_between,
)
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.xml_records import elements_of, root_of, text_of, texts_of, unread

AUTHORITY = "United Nations Security Council"
_ROOT = "CONSOLIDATED_LIST"
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ALIAS = {"good": "alias", "a.k.a.": "alias", "": "alias", "low": "weakAlias", "f.k.a.": "previousName"}
_PASSPORT = re.compile(r"passport|passeport|pasaporte", re.IGNORECASE)
_EXPIRY = re.compile(
    r"(?:expir(?:y|ation|es|ed)[^0-9]{0,20}|valid until )(\d{4}-\d{2}-\d{2}|\d{1,2} \w{3,9}\.? \d{4})", re.IGNORECASE
)
_ADDRESS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_KNOWN = frozenset(
    (
        "DATAID", *_NAMES, "NAME_ORIGINAL_SCRIPT", "UN_LIST_TYPE", "REFERENCE_NUMBER", "LISTED_ON", "GENDER",
        "COMMENTS1",
        "TITLE/VALUE", "DESIGNATION/VALUE", "NATIONALITY/VALUE", "LAST_DAY_UPDATED/VALUE", "NATIONALITY2",
        *(f"{kind}_ADDRESS/{name}" for kind in ("INDIVIDUAL", "ENTITY") for name in (*_ADDRESS, "NOTE")),
        *(f"{kind}_ALIAS/{name}" for kind in ("INDIVIDUAL", "ENTITY") for name in ("QUALITY", "ALIAS_NAME", "NOTE")),
        *(f"INDIVIDUAL_ALIAS/{name}" for name in ("DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH")),
        *(f"INDIVIDUAL_DATE_OF_BIRTH/{name}" for name in
          ("TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE")),
        *(f"INDIVIDUAL_PLACE_OF_BIRTH/{name}" for name in (*_ADDRESS, "NOTE")),
        *(f"INDIVIDUAL_DOCUMENT/{name}" for name in (
            "TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2", "NUMBER", "ISSUING_COUNTRY", "COUNTRY_OF_ISSUE", "DATE_OF_ISSUE",
            "CITY_OF_ISSUE", "NOTE")),
        # Said of every record alike, or only for sorting.
        "VERSIONNUM", "LIST_TYPE/VALUE", "SORT_KEY", "SORT_KEY_LAST_MOD",
    )
)  # fmt: skip


def role_of(file: ListFile) -> str:
    """Return the one list of this source."""
    if root_of(file.head()) != _ROOT:
        raise UnexpectedLayout(
            f"this is no XML with {_ROOT!r} as its outermost element",
            where=file.name,
            remedy="Download the XML of the Consolidated List.",
        )
    return "un"


def read(files: Sequence[ListFile], found: Found) -> None:
    """Take every INDIVIDUAL and ENTITY."""
    for file in files:
        records = elements_of(file.path, root=_ROOT, records=frozenset(("INDIVIDUAL", "ENTITY")), where=file.name)
        for row, record in enumerate(records, 1):
            found.records += 1
            _take(record, row, file, found)


def _take(record: Element, row: int, file: ListFile, found: Found) -> None:
    data_id = text_of(record, "DATAID")
    name = " ".join(text for part in _NAMES if (text := text_of(record, part)))
    if not data_id or not name:
        missing = "DATAID" if not data_id else "FIRST_NAME"
        found.issue(file, row, missing, data_id or name, "a record without a number or without a name", skips=True)
        return
    is_person = record.tag == "INDIVIDUAL"
    entity = Entity(f"un-{data_id}", "Person" if is_person else "Organization", True, row)
    _add_names(entity, record, name, is_person)
    for place in unread(record, _KNOWN):
        found.left_over("elements not read", place)
    _add_facts(entity, record, found)
    _add_births(entity, record, file, found)
    documents = [_document(entity, one, found) for one in record.findall("INDIVIDUAL_DOCUMENT")]
    found.add(file, entity, _sanction(entity, record), *documents)


def _add_names(entity: Entity, record: Element, name: str, is_person: bool) -> None:
    first, *others = [part.strip() for part in name.split(";")] if not is_person else [name]
    entity.add("name", first)
    entity.add("alias", *others)
    entity.add("name", *texts_of(record, "NAME_ORIGINAL_SCRIPT"))
    if is_person:
        entity.add("firstName", text_of(record, "FIRST_NAME"))
        entity.add("secondName", text_of(record, "SECOND_NAME"))
    for kind in ("INDIVIDUAL_ALIAS", "ENTITY_ALIAS"):
        for alias in record.findall(kind):
            quality = text_of(alias, "QUALITY").lower()
            names = [name for text in text_of(alias, "ALIAS_NAME").split(";") for name in names_in(text)]
            entity.add(_ALIAS.get(quality, "alias"), *names)
            entity.add("notes", _noted("Alias", alias, "ALIAS_NAME"))
            entity.add("birthDate", iso_date(text_of(alias, "DATE_OF_BIRTH")))
            entity.add("birthPlace", _place(alias, ("CITY_OF_BIRTH", "COUNTRY_OF_BIRTH")))


def _add_facts(entity: Entity, record: Element, found: Found) -> None:
    entity.add("gender", text_of(record, "GENDER").lower())
    entity.add("title", *texts_of(record, "TITLE/VALUE"))
    entity.add("position", *texts_of(record, "DESIGNATION/VALUE"))
    for text in (*texts_of(record, "NATIONALITY/VALUE"), *texts_of(record, "NATIONALITY2")):
        entity.add("nationality", _country(text, found))
    for kind in ("INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS"):
        for address in record.findall(kind):
            entity.add("address", _place(address, _ADDRESS))
            entity.add("country", _country(text_of(address, "COUNTRY"), found))
            entity.add("notes", _noted("Address", address, "CITY"))
    entity.add("notes", text_of(record, "COMMENTS1"))
    entity.add("topics", "sanction")
    entity.add("programId", text_of(record, "UN_LIST_TYPE"))
    entity.last_change = max(texts_of(record, "LAST_DAY_UPDATED/VALUE"), default=None)


def _add_births(entity: Entity, record: Element, file: ListFile, found: Found) -> None:
    for birth in record.findall("INDIVIDUAL_DATE_OF_BIRTH"):
        first, last = text_of(birth, "FROM_YEAR"), text_of(birth, "TO_YEAR")
        if first and last and iso_date(first) and iso_date(last):
            entity.add("birthDate", *years_between(first, last))
        for text in (text_of(birth, "DATE"), text_of(birth, "YEAR")):
            if text and iso_date(text) is None:
                found.issue(file, entity.row, "DATE_OF_BIRTH", text, "no date; the entity stays without it")
            elif text:
                entity.add("birthDate", iso_date(text))
        note = text_of(birth, "NOTE")
        entity.add("birthDate", iso_date(note.replace(".", "")))
        if note and iso_date(note.replace(".", "")) is None:
            entity.add("notes", f"Date of birth: {note}")
        if text_of(birth, "TYPE_OF_DATE").upper() == "APPROXIMATELY":
            entity.add("notes", f"Date of birth: approximately {text_of(birth, 'DATE') or text_of(birth, 'YEAR')}")
    for place in record.findall("INDIVIDUAL_PLACE_OF_BIRTH"):
        entity.add("birthPlace", _place(place, _ADDRESS))
        entity.add("birthCountry", _country(text_of(place, "COUNTRY"), found))
        entity.add("notes", _noted("Place of birth", place, "CITY"))


def _document(entity: Entity, record: Element, found: Found) -> Entity | None:
    stated = text_of(record, "NUMBER")
    number = document_number(stated)[0]
    kind = text_of(record, "TYPE_OF_DOCUMENT") or text_of(record, "TYPE_OF_DOCUMENT2")
    note = text_of(record, "NOTE")
    if not number:
        entity.add("notes", f"{kind}: {note}" if note or kind else "")
        return None
    expiry = _EXPIRY.search(note)
    all_kinds = f"{kind} {text_of(record, 'TYPE_OF_DOCUMENT2')}"
    return add_document(
        entity,
        "passportNumber" if _PASSPORT.search(all_kinds) else "idNumber",
        number,
        type=kind,
        country=_country(text_of(record, "ISSUING_COUNTRY") or text_of(record, "COUNTRY_OF_ISSUE"), found),
        startDate=iso_date(text_of(record, "DATE_OF_ISSUE")),
        endDate=iso_date(expiry[1].replace(".", "")) if expiry else None,
        authority=text_of(record, "CITY_OF_ISSUE"),
        summary=note or (stated if stated != number else ""),
    )


def _sanction(entity: Entity, record: Element) -> Entity:
    program = text_of(record, "UN_LIST_TYPE")
    sanction = sanction_of(
        entity,
        authority=AUTHORITY,
        key=program,
        program=program,
        programId=program,
        listingDate=iso_date(text_of(record, "LISTED_ON")),
        unscId=text_of(record, "REFERENCE_NUMBER"),
    )
    sanction.last_change = entity.last_change
    return sanction


def _place(record: Element, names: Sequence[str]) -> str:
    return ", ".join(text for name in names if (text := text_of(record, name)))


def _noted(what: str, record: Element, name: str) -> str:
    note, about = text_of(record, "NOTE"), text_of(record, name)
    return f"{what}{f' {about}' if about else ''}: {note}" if note else ""


def _country(text: str, found: Found) -> str:
    code = country_code(text)
    if code and not is_country(code):
        found.left_over("countries not known, kept as text", text)
    return code
