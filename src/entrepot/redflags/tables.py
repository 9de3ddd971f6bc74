"""Tables of records in the engine: files read as text, every cell given its type, what has none told and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from entrepot.errors import SourceError
from entrepot.lake import SQL_TYPES, Kind, get_kind, typed_cell, unreadable
from entrepot.redflags.language import MACROS

# A file may be wrong throughout: its first faults say enough.
_SHOWN = 20


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

    def read_relation(self, kind: Kind, relation: str, path: Path) -> Reading:
        """Take a file of records that is a relation of text already."""
        try:
            header = [str(one[0]) for one in self.connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
            return self._take(kind, relation, header, path.name)
        except duckdb.Error as error:
            raise unreadable(path, error) from error

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
        sql = typed_cell(f'raw."{name}"', type_)
        later = f"CASE WHEN {sql} <= {_end_of(as_of, type_)} THEN {sql} END"
        cells.append(f'{later if name in kind.events and type_ in ("date", "instant") else sql} AS "{name}"')
        if type_ not in ("text", "list"):
            faults.append(
                f'CASE WHEN raw."{name}" IS NOT NULL AND ({sql}) IS NULL THEN \'{name}\x1f\' || raw."{name}" END'
            )
    said = f"nullif(concat_ws('\x1e', {', '.join(faults)}), '')" if faults else "NULL::VARCHAR"
    dated = typed_cell(f'raw."{kind.dated}"', kind.columns[kind.dated]) if kind.dated in named and kind.dated else None
    later = f"coalesce({dated} > {_end_of(as_of, kind.columns[str(kind.dated)])}, false)" if dated else "false"
    trimmed = ", ".join(f'nullif(trim("{name}"), \'\') AS "{name}"' for name in named) or "1 AS _nothing"
    numbered = f"SELECT row_number() OVER () AS _row, {trimmed} FROM {relation}"
    return f"SELECT {', '.join(cells)}, {said} AS _faults, {later} AS _is_later FROM ({numbered}) raw"


def _end_of(day: str, type_: str) -> str:
    return f"TIMESTAMP '{day} 23:59:59.999999'" if type_ == "instant" else f"DATE '{day}'"


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ";".join(str(one) for one in value)
    return str(value)
