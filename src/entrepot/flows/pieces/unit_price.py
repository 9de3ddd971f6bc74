"""Unit price: did the price of a kilogram move away from what peers paid, and how much money that would be.

Source: docs/methods/pieces.md, section 3.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from entrepot.flows.panel import Floats
from entrepot.flows.pieces.looked import Looked
from entrepot.flows.pieces.piece import SILENT, SPEAKS_AT, SUPPORTS, TAIL, Piece, told, turned
from entrepot.flows.pieces.weights import Weights
from entrepot.numerics import student_cdf

_LEAST_MONTHS = 3
# The heading's peers weigh as much as this many peers of the product itself.
_PRIOR_PEERS = 8.0
# A price per kilogram is never believed to be surer than this, in logs: grades and firms differ.
_LEAST_SCALE = 0.05
_ROBUST = 1.4826


@dataclass(frozen=True)
class Move:
    """How a log price moved from before the event to after it.

    Attributes:
        size: n, change of the median; NaN where either side has too few months.
        variance: n, sampling variance of that change.
    """

    size: Floats
    variance: Floats


def unit_price(looked: Looked, weights: Weights) -> dict[int, Piece]:
    """Return, per row with weights, how far its price moved beyond that of its peers.

    Peers are the same product to other destinations, drawn towards other products of the heading when few.
    ``estimate`` is a difference of logs; the money that it would mean is in ``detail``. A price is never an alert.
    """
    if not len(weights):
        return {}
    move = moved(weights.log_price, weights.n_before)
    found = {}
    for row in looked.rows.tolist():
        leg, _ = looked.main(row)
        place = weights.place.get((leg, looked.via(row), looked.product(row)))
        if place is not None and not np.isnan(move.size[place]):
            found[row] = _piece(looked, weights, move, row, place)
    return found


def moved(log_price: Floats, n_before: int) -> Move:
    """Return the change of each series' median log price at the event, with its sampling variance."""
    sides = log_price[:, :n_before], log_price[:, n_before:]
    with warnings.catch_warnings():
        # A side without a price has no median.
        warnings.simplefilter("ignore", RuntimeWarning)
        middles = [np.nanmedian(side, axis=1) for side in sides]
        spreads = [
            _ROBUST * np.nanmedian(np.abs(side - m[:, None]), axis=1) for side, m in zip(sides, middles, strict=True)
        ]
    months = [(~np.isnan(side)).sum(axis=1) for side in sides]
    enough = (months[0] >= _LEAST_MONTHS) & (months[1] >= _LEAST_MONTHS)
    # A median is less sure than a mean by pi over two.
    variance = sum(np.pi / 2 * spread**2 / np.maximum(n, 1) for spread, n in zip(spreads, months, strict=True))
    return Move(np.where(enough, middles[1] - middles[0], np.nan), np.asarray(variance))


def robust(values: Floats) -> tuple[float, float, int]:
    """Return median, robust standard deviation and number of the known values; zeros where there are none."""
    values = values[~np.isnan(values)]
    if not len(values):
        return 0.0, 0.0, 0
    middle = float(np.median(values))
    return middle, _ROBUST * float(np.median(np.abs(values - middle))), len(values)


def _piece(looked: Looked, weights: Weights, move: Move, row: int, place: int) -> Piece:
    own, heading = _peers(looked, weights, place)
    location, scale, n = robust(move.size[own])
    wide_location, wide_scale, wide_n = robust(move.size[heading])
    if n + wide_n < 3:
        return Piece(SILENT, "Too few peers give weights for the price to be compared.")
    share = n / (n + _PRIOR_PEERS) if wide_n else 1.0
    middle = share * location + (1 - share) * wide_location
    spread = np.sqrt(share * scale**2 + (1 - share) * wide_scale**2)
    # The peers' own location is uncertain as well.
    error = float(np.sqrt(max(spread, _LEAST_SCALE) ** 2 * (1 + 1 / (n + wide_n)) + move.variance[place]))
    size = float(move.size[place]) - middle
    p = float(2 * student_cdf(-abs(size) / error, max(n + wide_n - 1, 2)))
    low, high = size - TAIL * error, size + TAIL * error
    value = float(np.nansum(weights.value[place, weights.n_before :]))
    money = [value * -np.expm1(-end) for end in (low, high)]
    currency = looked.currency(row)
    turn = turned(size, more="above", less="below")
    stands = "moved" if p <= SPEAKS_AT else "stayed within ordinary scatter,"
    return Piece(
        SUPPORTS if p <= SPEAKS_AT and size > 0 else SILENT,
        f"The price of a kilogram {stands} {turn} what peers' prices did.",
        size,
        low,
        high,
        "log price against peers",
        p,
        f"money that the difference means: {told(money[0], currency)} to {told(money[1], currency)};"
        f" {n} peers of the product, {wide_n} of heading {looked.heading(looked.product(row))}",
    )


def _peers(looked: Looked, weights: Weights, place: int) -> tuple[list[int], list[int]]:
    """Same product to other buyers; other products of the heading to anybody. One leg only: prices differ by stage."""
    leg, product = weights.leg[place], int(weights.product[place])
    legs = ("in", "direct") if leg in ("in", "direct") else ("out",)
    heading = looked.heading(product)
    own, wide = [], []
    for i, (other, code) in enumerate(zip(weights.leg, weights.product.tolist(), strict=True)):
        if i == place or other not in legs:
            continue
        if code == product:
            own.append(i)
        elif looked.heading(code) == heading:
            wide.append(i)
    return own, wide
