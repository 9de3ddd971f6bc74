"""Text files: find the header and the delimiter, then stage the cells as Parquet in one pass.

What cannot be split into the header's number of cells is kept as a damaged record, not dropped in silence.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from entrepot.errors import SourceError
from entrepot.lake import Engine, identifier, quoted
from entrepot.sources.columns import folded, score
from entrepot.sources.encoding import marked_encoding, transcode, with_even_line_ends, wrong_encoding
from entrepot.sources.model import Layout, Read

DELIMITERS = (",", ";", "\t", "|")
HEAD = 1 << 20
LONGEST_LINE = 16 << 20

Keep = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True)
class Staged:
    """Cells of one text file, staged as Parquet in the order of its records.

    ``damaged`` names a table (record, text, reason) of records that could not be split, or is empty.
    """

    path: Path
    columns: dict[str, str]
    rows: int
    damaged: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True)
class _Shape:
    header: tuple[str, ...]
    delimiter: str
    skip: int


class _NotUtf8(Exception):
    pass


class _MixedLineEnds(Exception):
    pass


def stage_text(
    path: Path,
    *,
    engine: Engine,
    layouts: Sequence[Layout],
    read: Read,
    target: Path,
    where: str,
    keep: Keep | None = None,
    numbers: frozenset[str] = frozenset(),
) -> Staged:
    """Return a text file's cells, staged at ``target``.

    ``numbers`` are column names (folded) to read as DOUBLE where all their cells are plain numbers.

    Raises:
        SourceError: no records, a quote that never closes, or bytes in none of the encodings declared.
        UnexpectedLayout: two columns of one name.
    """
    mark = marked_encoding(path)
    for encoding in [mark] if mark else read.encodings:
        utf8 = path
        if encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "utf-8-sig", "ascii"):
            utf8 = transcode(path, encoding=encoding, folder=target.parent, where=where)
        shape = _shape(utf8, layouts, read, where)
        try:
            try:
                staged = _stage(utf8, shape, engine, target, where, keep, numbers)
            except _MixedLineEnds:
                even = with_even_line_ends(utf8, folder=target.parent)
                staged = _stage(even, shape, engine, target, where, keep, numbers)
        except _NotUtf8:
            continue
        except _MixedLineEnds as error:
            raise _unreadable("its lines follow no rule of CSV", where) from error
        return Staged(target, staged[0], staged[1], staged[2], encoding)
    raise wrong_encoding(path, where=where)


def _shape(path: Path, layouts: Sequence[Layout], read: Read, where: str) -> _Shape:
    with path.open("rb") as file:
        head = file.read(HEAD)
    text = head.decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] in ("<", "{", "["):
        kind = "a web page" if text.lstrip()[0] == "<" else "JSON"
        raise SourceError(f"this is {kind}, not a table", where=where, remedy="Download the file itself, as CSV.")
    tried = [_split_header(text, mark, read) for mark in ([read.delimiter] if read.delimiter else DELIMITERS)]
    header, delimiter, skip = max(tried, key=lambda one: (score(one[0], layouts), len(one[0])))
    if not header:
        raise SourceError("no header line", where=where, remedy="Download it again.")
    return _Shape(tuple(header), delimiter, skip)


def _split_header(text: str, delimiter: str, read: Read) -> tuple[list[str], str, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    skip = 0
    try:
        for skip, cells in enumerate(reader, start=1):
            if skip > read.lines_before_header and any(cell.strip() for cell in cells):
                return _named([cell.strip() for cell in cells]), delimiter, skip
    except csv.Error:
        pass
    return [], delimiter, skip


def _named(cells: list[str]) -> list[str]:
    return [cell or f"column{number}" for number, cell in enumerate(cells, start=1)]


def _stage(
    path: Path,
    shape: _Shape,
    engine: Engine,
    target: Path,
    where: str,
    keep: Keep | None,
    numbers: frozenset[str],
) -> tuple[dict[str, str], int, str]:
    kept = tuple(keep(shape.header) if keep else shape.header)
    types = {name: "DOUBLE" if folded(name) in numbers else "VARCHAR" for name in kept}
    plain = dict.fromkeys(kept, "VARCHAR")
    # The record's number is its place in the staged file, so this one pass keeps the order.
    with engine.in_order():
        # Most files hold plain numbers: parsed while the lines are split, they need no second look.
        for tried in (types, plain) if types != plain else (plain,):
            try:
                return tried, _copy(path, shape, engine, target, tried, ""), ""
            except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
                if "unicode" in str(error):
                    raise _NotUtf8 from error
                if "invalid state" in str(error):
                    raise _MixedLineEnds from error
        return _stage_damaged(path, shape, engine, target, plain, where)


def _stage_damaged(
    path: Path, shape: _Shape, engine: Engine, target: Path, kept: dict[str, str], where: str
) -> tuple[dict[str, str], int, str]:
    name = f"damaged_{target.stem}"
    rejects = (
        f", store_rejects = true, rejects_table = '{name}_errors', rejects_scan = '{name}_scan', rejects_limit = 0"
    )
    engine.connection.execute(f"DROP TABLE IF EXISTS {name}_errors; DROP TABLE IF EXISTS {name}_scan")
    try:
        rows = _copy(path, shape, engine, target, kept, rejects)
    except duckdb.InvalidInputException as error:
        raise _unreadable(str(error), where) from error
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {name} AS
            SELECT CAST(line AS BIGINT) - {shape.skip} AS record, any_value(csv_line)[:200] AS text,
                any_value(error_message) AS reason, any_value(error_type::VARCHAR) AS kind
            FROM {name}_errors GROUP BY line"""
    )
    kinds = dict(engine.rows(f"SELECT kind, min(record) FROM {name} GROUP BY kind"))
    if "INVALID ENCODING" in kinds:
        raise _NotUtf8
    for kind, record in kinds.items():
        if kind not in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
            reason = engine.rows(f"SELECT reason FROM {name} WHERE record = {record}")[0][0]
            raise _unreadable(f"record {record}: {reason}", where)
    return kept, rows, name if kinds else ""


def _copy(path: Path, shape: _Shape, engine: Engine, target: Path, kept: dict[str, str], more: str) -> int:
    columns = ", ".join(f"{quoted(name)}: '{kept.get(name, 'VARCHAR')}'" for name in shape.header)
    select = ", ".join(identifier(name) for name in kept)
    scan = f"""read_csv({quoted(_literal(path))}, auto_detect = false, header = false, skip = {shape.skip},
        columns = {{{columns}}}, delim = {quoted(shape.delimiter)}, quote = '"', escape = '"',
        max_line_size = {LONGEST_LINE}{more})"""
    done = engine.connection.execute(
        f"COPY (SELECT {select} FROM {scan}) TO {quoted(str(target))} (FORMAT parquet, COMPRESSION lz4_raw)"
    ).fetchone()
    return int(done[0]) if done else 0


def _literal(path: Path) -> str:
    # The engine expands *, ? and [ in names; a bracketed character stands for itself.
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


def _unreadable(text: str, where: str) -> SourceError:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = next((line for line in lines if "quote" in line and "Set By" not in line), lines[0])
    found = found.removeprefix("Invalid Input Error: ")
    return SourceError(
        f"the lines cannot be split into cells ({found[:160]})",
        where=where,
        remedy="Check its quotes and the delimiter; a mapping file can name one, [read] delimiter.",
    )
