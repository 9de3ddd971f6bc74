"""The Financial Sanctions Files as XML 1.1: everything is said in attributes of sanctionEntity's children."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from entrepot.errors import UnexpectedLayout
from entrepot.sources.entities import Entity, add_document, country_code, iso_date, sanction_of, years_between
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.xml_records import elements_of, root_of, text_of, texts_of, unread

AUTHORITY = "European Union"
_ROOT = "export"
_SCHEMAS = {"P": "Person", "E": "Organization"}
_GENDERS = {"M": "male", "F": "female"}
_CONTACTS = {"PHONE": "phone", "EMAIL": "email", "WEB": "website", "FAX": "notes"}
_DOCUMENTS = {
    "passport": "passportNumber", "diplpassport": "passportNumber", "travdoc": "passportNumber", "regnumber":
    "registrationNumber", "tradelic": "registrationNumber", "fiscalcode": "taxNumber", "swiftbic": "swiftBic",
    "imo": "imoNumber",
}  # fmt: skip
_ATTRIBUTES = {
    "": ("logicalId", "euReferenceNumber", "unitedNationId", "designationDate", "designationDetails"),
    "subjectType": ("code", "classificationCode"),
    "regulation": ("numberTitle", "programme", "publicationDate", "entryIntoForceDate", "regulationType",
                   "organisationType", "logicalId"),
    "nameAlias": ("wholeName", "firstName", "middleName", "lastName", "nameLanguage", "strong", "gender", "title",
                  "function", "regulationLanguage", "logicalId"),
    "birthdate": ("birthdate", "year", "monthOfYear", "dayOfMonth", "yearRangeFrom", "yearRangeTo", "circa", "city",
                  "place", "region", "zipCode", "countryIso2Code", "countryDescription", "calendarType",
                  "regulationLanguage", "logicalId"),
    "citizenship": ("countryIso2Code", "countryDescription", "region", "regulationLanguage", "logicalId"),
    "identification": ("number", "latinNumber", "identificationTypeCode", "identificationTypeDescription",
                       "countryIso2Code", "countryDescription", "issuedBy", "issuedDate", "validFrom", "validTo",
                       "nameOnDocument", "diplomatic", "knownExpired", "knownFalse", "reportedLost", "revokedByIssuer",
                       "region", "regulationLanguage", "logicalId"),
    "address": ("street", "poBox", "city", "zipCode", "region", "place", "countryIso2Code", "countryDescription",
                "asAtListingTime", "regulationLanguage", "logicalId"),
    "address/contactInfo": ("key", "value"),
}  # fmt: skip
_KNOWN = frozenset(
    [f"{path}/@{name}" if path else f"@{name}" for path, names in _ATTRIBUTES.items() for name in names]
    + ["remark", "regulation/publicationUrl", *(f"{path}/remark" for path in _ATTRIBUTES if path)]
    # Every statement says which regulation it stands in; the regulations themselves are read.
    + [f"{path}/regulationSummary/*" for path in _ATTRIBUTES if path]
)


def role_of(file: ListFile) -> str:
    """Return the one list of this source."""
    if root_of(file.head()) != _ROOT:
        raise UnexpectedLayout(
            f"the outermost element is not {_ROOT!r}", where=file.name, remedy="Download the XML (version 1.1)."
        )
    return "eu"


def read(files: Sequence[ListFile], found: Found) -> None:
    """Take every sanctionEntity."""
    for file in files:
        records = elements_of(file.path, root=_ROOT, records=frozenset(("sanctionEntity",)), where=file.name)
        for row, record in enumerate(records, 1):
            found.records += 1
            _take(record, row, file, found)


def _take(record: Element, row: int, file: ListFile, found: Found) -> None:
    entity_id = record.get("euReferenceNumber") or record.get("logicalId") or ""
    names = [alias for alias in record.findall("nameAlias") if alias.get("wholeName") or alias.get("lastName")]
    if not entity_id or not names:
        found.issue(file, row, "nameAlias" if entity_id else "logicalId", entity_id, "no id or no name", skips=True)
        return
    subject = record.find("subjectType")
    kind = subject.get("classificationCode", "") if subject is not None else ""
    entity = Entity(entity_id, _SCHEMAS.get(kind, "LegalEntity"), True, row)
    for place in unread(record, _KNOWN):
        found.left_over("elements and attributes not read", place)
    for alias in names:
        _add_name(entity, alias, is_first=alias is names[0])
    for birth in record.findall("birthdate"):
        _add_birth(entity, birth, file, found)
    for citizenship in record.findall("citizenship"):
        entity.add("nationality", _country(citizenship))
    for address in record.findall("address"):
        _add_address(entity, address)
    entity.add("notes", *texts_of(record, "remark"))
    entity.add("topics", "sanction")
    entity.add("programId", *(r.get("programme", "") for r in record.findall("regulation")))
    documents = [_document(entity, one) for one in record.findall("identification")]
    found.add(file, entity, *_sanctions(entity, record), *documents)


def _add_name(entity: Entity, alias: Element, *, is_first: bool) -> None:
    parts = (alias.get(name, "") for name in ("firstName", "middleName", "lastName"))
    whole = alias.get("wholeName") or " ".join(filter(None, parts))
    is_weak = alias.get("strong", "true").lower() == "false"
    entity.add("name" if is_first else "weakAlias" if is_weak else "alias", whole)
    if entity.schema == "Person":
        entity.add("firstName", alias.get("firstName"))
        entity.add("middleName", alias.get("middleName"))
        entity.add("lastName", alias.get("lastName"))
        entity.add("gender", _GENDERS.get(alias.get("gender", "")))
        entity.add("title", alias.get("title"))
    entity.add("position" if entity.schema == "Person" else "notes", alias.get("function"))
    entity.add("notes", *texts_of(alias, "remark"))


def _add_birth(entity: Entity, birth: Element, file: ListFile, found: Found) -> None:
    stated = birth.get("birthdate") or "-".join(
        filter(None, (birth.get("year"), birth.get("monthOfYear"), birth.get("dayOfMonth")))
    )
    first, last = birth.get("yearRangeFrom", ""), birth.get("yearRangeTo", "")
    if first.isdigit() and last.isdigit():
        entity.add("birthDate", *years_between(first, last))
    day = iso_date(stated)
    if stated and day is None:
        found.issue(file, entity.row, "birthdate", stated, "no date; the entity stays without it")
    if birth.get("calendarType", "GREGORIAN") in ("", "GREGORIAN"):
        entity.add("birthDate", day)
    else:
        entity.add("notes", f"Date of birth, calendar {birth.get('calendarType')}: {stated}")
    if birth.get("circa") == "true":
        entity.add("notes", f"Date of birth: circa {stated}")
    country = birth.get("countryDescription", "")
    country = "" if country == "UNKNOWN" else country
    place = ", ".join(filter(None, (birth.get("place"), birth.get("city"), birth.get("region"), country)))
    entity.add("birthPlace", place)
    entity.add("birthCountry", _country(birth))
    entity.add("notes", *texts_of(birth, "remark"))


def _add_address(entity: Entity, address: Element) -> None:
    country = address.get("countryDescription", "")
    parts = [address.get(name, "") for name in ("street", "poBox", "place", "zipCode", "city", "region")]
    entity.add("address", ", ".join(filter(None, [*parts, "" if country == "UNKNOWN" else country])))
    entity.add("country", _country(address))
    for contact in address.findall("contactInfo"):
        entity.add(_CONTACTS.get(contact.get("key", "").upper(), "notes"), contact.get("value"))
    entity.add("notes", *texts_of(address, "remark"))


def _document(entity: Entity, record: Element) -> Entity | None:
    number = record.get("number") or record.get("latinNumber") or ""
    flags = ("knownExpired", "knownFalse", "reportedLost", "revokedByIssuer")
    told = [flag for flag in flags if record.get(flag) == "true"]
    return add_document(
        entity,
        _DOCUMENTS.get(record.get("identificationTypeCode", ""), "idNumber"),
        number,
        type=record.get("identificationTypeDescription") or record.get("identificationTypeCode"),
        country=_country(record),
        startDate=iso_date(record.get("issuedDate") or record.get("validFrom") or ""),
        endDate=iso_date(record.get("validTo") or ""),
        authority=record.get("issuedBy"),
        summary="; ".join([*told, *texts_of(record, "remark")]),
    )


def _sanctions(entity: Entity, record: Element) -> list[Entity]:
    rows = []
    for regulation in record.findall("regulation"):
        sanction = sanction_of(
            entity,
            authority=AUTHORITY,
            key=f"{regulation.get('programme')} {regulation.get('numberTitle')}",
            program=regulation.get("programme"),
            programId=regulation.get("programme"),
            listingDate=iso_date(record.get("designationDate", "")),
            startDate=iso_date(regulation.get("entryIntoForceDate", "")),
            authorityId=regulation.get("numberTitle"),
            unscId=record.get("unitedNationId"),
            reason=record.get("designationDetails"),
            sourceUrl=text_of(regulation, "publicationUrl"),
        )
        rows.append(sanction)
    return rows


def _country(element: Element) -> str:
    code = element.get("countryIso2Code", "")
    return country_code(code) if code and code != "00" else ""
