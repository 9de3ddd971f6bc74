"""Tables of records in the engine: files read as text, every cell given its type, what has none told and counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from entrepot.codes import currencies, territories
from entrepot.errors import SourceError
from entrepot.redflags.kinds import SQL_TYPES, Kind, get_kind
from entrepot.redflags.language import MACROS

_ENDINGS = (".csv", ".tsv", ".txt", ".gz", ".parquet", ".json", ".jsonl")
# A file may be wrong throughout: its first faults say enough.
_SHOWN = 20
_SAMPLE = 65_536
_HAS_ID = re.compile(r'STRUCT\(.*(?<![\w"])"?id"? VARCHAR.*\)\[\]')


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell or a record that could not be used.

    Attributes:
        row: the record's number in its file, from 1.
        taken: what became of it.
    """

    kind: str
    file: str
    row: int
    column: str
    found: str
    taken: str

    def __str__(self) -> str:
        return f"{self.file}, record {self.row}, {self.column}: {self.found!r} {self.taken}"


@dataclass(slots=True)
class Reading:
    """What reading a file came to: records kept, those skipped, cells unusable, columns that nobody reads."""

    kind: str
    file: str
    records: int = 0
    skipped: int = 0
    unusable: int = 0
    ignored: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)


class RecordTables:
    """The tables of one check, each a relation ``r_<kind>`` with ``_row``, as they stood on a day.

    Records dated after ``as_of`` are left out, and what they say of later days counts as not yet known.
    """

    def __init__(self, *, as_of: str, memory_limit: str = "1500MB", threads: int | None = None) -> None:
        config: dict[str, Any] = {"memory_limit": memory_limit, "preserve_insertion_order": True}
        if threads:
            config["threads"] = threads
        self.connection = duckdb.connect(":memory:", config=config)
        self.as_of = as_of
        self.given: dict[str, frozenset[str]] = {}
        self.readings: list[Reading] = []
        for head, body in MACROS.items():
            self.connection.execute(f"CREATE MACRO {head} AS {body}")

    def close(self) -> None:
        self.connection.close()

    def read(self, kind_name: str, path: Path) -> Reading:
        """Take a file of records.

        Raises:
            SourceError: the file cannot be read, or has no column with the ids of its records.
        """
        return self.read_relation(get_kind(kind_name), plain_relation(path), path)

    def read_relation(self, kind: Kind, relation: str, path: Path) -> Reading:
        """Take a file of records that is a relation of text already."""
        try:
            header = [str(one[0]) for one in self.connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
            return self._take(kind, relation, header, path.name)
        except duckdb.Error as error:
            raise _unreadable(path, error) from error

    def add(self, kind_name: str, rows: Sequence[Mapping[str, Any]], *, columns: Iterable[str] = ()) -> Reading:
        """Take records as objects; a key that no record has is a column that the table lacks."""
        kind = get_kind(kind_name)
        names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE made (" + ", ".join(f'"{n}" VARCHAR' for n in names) + ")"
        )
        if rows:
            marks = ", ".join("?" for _ in names)
            cells = [[_text(row.get(name)) for name in names] for row in rows]
            self.connection.executemany(f"INSERT INTO made VALUES ({marks})", cells)
        return self._take(kind, "made", names, "records")

    def take(self, kind_name: str, sql: str) -> None:
        """Take a relation of the engine that has its types already, under ``r_<kind>``."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE r_{kind_name} AS {sql}")
        columns = self.connection.execute(f"DESCRIBE r_{kind_name}").fetchall()
        self.given[kind_name] = frozenset(str(column[0]) for column in columns)

    def count(self, kind_name: str) -> int:
        """Return how many records of a kind there are."""
        row = self.connection.execute(f"SELECT count(*) FROM r_{kind_name}").fetchone()
        return int(row[0]) if row else 0

    def _take(self, kind: Kind, relation: str, header: Sequence[str], file: str) -> Reading:
        if kind.id and kind.id not in header:
            near = ", ".join(header[:12])
            remedy = f"A mapping file (--mapping) can say which column it is; the file has {near}."
            raise SourceError(f"no column {kind.id!r}, which names a {kind.name}", where=file, remedy=remedy)
        named = [name for name in kind.columns if name in header]
        reading = Reading(
            kind.name, file, ignored=tuple(n for n in header if n not in kind.columns and n != "source_row")
        )
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE typed AS {_typed(kind, named, relation, self.as_of)}")
        self._note_faults(kind, reading)
        self._keep(kind, reading)
        self.given[kind.name] = frozenset(named)
        self.readings.append(reading)
        return reading

    def _note_faults(self, kind: Kind, reading: Reading) -> None:
        ask = self.connection.execute
        row = ask("SELECT count(*) FROM typed WHERE _faults IS NOT NULL").fetchone()
        reading.unusable = int(row[0]) if row else 0
        for number, text in ask(
            f"SELECT _row, _faults FROM typed WHERE _faults IS NOT NULL ORDER BY _row LIMIT {_SHOWN}"
        ).fetchall():
            column, _, found = str(text).partition("\x1f")
            found = found.split("\x1e")[0]
            taken = f"is no {kind.columns[column]} that can be used; taken as unknown"
            reading.faults.append(Fault(kind.name, reading.file, int(number), column, found[:80], taken))

    def _keep(self, kind: Kind, reading: Reading) -> None:
        """Keep one row a record that can be named and was known; number the rows that stay as they stood."""
        conditions = ["NOT _is_later"]
        if kind.id:
            ask = self.connection.execute
            nameless = ask(f'SELECT _row FROM typed WHERE "{kind.id}" IS NULL ORDER BY _row').fetchall()
            again = ask(
                f'SELECT _row, "{kind.id}" FROM typed WHERE "{kind.id}" IS NOT NULL QUALIFY row_number() OVER'
                f' (PARTITION BY "{kind.id}" ORDER BY _row) > 1 ORDER BY _row'
            ).fetchall()
            for (number,) in nameless[:_SHOWN]:
                reading.faults.append(Fault(kind.name, reading.file, int(number), kind.id, "", "no id; skipped"))
            for number, found in again[:_SHOWN]:
                taken = "came before; skipped"
                reading.faults.append(Fault(kind.name, reading.file, int(number), kind.id, str(found), taken))
            reading.skipped = len(nameless) + len(again)
            conditions.append(f'"{kind.id}" IS NOT NULL')
            if again:
                self.connection.execute("CREATE OR REPLACE TEMP TABLE again (_row BIGINT)")
                self.connection.executemany("INSERT INTO again VALUES (?)", [[number] for number, _ in again])
                conditions.append("_row NOT IN (SELECT _row FROM again)")
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE r_{kind.name} AS SELECT * EXCLUDE (_faults, _is_later) FROM typed"
            f" WHERE {' AND '.join(conditions)}"
        )
        self.connection.execute("DROP TABLE typed")
        reading.records = self.count(kind.name)


def _typed(kind: Kind, named: Sequence[str], relation: str, as_of: str) -> str:
    """SQL of a file's cells with their types; ``_faults`` names the first cells that have none."""
    cells, faults = ["_row"], []
    for name, type_ in kind.columns.items():
        if name not in named:
            cells.append(f'NULL::{SQL_TYPES[type_]} AS "{name}"')
            continue
        sql = _cell(f'raw."{name}"', type_)
        later = f"CASE WHEN {sql} <= {_end_of(as_of, type_)} THEN {sql} END"
        cells.append(f'{later if name in kind.events and type_ in ("date", "instant") else sql} AS "{name}"')
        if type_ not in ("text", "list"):
            faults.append(
                f'CASE WHEN raw."{name}" IS NOT NULL AND ({sql}) IS NULL THEN \'{name}\x1f\' || raw."{name}" END'
            )
    said = f"nullif(concat_ws('\x1e', {', '.join(faults)}), '')" if faults else "NULL::VARCHAR"
    dated = _cell(f'raw."{kind.dated}"', kind.columns[kind.dated]) if kind.dated in named and kind.dated else None
    later = f"coalesce({dated} > {_end_of(as_of, kind.columns[str(kind.dated)])}, false)" if dated else "false"
    trimmed = ", ".join(f'nullif(trim("{name}"), \'\') AS "{name}"' for name in named) or "1 AS _nothing"
    numbered = f"SELECT row_number() OVER () AS _row, {trimmed} FROM {relation}"
    return f"SELECT {', '.join(cells)}, {said} AS _faults, {later} AS _is_later FROM ({numbered}) raw"


def _end_of(day: str, type_: str) -> str:
    return f"TIMESTAMP '{day} 23:59:59.999999'" if type_ == "instant" else f"DATE '{day}'"


def _cell(raw: str, type_: str) -> str:
    if type_ == "date":
        return f"CASE WHEN regexp_full_match({raw}, '\\d{{4}}-\\d{{2}}-\\d{{2}}') THEN try_cast({raw} AS DATE) END"
    if type_ == "instant":
        return f"make_timestamp(epoch_us(try_cast({raw} AS TIMESTAMPTZ)))"
    if type_ == "number":
        number = f"try_cast(replace({raw}, ' ', '') AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    if type_ == "integer":
        return f"try_cast({raw} AS BIGINT)"
    if type_ == "boolean":
        return (
            f"CASE WHEN lower({raw}) IN ('true', 't', '1', 'yes', 'y') THEN true"
            f" WHEN lower({raw}) IN ('false', 'f', '0', 'no', 'n') THEN false END"
        )
    if type_ == "country":
        return f"CASE WHEN list_contains({_countries()}, upper({raw})) THEN upper({raw}) END"
    if type_ == "currency":
        return f"CASE WHEN list_contains({_currencies()}, upper({raw})) THEN upper({raw}) END"
    if type_ == "edtf":
        return f"CASE WHEN regexp_full_match({raw}, '\\d{{4}}(-\\d{{2}}(-\\d{{2}})?)?[?~%]?') THEN {raw} END"
    parts = f"list_filter(list_transform(string_split({raw}, ';'), lambda part: trim(part)), lambda part: part <> '')"
    if type_ == "countries":
        known = f"lambda part: list_contains({_countries()}, part)"
        codes = f"list_filter(list_transform({parts}, lambda part: upper(part)), {known})"
        return f"CASE WHEN len({codes}) = len({parts}) THEN {codes} END"
    return parts if type_ == "list" else raw


@cache
def _countries() -> str:
    return (
        "[" + ", ".join(f"'{one.code}'" for one in territories() if len(one.code) == 3 and not one.is_aggregate) + "]"
    )


@cache
def _currencies() -> str:
    return "[" + ", ".join(f"'{code}'" for code in currencies()) + "]"


def plain_relation(path: Path) -> str:
    """Return the SQL of a file's cells as text: CSV, Parquet or JSON.

    Raises:
        SourceError: no such file, an empty one, or an unknown ending.
    """
    if not path.is_file() or not path.stat().st_size:
        found = "this is a folder" if path.is_dir() else "the file is empty" if path.is_file() else "no such file"
        raise SourceError(found, where=str(path), remedy="Name a file of records.")
    if path.suffix not in _ENDINGS:
        raise SourceError(f"unknown ending {path.suffix!r}", where=str(path), remedy=f"Use {', '.join(_ENDINGS)}.")
    name = str(path).replace("'", "''")
    if path.suffix == ".parquet":
        return f"(SELECT COLUMNS(*)::VARCHAR FROM read_parquet('{name}'))"
    if path.suffix in (".json", ".jsonl"):
        return f"(SELECT {_json_cells(name)} FROM read_json('{name}'))"
    return csv_relation(path)


def _json_cells(name: str) -> str:
    """Columns of a JSON file as text: lists joined by ``;``, objects as JSON."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        types = connection.execute(f"DESCRIBE SELECT * FROM read_json('{name}')").fetchall()
    except duckdb.Error as error:
        raise _unreadable(Path(name), error) from error
    finally:
        connection.close()
    cells = []
    for column, type_, *_ in types:
        quoted = '"' + str(column).replace('"', '""') + '"'
        if type_ == "VARCHAR[]":
            cells.append(f"array_to_string({quoted}, ';') AS {quoted}")
        elif _HAS_ID.match(type_):
            # Objects that have an id, as the entities of a claim: the list is of their ids.
            cells.append(f"array_to_string(list_transform({quoted}, lambda one: one.id), ';') AS {quoted}")
        elif type_.startswith(("STRUCT", "MAP")) or type_.endswith("[]") or type_ == "JSON":
            cells.append(f"to_json({quoted})::VARCHAR AS {quoted}")
        else:
            cells.append(f"{quoted}::VARCHAR AS {quoted}")
    return ", ".join(cells)


def csv_relation(path: Path, *, delimiter: str | None = None, skip: int = 0) -> str:
    """Return the SQL of a CSV file's cells as text, with its header below ``skip`` lines."""
    name = str(path).replace("'", "''")
    mark = (delimiter or _delimiter(path, skip)).replace("'", "''")
    return (
        f"read_csv('{name}', all_varchar = true, header = true, delim = '{mark}', quote = '\"', escape = '\"',"
        f" skip = {skip}, strict_mode = true, auto_detect = true, sample_size = 1)"
    )


def _delimiter(path: Path, skip: int = 0) -> str:
    import gzip

    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        lines = file.read(_SAMPLE).split(b"\n")
    head = lines[min(skip, len(lines) - 1)].decode("utf-8", "replace")
    return max(",;\t|", key=head.count)


def _unreadable(path: Path, error: duckdb.Error) -> SourceError:
    first = str(error).splitlines()
    text = next((line for line in first if "Error when" in line or "Line:" in line or "utf" in line.lower()), first[0])
    remedy = "Save it as UTF-8 with one header row, and put quotes around cells that hold the delimiter."
    return SourceError(text.strip()[:300], where=str(path), remedy=remedy)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ";".join(str(one) for one in value)
    return str(value)
