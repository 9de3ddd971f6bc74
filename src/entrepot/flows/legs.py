"""Legs: the monthly series of each leg, from the lake's rows to panels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entrepot.flows.kept import KEPT, rows_from_kept
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Floats, Ints, Panel
from entrepot.flows.products import Product, products_of
from entrepot.flows.scope import Scope, scope_of
from entrepot.flows.scope_tables import fill_revisions, fill_scope_tables
from entrepot.lake import Engine

SQL = Path(__file__).parent / "sql"
# A silent reporter makes a month unknown for the series of which it carries more than this share.
_MATTERS = 0.1
_SEVERAL_TYPES = {
    "pair_id": "INTEGER",
    "product_id": "INTEGER",
    "month": "INTEGER",
    "hundredths": "DOUBLE",
    "n_stages": "INTEGER",
    "n_revisions": "INTEGER",
}


@dataclass(frozen=True)
class Legs:
    """The series of a question.

    Attributes:
        scope: whose reports they are from.
        products: the products, by index.
        via: ISO3 codes, by index.
        panels: leg (in, out, direct) -> panel; via and product are indices.
    """

    scope: Scope
    products: list[Product]
    via: list[str]
    panels: dict[str, Panel]


def legs_of(engine: Engine, options: RoutesOptions, *, is_kept: bool = False) -> Legs:
    """Return the series of every leg for a question; leaves the steps' tables in the engine.

    ``is_kept`` says that the session has kept a later look's rows, of which this one's may be a part.
    """
    scope = scope_of(engine, options)
    products = fill_row_tables(engine, options, scope, is_kept=is_kept)
    if not (is_kept and rows_from_kept(engine)):
        engine.step(SQL, "leg_rows", level=options.level)
    engine.step(SQL, "series")
    lines = scope.lines()
    via = sorted({lines[line][1] for (line,) in engine.rows("SELECT DISTINCT line FROM series")})
    wanted = options.via_codes()
    tested_via = np.array([wanted is None or iso3 in wanted for iso3 in via], dtype=bool)
    tested_product = np.array([product.is_tested for product in products], dtype=bool)
    place = {iso3: i for i, iso3 in enumerate(via)}
    via_of = np.array([place.get(iso3, -1) for _, iso3 in lines], dtype=np.int64)
    silent = _silent_cells(engine, scope)
    panels: dict[str, Panel] = {
        leg: _panel(engine, leg, scope, products, via_of, tested_via, tested_product, silent)
        for leg in ("in", "out", "direct")
        if leg in scope.legs()
    }
    return Legs(scope, products, via, panels)


def fill_row_tables(engine: Engine, options: RoutesOptions, scope: Scope, *, is_kept: bool = False) -> list[Product]:
    """Make all tables that the step ``leg_rows`` joins, and return the products."""
    fill_scope_tables(engine, scope)
    engine.step(KEPT if is_kept else SQL, "code_use", level=options.level, as_of=options.as_of)
    products = products_of(engine, options, scope)
    engine.step(SQL, "mixed_codes", level=options.level)
    for step in ("product_spans", "stable_codes", "changed_codes", "repeated_products"):
        engine.step(SQL, step)
    if scope.has_several:
        fill_revisions(engine, scope, level=options.level)
        engine.step(SQL, "several_rows", level=options.level)
    else:
        engine.table("several_rows", dict.fromkeys(_SEVERAL_TYPES, ()), _SEVERAL_TYPES)
    return _marked(engine, products)


def _marked(engine: Engine, products: list[Product]) -> list[Product]:
    """The products, with a caveat on each of which a report gives a cell several times."""
    marks: dict[int, tuple[str, ...]] = {}
    for product, stages, revisions in engine.rows(
        "SELECT product_id, max(n_stages), max(n_revisions) FROM several_rows GROUP BY product_id"
    ):
        marks[product] = ("two_valuations",) * (stages > 1) + ("two_revisions",) * (revisions > 1)
    return [replace(p, caveats=(*p.caveats, *marks.get(index, ()))) for index, p in enumerate(products)]


def _panel(
    engine: Engine,
    leg: str,
    scope: Scope,
    products: list[Product],
    via_of: Ints,
    tested_via: NDArray[np.bool_],
    tested_product: NDArray[np.bool_],
    silent: dict[tuple[int, int], list[int]],
) -> Panel:
    # The lines of a leg have numbers that follow each other.
    lines = scope.lines()
    numbers = [number for number, (name, _) in enumerate(lines) if name == leg]
    span = {"first": numbers[0], "last": numbers[-1]}
    rows = engine.arrays(
        "SELECT line, product_id, month, value FROM series WHERE line BETWEEN $first AND $last", **span
    )
    n_products = max(len(products), 1)
    key = via_of[rows["line"].astype(np.int64)] * n_products + rows["product_id"].astype(np.int64)
    is_there = np.zeros(n_products * len(tested_via), dtype=bool)
    is_there[key] = True
    keys, row_of = np.flatnonzero(is_there), np.cumsum(is_there) - 1
    values = np.zeros((len(keys), scope.n_months))
    values[row_of[key], rows["month"].astype(np.int64) - scope.first_month] = np.nan_to_num(rows["value"])
    for line, product_id, month in engine.rows(
        "SELECT line, product_id, month FROM series"
        " WHERE n_unknown > 0 AND NOT coalesce(value > 0, false) AND line BETWEEN $first AND $last",
        **span,
    ):
        values[row_of[via_of[line] * n_products + product_id], month - scope.first_month] = np.nan
    via, product = keys // n_products, keys % n_products
    hide_unborn(values, product, products, scope)
    for (line, product_id), columns in silent.items():
        if lines[line][0] == leg:
            values[row_of[via_of[line] * n_products + product_id], columns] = np.nan
    return Panel(
        values=values,
        n_before=scope.n_before,
        first_month=scope.first_month,
        via=via,
        product=product,
        chapter=chapters(products)[product] if len(keys) else product,
        is_tested=tested_via[via] & tested_product[product] if leg != "direct" else tested_product[product],
    )


def hide_unborn(values: Floats, product: Ints, products: list[Product], scope: Scope) -> None:
    """Months before a code existed are unknown, not zero."""
    born = np.array([p.born if p.born is not None else 0 for p in products], dtype=np.int64)[product]
    if len(born) and born.max() > scope.first_month:
        months = scope.first_month + np.arange(values.shape[1])
        values[months[None, :] < born[:, None]] = np.nan


def chapters(products: list[Product]) -> Ints:
    """Return the chapter of each product, as a label."""
    return np.unique([product.codes[0][:2] for product in products], return_inverse=True)[1]


def _silent_cells(engine: Engine, scope: Scope) -> dict[tuple[int, int], list[int]]:
    """Line and product -> columns that are unknown, as a reporter that matters to the series has no rows there."""
    silences = scope.silences()
    if not silences:
        return {}
    columns: dict[tuple[str, str], list[int]] = {}
    for reporter, flow, column in silences:
        columns.setdefault((reporter, flow), []).append(column)
    names = dict(zip(("reporter_iso3", "flow"), map(list, zip(*sorted(columns), strict=True)), strict=True))
    engine.table("silent", names, dict.fromkeys(names, "VARCHAR"))
    engine.step(SQL, "silent_reporters")
    rows = engine.rows(
        "SELECT r.line, r.product_id, r.reporter_iso3, r.flow FROM silent_reporters AS r"
        " INNER JOIN (SELECT line, product_id, sum(value) AS value FROM series GROUP BY line, product_id) AS t"
        " ON r.line = t.line AND r.product_id = t.product_id WHERE r.value / nullif(t.value, 0) > $matters",
        matters=_MATTERS,
    )
    cells: dict[tuple[int, int], list[int]] = {}
    for line, product_id, reporter, flow in rows:
        cells.setdefault((line, product_id), []).extend(columns[reporter, flow])
    return cells
