"""Tables of records in the engine: files read as text, every cell given its type, what has none told and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from entrepot.errors import ConfigError
from entrepot.lake import SQL_TYPES, Kind, get_kind, plain_relation, unreadable
from entrepot.redflags.cells import header_of, json_of, marked, text_rows, typed
from entrepot.redflags.language import add_macros
from entrepot.redflags.reading import SHOWN, Reading, note, reading_of
from entrepot.redflags.world import World, teach


class RecordTables:
    """The tables of one check, each a relation ``r_<kind>`` with ``_row``, as they stood on a day.

    Records dated after ``as_of`` are left out, and what they say of later days counts as not yet known.
    """

    def __init__(self, *, as_of: str, memory_limit: str = "1500MB", threads: int | None = None) -> None:
        config: dict[str, Any] = {"memory_limit": memory_limit, "preserve_insertion_order": True}
        if threads:
            config["threads"] = threads
        self.connection = duckdb.connect(":memory:", config=config)
        self._world: World | None = None
        self.as_of = as_of
        self.given: dict[str, frozenset[str]] = {}
        self.readings: list[Reading] = []
        self.spaced: dict[str, frozenset[str]] = {}
        self.is_few = False
        add_macros(self.connection)

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
            raise unreadable(path, error) from error

    def add(self, kind_name: str, rows: Sequence[Mapping[str, Any]], *, columns: Iterable[str] = ()) -> Reading:
        """Take records as objects; a key that no record has is a column that the table lacks."""
        kind = get_kind(kind_name)
        header = header_of(rows, columns)
        named = [name for name in kind.columns if name in header]
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE made AS {text_rows(named, '$1')}", [json_of(kind, rows)])
        return self._take(kind, "made", header, "records")

    def take(self, kind_name: str, sql: str, columns: Iterable[str] = ()) -> None:
        """Take a relation that has its types already, under ``r_<kind>``.

        Args:
            columns: those that it has; the engine is asked where none is named, and what it lacks is unknown.
        """
        table = f"r_{kind_name}"
        self.make(table, sql)
        if not columns:
            columns = [str(one[0]) for one in self.connection.execute(f"DESCRIBE {table}").fetchall()]
        self.given[kind_name] = frozenset(columns)
        for name, type_ in get_kind(kind_name).columns.items():
            if name not in self.given[kind_name]:
                self.connection.execute(f'ALTER TABLE {table} ADD COLUMN "{name}" {SQL_TYPES[type_]}')

    def make(self, name: str, sql: str) -> None:
        """Make a relation, which later ones name."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def rename(self, kind_name: str, columns: Sequence[str], names: str) -> None:
        """Give values of columns other names.

        Args:
            names: SQL of pairs ``old_name``, ``new_name``; each old one once.
        """
        for name in columns:
            self.connection.execute(
                f'UPDATE r_{kind_name} SET "{name}" = new_name FROM ({names}) WHERE "{name}" = old_name'
            )

    def space(self, kind_name: str, columns: Sequence[str]) -> None:
        """Leave texts as they are: of many records, building a pattern takes no time."""

    def gather(self, name: str, columns: Mapping[str, str], parts: Mapping[str, str]) -> None:
        """Make a relation of the rows of many, one after the other: each needs memory of its own.

        Args:
            parts: SQL by the name of the flag that it works out.

        Raises:
            ConfigError: a part does not fit its tables; names the flag.
        """
        typed_columns = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({typed_columns})")
        for flag, part in parts.items():
            try:
                self.connection.execute(f"INSERT INTO {name} {part}")
            except duckdb.Error as error:
                raise unfit(flag, error) from error

    def know(self, world: World) -> None:
        """Let flags ask a world: the first that is named, for good."""
        if self._world is None:
            teach(self.connection, world)
            self._world = world

    def count(self, kind_name: str) -> int:
        """Return how many records of a kind there are."""
        (found,) = self.connection.execute(f"SELECT count(*) FROM r_{kind_name}").fetchall()
        return int(found[0])

    def _take(self, kind: Kind, relation: str, header: Sequence[str], file: str) -> Reading:
        reading, named = reading_of(kind, header, file)
        ask = self.connection.execute
        self.make("typed", typed(kind, named, relation, self.as_of))
        row = ask("SELECT count(*) FROM typed WHERE _faults IS NOT NULL").fetchone()
        reading.unusable = int(row[0]) if row else 0
        faulty = f"SELECT _row, _faults FROM typed WHERE _faults IS NOT NULL ORDER BY _row LIMIT {SHOWN}"
        key = f'"{kind.id}"' if kind.id else "NULL"
        skipped = f"SELECT _row, {key}, _skip FROM ({marked(kind, 'typed')}) WHERE _skip <> 'later' ORDER BY _row"
        note(kind, reading, ask(faulty).fetchall(), left_out := ask(skipped).fetchall())
        kept = "NOT _is_later"
        if left_out:
            numbers = [number for number, *_ in left_out]
            ask("CREATE OR REPLACE TEMP TABLE left_out AS SELECT unnest($1::BIGINT[]) AS _row", [numbers])
            kept += " AND _row NOT IN (SELECT _row FROM left_out)"
        # One row a record that can be named and was known; the rows that stay keep their numbers.
        self.make(f"r_{kind.name}", f"SELECT * EXCLUDE (_faults, _is_later) FROM typed WHERE {kept}")
        ask("DROP TABLE typed")
        reading.records = self.count(kind.name)
        self.given[kind.name] = frozenset(named)
        self.readings.append(reading)
        return reading


def unfit(flag: str, error: duckdb.Error) -> ConfigError:
    """Return the error of a flag whose SQL does not fit its tables."""
    return ConfigError(str(error).splitlines()[0], where=f"flag {flag}", remedy="Mend the flag's file.")
