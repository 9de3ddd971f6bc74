"""Few records checked at once: the check of `checking` as one statement, which an engine keeps for the next time.

A check of one record takes the engine a fifth of a second of planning and hardly any work. So the statement of a check
is prepared once for each kind, set of columns, day, policy and language, and run again with other records. The
engine holds no table: nothing of one check is there for the next.
"""

from __future__ import annotations

import atexit
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import duckdb

from entrepot.alerts.checking import CheckOptions, policy_of, told, work_out, world_of
from entrepot.alerts.writing import table_of
from entrepot.errors import ConfigError, EntrepotError
from entrepot.lake import Table, get_kind
from entrepot.ledger import Ledger
from entrepot.redflags import (
    Flags,
    Reading,
    Statement,
    add_macros,
    flags_for,
    header_of,
    json_of,
    note,
    reading_of,
    reading_sql,
    teach,
    unfit,
)

# Engines at once, one for each check that runs: more would only take memory.
_ENGINES = 2
# Statements that one engine keeps, the latest used, and what they may hold of its memory: 1 to 40 MB each.
_KEPT = 48
_HELD_BYTES = 80_000_000
# Conditions are read by one parser for all.
_WRITING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Few:
    """What a check of a few records came to.

    Attributes:
        table: one row a record and flag, as `answer_table` returns it.
        readings: what reading the records of each kind came to.
    """

    table: Table
    readings: tuple[Reading, ...]


def check_few(
    kind: str,
    records: Mapping[str, Sequence[Mapping[str, Any]]],
    flags: Flags,
    ledger: Ledger,
    options: CheckOptions,
) -> Few:
    """Return the outcome of every flag for a few records of one kind; the second time in milliseconds.

    Args:
        kind: whose records are checked.
        records: by kind, those that belong to them among them; a kind without records counts as given and empty, with
            all its columns.
        flags: the same object from check to check, so that its statements are found again.

    Raises:
        NotFound: no such kind.
        SourceError: records without the column that names them.
        ConfigError: no records of the kind asked for; a flag that does not fit; a policy that stops on what is no law.
    """
    get_kind(kind)
    if kind not in records:
        raise ConfigError(f"no records of kind {kind}", remedy="Give some.")
    with _engines(ledger).taken() as engine:
        return engine.check(kind, records, flags, options)


class _Engine:
    """One connection with the statements that it has prepared."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "200MB"})
        add_macros(self._connection)
        teach(self._connection, world_of(ledger))
        # By what the statement was written from: its name, and what must stay alive while its id is part of the key.
        self._prepared: OrderedDict[tuple[Any, ...], tuple[str, object]] = OrderedDict()
        self._count = 0
        atexit.register(self._connection.close)

    def check(
        self, kind: str, records: Mapping[str, Sequence[Mapping[str, Any]]], flags: Flags, options: CheckOptions
    ) -> Few:
        readings, given, arrays = [], {}, []
        for name, rows in records.items():
            reading, array, given[name] = self._read(name, rows, options.as_of)
            readings.append(reading)
            arrays.append(array)
        said = (options.as_of, options.language, options.withheld, repr(options.thresholds))
        key = (kind, tuple(given.items()), said, id(flags), id(options.policy))
        try:
            prepared = self._named(key)
            if prepared is None:
                _, sql = self._written(kind, given, flags, options)
                prepared = self._prepare(key, sql, keep=(flags, options.policy))
            self._run(prepared, arrays)
            table = table_of(self._connection)
        except duckdb.Error as error:
            raise self._blamed(error, arrays, self._written(kind, given, flags, options)[0]) from error
        return Few(table, tuple(readings))

    def _read(self, name: str, rows: Sequence[Mapping[str, Any]], as_of: str) -> tuple[Reading, str, frozenset[str]]:
        kind = get_kind(name)
        reading, named = reading_of(kind, header_of(rows) if rows else list(kind.columns), "records")
        key = ("reading", name, tuple(named), as_of)
        prepared = self._named(key) or self._prepare(key, reading_sql(kind, named, as_of=as_of))
        self._run(prepared, [json_of(kind, rows)])
        found = self._connection.fetchall()
        faulty = [(row, faults) for row, _, faults, _, _ in found if faults is not None]
        reading.unusable = len(faulty)
        skipped = [(row, record, why) for row, record, _, why, _ in found if why and why != "later"]
        note(kind, reading, faulty, skipped)
        kept = [json for *_, json in found if json is not None]
        reading.records = len(kept)
        return reading, f"[{','.join(kept)}]", frozenset(named)

    def _written(
        self, kind: str, given: Mapping[str, frozenset[str]], flags: Flags, options: CheckOptions
    ) -> tuple[Statement, str]:
        with _WRITING:
            policy, chosen = policy_of(flags, self._ledger, options), flags_for(flags.flags, kind)
            statement = Statement(given, as_of=options.as_of)
            work_out(statement, kind, chosen, policy, self._ledger, options)
            return statement, statement.over(told(statement, kind, chosen, policy, options))

    def _blamed(self, error: duckdb.Error, arrays: Sequence[str], statement: Statement) -> EntrepotError | duckdb.Error:
        """Return the error with the flag whose part of the statement fails alone."""
        for flag, part in statement.parts.items():
            try:
                self._connection.execute(f"PREPARE alone AS {statement.over(part)}")
                self._run("alone", arrays)
            except duckdb.Error as own:
                return unfit(flag, own)
        return error

    def _named(self, key: tuple[Any, ...]) -> str | None:
        if key not in self._prepared:
            return None
        self._prepared.move_to_end(key)
        return self._prepared[key][0]

    def _prepare(self, key: tuple[Any, ...], sql: str, keep: object = None) -> str:
        while self._prepared and (len(self._prepared) >= _KEPT or self._held() > _HELD_BYTES):
            _, (oldest, _) = self._prepared.popitem(last=False)
            self._connection.execute(f"DEALLOCATE {oldest}")
        name = f"s{self._count}"
        self._count += 1
        self._connection.execute(f"PREPARE {name} AS {sql}")
        self._prepared[key] = (name, keep)
        return name

    def _held(self) -> int:
        """Bytes that the plans keep of what they worked on last."""
        (found,) = self._connection.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchall()
        return int(found[0] or 0)

    def _run(self, name: str, arrays: Sequence[str]) -> None:
        texts = ", ".join("'" + array.replace("'", "''") + "'" for array in arrays)
        self._connection.execute(f"EXECUTE {name}({texts})")


class _Engines:
    """The engines of a ledger; the one that was used last is the warmest, and taken first."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._turns = threading.BoundedSemaphore(_ENGINES)
        self._free: list[_Engine] = []

    @contextmanager
    def taken(self) -> Iterator[_Engine]:
        with self._turns:
            engine = self._free.pop() if self._free else _Engine(self._ledger)
            try:
                yield engine
            finally:
                self._free.append(engine)


@lru_cache(maxsize=4)
def _engines(ledger: Ledger) -> _Engines:
    return _Engines(ledger)
