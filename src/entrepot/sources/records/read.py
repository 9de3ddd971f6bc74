"""A user's own tables of persons, documents, companies, ownership and directorship as parties."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from entrepot.errors import UnexpectedLayout
from entrepot.lake import get_kind
from entrepot.sources.entities import Entity, country_code, is_country, iso_date, stable_id
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.model import Layout
from entrepot.sources.tables import Header, header_of, records_of

# The two ends of an edge.
_ENDS = {"ownership": ("owner_id", "asset_id"), "directorship": ("person_id", "company_id")}
_TEXTS = {
    "name": "name", "first_name": "firstName", "last_name": "lastName", "middle_name": "middleName",
    "father_name": "fatherName", "birth_place": "birthPlace", "address": "address", "website": "website",
    "position": "position", "passport_number": "passportNumber", "id_number": "idNumber", "tax_number": "taxNumber",
    "registration_number": "registrationNumber", "activity_text": "sector", "legal_form": "legalForm", "notes": "notes",
}  # fmt: skip
_SEVERAL = {"other_names": "alias", "previous_names": "previousName", "phone": "phone", "email": "email"}
_COUNTRIES = {
    "birth_country": "birthCountry", "citizenships": "nationality", "tax_residence": "country",
    "address_country": "country", "country": "country",
}  # fmt: skip
_DATES = {
    "birth_date": "birthDate", "incorporation_date": "incorporationDate", "dissolution_date": "dissolutionDate",
    "start_date": "startDate", "end_date": "endDate",
}  # fmt: skip
# What proves who somebody is; decrees and powers of attorney do not.
_PAPERS = {"passport": "Passport", **dict.fromkeys(("id_card", "residence_permit", "iin", "tax_id"), "Identification")}
_OF_PAPERS = ("document_id", "number", "issuer_country", "authority", "issue_date", "expiry_date")
_OF_EDGES = ("percentage", "kind", "role", "recorded_at", "is_pep", "gender")
_IDS = ("person_id", "company_id", "owner_id", "asset_id")
FIELDS = (*_TEXTS, *_SEVERAL, *_COUNTRIES, *_DATES, *_OF_EDGES, *_OF_PAPERS, *_IDS)


def read(files: Sequence[ListFile], found: Found) -> None:
    """Take every record."""
    takers: dict[str, Callable[[ListFile, int, dict[str, str], Found], Entity | None]] = {
        "person": _party, "company": _party, "document": _paper, "ownership": _edge, "directorship": _edge,
    }  # fmt: skip
    for file in files:
        header, columns = _columns(file)
        # What is read as records is not left over.
        ignored = (*(name for layout in file.layouts for name in layout.ignored), *_kept(file, header))
        named = tuple(dict.fromkeys(columns.values()))
        rows = records_of(
            file, found, needs=named, knows=ignored, header=header, encodings=file.layouts[0].read.encodings
        )
        for row, cells in rows:
            record = {name: cells[column] for name, column in columns.items()}
            record |= {name: value for name, value in file.layouts[0].constants.items() if not record.get(name)}
            found.add(file, takers[file.role](file, row, record, found))


def _kept(file: ListFile, header: Header) -> tuple[str, ...]:
    """The columns of a file that the table of its kind keeps, as the file calls them."""
    columns = get_kind(file.role).columns
    theirs = [name for ours, names in file.layouts[0].columns.items() if ours in columns for name in names]
    return tuple(name for name in (*columns, *theirs) if header.has(name))


def _columns(file: ListFile) -> tuple[Header, dict[str, str]]:
    """The header, and which of its columns holds which of our fields."""
    layout: Layout = file.layouts[0]
    header = header_of(
        file,
        delimiter=layout.read.delimiter,
        encoding=layout.read.encodings[0],
        before=layout.read.lines_before_header,
    )
    columns: dict[str, str] = {}
    for name, theirs in layout.columns.items():
        if name not in FIELDS:
            continue
        column = next((one for one in theirs if header.has(one)), None)
        if column is not None:
            columns[name] = column
        elif name in layout.needs:
            raise UnexpectedLayout(
                f"no column {theirs[0]!r}, which the mapping names for {name}",
                where=file.name,
                remedy=f"The file has {', '.join(header.names[:12])}.",
            )
    return header, columns


def _party(file: ListFile, row: int, record: dict[str, str], found: Found) -> Entity | None:
    name = "person_id" if file.role == "person" else "company_id"
    if not record[name]:
        found.issue(file, row, name, "", "no id", skips=True)
        return None
    entity = Entity(record[name], "Person" if file.role == "person" else "Company", None, row)
    _fill(entity, file, record, found)
    if "name" not in entity.properties:
        parts = [record.get(part, "") for part in ("first_name", "middle_name", "father_name", "last_name")]
        entity.add("name", " ".join(filter(None, parts)))
    if "name" not in entity.properties:
        found.issue(file, row, "name", "", "no name; the record stays without one")
    entity.add(
        "gender", {"m": "male", "f": "female"}.get(record.get("gender", "").lower(), record.get("gender", "").lower())
    )
    entity.add("position", record.get("role"))
    if record.get("is_pep", "").lower() in ("true", "1", "yes", "y"):
        entity.add("topics", "role.pep")
    return entity


def _paper(file: ListFile, row: int, record: dict[str, str], found: Found) -> Entity | None:
    for name in ("document_id", "person_id"):
        if not record[name]:
            found.issue(file, row, name, "", "a document without its id or its holder", skips=True)
            return None
    kind = record.get("kind", "").lower()
    if kind not in _PAPERS:
        found.left_over("documents that are no passport, card, permit or personal number, left out", kind[:40])
        return None
    if not record.get("number"):
        found.issue(file, row, "number", "", "no number; the document stays without one")
    paper = Entity(stable_id("document", record["document_id"]), _PAPERS[kind], None, row)
    paper.add("holder", record["person_id"])
    paper.add("recordId", record["document_id"])
    paper.add("type", kind)
    paper.add("number", record.get("number"))
    paper.add("authority", record.get("authority"))
    _add_countries(paper, "country", record.get("issuer_country", ""), found)
    _add_date(paper, "startDate", "issue_date", file, record, found)
    _add_date(paper, "endDate", "expiry_date", file, record, found)
    paper.caption = record.get("number") or record["document_id"]
    return paper


def _edge(file: ListFile, row: int, record: dict[str, str], found: Found) -> Entity | None:
    is_owning = file.role == "ownership"
    first, second = _ENDS[file.role]
    if not record[first] or not record[second]:
        name = first if not record[first] else second
        found.issue(file, row, name, "", "an edge without one of its ends", skips=True)
        return None
    kind = record.get("kind") or record.get("role") or ""
    edge_id = stable_id(file.role, record[first], record[second], record.get("start_date", ""), kind)
    edge = Entity(edge_id, "Ownership" if is_owning else "Directorship", None, row)
    edge.add("owner" if is_owning else "director", record[first])
    edge.add("asset" if is_owning else "organization", record[second])
    edge.add("role", kind)
    edge.add("recordDate", iso_date(record.get("recorded_at", "")))
    share = record.get("percentage", "").replace("%", "").replace(",", ".").strip()
    if share and not _is_share(share):
        found.issue(file, row, "percentage", share, "no number from 0 to 100; the edge stays without it")
    else:
        edge.add("percentage", share)
    _fill(edge, file, record, found)
    edge.caption = f"{record[first]} - {record[second]}"
    return edge


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 100
    except ValueError:
        return False


def _fill(entity: Entity, file: ListFile, record: dict[str, str], found: Found) -> None:
    for name, own in _TEXTS.items():
        entity.add(own, record.get(name))
    for name, own in _SEVERAL.items():
        entity.add(own, *record.get(name, "").split(";"))
    for name, own in _COUNTRIES.items():
        _add_countries(entity, own, record.get(name, ""), found)
    for name, own in _DATES.items():
        _add_date(entity, own, name, file, record, found)


def _add_countries(entity: Entity, own: str, cell: str, found: Found) -> None:
    for text in cell.split(";"):
        code = country_code(text.strip())
        if code and not is_country(code):
            found.left_over("countries not known, kept as text", code[:40])
        entity.add(own, code)


def _add_date(entity: Entity, own: str, name: str, file: ListFile, record: dict[str, str], found: Found) -> None:
    text = record.get(name, "")
    day = None if _has_two_meanings(text) else iso_date(text)
    if text and day is None:
        found.issue(file, entity.row, name, text, "no date, or one of two meanings; the record stays without it")
    entity.add(own, day)


def _has_two_meanings(text: str) -> bool:
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/\d{4}", text)
    return bool(found and int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2])
