"""Cells: a table in a user's file (CSV, TSV, Parquet), row by row, whatever its columns are called."""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

import duckdb

from entrepot.errors import SourceError

TABLES = (".csv", ".tsv", ".txt", ".parquet")
# A cell may hold a pasted page, not a library.
_LONGEST_CELL = 1 << 24
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLOCK = 2000


def refuse_file(path: Path, endings: Sequence[str] = TABLES) -> None:
    """Refuse what is no file of rows; a text may be in .gz.

    Raises:
        SourceError: the file is missing, a folder, empty or of an unknown ending.
    """
    if path.is_dir():
        raise SourceError("this is a folder", where=str(path), remedy="Name a file.")
    if not path.is_file():
        raise SourceError("no such file", where=str(path), remedy="Check the path.")
    if path.with_suffix("").suffix + ".gz" != "".join(path.suffixes[-2:]) and path.suffix not in endings:
        raise SourceError(f"unknown ending {path.suffix!r}", where=str(path), remedy=f"Use {', '.join(endings)}.")
    if not path.stat().st_size:
        raise SourceError("the file is empty", where=str(path), remedy="Give a header row and one row a record.")


def read_header(path: Path) -> tuple[str, ...]:
    """Return the names of a table's columns, as the file has them.

    Raises:
        SourceError: as :func:`refuse_file`, or the file cannot be read.
    """
    refuse_file(path)
    if path.suffix == ".parquet":
        return tuple(str(column[0]) for column in _parquet(path).description or ())
    return tuple(next(csv.reader(text_lines(path), delimiter=_delimiter(path)), []))


def read_cells(path: Path) -> Iterator[Sequence[Any]]:
    """Yield the rows of a table as text, in their order, each as long as the header; empty lines are left out.

    Raises:
        SourceError: a row that cannot be read; the rows before it have been given by then.
    """
    if path.suffix == ".parquet":
        answer = _parquet(path)
        while rows := answer.fetchmany(_BLOCK):
            yield from rows
        return
    csv.field_size_limit(_LONGEST_CELL)
    # Strict: a quote that is never closed would take all rows below it into one cell.
    reader = csv.reader(text_lines(path), delimiter=_delimiter(path), strict=True)
    begun = 1
    try:
        width = len(next(reader, []))
        begun = reader.line_num + 1
        for row in reader:
            if len(row) > width:
                remedy = "Put quotes around cells that hold the delimiter."
                found = f"line {reader.line_num} has {len(row)} cells, the header {width}"
                raise SourceError(found, where=str(path), remedy=remedy)
            begun = reader.line_num + 1
            if row:
                yield row if len(row) == width else [*row, *[""] * (width - len(row))]
    except csv.Error as error:
        remedy = "Check its quotes: one that is opened must be closed, and one inside a cell is written twice."
        raise SourceError(f"the record that begins in line {begun}: {error}", where=str(path), remedy=remedy) from error


def text_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file in UTF-8, or in what its byte-order mark says.

    Raises:
        SourceError: a line is in another encoding, or the .gz is damaged.
    """
    try:
        with _opened(path) as file:
            head = file.read(4)
            file.seek(0)
            encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
            yield from codecs.getreader(encoding)(file) if encoding == "utf-16" else _utf8_lines(file, path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        remedy = "Copy it anew."
        raise SourceError("the compressed file is cut short or damaged", where=str(path), remedy=remedy) from error


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


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


def _delimiter(path: Path) -> str:
    head = next(text_lines(path), "")
    return max(",;\t|", key=head.count)


def _parquet(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(":memory:", config={"threads": 1})
        return connection.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        raise SourceError("no Parquet file", where=str(path), remedy="Check that the file is whole.") from error
