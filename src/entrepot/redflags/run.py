"""Flags over tables: for every record and flag one outcome, with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entrepot.lake import get_kind
from entrepot.redflags.flag import Flag, Measure
from entrepot.redflags.reads import searched_columns
from entrepot.redflags.relations import Relations
from entrepot.redflags.steps import Compiled, compile_flag
from entrepot.redflags.world import World

# The table that outcomes are collected in: one row per record and flag.
OUTCOMES = "outcomes"
_RANK = "CASE outcome WHEN 'fired' THEN 0 WHEN 'missing_fields' THEN 1 WHEN 'clear' THEN 2 ELSE 3 END"
_COLUMNS = {
    "_row": "BIGINT",
    "record_id": "VARCHAR",
    "flag": "SMALLINT",
    "outcome": "VARCHAR",
    "evidence": "VARCHAR",
    "missing": "VARCHAR",
    "regime": "VARCHAR",
}


@dataclass(slots=True)
class Run:
    """One check: the relations, the flags in their order, and what they read that nobody gave.

    Attributes:
        licences: what clears a fired flag: its places, SQL that is true of the records, what is said of it.
    """

    tables: Relations
    flags: Sequence[Flag]
    world: World
    thresholds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    licences: Sequence[tuple[Sequence[int], str, str]] = ()

    def outcomes(self, kind: str) -> None:
        """Make the relation ``outcomes`` for the records of a kind.

        Raises:
            ConfigError: a flag's SQL does not fit its tables; names the flag.
        """
        self.tables.know(self.world)
        for name, columns in searched_columns(self.flags).items():
            if columns and name in self.tables.given:
                self.tables.space(name, sorted(columns))
        places = {flag.id: place for place, flag in enumerate(self.flags)}
        parts: dict[str, list[int]] = {}
        for place, flag in enumerate(self.flags):
            if flag.kind == kind or kind in flag.also:
                whole = flag.part_of if flag.part_of in places else flag.id
                parts.setdefault(str(whole), []).append(place)
        self.tables.gather(
            OUTCOMES,
            _COLUMNS,
            {whole: self._licensed(self._folded(whole, of, kind), of) for whole, of in parts.items()},
        )

    def compiled(self, flag: Flag) -> Compiled:
        """Return a flag's SQL, with everything in it that it asks of others."""
        return compile_flag(
            flag,
            tables=self.tables.given,
            world=self.world,
            as_of=self.tables.as_of,
            thresholds=self.thresholds.get(flag.id),
            spaced=self.tables.spaced,
            is_few=self.tables.is_few,
        )

    def _folded(self, whole: str, places: Sequence[int], kind: str) -> str:
        """Of a flag in several files a record has one row: what fired, else what is lacking, else what is clear."""
        if len(places) == 1:
            return self._of(places[0], kind)
        first = next((place for place in places if self.flags[place].id == whole), places[0])
        every = " UNION ALL ".join(f"({self._of(place, kind)})" for place in places)
        of_record = f"(PARTITION BY _row ORDER BY rank, flag <> {first})"
        return (
            f"SELECT {', '.join(_COLUMNS)} FROM (SELECT *, {_RANK} AS rank FROM ({every}))"
            f" QUALIFY rank = 0 OR row_number() OVER {of_record} = 1"
        )

    def _licensed(self, sql: str, places: Sequence[int]) -> str:
        for of, test, said in self.licences:
            touched = [place for place in of if place in places]
            if touched:
                is_cleared = f"outcome = 'fired' AND flag IN ({', '.join(map(str, touched))}) AND ({test})"
                sql = (
                    f"SELECT * REPLACE (CASE WHEN {is_cleared} THEN 'clear' ELSE outcome END AS outcome,"
                    f" CASE WHEN {is_cleared} THEN concat_ws('; ', evidence, {said}) ELSE evidence END AS evidence)"
                    f" FROM ({sql})"
                )
        return sql

    def _of(self, place: int, kind: str) -> str:
        flag = self.flags[place]
        if flag.kind not in self.tables.given:
            return _untested(kind, place, flag.kind)
        link = None if flag.kind == kind else flag.also[kind]
        own = outcome_sql(flag, self.compiled(flag), place, link)
        return own if link is None else _of_other(own, kind, place)


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
    return (
        f"SELECT _row, {record} AS record_id, {place} AS flag, 'missing_fields' AS outcome, NULL::VARCHAR AS evidence,"
        f" '{absent}' AS missing, NULL::VARCHAR AS regime FROM r_{kind}"
    )


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
        f'SELECT r._row, r."{key}" AS record_id, {place} AS flag,'
        " CASE g.rank WHEN 0 THEN 'fired' WHEN 1 THEN 'missing_fields' WHEN 2 THEN 'clear' ELSE 'not_applicable' END"
        " AS outcome, CASE WHEN g.rank = 0 THEN left(g.evidence, 2000) END AS evidence,"
        " CASE WHEN g.rank = 1 THEN g.missing END AS missing, g.regime"
        f' FROM r_{kind} r LEFT JOIN ({gravest}) g ON g.other = r."{key}"'
    )


def flags_for(flags: Iterable[Flag], kind: str) -> list[Flag]:
    """Return the flags that say something of records of a kind, own-control faults first, then by id."""
    chosen = [flag for flag in flags if flag.kind == kind or kind in flag.also]
    return sorted(chosen, key=lambda flag: (flag.family != "own_control", flag.id))
