"""Queries: the parties of a customer's file, row by row, without ever holding the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entrepot.codes import read_identifier
from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.parties.cells import TABLES, read_cells, read_header, refuse_file, text_lines
from entrepot.parties.party import Party, party_of

# Our column to the property of FollowTheMoney. Lists inside a cell are joined by ;.
COLUMNS = {
    "name": "name",
    "other_names": "alias",
    "aliases": "alias",
    "previous_names": "previousName",
    "birth_date": "birthDate",
    "incorporation_date": "incorporationDate",
    "gender": "gender",
    "birth_country": "birthCountry",
    "country": "country",
    "countries": "country",
    "citizenships": "citizenship",
    "address_country": "country",
    "document_number": "idNumber",
    "passport_number": "passportNumber",
    "registration_number": "registrationNumber",
    "tax_number": "taxNumber",
    "inn": "taxNumber",
    "iin": "taxNumber",
    "bin": "taxNumber",
    "pin": "taxNumber",
    "pinfl": "taxNumber",
    "imo_number": "imoNumber",
    "call_sign": "callSign",
    "flag": "flag",
    "address": "address",
    "phone": "phone",
    "email": "email",
}
# Numbers of these carry what else a row may lack: a person's birth date and sex, the month a firm was registered.
_TELLING = {"iin": "KAZ", "bin": "KAZ", "pin": "KGZ", "pinfl": "UZB"}
_DATED = frozenset({"birth_date", "incorporation_date"})
# Days as forms of the region write them, and as spreadsheets export them.
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00(?::00(?:\.0+)?)?")
# Cells of these are one text, whatever it holds.
_WHOLE = frozenset({"address"})
_IDS = {"person_id": "Person", "company_id": "Company", "id": "", "query_id": ""}
_LINES = (".json", ".jsonl")
# Schemas of FollowTheMoney, by their names in lower case. Those that are no parties may stand in a file of entities.
_SCHEMAS = {
    schema.lower(): schema
    for schema in (
        "Person LegalEntity Company Organization PublicBody Vessel Airplane Vehicle Asset RealEstate Security"
        " Address Analyzable Article Assessment Associate Audio BankAccount Call CallForTenders Contract ContractAward"
        " CourtCase CourtCaseParty CryptoWallet Debt Directorship Document Documentation EconomicActivity Email"
        " Employment Event Family Folder HyperText Identification Image Interest Interval License Membership Mention"
        " Message Note Occupancy Ownership Package Page Pages Passport Payment PlainText Position Post Project"
        " ProjectParticipant Representation Risk Sanction Similar Succession Table TaxRoll Thing Trip UnknownLink"
        " UserAccount Value Video Workbook"
    ).split()
}

Cells = Sequence[Any]


@dataclass(frozen=True)
class Layout:
    """What the columns of a file are: their names, which holds the id, and the schema where no column says it."""

    header: tuple[str, ...]
    id_column: int
    schema: str

    def party(self, cells: Cells) -> Party:
        """Return the party of one row."""
        held: dict[str, list[str]] = {}
        told: list[tuple[str, str]] = []
        schema, party_id = self.schema, ""
        for i, (column, cell) in enumerate(zip(self.header, cells, strict=False)):
            if not cell:
                continue
            if i == self.id_column:
                party_id = str(cell).strip()
            elif column == "schema":
                schema = _SCHEMAS.get(str(cell).strip().lower(), "")
            elif column in COLUMNS:
                text = str(cell)
                texts = [text] if column in _WHOLE else text.split(";")
                held.setdefault(COLUMNS[column], []).extend(map(_iso, texts) if column in _DATED else texts)
                if column in _TELLING:
                    told += [(column, one) for one in texts]
        for column, text in told:
            _tell(held, column, text)
        return party_of(party_id, schema, held)


def _iso(text: str) -> str:
    """A day as ISO 8601 writes it, where it is given with the day in front and dots, or with a midnight."""
    text = text.strip()
    if found := _DAY_FIRST.fullmatch(text):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return found[1] if (found := _MIDNIGHT.fullmatch(text)) else text


def _tell(held: dict[str, list[str]], column: str, text: str) -> None:
    """Add what the digits of a number say and no column does; a number that breaks its rules says nothing."""
    said = read_identifier(text, kind=column, country=_TELLING[column]) if text.strip() else None
    if said is not None and said.is_valid:
        for name, value in (("birthDate", said.birth_date), ("incorporationDate", said.date), ("gender", said.sex)):
            if value and not held.get(name):
                held[name] = [value]


# Of lines of FollowTheMoney a row is one cell, the line.
ENTITIES = Layout(("entity",), 0, "")


def read_layout(path: Path) -> Layout:
    """Return the layout of a file of queries.

    Raises:
        SourceError: the file is missing, empty or of an unknown ending.
        UnexpectedLayout: it has no column of ids or none of names.
    """
    refuse_file(path, (*TABLES, *_LINES))
    return ENTITIES if path.suffix in _LINES else _layout(read_header(path), path)


def _layout(header: Sequence[str], path: Path) -> Layout:
    named = tuple(name.strip().lower() for name in header)
    ids = [name for name in _IDS if name in named]
    _refuse_twice(named, path)
    if not ids or "name" not in named:
        missing = "name" if ids else "person_id, company_id or id"
        raise UnexpectedLayout(
            f"no column {missing}; there are {', '.join(named)[:200]}",
            where=str(path),
            remedy="Name the columns as records of kind person or company, or id and name.",
        )
    return Layout(named, named.index(ids[0]), _IDS[ids[0]])


def _refuse_twice(named: Sequence[str], path: Path) -> None:
    """Of two columns of one name nobody can tell which is meant."""
    read = {"schema", *_IDS, *COLUMNS}
    if twice := [name for name in dict.fromkeys(named) if name in read and named.count(name) > 1]:
        remedy = "Keep one; further names go into other_names, joined by ;."
        raise UnexpectedLayout(
            f"column {twice[0]} stands {named.count(twice[0])} times", where=str(path), remedy=remedy
        )


def read_rows(path: Path, layout: Layout) -> Iterator[Cells]:
    """Yield the rows of a file in their order.

    Raises:
        SourceError: a row that cannot be read; the rows before it have been given by then.
    """
    if layout == ENTITIES:
        return _lines(path)
    return _checked(path, layout) if "schema" in layout.header else read_cells(path)


def _checked(path: Path, layout: Layout) -> Iterator[Cells]:
    """Rows of a table that has a column of schemas."""
    place = layout.header.index("schema")
    for number, cells in enumerate(read_cells(path), 1):
        if text := str(cells[place] or "").strip():
            _check_schema(text, path, f"row {number}, column schema")
        yield cells


def _check_schema(text: str, path: Path, where: str) -> None:
    # Of a schema that is mistyped nothing is known, and a person would be compared with ships.
    if text.lower() not in _SCHEMAS:
        remedy = "Write a schema of FollowTheMoney: Person, Company, Organization, LegalEntity, PublicBody, Vessel ..."
        raise SourceError(f"{where}: no schema {text[:50]!r}", where=str(path), remedy=remedy)


def party_of_line(cells: Cells) -> Party:
    """Return the party of one line of FollowTheMoney, nested or not."""
    entity = json.loads(cells[0])
    held = {
        name: [text for text in values if isinstance(text, str)]
        for name, values in entity.get("properties", {}).items()
        if isinstance(values, list)
    }
    schema = str(entity.get("schema", "")).strip()
    return party_of(str(entity.get("id", "")), _SCHEMAS.get(schema.lower(), schema), held)


def _lines(path: Path) -> Iterator[Cells]:
    text = text_lines(path)
    first = next(text, "")
    if first.lstrip().startswith("["):
        yield from _array(path, "".join([first, *text]))
        return
    for number, line in enumerate(_chained(first, text), 1):
        if line.strip():
            _check_entity(line, path, number)
            yield (line,)


def _array(path: Path, text: str) -> Iterator[Cells]:
    try:
        entities = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"no JSON ({error})", where=str(path), remedy="Check that the file is whole.") from error
    for number, entity in enumerate(entities, 1):
        line = json.dumps(entity, ensure_ascii=False)
        _check_entity(line, path, number)
        yield (line,)


def _check_entity(line: str, path: Path, number: int) -> None:
    try:
        entity = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"line {number} is no JSON", where=str(path), remedy="Check that the file is whole, one entity a line."
        ) from error
    if not isinstance(entity, dict) or not isinstance(entity.get("properties"), dict):
        remedy = "Write FollowTheMoney entities with id, schema and properties."
        raise SourceError(f"line {number} is no entity", where=str(path), remedy=remedy)
    if schema := str(entity.get("schema") or "").strip():
        _check_schema(schema, path, f"line {number}")
    for name, values in entity["properties"].items():
        if not isinstance(values, list):
            remedy = f'Write a list: "{name}": ["..."].'
            raise SourceError(f"line {number}: property {name} is no list", where=str(path), remedy=remedy)


def _chained(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest
