"""Flags over tables: for every record and flag one outcome, with what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from entrepot.errors import ConfigError
from entrepot.redflags.flag import Call, Flag, Measure
from entrepot.redflags.functions import get_function
from entrepot.redflags.kinds import get_kind
from entrepot.redflags.steps import Answers, Compiled, answer_table, compile_flag
from entrepot.redflags.tables import RecordTables

# The table that outcomes are collected in: one row per record and flag.
OUTCOMES = "outcomes"
_RANK = "CASE outcome WHEN 'fired' THEN 0 WHEN 'missing_fields' THEN 1 WHEN 'clear' THEN 2 ELSE 3 END"
_COLUMNS = (
    "_row BIGINT, record_id VARCHAR, flag SMALLINT, outcome VARCHAR, evidence VARCHAR, missing VARCHAR, regime VARCHAR"
)


@dataclass(frozen=True, slots=True)
class World:
    """What flags ask of the ledger and of lists of goods.

    Attributes:
        standing: (measure id, day) -> status on that day as known, None where there is no such measure.
        fact: (measure id, fact, day) -> its value, None where unknown.
        codes: name of a product list, or id of a measure -> codes of goods, None where unknown.
    """

    standing: Callable[[str, str], str | None]
    fact: Callable[[str, str, str], Any]
    codes: Callable[[str], Sequence[str] | None]


@dataclass(slots=True)
class Run:
    """One check: the tables, the flags in their order, and what they read that nobody gave."""

    tables: RecordTables
    flags: Sequence[Flag]
    world: World
    thresholds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def outcomes(self, kind: str) -> None:
        """Fill the table ``outcomes`` for the records of a kind.

        Raises:
            ConfigError: a flag's SQL does not fit its tables; names the flag.
        """
        connection = self.tables.connection
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {OUTCOMES} ({_COLUMNS})")
        for place, flag in enumerate(self.flags):
            if flag.kind != kind and kind not in flag.also:
                continue
            try:
                connection.execute(f"INSERT INTO {OUTCOMES} {self._of(flag, place, kind)}")
            except duckdb.Error as error:
                first = str(error).splitlines()[0]
                raise ConfigError(first, where=f"flag {flag.id}", remedy="Mend the flag's file.") from error
        self._fold()

    def _fold(self) -> None:
        """Of a flag in several files a record has one row: what fired, else what is lacking, else what is clear."""
        places = {flag.id: place for place, flag in enumerate(self.flags)}
        for place, flag in enumerate(self.flags):
            whole = places.get(flag.part_of) if flag.part_of else None
            if whole is None:
                continue
            self.tables.connection.execute(
                f"DELETE FROM {OUTCOMES} USING (SELECT _row, {_RANK} AS rank, flag AS other FROM {OUTCOMES}"
                f" WHERE flag IN ({whole}, {place})) o WHERE {OUTCOMES}._row = o._row"
                f" AND {OUTCOMES}.flag IN ({whole}, {place}) AND {OUTCOMES}.flag <> o.other"
                f" AND (o.rank < {_RANK} OR (o.rank = {_RANK} AND o.rank > 0 AND {OUTCOMES}.flag = {place}))"
            )

    def compiled(self, flag: Flag) -> Compiled:
        """Return a flag's SQL, with everything answered that it asks of others."""
        compiled = compile_flag(
            flag,
            tables=self.tables.given,
            codes=self.world.codes,
            as_of=self.tables.as_of,
            thresholds=self.thresholds.get(flag.id),
        )
        for answers in compiled.answers:
            self._answer(flag, answers)
        return compiled

    def _of(self, flag: Flag, place: int, kind: str) -> str:
        if flag.kind not in self.tables.given:
            return _untested(kind, place, flag.kind)
        link = None if flag.kind == kind else flag.also[kind]
        own = outcome_sql(flag, self.compiled(flag), place, link)
        return own if link is None else _of_other(own, kind, place)

    def _answer(self, flag: Flag, answers: Answers) -> None:
        connection = self.tables.connection
        table = answer_table("", flag.id, answers.name)
        if answers.held:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {answers.held[0]} AS {answers.held[1]}")
        types = connection.execute(f"DESCRIBE {answers.keys}").fetchall()
        keys = connection.execute(answers.keys).fetchall()
        values = self._values(answers.step, keys)
        result = "VARCHAR" if isinstance(answers.step, Measure) else get_function(answers.step.call).returns
        if isinstance(answers.step, Measure) and answers.step.fact:
            result = "DOUBLE" if all(isinstance(v, int | float) for v in values if v is not None) else "VARCHAR"
        columns = ", ".join(f"{name} {type_}" for name, type_, *_ in types)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns}, v {result})")
        if keys:
            marks = ", ".join("?" for _ in range(len(types) + 1))
            rows = [[*key, value] for key, value in zip(keys, values, strict=True)]
            for start in range(0, len(rows), 500):
                block = rows[start : start + 500]
                groups = ", ".join(f"({marks})" for _ in block)
                connection.execute(f"INSERT INTO {table} VALUES {groups}", [cell for row in block for cell in row])

    def _values(self, step: Measure | Call, keys: Sequence[tuple[Any, ...]]) -> list[Any]:
        if isinstance(step, Call):
            function = get_function(step.call)
            return [function.answer(*key) for key in keys]
        days = [None if day is None else day.isoformat() for (day,) in keys]
        if step.fact:
            fact = step.fact
            return [None if day is None else self.world.fact(step.measure, fact, day) for day in days]
        return [None if day is None else self.world.standing(step.measure, day) for day in days]


def outcome_sql(flag: Flag, compiled: Compiled, place: int, link: str | None = None) -> str:
    """Return the SQL of a flag's outcomes over its own kind, with the ids that ``link`` leads to where it is given."""
    kind = get_kind(flag.kind)
    applies, condition = f"({compiled.inlined(flag.applies)})", f"({compiled.inlined(flag.condition)})"
    forced = f"WHEN {bool(compiled.missing_columns)} THEN 'missing_fields' "
    outcome = (
        f"CASE WHEN {applies} IS FALSE THEN 'not_applicable' {forced}"
        f"WHEN {applies} IS NULL OR {condition} IS NULL THEN 'missing_fields'"
        f" WHEN {condition} THEN 'fired' ELSE 'clear' END"
    )
    lacking = sorted(compiled.missing_tables | {f"{flag.kind}.{name}" for name in compiled.missing_columns})
    named = [f"'{one}'" for one in lacking]
    gone = {name.split(".")[0] for name in compiled.missing_tables}
    for name, test in compiled.gaps.items():
        if name.split(".")[0] not in gone:
            named.append(f"CASE WHEN {test} THEN '{name}' END")
    missing = f"concat_ws(';', {', '.join(named)})" if named else "''"
    if compiled.reads:
        empty = ", ".join(f"CASE WHEN \"{name}\" IS NULL THEN '{name}' END" for name in compiled.reads)
        missing = f"coalesce(nullif({missing}, ''), concat_ws(';', {empty}))"
    shown = ", ".join(f"'{name}=' || {_shown(compiled.inlined(text))}" for name, text in flag.evidence.items())
    evidence = f"concat_ws('; ', {shown})" if shown else "NULL"
    record = f'"{kind.id}"' if kind.id else "_row::VARCHAR"
    regime = _regime(flag)
    linked = f", list_distinct(flatten([{_as_list(link)}])) AS _link" if link else ""
    return (
        f"SELECT _row, {record} AS record_id, {place} AS flag, _outcome AS outcome,"
        " CASE WHEN _outcome IN ('fired', 'clear') THEN _evidence END AS evidence,"
        " CASE WHEN _outcome = 'missing_fields' THEN _missing END AS missing,"
        f" CASE WHEN _outcome = 'fired' THEN {regime} END AS regime{linked}"
        f" FROM (SELECT *, {outcome} AS _outcome, {evidence} AS _evidence, {missing} AS _missing"
        f" FROM ({compiled.relation}))"
    )


def _regime(flag: Flag) -> str:
    """Whose law a fired record breaks: of nobody where a measure that the flag reads is not in force on its day."""
    if flag.regime:
        return f"({flag.regime})::VARCHAR"
    read = [
        f"\"{name}\" = 'in_force'" for name, step in flag.let.items() if isinstance(step, Measure) and not step.fact
    ]
    return f"CASE WHEN {' AND '.join(read or ['true'])} THEN nullif('{';'.join(flag.regimes)}', '') END"


def _shown(text: str) -> str:
    return f"({text})::VARCHAR"


def _untested(kind: str, place: int, absent: str) -> str:
    key = get_kind(kind).id
    record = f'"{key}"' if key else "_row::VARCHAR"
    return f"SELECT _row, {record}, {place}, 'missing_fields', NULL, '{absent}', NULL FROM r_{kind}"


def _as_list(link: str) -> str:
    return link if link.lstrip().startswith("[") else f"[{link}]"


def _of_other(own: str, kind: str, place: int) -> str:
    """A flag of one kind told of the records of another: the gravest of what is theirs."""
    key = get_kind(kind).id
    gravest = (
        f"SELECT other, min({_RANK}) AS rank,"
        " string_agg(record_id || ': ' || coalesce(evidence, ''), ' | ' ORDER BY _row) FILTER (WHERE outcome = 'fired')"
        " AS evidence, min(missing) FILTER (WHERE outcome = 'missing_fields') AS missing, min(regime) AS regime"
        f" FROM (SELECT *, unnest(_link)::VARCHAR AS other FROM ({own})) WHERE other IS NOT NULL GROUP BY other"
    )
    return (
        f'SELECT r._row, r."{key}", {place},'
        " CASE g.rank WHEN 0 THEN 'fired' WHEN 1 THEN 'missing_fields' WHEN 2 THEN 'clear' ELSE 'not_applicable' END,"
        " CASE WHEN g.rank = 0 THEN left(g.evidence, 2000) END, CASE WHEN g.rank = 1 THEN g.missing END, g.regime"
        f' FROM r_{kind} r LEFT JOIN ({gravest}) g ON g.other = r."{key}"'
    )


def flags_for(flags: Iterable[Flag], kind: str) -> list[Flag]:
    """Return the flags that say something of records of a kind, own-control faults first, then by id."""
    chosen = [flag for flag in flags if flag.kind == kind or kind in flag.also]
    return sorted(chosen, key=lambda flag: (flag.family != "own_control", flag.id))
