"""From a flag to SQL: each step of `let` adds one column to the relation of its records.

A value that cannot be known is NULL, and NULL spreads by the logic of SQL: `unknown and false` is false, so a condition
is decided wherever what is known decides it. A step over a table or a column that nobody gave is NULL throughout, never
zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from entrepot.errors import ConfigError
from entrepot.lake import SQL_TYPES, get_kind
from entrepot.redflags.derived import sources_lacking
from entrepot.redflags.flag import Call, Codes, Find, Flag, Measure, Over, Step, expressions_of
from entrepot.redflags.language import OTHER, parse, qualified, spaced_name
from entrepot.redflags.reads import found_columns, other_kind, own_columns, searched_columns, told_columns
from entrepot.redflags.world import World, standing_sql


@dataclass(slots=True)
class Compiled:
    """The SQL of a flag.

    Attributes:
        relation: SQL of the records with every step as a column.
        missing_tables: kinds of records that the flag reads and nobody gave.
        missing_columns: event columns that the file lacks, as ``kind.column``.
        gaps: what is named as missing where it is unknown: text -> SQL that is true where it is.
        reads: every column of the record that the flag reads, named where nothing else is to blame.
        chain: relations by name, each over the one before it, and whether it has to be worked out once.
        constants: names that have one value for all records -> its SQL.
        known: names that the relation has by now.
        spaced: columns by kind whose texts are there spaced, too; under "" those of the record itself.
        is_few: whether there are so few records that a join takes longer than asking the same again.
    """

    relation: str = ""
    missing_tables: set[str] = field(default_factory=set)
    missing_columns: set[str] = field(default_factory=set)
    gaps: dict[str, str] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    chain: list[tuple[str, str, bool]] = field(default_factory=list)
    count: int = 0
    constants: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    spaced: dict[str, frozenset[str]] = field(default_factory=dict)
    is_few: bool = False

    def then(self, sql: str, *, is_held: bool = False) -> str:
        """Add a relation to the chain and return its name: each may be read more than once, and is written once."""
        name = f"s{self.count}"
        self.count += 1
        self.chain.append((name, sql, is_held))
        return name

    def inlined(self, text: str, relation: str | None = None, *, table: str = "", is_own: bool = True) -> str:
        """Return an expression with its constants as literals: a pattern of words is then built once, not by row.

        Args:
            table: the kind of the other record, where there is one.
            is_own: whether bare names are those of the flag's own records.
        """
        own = self.spaced.get("", frozenset()) if is_own else frozenset()
        spaced = own | {f"{OTHER}.{name}" for name in self.spaced.get(table, ())}
        return qualified(text, relation, tuple(self.constants.items()), frozenset(spaced))

    def chained(self, sql: str) -> str:
        """Return a query over the chain."""
        parts = (f"{name} AS {'MATERIALIZED ' if is_held else ''}({one})" for name, one, is_held in self.chain)
        return "WITH " + ", ".join(parts) + f" {sql}"


def compile_flag(
    flag: Flag,
    *,
    tables: Mapping[str, frozenset[str]],
    world: World,
    as_of: str,
    thresholds: Mapping[str, Any] | None = None,
    spaced: Mapping[str, frozenset[str]] | None = None,
    is_few: bool = False,
) -> Compiled:
    """Return the SQL that works a flag out.

    Args:
        flag: a loaded flag.
        tables: kinds that are given, with the columns that their files have; each is a view ``r_<kind>``.
        world: what names of product lists stand for, and of which type facts are.
        as_of: the day of the check, ``as_of`` in conditions.
        thresholds: values that replace the file's own.
        spaced: columns by kind whose texts are there spaced, too.
        is_few: whether the records are few.
    """
    compiled = Compiled(spaced=dict(spaced or {}), is_few=is_few)
    compiled.spaced[""] = compiled.spaced.get(flag.kind, frozenset()) & searched_columns([flag]).get(flag.kind, set())
    values = {name: (thresholds or {}).get(name, threshold.value) for name, threshold in flag.thresholds.items()}
    compiled.constants = {"as_of": f"DATE '{as_of}'", **{name: _literal(value) for name, value in values.items()}}
    given = tables.get(flag.kind, frozenset())
    columns = "".join(f', {value} AS "{name}"' for name, value in compiled.constants.items())
    own = "".join(f', "{name}"' for name in get_kind(flag.kind).columns if name in told_columns(flag))
    own += "".join(f", {spaced_name(name)}" for name in sorted(compiled.spaced[""]))
    relation = compiled.then(f"SELECT _row{own}{columns} FROM r_{flag.kind}")
    compiled.known = {*get_kind(flag.kind).columns, *compiled.constants}
    for name, step in flag.let.items():
        relation = compiled.then(_Builder(flag, name, step, tables, world, as_of, compiled).added_to(relation))
        compiled.known.add(name)
    kind = get_kind(flag.kind)
    reads = own_columns(flag, guarded=False) - set(flag.optional)
    compiled.reads = sorted(own_columns(flag, guarded=True) & set(kind.columns))
    for column in sorted(reads & set(kind.columns) - kind.events):
        compiled.gaps[column] = f'"{column}" IS NULL'
    # An event column that the file lacks is unknown, however well the condition guards against an empty cell.
    events = (own_columns(flag, guarded=True) & kind.events) - set(flag.optional)
    compiled.missing_columns |= {column for column in events if column not in given}
    for name, column in found_columns(flag):
        if f"{name}.{column}" in flag.optional:
            continue
        found = flag.let[name]
        if not isinstance(found, Find) or (
            column in get_kind(found.find).events and column in tables.get(found.find, ())
        ):
            continue
        compiled.gaps[f"{name}.{column}"] = f'"{name}" IS NULL OR "{name}"."{column}" IS NULL'
    compiled.relation = compiled.chained(f"SELECT * FROM {relation}")
    compiled.missing_tables -= set(flag.optional)
    return compiled


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value) if isinstance(value, int) else repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_literal(one) for one in value) + "]::VARCHAR[]"
    text = str(value)
    quoted = "'" + text.replace("'", "''") + "'"
    is_day = len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()
    return f"{quoted}::DATE" if is_day else quoted


class _Builder:
    """One step of a flag on its way to SQL."""

    def __init__(
        self,
        flag: Flag,
        name: str,
        step: Step,
        tables: Mapping[str, frozenset[str]],
        world: World,
        as_of: str,
        compiled: Compiled,
    ) -> None:
        self.flag, self.name, self.step = flag, name, step
        self.tables, self.world, self.as_of, self.compiled = tables, world, as_of, compiled

    def added_to(self, before: str) -> str:
        """Return the relation with this step's column."""
        step = self.step
        if isinstance(step, str):
            return self._with(f"({self._inlined(step)})", before)
        if isinstance(step, Codes):
            found = self.world.codes(step.codes)
            if found is None:
                self.compiled.missing_tables.add(f"codes of {step.codes}")
                return self._with("NULL::VARCHAR[]", before)
            self.compiled.constants[self.name] = _literal(list(found))
            return self._with(self.compiled.constants[self.name], before)
        if isinstance(step, Measure):
            asked = partial(standing_sql, self.world, step.measure, step.fact, known=self.as_of)
            return self._answered(asked, [f"({self._inlined(step.on)})::DATE"], before)
        if isinstance(step, Call):
            called = partial(_call_sql, step.call)
            return self._answered(called, [f"({self._inlined(text)})" for text in step.of], before)
        return self._of_records(step, before)

    def _with(self, sql: str, before: str) -> str:
        return f'SELECT *, {sql} AS "{self.name}" FROM {before}'

    def _answered(self, asked: Callable[..., str], keys: Sequence[str], before: str) -> str:
        """A value from outside the engine; of many records asked for once for each distinct key, then joined.

        Args:
            asked: keys -> SQL of the value.
        """
        if self.compiled.is_few:
            return self._with(asked(*keys), before)
        # Lists may come in another order when they are worked out again; so they are worked out once.
        before = self.compiled.then(f"SELECT * FROM {before}", is_held=isinstance(self.step, Call))
        named = [f"k{place}" for place in range(len(keys))]
        picked = ", ".join(f"{key} AS {name}" for key, name in zip(keys, named, strict=True))
        answers = f"SELECT *, {asked(*named)} AS v FROM (SELECT DISTINCT {picked} FROM {before})"
        own = ", ".join(f"{key} AS _{name}" for key, name in zip(keys, named, strict=True))
        equal = " AND ".join(f"a.{name} IS NOT DISTINCT FROM p._{name}" for name in named)
        left_out = ", ".join(f"_{name}" for name in named)
        return (
            f'SELECT p.* EXCLUDE ({left_out}), a.v AS "{self.name}"'
            f" FROM (SELECT *, {own} FROM {before}) p LEFT JOIN ({answers}) a ON {equal}"
        )

    def _of_records(self, step: Find | Over, before: str) -> str:
        table = step.find if isinstance(step, Find) else step.over
        lacking = self._lacking(table)
        if lacking:
            self.compiled.missing_tables.update(lacking)
            return self._with(self._unknown(step), before)
        if isinstance(step, Over) and step.days is not None:
            return self._window(step, before)
        pairs = list(step.by.items()) if isinstance(step.by, dict) else [(text, text) for text in step.by]
        where = step.where or "true"
        reads = parse(where).scope | parse(self._text_of_value()).scope
        if isinstance(step, Over) and isinstance(step.by, list):
            # Bare names are the table's own there.
            reads = frozenset()
        if reads - set(self.compiled.constants):
            return self._joined(table, pairs, where, before)
        return self._grouped(table, pairs, self._inlined(where), self._value(step), before)

    def _inlined(self, text: str, relation: str | None = None) -> str:
        # Of a list of keys, bare names are those of the table that they group.
        is_own = not (isinstance(self.step, Over) and isinstance(self.step.by, list)) or (
            self.step.over == self.flag.kind
        )
        return self.compiled.inlined(text, relation, table=other_kind(self.step), is_own=is_own)

    def _unknown(self, step: Find | Over) -> str:
        if isinstance(step, Find):
            columns = self._used()
            types = get_kind(step.find).columns
            fields = ", ".join(f'"{column}" {SQL_TYPES[types[column]]}' for column in columns)
            return f"NULL::STRUCT({fields})"
        return "NULL"

    def _used(self) -> list[str]:
        step = self.step
        assert isinstance(step, Find)
        texts = [self.flag.applies, self.flag.condition, *self.flag.evidence.values()]
        texts += [text for other in self.flag.let.values() for text in expressions_of(other)]
        found = {column for text in texts for column in parse(text).of.get(self.name, ())}
        unknown = found - set(get_kind(step.find).columns)
        if unknown:
            raise ConfigError(f"{step.find} has no column {sorted(unknown)[0]!r}", where=self.flag.id)
        return sorted(found) or sorted(get_kind(step.find).columns)[:1]

    def _value(self, step: Find | Over, relation: str | None = None) -> str:
        if isinstance(step, Over):
            value = self._inlined(step.value, relation)
            # A list comes in any order; sorted, the same records give the same bytes.
            return f"list_sort({value})" if step.value.startswith("list(") else f"({value})"
        fields = ", ".join(f'"{column}" := {OTHER}."{column}"' for column in self._used())
        order = (
            f"({self._inlined(step.first or step.last or '', relation)})"
            if step.first or step.last
            else f"{OTHER}._row"
        )
        return f"{'arg_max' if step.last else 'arg_min'}(struct_pack({fields}), {order})"

    def _empty(self) -> str:
        """What a group without records amounts to: none counted, anything else unknown."""
        is_count = isinstance(self.step, Over) and parse(self.step.value).functions & {
            "count",
            "count_star",
            "count_if",
        }
        return f"coalesce(g.v, {'0' if is_count else 'NULL'})" if is_count else "g.v"

    def _grouped(self, table: str, pairs: Sequence[tuple[str, str]], where: str, value: str, before: str) -> str:
        if not pairs:
            one = f"SELECT {value} AS v FROM r_{table} {OTHER} WHERE {where}"
            return f'SELECT p.*, g.v AS "{self.name}" FROM {before} p CROSS JOIN ({one}) g'
        theirs = ", ".join(f"({right}) AS k{place}" for place, (_, right) in enumerate(pairs))
        group = f"SELECT {theirs}, {value} AS v FROM r_{table} {OTHER} WHERE {where} GROUP BY ALL"
        ours = ", ".join(f"({left}) AS _k{place}" for place, (left, _) in enumerate(pairs))
        equal = " AND ".join(f"g.k{place} = p._k{place}" for place in range(len(pairs)))
        left_out = ", ".join(f"_k{place}" for place in range(len(pairs)))
        known = " AND ".join(f"p._k{place} IS NOT NULL" for place in range(len(pairs)))
        return (
            f'SELECT p.* EXCLUDE ({left_out}), CASE WHEN {known} THEN {self._empty()} END AS "{self.name}"'
            f" FROM (SELECT *, {ours} FROM {before}) p LEFT JOIN ({group}) g ON {equal}"
        )

    def _joined(self, table: str, pairs: Sequence[tuple[str, str]], where: str, before: str) -> str:
        """Groups that depend on the record's own dates or amounts: joined pair by pair, then grouped by record."""
        lefts = {left: f"_l{place}" for place, left in enumerate(dict.fromkeys(left for left, _ in pairs))}
        read = parse(where).scope | parse(self._text_of_value()).scope
        needed = sorted(read - set(self.compiled.constants))
        own = "".join(f', "{name}"' for name in needed)
        keys = "".join(f", ({left}) AS {name}" for left, name in lefts.items())
        equal = " AND ".join(f"({right}) = p.{lefts[left]}" for left, right in pairs) or "true"
        asked = f"SELECT _row{own}{keys} FROM {before}"
        if parse(self.flag.applies).scope <= self.compiled.known:
            # Nothing is looked up for records of which the flag says nothing anyway.
            asked += f" WHERE ({self._inlined(self.flag.applies)}) IS NOT FALSE"
        assert isinstance(self.step, Find | Over)
        group = (
            f"SELECT p._row, {self._value(self.step, 'p')} AS v FROM ({asked}) p JOIN r_{table} {OTHER}"
            f" ON {equal} AND ({self._inlined(where, 'p')}) GROUP BY p._row"
        )
        unknown = [f'p."{name}" IS NULL' for name in needed if not self._may_be_none(name)]
        known = "NOT (" + " OR ".join(unknown) + ")" if unknown else "true"
        keyless = "".join(f" AND ({left}) IS NOT NULL" for left in lefts)
        marked = f"SELECT *, (true{keyless}) AS _has_keys FROM {before}"
        return (
            f"SELECT p.* EXCLUDE (_has_keys), CASE WHEN p._has_keys AND {known} THEN {self._empty()} END AS"
            f' "{self.name}" FROM ({marked}) p LEFT JOIN ({group}) g ON g._row = p._row'
        )

    def _text_of_value(self) -> str:
        return self.step.value if isinstance(self.step, Over) else "true"

    def _may_be_none(self, name: str) -> bool:
        kind = get_kind(self.flag.kind)
        return name in self.flag.optional or name in kind.events or isinstance(self.flag.let.get(name), Find)

    def _window(self, step: Over, before: str) -> str:
        """The largest value over all windows of so many days that hold the record."""
        assert step.days is not None
        keys = list(step.by.values()) if isinstance(step.by, dict) else list(step.by)
        part = "PARTITION BY " + ", ".join(f"({key})" for key in keys) if keys else ""
        span = f"INTERVAL '{round(step.days * 86400)} seconds'"
        chosen = f" FILTER (WHERE {self._inlined(step.where)})" if step.where else ""
        order = f"ORDER BY ({step.at})::TIMESTAMP"
        first = (
            f"{self._inlined(step.value)}{chosen} OVER ({part} {order} RANGE BETWEEN {span} PRECEDING AND CURRENT ROW)"
        )
        last = f"max(_w) OVER ({part} {order} RANGE BETWEEN CURRENT ROW AND {span} FOLLOWING)"
        known = " AND ".join(f"({text}) IS NOT NULL" for text in [*keys, str(step.at)])
        inner = f"SELECT *, {first} AS _w FROM {before}"
        return f'SELECT * EXCLUDE (_w), CASE WHEN {known} THEN {last} END AS "{self.name}" FROM ({inner})'

    def _lacking(self, table: str) -> set[str]:
        """What the step reads of another table and the file does not have."""
        if table not in self.tables:
            return sources_lacking(table, self.tables)
        columns = {
            column
            for text in expressions_of(self.step)
            for column in parse(text).of.get(OTHER, ())
            if f"{OTHER}.{column}" not in parse(text).guarded
        }
        if isinstance(self.step, Find):
            columns |= {c for c in self._used() if c in get_kind(table).events}
        lacking = columns - self.tables[table] - {"_row"}
        return {f"{table}.{column}" for column in lacking if f"{table}.{column}" not in self.flag.optional}


def _call_sql(name: str, *keys: str) -> str:
    return f"{name}({', '.join(keys)})"
