"""The national list as XML: KyrgyzPhysicPerson and KyrgyzLegalPerson, in the publisher's spelling of the elements."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from entrepot.errors import UnexpectedLayout
from entrepot.sources.entities import Entity, dates_in, iso_date, sanction_of, stable_id
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.xml_records import elements_of, root_of, text_of, unread

AUTHORITY = "Financial Intelligence Service of the Kyrgyz Republic"
_RECORDS = frozenset({"KyrgyzPhysicPerson", "KyrgyzLegalPerson"})
_KNOWN = frozenset({"Surname", "Name", "Patronomic", "DataBirth", "PlaceBirth", "DateInclusion", "BasicInclusion",
                    "CategoryPerson"})  # fmt: skip


def role_of(file: ListFile) -> str:
    """Return the one list of this source."""
    if not any(name.encode() in file.head(1 << 20) for name in _RECORDS):
        raise UnexpectedLayout(
            "no KyrgyzPhysicPerson and no KyrgyzLegalPerson at its beginning",
            where=file.name,
            remedy="Download the XML of the national list.",
        )
    return "kg-fiu"


def read(files: Sequence[ListFile], found: Found) -> None:
    """Take every person and organisation."""
    for file in files:
        records = elements_of(file.path, root=root_of(file.head()), records=_RECORDS, where=file.name)
        for row, record in enumerate(records, 1):
            found.records += 1
            _take(record, row, file, found)


def _take(record: Element, row: int, file: ListFile, found: Found) -> None:
    surname, given, patronymic = (text_of(record, name) for name in ("Surname", "Name", "Patronomic"))
    is_person = record.tag == "KyrgyzPhysicPerson"
    if not (surname or given):
        found.issue(file, row, "Name", "", "no name", skips=True)
        return
    for place in unread(record, _KNOWN):
        found.left_over("elements not read", place)
    listed = text_of(record, "DateInclusion")
    born = text_of(record, "DataBirth")
    # The publisher gives no number: what names the person does, so that a corrected place or basis is a change.
    entity_id = stable_id("kg-fiu", record.tag, surname, given, patronymic, born, listed)
    entity = Entity(entity_id, "Person" if is_person else "Organization", True, row)
    if is_person:
        entity.add("name", " ".join(filter(None, (given, patronymic, surname))))
        entity.add("firstName", given)
        entity.add("fatherName", patronymic)
        entity.add("lastName", surname)
        _add_birth(entity, born, file, found)
        entity.add("birthPlace", text_of(record, "PlaceBirth"))
    else:
        first, *others = given.split(", ")
        entity.add("name", first)
        entity.add("alias", *others)
    entity.add("topics", "sanction")
    category = text_of(record, "CategoryPerson")
    entity.add("programId", category)
    day = iso_date(listed)
    if listed and day is None:
        found.issue(file, row, "DateInclusion", listed, "no date; the entity stays without it")
    sanction = sanction_of(
        entity,
        authority=AUTHORITY,
        key=category,
        program=category,
        programId=category,
        listingDate=day,
        reason=text_of(record, "BasicInclusion"),
    )
    found.add(file, entity, sanction)


def _add_birth(entity: Entity, born: str, file: ListFile, found: Found) -> None:
    dates, says_more = dates_in(born)
    entity.add("birthDate", *dates)
    if born and not dates:
        found.issue(file, entity.row, "DataBirth", born, "no date; the entity stays without it")
    elif says_more:
        entity.add("notes", f"DataBirth: {born}")
