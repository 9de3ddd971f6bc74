"""Two layouts: the Consolidated Screening List as CSV, and the Denied Persons List as tab-separated text (dpl.txt)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from entrepot.errors import UnexpectedLayout
from entrepot.sources.entities import (
    Entity,
    country_code,
    dates_in,
    given_and_surname,
    iso_date,
    sanction_of,
    stable_id,
)
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.ofac.remarks import Remarks, read_remarks
from entrepot.sources.tables import header_of, records_of

_CSL = ("source", "entity_number", "type", "programs", "name", "addresses", "ids")
_CSL_MORE = (
    "_id", "title", "federal_register_notice", "start_date", "end_date", "standard_order", "license_requirement",
    "license_policy", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage", "vessel_flag",
    "vessel_owner", "remarks", "source_list_url", "alt_names", "citizenships", "dates_of_birth", "nationalities",
    "places_of_birth", "source_information_url",
)  # fmt: skip
_DPL = ("Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date", "Expiration_Date")
_DPL_MORE = ("Standard_Order", "Last_Update", "Action", "FR_Citation")
_ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1")
_TYPES = {"individual": "Person", "entity": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}
_TOPICS = {"EL": "export.control", "MEU": "export.control", "DPL": "export.control", "UVL": "export.risk",
           "DTC": "debarment"}  # fmt: skip


def role_of(file: ListFile) -> str:
    """Return ``csl`` or ``dpl``."""
    header = header_of(file)
    if header.has(*_CSL):
        return "csl"
    if header.has(*_DPL):
        return "dpl"
    raise UnexpectedLayout(
        f"this is neither the screening list nor the list of denied persons; columns {', '.join(header.names[:8])}",
        where=file.name,
        remedy="Download consolidated.csv or dpl.txt.",
    )


def read(files: Sequence[ListFile], found: Found) -> None:
    """Take every record."""
    for file in files:
        is_csl = file.role == "csl"
        needs, knows = (_CSL, _CSL_MORE) if is_csl else (_DPL, _DPL_MORE)
        for row, cells in records_of(file, found, needs=needs, knows=knows, encodings=_ENCODINGS):
            if not cells["name" if is_csl else "Name"]:
                found.issue(file, row, "name", "", "no name", skips=True)
            elif is_csl:
                _screening(file, row, cells, found)
            else:
                _denied(file, row, cells, found)


def _screening(file: ListFile, row: int, cells: dict[str, str], found: Found) -> None:
    source = re.fullmatch(r"(.*?)\s*\(([A-Z]+)\)(?: - (.*))?", cells["source"])
    code, authority = (source[2], source[3] or source[1]) if source else (cells["source"], cells["source"])
    stated = cells.get("_id") or (f"{code}-{cells['entity_number']}" if cells["entity_number"] else "")
    own = stable_id(code, cells["name"], cells["start_date"], cells["addresses"], cells["federal_register_notice"])
    entity = Entity(f"csl-{stated or own}", _TYPES.get(cells["type"].lower(), "LegalEntity"), True, row)
    _add_names(entity, cells)
    entity.add("topics", _TOPICS.get(code, "sanction"))
    programs = _parts(cells["programs"])
    entity.add("programId", *(programs or [code]))
    for address in _parts(cells["addresses"]):
        entity.add("address", address)
        entity.add("country", _last_country(address))
    for name, own_name in (("citizenships", "citizenship"), ("nationalities", "nationality")):
        entity.add(own_name, *(country_code(text) for text in _parts(cells.get(name, ""))))
    _add_births(entity, cells, file, found)
    for name, own_name in (("call_sign", "callSign"), ("vessel_type", "type"), ("gross_tonnage", "tonnage"),
                           ("gross_registered_tonnage", "grossRegisteredTonnage")):  # fmt: skip
        entity.add(own_name, cells.get(name))
    entity.add("flag", country_code(cells.get("vessel_flag", "")))
    entity.add("notes", f"Owner: {cells['vessel_owner']}" if cells.get("vessel_owner") else "")
    entity.add("sourceUrl", cells.get("source_information_url"))
    remarks = _remarks(entity, cells, found)
    sanction = sanction_of(
        entity,
        authority=authority,
        key=code,
        program="; ".join(programs) or code,
        programId=(programs or [code])[0],
        startDate=_day(entity, cells.get("start_date", ""), "start_date", file, found),
        endDate=_day(entity, cells.get("end_date", ""), "end_date", file, found),
        authorityId=cells.get("federal_register_notice"),
    )
    sanction.add("provisions", *remarks.provisions, cells.get("license_requirement"), cells.get("license_policy"))
    found.add(file, entity, sanction, *remarks.documents)


def _add_names(entity: Entity, cells: dict[str, str]) -> None:
    for name, texts in (("name", [cells["name"]]), ("alias", _parts(cells.get("alt_names", "")))):
        for text in texts:
            full, given, surname = given_and_surname(text) if entity.schema == "Person" else (text, "", "")
            entity.add(name, full)
            if name == "name":
                entity.add("firstName", given)
                entity.add("lastName", surname)
    entity.add("title" if entity.schema == "Person" else "notes", cells.get("title"))


def _add_births(entity: Entity, cells: dict[str, str], file: ListFile, found: Found) -> None:
    for text in _parts(cells.get("dates_of_birth", "")):
        dates, says_more = dates_in(text)
        entity.add("birthDate", *dates)
        if not dates:
            found.issue(file, entity.row, "dates_of_birth", text, "no date; the entity stays without it")
        elif says_more:
            entity.add("notes", f"DOB {text}")
    entity.add("birthPlace", *_parts(cells.get("places_of_birth", "")))


def _remarks(entity: Entity, cells: dict[str, str], found: Found) -> Remarks:
    """The remarks, and ``ids`` turned into the form that remarks have: "US, 80-0890696, Tax ID No."."""
    pieces = []
    for text in _parts(cells["ids"]):
        *values, kind = text.split(", ")
        country = values.pop(0) if len(values) > 1 and re.fullmatch("[A-Z]{2}", values[0]) else ""
        pieces.append(f"{kind} {', '.join(values)}" + (f" ({country})" if country else ""))
    said = read_remarks("; ".join([*pieces, *_parts(cells.get("remarks", ""))]), entity)
    for name in said.linked:
        entity.add("notes", f"Linked To: {name}")
    for piece in said.left:
        found.left_over("pieces of remarks and ids of no known form, kept as notes", piece[:60])
    return said


def _denied(file: ListFile, row: int, cells: dict[str, str], found: Found) -> None:
    entity_id = stable_id("csl-dpl", cells["Name"], cells["Effective_Date"], cells["Street_Address"], cells["City"])
    entity = Entity(entity_id, "LegalEntity", True, row)
    entity.add("name", cells["Name"])
    parts = (cells[name] for name in ("Street_Address", "City", "State", "Postal_Code", "Country"))
    entity.add("address", ", ".join(filter(None, parts)))
    entity.add("country", country_code(cells["Country"]))
    entity.add("topics", "export.control")
    entity.add("programId", "DPL")
    sanction = sanction_of(
        entity,
        authority="Bureau of Industry and Security",
        key="DPL",
        program="Denied Persons List",
        programId="DPL",
        startDate=_day(entity, cells["Effective_Date"], "Effective_Date", file, found),
        endDate=_day(entity, cells["Expiration_Date"], "Expiration_Date", file, found),
        authorityId=cells.get("FR_Citation"),
        summary=cells.get("Action"),
    )
    sanction.last_change = entity.last_change = iso_date(cells.get("Last_Update", ""))
    found.add(file, entity, sanction)


def _day(entity: Entity, text: str, name: str, file: ListFile, found: Found) -> str | None:
    day = iso_date(text, month_first=True)
    if text and day is None:
        found.issue(file, entity.row, name, text, "no date; the entity stays without it")
    return day


def _last_country(address: str) -> str:
    last = address.rpartition(",")[2].strip()
    return country_code(last) if re.fullmatch("[A-Z]{2}", last) else ""


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
