"""One table a regulation, one row a line of its annexes; texts as the Official Journal prints them."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence

from entrepot.errors import UnexpectedLayout
from entrepot.sources.entities import (
    Entity,
    add_document,
    country_code,
    dates_in,
    document_number,
    is_country,
    iso_date,
    names_in,
    sanction_of,
    stable_id,
)
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.tables import header_of, records_of

AUTHORITY = "Council of the European Union"
_NEEDS = ("recordId", "programKey", "annex", "measure", "startDate", "reason", "schema", "name")
_NAMES = ("name", "alias", "weakAlias", "previousName")
# Copied as they are, several in a cell joined by semicolons.
_TEXTS = (
    "birthPlace", "position", "appearance", "ethnicity", "fatherName", "motherName", "legalForm", "sector", "leiCode",
    "swiftBic", "ticker", "mmsi", "address", "phone", "website", "notes",
)  # fmt: skip
_COUNTRIES = ("country", "nationality", "jurisdiction", "flag")
_DATES = ("birthDate", "incorporationDate")
_NUMBERS = ("registrationNumber", "taxNumber", "innCode", "ogrnCode", "kppCode", "okpoCode", "imoNumber")
_DOCUMENTS = ("passportNumber", "idNumber")
_ALL = (
    "celex", "amendedCelex", "amendmentCelex", *_NAMES[1:], *_TEXTS, *_COUNTRIES, *_DATES, *_NUMBERS, *_DOCUMENTS,
    "gender", "email",
)  # fmt: skip
# Numbers of Russian registers are told by their length.
_DIGITS = {"innCode": (10, 12), "ogrnCode": (13, 15), "kppCode": (9,), "okpoCode": (8, 10), "imoNumber": (7,)}
_NAMED = {
    "INN": "innCode", "ИНН": "innCode", "OGRN": "ogrnCode", "ОГРН": "ogrnCode", "KPP": "kppCode", "OKPO": "okpoCode",
    "taxpayer identification number": "innCode",
}  # fmt: skip
_TOPICS = {"Export control": "export.control"}
_SCHEMAS = frozenset({"Person", "LegalEntity", "Company", "Organization", "Vessel", "Airplane", "Asset", "PublicBody"})


def role_of(file: ListFile) -> str:
    """Return the regulation, and the amendment where the table is one's."""
    header = header_of(file)
    if not header.has(*_NEEDS):
        lacking = next(name for name in _NEEDS if not header.has(name))
        raise UnexpectedLayout(f"no column {lacking!r}", where=file.name, remedy="See docs/sources.md for the columns.")
    lines = csv.reader(file.head(1 << 20).decode("utf-8-sig", "replace").splitlines(), delimiter=header.delimiter)
    first = next(itertools.islice(lines, 1, 2), [])
    for name in ("amendmentCelex", "celex"):
        place = header.place(name)
        if place is not None and place < len(first) and first[place]:
            return first[place]
    return file.name.partition(".")[0]


def read(files: Sequence[ListFile], found: Found) -> None:
    """Take every row."""
    for file in files:
        ids: set[str] = set()
        rows = records_of(file, found, needs=_NEEDS, knows=_ALL, encodings=("utf-8", "windows-1252"))
        for row, cells in rows:
            _take(file, row, cells, found, ids)
        if not ids:
            # The annexes of some regulations are empty.
            found.records += 1
            found.notes.append(f"{file.name} names nobody")


def _take(file: ListFile, row: int, cells: dict[str, str], found: Found, ids: set[str]) -> None:
    if not cells["name"]:
        found.issue(file, row, "name", "", "no name", skips=True)
        return
    entity = Entity(_id_of(cells, ids), cells["schema"] if cells["schema"] in _SCHEMAS else "LegalEntity", True, row)
    if cells["schema"] not in _SCHEMAS:
        found.left_over("schemas not known, read as legal entities", cells["schema"])
    for name in _NAMES:
        texts = [cells["name"]] if name == "name" else _parts(cells.get(name, ""))
        for text in texts:
            first, *others = names_in(text)
            entity.add(name, first)
            entity.add("alias" if name == "name" else name, *others)
    for name in _TEXTS:
        entity.add(name, *([cells.get(name, "")] if name in ("notes", "appearance") else _parts(cells.get(name, ""))))
    entity.add("email", *(part for part in re.split(r"[;,\s]+", cells.get("email", "")) if "@" in part))
    entity.add("gender", cells.get("gender", "").lower().rstrip("."))
    for name in _COUNTRIES:
        _add_countries(entity, name, cells.get(name, ""), found)
    for name in _DATES:
        _add_dates(entity, name, cells.get(name, ""), file, found)
    for name in _NUMBERS:
        _add_numbers(entity, name, cells.get(name, ""))
    entity.add("topics", _TOPICS.get(cells["measure"], "sanction"))
    entity.add("programId", cells["programKey"])
    documents = [one for name in _DOCUMENTS for one in _documents(entity, name, cells.get(name, ""))]
    found.add(file, entity, _sanction(entity, cells, file, found), *documents)


def _id_of(cells: dict[str, str], ids: set[str]) -> str:
    """The regulation, annex and number; where an annex numbers twice or not at all, with a hash of the name."""
    act = cells.get("celex") or f"{cells.get('amendmentCelex', '')}-{cells.get('amendedCelex', '')}"
    entity_id = "-".join(re.sub(r"[^\w.]+", "_", part) for part in (act, cells["annex"], cells["recordId"]) if part)
    if not cells["recordId"]:
        entity_id = stable_id(entity_id, cells["name"])
    if entity_id in ids:
        entity_id = stable_id(entity_id, *cells.values())
    ids.add(entity_id)
    return entity_id


def _parts(text: str) -> list[str]:
    return [part.strip(' "') for part in text.split(";")] if text else []


def _add_countries(entity: Entity, name: str, text: str, found: Found) -> None:
    if not text:
        return
    whole = country_code(text)
    for part in [text] if is_country(whole) else re.split(r"[;,/]| and |\([a-z]\)", text):
        stated = part.strip(' ."')
        code = country_code(stated)
        short = country_code(re.split(r"[.(]| since | by ", stated)[0].removeprefix("possibly "))
        if code and not is_country(code) and (is_country(short) or re.search(r"\d", code)):
            # "Indonesian. National Identification No. 12345": the number says no country.
            entity.add("notes", f"{name}: {stated}")
            code = short if is_country(short) else ""
        if code and not is_country(code):
            found.left_over("countries not known, kept as text", code[:40])
        entity.add(name, code)


def _add_dates(entity: Entity, name: str, text: str, file: ListFile, found: Found) -> None:
    if not text:
        return
    dates, says_more = dates_in(text)
    entity.add(name, *dates)
    if not dates:
        found.issue(file, entity.row, name, text, "no date; the entity stays without it")
    elif says_more:
        entity.add("notes", f"{name}: {text}")


def _add_numbers(entity: Entity, name: str, text: str) -> None:
    if not text:
        return
    for part in _parts(text):
        if _add_named(entity, part) and not part[0].isdigit():
            continue
        number, about = document_number(part)
        # "7725842590 (INN)" says what the number is, "1027700000001, KPP 770001001" gives another one.
        labels = (own for label, own in _NAMED.items() if re.search(rf"\b{label}\b(?![:\s]*\d)", about))
        stated_as = next(labels, name)
        lengths = _DIGITS.get(stated_as)
        if lengths is None:
            entity.add(stated_as, number)
            continue
        joined = re.sub(r"(?<=\d) (?=\d)", "", part)
        fitting = [digits for digits in re.findall(r"\d+", joined) if len(digits) in lengths]
        entity.add(stated_as, *fitting)
        if not fitting and part:
            entity.add("notes", f"{name}: {part}")


def _add_named(entity: Entity, text: str) -> bool:
    """Add numbers that stand behind their label, as in "INN: 7700000001"; return whether there are any."""
    stated = [
        (own, number)
        for label, own in _NAMED.items()
        for number in re.findall(rf"\b{label}\b[:\s]*(\d+)", text, re.IGNORECASE)
    ]
    for own, number in stated:
        entity.add(own, number)
    return bool(stated)


def _documents(entity: Entity, name: str, text: str) -> Iterator[Entity | None]:
    for part in re.split(r";|(?:^|,?\s)\(?[a-z]\)\s", text) if text else ():
        number, about = document_number(part)
        if not re.search(r"\d", number):
            entity.add("notes", f"{name}: {part.strip()}" if part.strip(' "') else "")
            continue
        issued = re.search(r"issued\D{0,40}?((?:\d{1,2}\.){2}\d{4}|\d{1,2} [A-Z]\w{2,8}\.? \d{4})", about)
        expires = re.search(r"expir\D{0,40}?((?:\d{1,2}\.){2}\d{4}|\d{1,2} [A-Z]\w{2,8}\.? \d{4})", about)
        country = country_code(about.partition(" passport")[0].partition(",")[0])
        yield add_document(
            entity,
            name,
            number,
            country=country if is_country(country) else None,
            startDate=_day(issued),
            endDate=_day(expires),
            summary=about,
        )


def _day(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    return iso_date(found[1].replace(".", "") if " " in found[1] else found[1])


def _sanction(entity: Entity, cells: dict[str, str], file: ListFile, found: Found) -> Entity:
    days, _ = dates_in(cells["startDate"])
    if cells["startDate"] and not days:
        found.issue(file, entity.row, "startDate", cells["startDate"], "no date; the entity stays without it")
    return sanction_of(
        entity,
        authority=AUTHORITY,
        key=entity.entity_id,
        program=cells["programKey"],
        programId=cells["programKey"],
        provisions=cells["measure"],
        startDate=min(days, default=None),
        reason=cells["reason"],
        authorityId=" ".join(filter(None, (cells.get("celex"), cells.get("amendmentCelex"), cells["annex"]))),
    )
