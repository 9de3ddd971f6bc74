"""SQL of the estimates stays in the subset that means the same on DuckDB and Spark."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from entrepot import flows
from entrepot.lake.spark import spark_sql

sqlglot = pytest.importorskip("sqlglot", reason="sqlglot is not here; run make setup-dev")
exp = sqlglot.exp

FOLDER = Path(flows.__file__).parent
STEPS = sorted(path for path in (FOLDER / "sql").rglob("*.sql") if path.parent.name != "spark")

# Every function, by sqlglot's name. Whoever adds one has looked at what each engine answers for NULL, for the edge of
# its domain and for ties. Not here on purpose: hash, first, last, any_value, approximate and other quantiles, lists,
# regular expressions, now.
FUNCTIONS = {
    "ABS",
    "AND",
    "CASE",
    "CAST",
    "COALESCE",
    "CONCAT",
    "COUNT",
    "GREATEST",
    "IF",
    "LEAST",
    "LENGTH",
    "LN",
    "MAX",
    "MIN",
    "NULLIF",
    "OR",
    "ROUND",
    "ROW_NUMBER",
    "SUBSTRING",
    "SUM",
}
TYPES = {"BIGINT", "BOOLEAN", "DECIMAL", "DOUBLE", "INT", "TEXT"}
# (side, kind, method): joins that both engines have; ASOF, POSITIONAL, SEMI and LATERAL are not among them.
JOINS = {("", "INNER", ""), ("LEFT", "", ""), ("", "CROSS", "")}
# What sqlglot hands on unchanged and unsaid, or what one engine reads otherwise.
FOREIGN = (
    "Pivot",
    "Lambda",
    "Bracket",
    "Array",
    "List",
    "Struct",
    "Qualify",
    "Unnest",
    "Lateral",
    "TableSample",
    "Star",
)
FOREIGN_STAR = ("except_", "replace", "rename")


def statements(sql: str) -> list[exp.Expression]:
    """The statements as DuckDB reads them; $name is written :name, as sqlglot takes two dollars for quotes."""
    portable = re.sub(r"--[^\n]*|'(?:[^']|'')*'|\$(\w+)", lambda m: f":{m[1]}" if m[1] else m[0], sql)
    return [found for found in sqlglot.parse(portable, read="duckdb") if found is not None]


def faults(sql: str) -> Iterator[str]:
    """Everything in a query that is outside the subset."""
    found = statements(sql)
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        yield "is not one query"
        return
    for node in found[0].walk():
        if isinstance(node, exp.Func):
            name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
            if name not in FUNCTIONS:
                yield f"function {name}"
        elif isinstance(node, exp.DataType) and node.this.value not in TYPES:
            yield f"type {node.sql('duckdb')}"
        elif isinstance(node, exp.Join) and (node.side, node.kind, node.method) not in JOINS:
            yield f"join {node.method} {node.side} {node.kind}"
        elif type(node).__name__ in FOREIGN and not _is_plain_star(node):
            yield f"construct {type(node).__name__}"
        elif isinstance(node, exp.Div) and not _is_never_zero(node.expression):
            yield f"division by {node.expression.sql('duckdb')}, which may be zero: use nullif"


def _is_plain_star(node: exp.Expression) -> bool:
    return isinstance(node, exp.Star) and not any(node.args.get(name) for name in FOREIGN_STAR)


def _is_never_zero(divisor: exp.Expression) -> bool:
    # A parameter is checked where it is given.
    return isinstance(divisor, exp.Literal | exp.Nullif | exp.Placeholder)


def queries() -> Iterator[tuple[str, str]]:
    """Steps, and queries written in the room's modules; what is filled in later is a name."""
    for path in STEPS:
        yield path.name, path.read_text("utf-8")
    for path in sorted(FOLDER.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            text = "" if id(node) in parts else _text(node)
            if text.lstrip().upper().startswith(("SELECT ", "WITH ")) and " FROM " in text:
                yield f"{path.relative_to(FOLDER)}:{getattr(node, 'lineno', 0)}", text


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        parts = (str(part.value) if isinstance(part, ast.Constant) else "filled" for part in node.values)
        return "".join(parts)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("{}", "filled")
    return ""


def test_there_are_steps_and_queries_to_look_at() -> None:
    found = [name for name, _ in queries()]
    assert len(STEPS) > 15 and any(":" in name for name in found)


@pytest.mark.parametrize(("name", "sql"), list(queries()), ids=lambda value: value.partition(" ")[0])
def test_a_query_keeps_to_the_subset(name: str, sql: str) -> None:
    assert list(faults(sql)) == []
    assert spark_sql(sql)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT hash(a) AS h FROM t", "HASH"),
        ("SELECT first(a) AS a FROM t", "FIRST"),
        ("SELECT list(a) AS a FROM t", "ARRAY_AGG"),
        ("SELECT approx_quantile(a, 0.5) AS q FROM t", "APPROX_QUANTILE"),
        ("SELECT median(a) AS q FROM t", "MEDIAN"),
        ("SELECT a[1:2] AS q FROM t", "Bracket"),
        ("SELECT regexp_replace(a, '(b)', '\\1') AS q FROM t", "REGEXP_REPLACE"),
        ("SELECT t.a FROM t ASOF JOIN u ON t.a >= u.a", "ASOF"),
        ("SELECT * FROM t PIVOT (sum(a) FOR b IN (1, 2))", "Pivot"),
        ("SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1", "Qualify"),
        ("SELECT * EXCLUDE (a) FROM t", "Star"),
        ("SELECT a / b AS q FROM t", "division by b"),
        ("SELECT CAST(a AS HUGEINT) AS a FROM t", "type"),
        ("INSERT INTO t SELECT 1 AS a", "one query"),
        ("SELECT 1 AS a; SELECT 2 AS b", "one query"),
    ],
)
def test_what_is_outside_the_subset_is_seen(sql: str, told: str) -> None:
    assert any(told in fault for fault in faults(sql))


def test_estimates_do_without_duckdbs_connection() -> None:
    modules = FOLDER.rglob("*.py")
    assert [
        path.name for path in modules if re.search(r"\.connection\b|\bimport duckdb", path.read_text("utf-8"))
    ] == []


def test_what_stands_beside_a_step_for_spark_belongs_to_one() -> None:
    beside = (FOLDER / "sql").rglob("spark/*.sql")
    assert [path.name for path in beside if path.parents[1] / path.name not in STEPS] == []
