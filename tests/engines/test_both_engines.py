"""Every estimate on both engines: the same words, and the same numbers to nine digits."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from entrepot import flows
from entrepot.flows import control_weights, effect, mirror, placebo, survey, watch, worked
from entrepot.lake import Lake, Table
from tests.engines.conftest import Question

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("spark")]

Estimate = Callable[[Lake, dict[str, Any]], list[Any]]


def _routes(lake: Lake, asked: dict[str, Any]) -> list[Any]:
    work = worked(lake, **asked)
    return [work.answer, control_weights(work)]


def _mirror(lake: Lake, asked: dict[str, Any]) -> list[Any]:
    return [mirror(lake, exporter="DEU", importer="KAZ", event=asked["event"])]


def _watch(lake: Lake, asked: dict[str, Any]) -> list[Any]:
    return [watch(lake, start="2021-01", end="2021-02", **asked)]


def _placebo(lake: Lake, asked: dict[str, Any]) -> list[Any]:
    return [placebo(lake, kind="products", n=1, **{**asked, "products": "854231,847130"})]


def _survey(lake: Lake, asked: dict[str, Any]) -> list[Any]:
    found = survey(lake, event=asked["event"], origins=asked["origins"], has_evidence=True)
    return [found.table(found.rows_of())]


# Public estimates of the room that read a lake -> which of these asks it.
def _effect(lake: Lake, asked: dict[str, Any]) -> list[Any]:
    """The months, controls and numbers of an effect, as tables; a refusal is the same on both, too."""
    found = effect(lake, exporters=asked["origins"], importers="KAZ", date=asked["event"])
    told = [{"name": name, "value": getattr(found, name)} for name in ("effect_pct", "p_value", "observed", "expected")]
    path = Table.from_rows(
        list(found.path), {"period": "VARCHAR", "estimate_pct": "DOUBLE", "low": "DOUBLE", "high": "DOUBLE"}
    )
    return [Table.from_rows(told, {"name": "VARCHAR", "value": "DOUBLE"}), path]


CASES: dict[str, Estimate] = {
    "effect": _effect,
    "routes": _routes,
    "worked": _routes,
    "mirror": _mirror,
    "watch": _watch,
    "placebo": _placebo,
    "survey": _survey,
}


def differences(one: Any, other: Any, where: str) -> Iterator[str]:
    """Yield every place where two answers differ, tables attached to them included."""
    if isinstance(one, Table):
        if one.types != other.types or len(one) != len(other):
            yield f"{where}: {len(one)} rows of {list(one.types)} and {len(other)} of {list(other.types)}"
            return
        for name, value in vars(one).items():
            yield from differences(value, vars(other)[name], f"{where}.{name}")
    elif isinstance(one, dict) and isinstance(other, dict):
        yield from (f"{where}: {key} is in one only" for key in one.keys() ^ other.keys())
        for key in one.keys() & other.keys():
            yield from differences(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from differences(a, b, f"{where}[{i}]")
    elif isinstance(one, float) and isinstance(other, float):
        if not (math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) or (one != one and other != other)):
            yield f"{where}: {one!r} and {other!r}"
    elif isinstance(one, str | int | None) or isinstance(other, str | int | None):
        if one != other or type(one) is not type(other):
            yield f"{where}: {one!r} and {other!r}"
    else:
        yield f"{where}: do not know how to compare {type(one)} and {type(other)}"


@pytest.mark.parametrize(
    ("one", "other"),
    [(1.0, 1.0 + 2e-9), (None, 1.0), (True, False), (1, 1.0), ("a", "b"), ([1], [1, 2]), ({}, {"a": 1})],
)
def test_a_difference_is_seen(one: Any, other: Any) -> None:
    tables = (Table({"a": [value, 1.0]}, {"a": "DOUBLE"}) for value in (one, other))
    assert list(differences(one, other, "it")) and list(differences(*tables, "table"))


def compared(estimate: Estimate, question: Question) -> list[str]:
    one, other = (estimate(question.lake(engine), question.asked) for engine in ("duckdb", "spark"))
    assert len(one[0])
    return list(differences(one, other, "answer"))[:10]


@pytest.mark.parametrize("estimate", [_routes, _mirror])
def test_a_simulated_world_has_the_same_answer_on_both(estimate: Estimate, world: Question) -> None:
    assert compared(estimate, world) == []


@pytest.mark.parametrize("estimate", [_routes, _mirror, _watch, _placebo, _survey, _effect])
def test_reports_of_every_kind_have_the_same_answer_on_both(estimate: Estimate, mixed: Question) -> None:
    assert compared(estimate, mixed) == []


def test_every_estimate_that_reads_a_lake_is_compared_here() -> None:
    reading = {
        name
        for name in flows.__all__
        if inspect.isfunction(found := getattr(flows, name))
        and next(iter(inspect.signature(found).parameters)) == "lake"
    }
    assert reading == set(CASES)
