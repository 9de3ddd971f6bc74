"""Queries: the parties of a customer's file, row by row, without ever holding the file."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from entrepot.errors import SourceError, UnexpectedLayout
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
    "imo_number": "imoNumber",
    "call_sign": "callSign",
    "flag": "flag",
    "address": "address",
    "phone": "phone",
    "email": "email",
}
# Cells of these are one text, whatever it holds.
_WHOLE = frozenset({"address"})
_IDS = {"person_id": "Person", "company_id": "Company", "id": "", "query_id": ""}
ENDINGS = (".csv", ".tsv", ".parquet", ".json", ".jsonl")
_LONGEST_CELL = 1 << 24
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

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
        schema, party_id = self.schema, ""
        for i, (column, cell) in enumerate(zip(self.header, cells, strict=False)):
            if not cell:
                continue
            if i == self.id_column:
                party_id = str(cell).strip()
            elif column == "schema":
                schema = str(cell).strip()
            elif column in COLUMNS:
                text = str(cell)
                held.setdefault(COLUMNS[column], []).extend([text] if column in _WHOLE else text.split(";"))
        return party_of(party_id, schema, held)


# Of lines of FollowTheMoney a row is one cell, the line.
ENTITIES = Layout(("entity",), 0, "")


def read_layout(path: Path) -> Layout:
    """Return the layout of a file of queries.

    Raises:
        SourceError: the file is missing, empty or of an unknown ending.
        UnexpectedLayout: it has no column of ids or none of names.
    """
    if not path.is_file():
        raise SourceError("no such file", where=str(path), remedy="Check the path.")
    if path.suffix not in ENDINGS:
        raise SourceError(f"unknown ending {path.suffix!r}", where=str(path), remedy=f"Use {', '.join(ENDINGS)}.")
    if not path.stat().st_size:
        raise SourceError("the file is empty", where=str(path), remedy="Give a header row and one row a party.")
    if path.suffix in (".json", ".jsonl"):
        return ENTITIES
    return _layout(_parquet_header(path) if path.suffix == ".parquet" else _csv_header(path), path)


def _layout(header: Sequence[str], path: Path) -> Layout:
    named = tuple(name.strip().lower() for name in header)
    ids = [name for name in _IDS if name in named]
    if not ids or "name" not in named:
        missing = "name" if ids else "person_id, company_id or id"
        raise UnexpectedLayout(
            f"no column {missing}; there are {', '.join(named)[:200]}",
            where=str(path),
            remedy="Name the columns as records of kind person or company, or id and name.",
        )
    return Layout(named, named.index(ids[0]), _IDS[ids[0]])


def read_rows(path: Path, layout: Layout) -> Iterator[Cells]:
    """Yield the rows of a file in their order.

    Raises:
        SourceError: a row that cannot be read; the rows before it have been given by then.
    """
    if layout is ENTITIES or layout == ENTITIES:
        yield from _lines(path)
    elif path.suffix == ".parquet":
        yield from _parquet_rows(path)
    else:
        yield from _csv_rows(path, len(layout.header))


def party_of_line(cells: Cells) -> Party:
    """Return the party of one line of FollowTheMoney, nested or not."""
    entity = json.loads(cells[0])
    held = {
        name: [text for text in values if isinstance(text, str)]
        for name, values in entity.get("properties", {}).items()
        if isinstance(values, list)
    }
    return party_of(str(entity.get("id", "")), str(entity.get("schema", "")), held)


def _lines(path: Path) -> Iterator[Cells]:
    text = _text_lines(path)
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
    except ValueError as error:
        raise SourceError(f"no JSON ({error})", where=str(path), remedy="Check that the file is whole.") from error
    for number, entity in enumerate(entities, 1):
        line = json.dumps(entity, ensure_ascii=False)
        _check_entity(line, path, number)
        yield (line,)


def _check_entity(line: str, path: Path, number: int) -> None:
    try:
        entity = json.loads(line)
    except ValueError as error:
        raise SourceError(
            f"line {number} is no JSON", where=str(path), remedy="Check that the file is whole, one entity a line."
        ) from error
    if not isinstance(entity, dict) or not isinstance(entity.get("properties"), dict):
        remedy = "Write FollowTheMoney entities with id, schema and properties."
        raise SourceError(f"line {number} is no entity", where=str(path), remedy=remedy)


def _chained(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _parquet_header(path: Path) -> list[str]:
    return [str(column[0]) for column in _parquet(path).description or ()]


def _parquet_rows(path: Path) -> Iterator[Cells]:
    answer = _parquet(path)
    while rows := answer.fetchmany(2000):
        yield from rows


def _parquet(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(":memory:", config={"threads": 1})
        return connection.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        raise SourceError("no Parquet file", where=str(path), remedy="Check that the file is whole.") from error


def _csv_header(path: Path) -> list[str]:
    return next(csv.reader(_text_lines(path), delimiter=_delimiter(path)), [])


def _csv_rows(path: Path, width: int) -> Iterator[Cells]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_text_lines(path), delimiter=_delimiter(path))
    next(reader, None)
    try:
        for row in reader:
            if len(row) > width:
                remedy = "Put quotes around cells that hold the delimiter."
                found = f"line {reader.line_num} has {len(row)} cells, the header {width}"
                raise SourceError(found, where=str(path), remedy=remedy)
            if any(row):
                yield row
    except csv.Error as error:
        remedy = "Check its quotes."
        raise SourceError(f"line {reader.line_num}: {error}", where=str(path), remedy=remedy) from error


def _delimiter(path: Path) -> str:
    head = next(_text_lines(path), "")
    return max(",;\t|", key=head.count)


def _text_lines(path: Path) -> Iterator[str]:
    """Lines of a file in UTF-8, or in what its byte-order mark says."""
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
        if encoding == "utf-16":
            with path.open(encoding=encoding, newline="") as text:
                yield from text
            return
        yield from _utf8_lines(file, path)


def _utf8_lines(file: BinaryIO, path: Path) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise SourceError(
                f"line {number} holds byte 0x{line[error.start]:02X}, which is not UTF-8",
                where=str(path),
                remedy="Save the file as UTF-8.",
            ) from error
