"""OFAC's Advanced XML: sets of reference values first, then locations, documents, parties, relations, designations.

The file is read once from top to bottom; what stands before the parties is kept for them, and the parties for the
designations that come last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from entrepot.sources.entities import Entity, country_code, sanction_of, stable_id, years_between
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.ofac.remarks import Remarks, read_remarks, take_document
from entrepot.sources.xml_records import elements_of, text_of

ROOTS = frozenset({"Sanctions"})
_RECORDS = frozenset(
    {"ReferenceValueSets", "Location", "IDRegDocument", "DistinctParty", "ProfileRelationship", "SanctionsEntry"}
)
_SCHEMAS = {"Individual": "Person", "Vessel": "Vessel", "Aircraft": "Airplane", "Entity": "Organization"}
_ALIASES = {"A.K.A.": "alias", "F.K.A.": "previousName", "N.K.A.": "alias"}
_WHOLE = ("Entity Name", "Vessel Name", "Aircraft Name", "Nickname")
# In the order in which a name is spoken.
_SPOKEN = ("First Name", "Middle Name", "Patronymic", "Matronymic", "Maiden Name", "Last Name")
_PARTS = {"First Name": "firstName", "Middle Name": "middleName", "Patronymic": "fatherName", "Last Name": "lastName"}
# Advanced XML's names of features where the remarks of the CSV have others.
_FEATURES = {
    "Place of Birth": "POB", "Nationality Country": "nationality", "Citizenship Country": "citizen",
    "Vessel Flag": "Vessel Flag", "VESSEL TYPE": "Vessel Type", "Vessel Tonnage": "tonnage",
    "Vessel Gross Registered Tonnage": "grossRegisteredTonnage", "Vessel Gross Tonnage": "grossRegisteredTonnage",
    "Title": "title",
}  # fmt: skip
_OWN = frozenset({"tonnage", "grossRegisteredTonnage", "title"})
_EDGES = {
    "Associate Of": ("Associate", "person", "associate"),
    "Family member of": ("Family", "person", "relative"),
    "Leader or official of": ("Directorship", "director", "organization"),
    "playing a significant role in": ("UnknownLink", "subject", "object"),
    "Owned or Controlled By": ("Ownership", "asset", "owner"),
    "Owns, controls, or operates": ("Ownership", "owner", "asset"),
}
Date = tuple[str, str]


@dataclass
class _Read:
    """What was read so far."""

    file: ListFile
    found: Found
    values: dict[str, dict[str, Element]] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    documents: dict[str, list[Element]] = field(default_factory=dict)
    parties: dict[str, tuple[Entity, Remarks]] = field(default_factory=dict)
    rows: list[Entity] = field(default_factory=list)

    def text(self, kind: str, identifier: str | None) -> str:
        """The text of a reference value, or an empty one."""
        return text_of(self.values.get(kind, {}).get(identifier or ""))

    def country(self, identifier: str | None) -> str:
        element = self.values.get("Country", {}).get(identifier or "")
        if element is None:
            return ""
        return country_code(element.get("ISO2") or text_of(element))


def read_advanced(file: ListFile, found: Found, *, authority: str) -> None:
    """Take every party of an Advanced XML, with its documents, relations and designations."""
    so_far = _Read(file, found)
    takers = {
        "ReferenceValueSets": _values, "Location": _location, "IDRegDocument": _document, "DistinctParty": _party,
        "ProfileRelationship": _relation,
    }  # fmt: skip
    root = next(iter(ROOTS))
    for row, record in enumerate(elements_of(file.path, root=root, records=_RECORDS, where=file.name), 1):
        if record.tag == "SanctionsEntry":
            _entry(record, so_far, authority)
        else:
            takers[record.tag](record, row, so_far)
    for entity, remarks in so_far.parties.values():
        found.add(file, entity, *remarks.documents)
    found.add(file, *so_far.rows)


def _values(record: Element, row: int, so_far: _Read) -> None:
    # Records are cleared once they were taken; these are needed until the end.
    for several in record:
        kind = several.tag.removesuffix("Values")
        for value in several:
            kept = Element(value.tag, dict(value.attrib))
            kept.text = value.text
            so_far.values.setdefault(kind, {})[value.get("ID", "")] = kept


def _location(record: Element, row: int, so_far: _Read) -> None:
    parts: dict[str, str] = {}
    for part in record.findall("LocationPart"):
        name = so_far.text("LocPartType", part.get("LocPartTypeID"))
        parts[name] = text_of(part, "LocationPartValue/Value")
    country = next((so_far.country(one.get("CountryID")) for one in record.findall("LocationCountry")), "")
    order = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "REGION", "POSTAL CODE", "Unknown")
    shown = next((so_far.text("Country", one.get("CountryID")) for one in record.findall("LocationCountry")), "")
    text = ", ".join(filter(None, [*(parts.pop(name, "") for name in order), shown]))
    for name in parts:
        so_far.found.left_over("parts of addresses not read", name)
    so_far.places[record.get("ID", "")] = (text, country)


def _document(record: Element, row: int, so_far: _Read) -> None:
    kept = Element(record.tag, dict(record.attrib))
    kept.extend(list(record))
    so_far.documents.setdefault(record.get("IdentityID", ""), []).append(kept)


def _party(record: Element, row: int, so_far: _Read) -> None:
    so_far.found.records += 1
    profile = record.find("Profile")
    number = record.get("FixedRef") or (profile.get("ID") if profile is not None else None) or ""
    if profile is None or not number:
        so_far.found.issue(so_far.file, row, "FixedRef", number, "a party without a number or a profile", skips=True)
        return
    subtype = so_far.values.get("PartySubType", {}).get(profile.get("PartySubTypeID", ""))
    kind = text_of(subtype)
    if kind in ("", "Unknown") and subtype is not None:
        kind = so_far.text("PartyType", subtype.get("PartyTypeID"))
    entity = Entity(f"ofac-{number}", _SCHEMAS.get(kind, "LegalEntity"), True, row)
    remarks = Remarks()
    for identity in profile.findall("Identity"):
        groups = {
            group.get("ID", ""): so_far.text("NamePartType", group.get("NamePartTypeID"))
            for group in identity.findall("NamePartGroups/MasterNamePartGroup/NamePartGroup")
        }
        for alias in identity.findall("Alias"):
            _alias(entity, alias, groups, so_far)
        for document in so_far.documents.pop(identity.get("ID", ""), []):
            _add_document(entity, document, remarks, so_far)
    if "name" not in entity.properties:
        so_far.found.issue(so_far.file, row, "DocumentedName", number, "no name", skips=True)
        return
    entity.add("topics", "sanction")
    entity.add("notes", text_of(record, "Comment"))
    for feature in profile.findall("Feature"):
        _feature(entity, feature, remarks, so_far)
    for piece in remarks.left:
        so_far.found.left_over("features and documents of no known form, kept as notes", piece[:60])
    for name, text in remarks.faults:
        so_far.found.issue(so_far.file, row, name, text, "no date; the entity stays without it")
    so_far.parties[profile.get("ID", "")] = (entity, remarks)


def _alias(entity: Entity, alias: Element, groups: dict[str, str], so_far: _Read) -> None:
    is_primary = alias.get("Primary") == "true"
    is_weak = alias.get("LowQuality") == "true"
    kind = so_far.text("AliasType", alias.get("AliasTypeID"))
    name = "name" if is_primary or kind == "Name" else "weakAlias" if is_weak else _ALIASES.get(kind, "alias")
    for documented in alias.findall("DocumentedName"):
        parts: dict[str, str] = {}
        for value in documented.findall("DocumentedNamePart/NamePartValue"):
            part = groups.get(value.get("NamePartGroupID", ""), "")
            parts[part] = f"{parts.get(part, '')} {text_of(value)}".strip()
        whole = [parts.pop(part) for part in _WHOLE if part in parts]
        spoken = " ".join(parts[part] for part in _SPOKEN if part in parts)
        entity.add(name, *whole, spoken)
        if is_primary and entity.schema == "Person":
            for part, own in _PARTS.items():
                entity.add(own, parts.get(part))
        for part in parts.keys() - set(_SPOKEN):
            so_far.found.left_over("parts of names not read", part)


def _add_document(entity: Entity, document: Element, remarks: Remarks, so_far: _Read) -> None:
    number = text_of(document, "IDRegistrationNo")
    if not number:
        return
    days: dict[str, str] = {}
    for date in document.findall("DocumentDate"):
        kind = so_far.text("IDRegDocDateType", date.get("IDRegDocDateTypeID"))
        period = date.find("DatePeriod")
        days[kind] = _period(period)[0] if period is not None else ""
    kind = so_far.text("IDRegDocType", document.get("IDRegDocTypeID"))
    if kind in ("Vessel Registration Identification", "IMO Number"):
        entity.add("imoNumber", number.upper().removeprefix("IMO").strip())
        return
    take_document(
        kind,
        number,
        entity,
        remarks,
        country=so_far.country(document.get("IssuedBy-CountryID")),
        issued=days.get("Issue Date") or None,
        expires=days.get("Expiration Date") or None,
    )


def _feature(entity: Entity, feature: Element, remarks: Remarks, so_far: _Read) -> None:
    kind = so_far.text("FeatureType", feature.get("FeatureTypeID"))
    for version in feature.findall("FeatureVersion"):
        texts = []
        for detail in version.findall("VersionDetail"):
            texts.append(text_of(detail) or so_far.text("DetailReference", detail.get("DetailReferenceID")))
        places = [so_far.places.get(one.get("LocationID", ""), ("", "")) for one in version.findall("VersionLocation")]
        period = version.find("DatePeriod")
        if kind == "Birthdate" and period is not None:
            entity.add("birthDate", *_days(_period(period)))
        elif kind == "Location":
            for text, country in places:
                entity.add("address", text)
                entity.add("country", country)
        else:
            days = list(_days(_period(period))) if period is not None else []
            for text in [*filter(None, texts), *(text for text, _ in places if text), *days]:
                _apply(entity, kind, text, remarks)


def _apply(entity: Entity, kind: str, text: str, remarks: Remarks) -> None:
    """A feature in the words of the CSV's remarks, which have a form for it."""
    form = _FEATURES.get(kind, kind)
    if form in _OWN:
        entity.add(form, text)
        return
    said = read_remarks(f"{form} {text}", entity)
    for name in ("documents", "provisions", "listed", "effective", "left", "faults", "linked"):
        getattr(remarks, name).extend(getattr(said, name))


def _period(period: Element) -> Date:
    """The first and the last day of a period."""
    days = []
    for path in ("Start/From", "End/To"):
        year, month, day = (text_of(period, f"{path}/{part}") for part in ("Year", "Month", "Day"))
        days.append(f"{year}-{int(month or 1):02d}-{int(day or 1):02d}" if year.isdigit() else "")
    return days[0], days[1] or days[0]


def _days(period: Date) -> list[str]:
    """A period as dates: a day, a month, a year, or each of several years."""
    first, last = period
    if not first or first == last:
        return [first] if first else []
    if first[:7] == last[:7] and first.endswith("-01"):
        return [first[:7]]
    return years_between(first, last)


def _relation(record: Element, row: int, so_far: _Read) -> None:
    ends = [so_far.parties.get(record.get(name, "")) for name in ("From-ProfileID", "To-ProfileID")]
    kind = so_far.text("RelationType", record.get("RelationTypeID"))
    if ends[0] is None or ends[1] is None:
        so_far.found.left_over("relations with a party that is not in the file", kind)
        return
    schema, first, second = _EDGES.get(kind, ("UnknownLink", "subject", "object"))
    ids = [end[0].entity_id for end in ends if end]
    edge = Entity(stable_id(f"{ids[0]}-link", ids[1], kind), schema, False, row)
    edge.add(first, ids[0])
    edge.add(second, ids[1])
    edge.add("relationship" if schema in ("Family", "Associate") else "role", kind)
    edge.add("summary", text_of(record, "Comment"))
    edge.caption = kind
    so_far.rows.append(edge)


def _entry(record: Element, so_far: _Read, authority: str) -> None:
    party = so_far.parties.get(record.get("ProfileID", ""))
    if party is None:
        so_far.found.left_over("designations of a party that is not in the file", record.get("ProfileID", ""))
        return
    entity, remarks = party
    listed = sorted(
        "-".join(f"{int(part):02d}" for part in parts if part.isdigit())
        for event in record.findall("EntryEvent")
        if (parts := [text_of(event, f"Date/{name}") for name in ("Year", "Month", "Day")])[0]
    )
    measures = [
        (so_far.text("SanctionsType", one.get("SanctionsTypeID")), text_of(one, "Comment"))
        for one in record.findall("SanctionsMeasure")
    ]
    programs = [comment for kind, comment in measures if kind == "Program" and comment]
    entity.add("programId", *programs)
    sanction = sanction_of(
        entity,
        authority=authority,
        key=record.get("ID", ""),
        program=so_far.text("List", record.get("ListID")),
        listingDate=listed[0] if listed else None,
    )
    sanction.add("programId", *programs)
    sanction.add("provisions", *(kind for kind, _ in measures if kind != "Program"), *remarks.provisions)
    for event in record.findall("EntryEvent"):
        sanction.add("reason", so_far.text("LegalBasis", event.get("LegalBasisID")))
    so_far.rows.append(sanction)
