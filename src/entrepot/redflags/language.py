"""The language of conditions: a small part of SQL's expressions, parsed and typed by the engine itself.

A condition can compare, calculate and call the functions named here. It has no sub-queries, reads no file, sets
nothing and runs no code. docs/methods/redflags.md shows every construct.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import Any

import duckdb

from entrepot.errors import ConfigError

# Shorthands over the engine's own functions. They are expressions themselves, so they run as SQL.
MACROS = {
    "days_between(a, b)": "date_diff('day', a::DATE, b::DATE)",
    "hours_between(a, b)": "(epoch_us(b::TIMESTAMP) - epoch_us(a::TIMESTAMP)) / 3600000000.0",
    "days_after(a, n)": "(a + to_days(n::INTEGER))::DATE",
    "months_after(a, n)": "(a + to_months(n::INTEGER))::DATE",
    "any_covered(codes, goods)": (
        "len(list_filter(codes, lambda c: list_contains(goods, left(c, 2)) OR list_contains(goods, left(c, 4))"
        " OR list_contains(goods, left(c, 6)) OR list_contains(goods, left(c, 8)) OR list_contains(goods, c))) > 0"
    ),
    "is_covered(code, goods)": "any_covered([code], goods)",
    "ids(x)": "array_to_string(list_slice(list_sort(list_distinct(list(x))), 1, 20), ';')",
    # One pattern of all words: where they are constants the engine builds it once. What parts words is made a space
    # first, since a pattern with a class of all letters beside every word takes seconds to build.
    "spaced(sentence)": "' ' || regexp_replace(lower(sentence), '[^\\p{L}\\p{N}]+', ' ', 'g') || ' '",
    "is_said(spaced_sentence, words)": "regexp_matches(spaced_sentence, ' (' || array_to_string(words, '|') || ') ')",
    "has_word(sentence, words)": "CASE WHEN sentence IS NOT NULL THEN is_said(spaced(sentence), words) END",
    "words_in(sentence)": "len(list_filter(regexp_split_to_array(trim(sentence), '\\s+'), lambda w: w <> ''))",
    "edtf_of(x)": 'regexp_extract(x, \'"edtf"\\s*:\\s*"([^"]*)"\', 1)',
    "try_date(x)": "try_cast(nullif(trim(x), '') AS DATE)",
    "try_number(x)": "try_cast(x AS DOUBLE)",
    "edtf_year(x)": "try_cast(left(x, 4) AS INTEGER)",
    "entry_of(list_of_pairs, key)": (
        "split_part(list_filter(list_of_pairs, lambda p: starts_with(p, key || ':'))[1], ':', 2)"
    ),
}


def add_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Give an engine the shorthands."""
    for head, body in MACROS.items():
        connection.execute(f"CREATE MACRO {head} AS {body}")


AGGREGATES = frozenset(
    """
    count count_star count_if sum min max avg median mode quantile_cont bool_or bool_and ids list arg_min arg_max
    stddev_samp mad
    """.split()
)  # fmt: skip
_FUNCTIONS = AGGREGATES | frozenset(
    """
    + - * / % || ~~ !~~ lower upper trim length len abs round floor ceil least greatest nullif concat contains
    starts_with ends_with left right substr replace split_part year month day dayofweek date_trunc
    flatten list_contains list_has_any list_has_all list_distinct list_sort list_filter list_transform list_concat
    list_value     array_to_string array_extract list_extract list_aggregate list_reduce regexp_replace
    regexp_matches to_days to_hours to_months trunc isfinite struct_extract struct_pack cardinality
    """.split()
) | {name.partition("(")[0] for name in MACROS} - {"spaced", "is_said"}  # fmt: skip
_CLASSES = frozenset(
    "COMPARISON CONJUNCTION OPERATOR BETWEEN CONSTANT COLUMN_REF FUNCTION CASE CAST LAMBDA TYPE".split()
)
_CASTS = frozenset("VARCHAR DATE TIMESTAMP DOUBLE INTEGER BIGINT BOOLEAN".split())
# Another record, in what is said of a table: `it.amount`.
OTHER = "it"
_MOST_ALTERNATIVES = 500
_LONGEST = 4000
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Attributes:
        text: as written.
        own: names of the record's own columns and of what its flag has worked out before.
        of: columns of another record, by the name it goes under: ``it.amount`` -> {"it": {"amount"}}.
        functions: what it calls.
        branches: the names that each alternative of its OR reads; one set where there is no OR.
        none_tests: names asked for IS NULL.
        guarded: names that stand only inside COALESCE, so that they may be unknown: ``x`` or ``it.x``.
        searched: names in which words are looked for: ``x`` or ``it.x``.
    """

    text: str
    own: frozenset[str]
    of: Mapping[str, frozenset[str]]
    functions: frozenset[str]
    branches: tuple[frozenset[str], ...]
    none_tests: frozenset[str]
    guarded: frozenset[str] = frozenset()
    searched: frozenset[str] = frozenset()

    @property
    def scope(self) -> frozenset[str]:
        """Every name of the record itself that it reads, found records among them."""
        return self.own | (frozenset(self.of) - {OTHER})

    @property
    def is_aggregate(self) -> bool:
        """Whether it needs a group of records."""
        return bool(self.functions & AGGREGATES)


@cache
def parse(text: str) -> Expression:
    """Return an expression, checked: only what the language holds.

    Raises:
        ConfigError: it is no expression, or uses what the language does not have.
    """
    node = _parsed(text)
    nodes = list(_walk(node, 0))
    for one in nodes:
        _refuse(one, text)
    bound = {name for one in nodes if one["class"] == "LAMBDA" for name in one["lhs"].get("column_names", ())}
    references = [tuple(one["column_names"]) for one in nodes if one["class"] == "COLUMN_REF"]
    of: dict[str, set[str]] = {}
    for reference in references:
        if len(reference) > 1 and reference[0] not in bound:
            of.setdefault(reference[0], set()).add(reference[1])
    return Expression(
        text,
        frozenset(names[0] for names in references if len(names) == 1 and names[0] not in bound),
        {name: frozenset(columns) for name, columns in of.items()},
        frozenset(one["function_name"].lower() for one in nodes if one["class"] == "FUNCTION"),
        tuple(_branches(node, bound)),
        frozenset(
            ".".join(child["column_names"])
            for one in nodes
            if one["class"] == "OPERATOR" and one["type"] in ("OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL")
            for child in one["children"]
            if child["class"] == "COLUMN_REF"
        ),
        _guarded(node, bound),
        frozenset(name for one in nodes if (name := _searched(one)) is not None),
    )


def _searched(node: dict[str, Any]) -> str | None:
    """The name in which a part of an expression looks for words, where it is a plain one."""
    sentence = _sentence(node)
    return ".".join(sentence["column_names"]) if sentence and sentence["class"] == "COLUMN_REF" else None


def _sentence(node: dict[str, Any]) -> dict[str, Any] | None:
    if node["class"] != "FUNCTION" or node["function_name"].lower() != "has_word":
        return None
    sentence: dict[str, Any] | None = node["arguments"][0]["expression"] if node["arguments"] else None
    return sentence


def spaced_name(column: str) -> str:
    """Return the name of the column that holds another's text as ``spaced`` makes it."""
    return f"_spaced_{column}"


def _guarded(node: dict[str, Any], bound: set[str]) -> frozenset[str]:
    def references(part: Any, *, bare: bool) -> Iterator[str]:
        if isinstance(part, list):
            for child in part:
                yield from references(child, bare=bare)
        elif isinstance(part, dict):
            if part.get("type") == "OPERATOR_COALESCE" and bare:
                return
            if part.get("class") == "COLUMN_REF" and part["column_names"][0] not in bound:
                yield ".".join(part["column_names"][:2])
            for child in part.values():
                yield from references(child, bare=bare)

    return frozenset(references(node, bare=False)) - frozenset(references(node, bare=True))


@cache
def qualified(
    text: str,
    relation: str | None,
    constants: tuple[tuple[str, str], ...] = (),
    spaced: frozenset[str] = frozenset(),
) -> str:
    """Return an expression whose own names say which relation they are of; those of another record stay.

    Args:
        relation: put before own names; None leaves them as they are.
        constants: name -> SQL of its value, which is put in its place, so that the engine sees that it is one.
        spaced: names of texts that are there as ``spaced`` makes them, too: making them takes the engine long.
    """
    select = _select(text)
    values = dict(constants)
    nodes = list(_walk(select["select_list"], 0))
    bound = {name for one in nodes if one["class"] == "LAMBDA" for name in one["lhs"].get("column_names", ())}
    for one in nodes:
        sentence = _sentence(one)
        if sentence and _searched(one) in spaced:
            one["qualified_name"] = {"path": ["is_said"]}
            *before, column = sentence["column_names"]
            sentence["column_names"] = [*before, spaced_name(column)]
    for one in nodes:
        if one["class"] != "COLUMN_REF" or one["column_names"][0] in (OTHER, *bound):
            continue
        names = one["column_names"]
        if len(names) == 1 and names[0] in values:
            literal = _value_node(values[names[0]])
            one.clear()
            one.update(literal)
        elif relation:
            one["column_names"] = [relation, *names]
    answer = json.dumps({"error": False, "statements": [{"node": select, "named_param_map": []}]})
    row = _parser().execute("SELECT json_deserialize_sql(?::JSON)", [answer]).fetchone()
    assert row is not None
    return str(row[0]).removeprefix("SELECT ")


def _value_node(sql: str) -> dict[str, Any]:
    """The parsed form of a value that this room wrote itself."""
    node: dict[str, Any] = json.loads(_serialized(f"SELECT {sql}"))["statements"][0]["node"]["select_list"][0]
    return node


def _parsed(text: str) -> dict[str, Any]:
    node: dict[str, Any] = _select(text)["select_list"][0]
    return node


def _select(text: str) -> dict[str, Any]:
    if not text.strip() or len(text) > _LONGEST:
        raise ConfigError(f"a condition of {len(text)} characters", remedy=f"Write 1 to {_LONGEST}.")
    try:
        found: dict[str, Any] = json.loads(_serialized(f"SELECT (\n{text}\n)"))
    except RecursionError as error:
        raise ConfigError("an expression nested too deep", remedy="Split it under `let`.") from error
    if found.get("error"):
        raise ConfigError(f"no expression: {found.get('error_message', '')} in {text!r}", remedy="Check its spelling.")
    statements = found["statements"]
    select = statements[0]["node"]
    chosen = select.get("select_list", ())
    is_plain = len(statements) == 1 and select["type"] == "SELECT_NODE" and len(chosen) == 1 and not select["modifiers"]
    if not is_plain or select["from_table"]["type"] != "EMPTY" or select["where_clause"] or select["having"]:
        raise ConfigError(f"more than one expression in {text!r}", remedy="Write one expression.")
    return dict(select)


@lru_cache(maxsize=4096)
def _serialized(sql: str) -> str:
    """The parsed form of a query, as text: a condition is asked for it each time that it is written anew."""
    answer = _parser().execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    return str(answer[0]) if answer else '{"error": true}'


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": False})


def _walk(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Every part of an expression; the engine's form is nested objects and lists."""
    if depth > 4 * _DEEPEST:
        raise ConfigError("an expression nested too deep", remedy="Split it under `let`.")
    if isinstance(node, list):
        for child in node:
            yield from _walk(child, depth + 1)
    elif isinstance(node, dict):
        if "class" in node:
            yield node
        for child in node.values():
            yield from _walk(child, depth + 1)


def _refuse(node: dict[str, Any], text: str) -> None:
    kind = node["class"]
    if kind not in _CLASSES:
        raise ConfigError(
            f"{kind.lower()} is not part of the language, in {text!r}", remedy="Write a plain expression."
        )
    if kind == "FUNCTION" and node["function_name"].lower() not in _FUNCTIONS:
        remedy = "docs/methods/redflags.md lists the functions."
        raise ConfigError(f"no function {node['function_name']!r} in the language, in {text!r}", remedy=remedy)
    if kind == "CAST" and node["type_expr"]["type_name"].upper() not in _CASTS:
        remedy = f"Use {', '.join(sorted(_CASTS))}."
        raise ConfigError(f"no type {node['type_expr']['type_name']!r} in the language, in {text!r}", remedy=remedy)
    if kind == "COLUMN_REF" and node["column_names"][0].startswith("_"):
        raise ConfigError(
            f"{node['column_names'][0]!r} is not a name, in {text!r}", remedy="Names start with a letter."
        )


def _branches(node: dict[str, Any], bound: set[str]) -> list[frozenset[str]]:
    """The names that each alternative of an expression reads: each alternative alone can make it true."""
    if node["class"] != "CONJUNCTION":
        return [_names(node, bound)]
    parts = [_branches(child, bound) for child in node["children"]]
    if node["type"] == "CONJUNCTION_OR":
        found = [branch for part in parts for branch in part]
    else:
        found = [frozenset().union(*chosen) for chosen in product(*parts)]
    if len(found) > _MOST_ALTERNATIVES:
        raise ConfigError("a condition of too many alternatives", remedy="Split it under `let`.")
    return list(dict.fromkeys(found))


def _names(node: dict[str, Any], bound: set[str]) -> frozenset[str]:
    references = (one["column_names"] for one in _walk(node, 0) if one["class"] == "COLUMN_REF")
    return frozenset(".".join(names) for names in references if names[0] not in bound)
