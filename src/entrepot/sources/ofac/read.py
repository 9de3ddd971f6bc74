"""OFAC's CSV files without a header: names (sdn, cons_prim), aliases (alt), addresses (add) and comments.

An alias or address belongs to the name of its number, whether that was brought before or with it. ``-0-`` means
nothing, a last line of 0x1A ends the file. SDN Advanced XML takes the place of all of them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.sources.entities import Entity, country_code, given_and_surname, is_country, sanction_of, stable_id
from entrepot.sources.listing import Found, ListFile
from entrepot.sources.ofac.advanced import ROOTS, read_advanced
from entrepot.sources.ofac.remarks import Remarks, read_remarks
from entrepot.sources.xml_records import root_of

AUTHORITY = "Office of Foreign Assets Control"
_NULL = "-0-"
_WIDTHS = {"prim": 12, "alt": 5, "add": 6, "comments": 2}
# A blank type is a body: OFAC's files have no word for it.
_KINDS = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane", "": "Organization"}
_ALIASES = {"aka": "alias", "fka": "previousName", "nka": "alias"}
# A body with one of these has been entered in a register of firms.
_OF_COMPANIES = ("registrationNumber", "taxNumber", "ogrnCode", "leiCode", "swiftBic", "uscCode", "vatCode", "okpoCode")
_TOPICS = "sanction"


@dataclass
class _Pieces:
    """Records of the files by number of the entity."""

    names: dict[int, list[tuple[ListFile, int, list[str]]]] = field(default_factory=dict)
    aliases: dict[int, list[list[str]]] = field(default_factory=dict)
    addresses: dict[int, list[list[str]]] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)


def role_of(file: ListFile) -> str:
    """Return ``sdn`` or ``cons`` and the piece: prim, alt, add, comments, or whole for Advanced XML."""
    head = file.head()
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        if root_of(head) not in ROOTS:
            raise UnexpectedLayout(
                f"the outermost element is {root_of(head)!r}",
                where=file.name,
                remedy="Of OFAC's XML, SDN_ADVANCED.XML and CONS_ADVANCED.XML are read.",
            )
        return ("cons" if re.search("cons", file.name, re.IGNORECASE) else "sdn") + "/whole"
    width = len(next(csv.reader([file.first_line]), []))
    name = file.name.lower()
    is_cons = "cons" in name or ("non" in name and "sdn" in name)
    if "comment" in name and width <= 2:
        return "cons/comments" if is_cons else "sdn/comments"
    piece = next((piece for piece, columns in _WIDTHS.items() if columns == width), "")
    if not piece or not file.first_line.split(",")[0].strip('"').strip().isdigit():
        raise UnexpectedLayout(
            f"the first line has {width} fields and is no record of OFAC's files",
            where=file.name,
            remedy="Names have 12 fields, aliases 5, addresses 6, comments 2, and there is no header.",
        )
    return f"{'cons' if is_cons else 'sdn'}/{piece}"


def read(files: Sequence[ListFile], found: Found) -> None:
    """Join names, aliases, addresses and comments, and take every entity."""
    pieces = _Pieces()
    # A party of both lists is one entity, first of all a designated one.
    for file in sorted(files, key=lambda file: file.role, reverse=True):
        if file.role.endswith("/whole"):
            read_advanced(file, found, authority=AUTHORITY)
        else:
            _gather(file, found, pieces)
    if not pieces.names and any(not file.role.endswith("/whole") for file in files):
        raise SourceError(
            "aliases and addresses without the names that they belong to",
            where=files[0].name,
            remedy="Ingest sdn.csv with them or before them.",
        )
    primary = _numbers_by_name(pieces)
    for number in pieces.names:
        _take(number, pieces, found, primary)
    for what, records in (("aliases", pieces.aliases), ("addresses", pieces.addresses)):
        orphans = sum(len(several) for number, several in records.items() if number not in pieces.names)
        if orphans:
            found.notes.append(f"{orphans:,} {what} belong to numbers that the names do not have, and are left out")


def _gather(file: ListFile, found: Found, pieces: _Pieces) -> None:
    piece = file.role.partition("/")[2]
    for row, cells in _records(file, _WIDTHS[piece], found):
        number = int(cells[0])
        if piece == "prim":
            found.records += 1
            if not cells[1]:
                found.issue(file, row, "name", "", "no name", skips=True)
                continue
            pieces.names.setdefault(number, []).append((file, row, cells))
        elif piece == "comments":
            pieces.comments[number] = pieces.comments.get(number, "") + cells[1]
        else:
            (pieces.aliases if piece == "alt" else pieces.addresses).setdefault(number, []).append(cells)


def _records(file: ListFile, width: int, found: Found) -> Iterator[tuple[int, list[str]]]:
    """Records of a file; one that is broken at the end means that the file was cut."""
    data = file.path.read_bytes()
    body = data.rstrip(b"\x1a \r\n")
    if not data.endswith((b"\x1a", b"\n")) and not body.endswith((b'"', b"-0-")):
        raise _cut(file, "it does not end with a whole record")
    if not data.rstrip(b"\r\n").endswith(b"\x1a"):
        found.notes.append(f"{file.name} has no end mark (0x1A): whether it is complete cannot be seen")
    lines = _text(body, file).splitlines()
    reader = csv.reader(lines, strict=True)
    row = 0
    try:
        for cells in reader:
            row += 1
            if len(cells) != width or not cells[0].strip().isdigit():
                if reader.line_num >= len(lines):
                    raise _cut(file, f"the last record has {len(cells)} fields, not {width}")
                found.issue(file, row, "record", ",".join(cells), f"{len(cells)} fields, not {width}", skips=True)
                continue
            yield row, ["" if cell.strip() == _NULL else cell.strip() for cell in cells]
    except csv.Error as error:
        raise _cut(file, f"record {row + 1} is broken ({error})") from error


def _text(data: bytes, file: ListFile) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("windows-1252", "replace")


def _cut(file: ListFile, found: str) -> SourceError:
    return SourceError(
        f"{found}, as in a file that was cut",
        where=file.name,
        remedy="Download it again.",
    )


def _numbers_by_name(pieces: _Pieces) -> dict[str, set[int]]:
    numbers: dict[str, set[int]] = {}
    for number, several in pieces.names.items():
        for _, _, cells in several:
            numbers.setdefault(_key(cells[1]), set()).add(number)
    return numbers


def _key(name: str) -> str:
    return " ".join(name.upper().rstrip(".").split())


def _take(number: int, pieces: _Pieces, found: Found, primary: dict[str, set[int]]) -> None:
    """One entity: of a number on both lists, or twice on one, the first record's with what the others add."""
    several = pieces.names[number]
    file, row, cells = several[0]
    entity = Entity(f"ofac-{number}", _KINDS.get(cells[2].lower(), "LegalEntity"), True, row)
    if cells[2].lower() not in _KINDS:
        found.left_over("types not known, read as legal entities", cells[2])
    rows: list[Entity] = []
    for other, at, more in several:
        if other is file and more is not cells:
            found.issue(other, at, "ent_num", str(number), "the number is given more than once", skips=True)
            continue
        _add_record(entity, more)
        remarks = read_remarks(_with_comments(more[11], pieces.comments.get(number, "")), entity)
        rows += remarks.documents
        rows += _sanctions(entity, more, remarks, is_cons=other.role.startswith("cons"))
        rows += _links(entity, remarks, primary, found)
        _tell(remarks, other, at, found)
    for alias in pieces.aliases.get(number, ()):
        _add_name(entity, _ALIASES.get(alias[2].lower(), "alias"), alias[3])
        entity.add("notes", f"{alias[3]}: {alias[4]}" if alias[4] else "")
    for address in pieces.addresses.get(number, ()):
        _add_address(entity, address, found)
    if entity.schema in ("Organization", "LegalEntity") and any(map(entity.properties.get, _OF_COMPANIES)):
        entity.schema = "Company"
    found.add(file, entity, *rows)


def _with_comments(remarks: str, comments: str) -> str:
    """Remarks of more than 1,000 characters go on in the file of comments, in the middle of a word if need be."""
    if not comments or not remarks:
        return remarks or comments
    return f"{remarks}{comments}" if not remarks.rstrip().endswith(".") else f"{remarks.rstrip('. ')}; {comments}"


def _add_record(entity: Entity, cells: list[str]) -> None:
    _add_name(entity, "name", cells[1])
    entity.add("title" if entity.schema == "Person" else "notes", cells[4])
    entity.add("topics", _TOPICS)
    entity.add("programId", *_programs(cells[3]))
    for name, cell in zip(("callSign", "type", "tonnage", "grossRegisteredTonnage"), cells[5:9], strict=True):
        entity.add(name, cell)
    entity.add("flag", country_code(cells[9]))
    entity.add("notes", f"Owner: {cells[10]}" if cells[10] else "")


def _add_name(entity: Entity, name: str, text: str) -> None:
    if entity.schema != "Person":
        entity.add(name, text)
        return
    full, given, surname = given_and_surname(text)
    entity.add(name, full)
    if name == "name":
        entity.add("firstName", given)
        entity.add("lastName", surname)


def _add_address(entity: Entity, cells: list[str], found: Found) -> None:
    _, _, street, city, country, remarks = cells
    code = country_code(country)
    entity.add("address", ", ".join(part for part in (street, city, country if code else "") if part))
    if code and not is_country(code):
        found.left_over("countries not known, kept as text", code)
    entity.add("country", code)
    entity.add("notes", f"Address: {remarks}" if remarks else "")


def _programs(text: str) -> list[str]:
    return [part.strip(" []") for part in text.split("] [") if part.strip(" []")]


def _sanctions(entity: Entity, cells: list[str], remarks: Remarks, *, is_cons: bool) -> list[Entity]:
    rows = []
    for program in _programs(cells[3]) or [""]:
        sanction = sanction_of(
            entity,
            authority=AUTHORITY,
            key=f"{'cons' if is_cons else 'sdn'} {program}",
            program=program,
            programId=program,
            listingDate=min(filter(None, remarks.listed), default=None),
            startDate=min(filter(None, remarks.effective), default=None),
        )
        sanction.add("provisions", *remarks.provisions)
        rows.append(sanction)
    return rows


def _links(entity: Entity, remarks: Remarks, primary: dict[str, set[int]], found: Found) -> list[Entity]:
    """An edge to each party of exactly the name that OFAC gives; a name that fits none or several stays a note."""
    rows = []
    for name in remarks.linked:
        numbers = primary.get(_key(name), set())
        if len(numbers) != 1:
            entity.add("notes", f"Linked To: {name}")
            found.left_over("links to a name that is not exactly one party's, kept as notes", name)
            continue
        other = f"ofac-{next(iter(numbers))}"
        link = Entity(stable_id(f"{entity.entity_id}-link", other), "UnknownLink", False, entity.row)
        link.add("subject", entity.entity_id)
        link.add("object", other)
        link.add("role", "Linked To")
        link.caption = f"Linked To: {name}"
        rows.append(link)
    return rows


def _tell(remarks: Remarks, file: ListFile, row: int, found: Found) -> None:
    for name, text in remarks.faults:
        found.issue(file, row, name, text, "no date; the entity stays without it")
    for piece in remarks.left:
        found.left_over("pieces of remarks of no known form, kept as notes", piece[:60])
