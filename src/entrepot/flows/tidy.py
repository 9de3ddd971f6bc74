"""Tidy: the months behind estimates as CSV, with scripts that reproduce them in R and in Stata.

Layout of the folder that is written:

- ``series.csv``: one line a chosen row, series and month: the row's own series and its heaviest controls;
- ``rows.csv``: one line a chosen row: the numbers that the months alone do not give, and the estimates;
- ``estimate.R`` and ``estimate.do``: base R and plain Stata that read both and arrive at the estimates.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.codes import month_text
from entrepot.errors import EstimateError, SourceError
from entrepot.flows.control_weights import Behind, Key, behind_rows, heaviest
from entrepot.flows.noise import age_weights
from entrepot.flows.panel import Bools, Floats, Ints
from entrepot.flows.routes import Work
from entrepot.lake import Table

SERIES_TYPES = {
    "row_id": "VARCHAR",
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "period": "VARCHAR",
    "value": "DOUBLE",
    "season": "DOUBLE",
    "is_after": "INTEGER",
    "age_weight": "DOUBLE",
    "is_treated": "INTEGER",
    "is_control_of": "VARCHAR",
    "weight": "DOUBLE",
    "expected": "DOUBLE",
}
ROW_TYPES = {
    "row_id": "VARCHAR",
    "via_iso3": "VARCHAR",
    "product_id": "VARCHAR",
    "control_set": "VARCHAR",
    "trifle": "DOUBLE",
    "change_low": "DOUBLE",
    "change_high": "DOUBLE",
    "growth_rest": "DOUBLE",
    "floor": "DOUBLE",
    "correction": "DOUBLE",
    "correction_low": "DOUBLE",
    "correction_high": "DOUBLE",
    "observed": "DOUBLE",
    "expected": "DOUBLE",
    "excess": "DOUBLE",
    "excess_low": "DOUBLE",
    "excess_high": "DOUBLE",
}
SCRIPTS = ("estimate.R", "estimate.do")


def write_tidy(work: Work, folder: Path, *, rows: Sequence[Key] | None = None, most: int = 500) -> list[Path]:
    """Write the months behind estimates, with scripts that reproduce them; return the files written.

    Args:
        work: a worked answer; its headline control set is the one that is written.
        folder: where to write; made where its parent exists.
        rows: (via_iso3, product_id) of the rows wanted; None means the first row of the answer.
        most: controls a row, the heaviest first; the others, and other sellers, enter as one number, ``growth_rest``.

    Returns:
        series.csv (grain row, series, month; money in the rows' currency), rows.csv (grain row), estimate.R and
        estimate.do.

    Raises:
        NotFound: a row that the answer does not have, or that could not be tested.
        EstimateError: no row of the answer could be tested.
        SourceError: the folder cannot be written.

    Source: docs/methods/routes.md, sections 2 to 5.
    """
    first = next(iter(work.answer), None)
    if rows is None and (first is None or first["rank"] is None):
        raise EstimateError("no row could be tested, so that there is no estimate to write", remedy="Ask otherwise.")
    wanted = rows if rows is not None or first is None else [(first["via_iso3"], first["product_id"])]
    lines: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    for key, behind in behind_rows(work, wanted):
        listed, rest = _controls(work, behind, most)
        lines += _months(work, key, behind, behind.at, weight=None)
        for j, weight in listed:
            lines += _months(work, key, behind, j, weight=weight)
        numbers.append(_numbers(work, key, behind, rest))
    try:
        folder.mkdir(exist_ok=True)
        Table.from_rows(lines, SERIES_TYPES).write(folder / "series.csv")
        Table.from_rows(numbers, ROW_TYPES).write(folder / "rows.csv")
        for name in SCRIPTS:
            (folder / name).write_text(files("entrepot.flows").joinpath("scripts", name).read_text("utf-8"), "utf-8")
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(folder), remedy="Choose another --tidy.") from error
    return [folder / name for name in ("series.csv", "rows.csv", *SCRIPTS)]


def _controls(work: Work, behind: Behind, most: int) -> tuple[list[tuple[int, float]], float]:
    """The heaviest controls with their weights, and what all others contribute to growth, other sellers among them."""
    growth = behind.growth.sets[work.options.controls]
    weights, used, panel = growth.weights(behind.at), behind.growth.used, behind.leg.panel
    # What a script cannot work out from months: the row itself, seen through others' means, and silent series.
    apart: Bools = np.asarray(np.isnan(panel.after).all(axis=1) | np.isnan(panel.before).all(axis=1))
    apart[behind.at] = True
    shown: Ints = heaviest(np.where(apart, 0.0, weights), most)[0]
    shared = float(behind.growth.shared.growth[behind.at]) if work.options.controls != "own" else 0.0
    return [(int(j), float(weights[j])) for j in shown], float(weights @ used - weights[shown] @ used[shown]) + shared


def _months(work: Work, key: Key, behind: Behind, at: int, *, weight: float | None) -> list[dict[str, Any]]:
    panel, noise, scope = behind.leg.panel, behind.noise, work.data.scope
    is_treated = weight is None
    entry = {
        "row_id": "|".join(key),
        "via_iso3": work.data.via[int(panel.via[at])],
        "product_id": work.data.products[int(panel.product[at])].product_id,
        "is_treated": int(is_treated),
        "is_control_of": None if is_treated else "|".join(key),
        "weight": weight,
    }
    ages = age_weights(panel, work.options.method)[at]
    path = _path(work, behind) if is_treated else None
    return [
        {
            **entry,
            "period": month_text(scope.first_month + t),
            "value": None if np.isnan(value) else float(value),
            "season": float(noise.season[at, t]),
            "is_after": int(t >= panel.n_before),
            "age_weight": float(ages[t]) if t < panel.n_before else None,
            "expected": None if path is None else float(path[t]),
        }
        for t, value in enumerate(panel.values[at])
    ]


def _path(work: Work, behind: Behind) -> Floats:
    """Level x season, from the event on with the growth of the headline set, as the report draws it."""
    inference, at = behind.leg.inference, behind.at
    after = np.arange(behind.leg.panel.values.shape[1]) >= behind.leg.panel.n_before
    grown = np.where(after, np.exp(inference.growth[work.options.controls][at]), 1.0)
    return np.asarray(inference.level[at] * inference.season[at] * grown)


def _numbers(work: Work, key: Key, behind: Behind, rest: float) -> dict[str, Any]:
    inference, at, control = behind.leg.inference, behind.at, work.options.controls
    known = ~np.isnan(behind.leg.panel.after[at])
    exposure = float(behind.noise.season[at, behind.leg.panel.n_before :][known].sum())
    naive = float(behind.noise.level[at] * np.exp(inference.growth[control][at])) * exposure
    floor = behind.noise.trifle * max(int(known.sum()), 1)
    used, observed = behind.growth.used, float(inference.observed[at])
    expected, low = (float(ends[control][at]) for ends in (inference.expected, inference.low))
    # An alert's lower end allows for its having been picked, so it is the answer's.
    high = observed - next(row["excess_low"] for row in work.answer if (row["via_iso3"], row["product_id"]) == key)
    corrections = ((end + floor) / (naive + floor) for end in (expected, low, high))
    return {
        "row_id": "|".join(key),
        "via_iso3": key[0],
        "product_id": key[1],
        "control_set": control,
        "trifle": behind.noise.trifle,
        "change_low": float(used.min()),
        "change_high": float(used.max()),
        "growth_rest": rest,
        "floor": floor,
        **dict(zip(("correction", "correction_low", "correction_high"), corrections, strict=True)),
        "observed": observed,
        "expected": expected,
        "excess": observed - expected,
        "excess_low": observed - high,
        "excess_high": observed - low,
    }
