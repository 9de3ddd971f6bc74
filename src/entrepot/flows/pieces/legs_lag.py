"""Legs: does what came in go on, how much later, and how much of it.

Source: docs/methods/pieces.md, section 1.
"""

from __future__ import annotations

import numpy as np

from entrepot.flows.leg import Leg
from entrepot.flows.panel import Floats
from entrepot.flows.pieces.looked import Looked, ends, month_excess
from entrepot.flows.pieces.piece import AGAINST, SILENT, SPEAKS_AT, SUPPORTS, Piece, known, named, per_cent
from entrepot.flows.pieces.weights import Weights
from entrepot.numerics import student_cdf

# Goods that pass through are taken on within a season; a longer lag cannot be told from chance.
LONGEST_LAG = 3
_LEAST_MONTHS = 6
# What goes on of what came in: less than this, at most, and the goods stayed; more than this, and they passed.
_STAYED, _PASSED = 0.1, 0.2


def legs_lag(looked: Looked, weights: Weights) -> dict[int, Piece]:
    """Return, per row with both legs, the lag and the share that went on.

    ``estimate`` is the onward excess over the inward excess, by weight where both legs give weights, else by value; the
    interval joins the far ends of both, so it covers at least nine times in ten. ``p_value`` is of the correlation of
    the two legs' months at the best lag, times the lags tried.
    """
    return {
        row: _piece(looked, weights, row)
        for row in looked.rows.tolist()
        if looked.at(row, "in") >= 0 and looked.at(row, "out") >= 0
    }


def _piece(looked: Looked, weights: Weights, row: int) -> Piece:
    control = looked.options.controls
    inward, outward = looked.legs["in"], looked.legs["out"]
    at, out = looked.at(row, "in"), looked.at(row, "out")
    lag, p = lag_of(month_excess(inward, at, control), month_excess(outward, out, control))
    came, least, most = ends(inward, at, control)
    if came <= 0:
        return Piece(
            SILENT, f"Nothing more than expected came in to {named(looked.via(row))}, so nothing can have gone on."
        )
    by_weight = _by_weight(looked, weights, row)
    if by_weight is None and _currencies_differ(looked):
        return Piece(
            SILENT, "The legs are in different currencies and give no weights: their sizes cannot be compared."
        )
    ratio, low, high = _ratio(ends(outward, out, control), (came, least, most), by_weight)
    by = "weight" if by_weight is not None else "value"
    passed = low > 0 and least > 0 and ratio >= _PASSED
    return Piece(
        SUPPORTS if passed else AGAINST if high < _STAYED and least > 0 else SILENT,
        f"{per_cent(max(ratio, 0.0))} of the unexplained inward trade, by {by}, went on to"
        f" {named(looked.options.destination)}{_when(lag, p)}.",
        known(ratio),
        known(low),
        known(high),
        f"share by {by}",
        p,
        "no lag can be told from chance" if p is None or p > SPEAKS_AT else f"lag of {lag} months by correlation",
    )


def _ratio(
    went: tuple[float, float, float], came: tuple[float, float, float], by_weight: float | None
) -> tuple[float, float, float]:
    """Outward over inward excess with the far ends of both. Relative error is that of money, by weight as well."""
    least = max(came[1], came[0] / 10)
    low, high = (end / (came[2] if end > 0 else least) if i == 0 else end / least for i, end in enumerate(went[1:]))
    ratio = went[0] / came[0]
    if by_weight is None:
        return ratio, low, max(high, ratio)
    scale = by_weight / ratio if ratio > 0 and by_weight > 0 else 1.0
    return by_weight, min(low * scale, by_weight), max(high * scale, by_weight)


def _when(lag: int | None, p: float | None) -> str:
    if lag is None or p is None or p > SPEAKS_AT:
        return ""
    return ", in the same month" if lag == 0 else f", {lag} {'month' if lag == 1 else 'months'} later"


def lag_of(inward: Floats, outward: Floats) -> tuple[int | None, float | None]:
    """Return the lag at which the outward months follow the inward ones most closely, and its p-value.

    Months are compared by their square roots with sign, so that one delivery does not decide. None where too few
    months are known or nothing varies.
    """
    tried: list[tuple[float, int, int]] = []
    for lag in range(LONGEST_LAG + 1):
        a, b = inward[: len(inward) - lag], outward[lag:]
        good = ~np.isnan(a) & ~np.isnan(b)
        if good.sum() >= _LEAST_MONTHS:
            x, y = (np.sign(part[good]) * np.sqrt(np.abs(part[good])) for part in (a, b))
            if x.std() > 0 and y.std() > 0:
                tried.append((float(np.corrcoef(x, y)[0, 1]), -lag, int(good.sum())))
    if not tried:
        return None, None
    best, lag, n = max(tried)
    t = best * np.sqrt((n - 2) / max(1 - best**2, 1e-12))
    return -lag, min(1.0, len(tried) * float(student_cdf(-t, n - 2)))


def _by_weight(looked: Looked, weights: Weights, row: int) -> float | None:
    """Kilograms above the past, outward over inward; None where a leg gives none."""
    rises = []
    for leg in ("in", "out"):
        place = weights.place.get((leg, looked.via(row), looked.product(row)))
        if place is None:
            return None
        kg, n = np.nan_to_num(weights.kg[place]), weights.n_before
        # The past is scaled by what the controls made of it, as money is.
        grown = _growth(looked.legs[leg], looked.at(row, leg), looked.options.controls)
        rises.append(float(kg[n:].sum() - kg[:n].mean() * grown * (len(kg) - n)))
    inward, outward = rises
    return outward / inward if inward > 0 else None


def _growth(leg: Leg, at: int, control: str) -> float:
    expected = leg.inference.expected
    own = float(expected["own"][at])
    return float(expected[control][at]) / own if own > 0 else 1.0


def _currencies_differ(looked: Looked) -> bool:
    currency = looked.data.scope.currency
    return currency.get("in") != currency.get("out")
