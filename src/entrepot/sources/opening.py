"""A file of any accepted kind becomes one DuckDB view of raw cells, with each record's number.

Text files are staged once as Parquet of text cells: the record number then costs nothing, and every later pass
reads columns, not lines. Parquet files are read where they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.lake import Engine, identifier, quoted
from entrepot.sources.archive import WORKBOOKS, Member, unpack
from entrepot.sources.columns import Matched, folded
from entrepot.sources.model import NUMBERS, Layout, Read
from entrepot.sources.text import Keep, Staged, stage_text
from entrepot.sources.workbook import cells_as_csv, sheet_as_csv, workbook_head

VIEW = "raw_cells"
DAMAGED = "raw_damaged"
_FEW = 100


@dataclass(frozen=True)
class Raw:
    """Cells of one snapshot as the publisher wrote them.

    Attributes:
        view: a view with the publisher's columns, source_row (first record = 1) and source_file.
        columns: the publisher's column -> SQL type.
        rows: records that could be split into cells.
        damaged: a table (source_file, source_row, value, reason) of records that could not, or empty.
        notes: what a user should know about the opening.
    """

    view: str
    columns: dict[str, str]
    rows: int
    damaged: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    label: str
    path: Path
    columns: dict[str, str]
    rows: int
    damaged: str = ""
    note: str = ""


def open_raw(path: Path, *, engine: Engine, layouts: Sequence[Layout], folder: Path, keep: Keep | None = None) -> Raw:
    """Return the cells of a file as a view of ``engine``.

    Args:
        layouts: how the file may look; they tell the delimiter and the header from other lines.
        folder: scratch folder of the stage.
        keep: which columns of a header are needed; None for all.

    Raises:
        SourceError: empty, header only, truncated, wrong encoding, a bomb.
        UnexpectedLayout: members of one archive that have different columns.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pattern = layouts[0].read.skip_members
    members = unpack(path, folder=folder / "unpacked")
    data = [one for one in members if not (pattern and re.search(pattern, one.label))]
    if not data:
        raise SourceError("no member of the archive holds data", where=path.name, remedy="Check the archive.")
    parts = [_open_member(member, n, engine, layouts, folder, keep) for n, member in enumerate(data)]
    return _union(parts, engine, where=path.name, left_out=len(members) - len(data))


def _open_member(
    member: Member, number: int, engine: Engine, layouts: Sequence[Layout], folder: Path, keep: Keep | None
) -> _Part:
    path, read, where = member.path, layouts[0].read, member.label
    if path.stat().st_size == 0:
        raise SourceError("the file is empty", where=where, remedy="Download it again.")
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PAR1") or path.suffix.lower() == ".parquet":
        return _parquet(path, engine, where)
    if path.suffix.lower() in WORKBOOKS or head.startswith(b"\xd0\xcf\x11\xe0"):
        target = folder / f"sheet{number}.csv"
        if read.cells:
            path, read = cells_as_csv(path, target=target, where=where), Read(delimiter=",")
        else:
            path = sheet_as_csv(path, target=target, sheet=read.sheet, where=where)
            read = read.model_copy(update={"delimiter": ",", "encodings": ["utf-8"]})
    elif read.cells:
        raise SourceError("this is not a workbook", where=where, remedy="Download the spreadsheet (.xlsx).")
    staged = stage_text(
        path,
        engine=engine,
        layouts=layouts,
        read=read,
        target=folder / f"raw{number}.parquet",
        where=where,
        keep=keep,
        numbers=_plain_numbers(layouts),
    )
    return _text_part(staged, where)


def _plain_numbers(layouts: Sequence[Layout]) -> frozenset[str]:
    plain = [one for one in layouts if one.read.decimal == "." and one.read.thousands is None]
    return frozenset(folded(name) for one in plain for field in NUMBERS for name in one.columns.get(field, []))


def _text_part(staged: Staged, where: str) -> _Part:
    if not staged.rows and staged.damaged:
        raise SourceError(
            "no record has as many cells as the header",
            where=where,
            remedy="Check the delimiter and the header; a mapping file can name both under [read].",
        )
    if not staged.rows:
        raise SourceError("a header and no records", where=where, remedy="Download it again.")
    note = "" if staged.encoding == "utf-8" else f"{where} was read as {staged.encoding}"
    return _Part(where, staged.path, dict.fromkeys(staged.columns, "VARCHAR"), staged.rows, staged.damaged, note)


def _parquet(path: Path, engine: Engine, where: str) -> _Part:
    try:
        described = engine.rows(f"DESCRIBE SELECT * FROM {scan(path)}")
        rows = engine.rows(f"SELECT count(*) FROM {scan(path)}")[0][0]
    except duckdb.Error as error:
        raise SourceError(
            f"the Parquet file is truncated or damaged ({_said(error)})",
            where=where,
            remedy="Download or write it again.",
        ) from error
    if not rows:
        raise SourceError("a header and no records", where=where, remedy="Write it again.")
    return _Part(where, path, {row[0]: row[1] for row in described}, rows)


def _said(error: duckdb.Error) -> str:
    # Without the name of the copy, which means nothing to the user.
    return str(error).splitlines()[0].partition("Error: ")[2].partition(" in file")[0].partition(" file '")[0]


def _union(parts: list[_Part], engine: Engine, *, where: str, left_out: int) -> Raw:
    first = parts[0]
    for part in parts[1:]:
        if set(part.columns) != set(first.columns):
            raise UnexpectedLayout(
                f"columns differ from those of {first.label}: {sorted(set(part.columns) ^ set(first.columns))[:4]}",
                where=part.label,
                remedy="Ingest the members one by one.",
            )
    selects, damaged, before = [], [], 0
    for part in parts:
        selects.append(_select(part, before, engine))
        if part.damaged:
            damaged.append(
                f"SELECT {quoted(part.label)} AS source_file, record + {before} AS source_row, text AS value, "
                f"reason FROM {part.damaged}"
            )
        before += part.rows + (engine.rows(f"SELECT count(*) FROM {part.damaged}")[0][0] if part.damaged else 0)
    engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {VIEW} AS {' UNION ALL BY NAME '.join(selects)}")
    if damaged:
        engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE {DAMAGED} AS {' UNION ALL '.join(damaged)}")
    notes = [part.note for part in parts if part.note]
    if left_out:
        notes.append(f"{where}: {left_out} members are no data and were left out")
    described = {row[0]: row[1] for row in engine.rows(f"DESCRIBE SELECT * FROM {VIEW}")}
    types = {name: described[name] for name in first.columns}
    return Raw(VIEW, types, sum(part.rows for part in parts), DAMAGED if damaged else "", tuple(notes))


def _select(part: _Part, before: int, engine: Engine) -> str:
    columns = ", ".join(identifier(name) for name in part.columns)
    number = "file_row_number + 1"
    source = scan(part.path, numbered=True)
    if part.damaged:
        # A damaged record takes no place in the staged file, yet it counts in the publisher's numbering.
        shifts = _shifts(part, engine)
        few = engine.rows(f"SELECT begins, shift FROM {shifts} ORDER BY begins DESC LIMIT {_FEW + 1}")
        if len(few) <= _FEW:
            # Spelled out, the rows stay in their order; a join may give them in another.
            cases = " ".join(f"WHEN file_row_number + 1 >= {begins} THEN {shift}" for begins, shift in few)
            number = f"file_row_number + 1 + CASE {cases} ELSE 0 END"
        else:
            source = f"{source} cells ASOF LEFT JOIN {shifts} ON cells.file_row_number + 1 >= begins"
            number = "file_row_number + 1 + coalesce(shift, 0)"
    return (
        f"SELECT {columns}, CAST({number} + {before} AS BIGINT) AS source_row, "
        f"{quoted(part.label)} AS source_file FROM {source}"
    )


def _shifts(part: _Part, engine: Engine) -> str:
    name = f"{part.damaged}_shifts"
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {name} AS
            SELECT begins, max(shift) AS shift FROM (
                SELECT record - row_number() OVER (ORDER BY record) + 1 AS begins,
                    row_number() OVER (ORDER BY record) AS shift FROM {part.damaged}) GROUP BY begins"""
    )
    return name


def materialise(engine: Engine, raw: Raw, sql: str, *, path: Path, columns: dict[str, str] | None = None) -> Raw:
    """Return the cells that a query makes of others, written once so that later passes do not run it again.

    The query keeps source_row and source_file. ``columns`` are the publisher's columns it makes, those of ``raw``
    by default.
    """
    done = engine.connection.execute(
        f"COPY ({sql}) TO {quoted(str(path))} (FORMAT parquet, COMPRESSION lz4_raw)"
    ).fetchone()
    rows = int(done[0]) if done else 0
    view = f"cells_{path.stem}"
    engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {scan(path)}")
    return replace(raw, view=view, rows=rows, columns=columns or raw.columns)


def scan(path: Path, *, numbered: bool = False) -> str:
    """Return SQL that reads one Parquet file by exact name, whatever characters its folder has."""
    # The engine expands *, ? and [ in names; a bracketed character stands for itself.
    literal = "".join(f"[{c}]" if c in "*?[" else c for c in str(path))
    return f"read_parquet({quoted(literal)}{', file_row_number = true' if numbered else ''})"


def prefer_filled(engine: Engine, raw: Raw, matched: Matched) -> Matched:
    """Return the match with columns that are empty throughout replaced by the next that may hold the field.

    Comtrade's preview leaves its ISO columns empty and fills only the numbers.
    """
    columns = dict(matched.columns)
    for name, others in matched.others.items():
        candidates = [columns[name], *others]
        columns[name] = next((c for c in candidates if _is_filled(engine, raw, c)), columns[name])
    return replace(matched, columns=columns)


def _is_filled(engine: Engine, raw: Raw, column: str) -> bool:
    if column not in raw.columns:
        return False
    cell = f"CAST({identifier(column)} AS VARCHAR)"
    return bool(engine.rows(f"SELECT 1 FROM {raw.view} WHERE {cell} IS NOT NULL AND trim({cell}) <> '' LIMIT 1"))


def extracted_date(path: Path, pattern: str) -> str | None:
    """Return the day on which a publisher says a file was extracted, from its first lines, as ISO 8601.

    ``pattern`` has groups y, m and d. None where the file does not say; faults are found when it is read.
    """
    try:
        found = re.search(pattern, workbook_head(path) if path.suffix.lower() in WORKBOOKS else _head(path))
    except (OSError, SourceError):
        return None
    return f"{found['y']}-{found['m']}-{found['d']}" if found else None


def _head(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(4096).decode("utf-8", errors="replace")
