"""Hops: routes of two intermediaries, origins -> A -> B -> destination, with the flow bounded from both sides.

A takes in more than its controls explain and does not send that on to the destination; A surely sends more to B, and B
surely more to the destination. Where A's own intake is too large to tell whether it rose, the route is listed with a
lower bound of zero. No data follow a parcel: what is bounded is how much can and how much must have gone this way.

Source: docs/methods/pieces.md, section 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepot.flows.between import Between
from entrepot.flows.leg import Leg
from entrepot.flows.panel import Floats, Ints
from entrepot.flows.pieces.legs_lag import lag_of
from entrepot.flows.pieces.looked import Looked, ends, month_excess
from entrepot.flows.pieces.piece import SILENT, SUPPORTS, Piece, told
from entrepot.flows.result import HOP_TYPES
from entrepot.flows.scope import customs_union
from entrepot.lake import Table

# The largest risen onward series; what lies below them is too small to be told from noise.
_MOST_LAST = 100
MOST_HOPS = 200


@dataclass(frozen=True)
class Hop:
    """One route of two intermediaries.

    Attributes:
        first: ISO3 of the intermediary that the origins sell to.
        second: ISO3 of the one that sells to the destination.
        product: index of the product.
        low: money that the second's rise cannot have come from elsewhere in the data.
        high: money that can at most have gone this way.
        lags: months between the first and second, second and third leg; None where not told apart from chance.
        caveats: ids.
    """

    first: str
    second: str
    product: int
    low: float
    high: float
    lags: tuple[int | None, int | None]
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class Ends:
    """Excess of a leg with the ends of its interval."""

    excess: float
    low: float
    high: float


def last_legs(looked: Looked) -> Ints:
    """Return rows of the onward leg from which a route of two hops may end: those that surely rose, largest first."""
    if not {"in", "out"} <= set(looked.legs) or _currency(looked) is None:
        return np.zeros(0, dtype=np.int64)
    inward, outward = looked.legs["in"], looked.legs["out"]
    came = np.unique(inward.panel.product[inward.is_testable & (_high(inward, looked) > 0)])
    low = np.where(np.isin(outward.panel.product, came) & outward.panel.is_tested, _low(outward, looked), 0.0)
    order = np.lexsort((outward.key, -low))[:_MOST_LAST]
    return order[low[order] > 0]


def hops_of(looked: Looked, last: Ints, between: Between) -> list[Hop]:
    """Return the routes of two hops that end in some rows of the onward leg, by what must have gone this way."""
    if not len(last):
        return []
    found = []
    inward, outward = looked.legs["in"], looked.legs["out"]
    high = np.where(inward.is_testable, _high(inward, looked), -np.inf)
    for out in last.tolist():
        second, product = looked.data.via[int(outward.panel.via[out])], int(outward.panel.product[out])
        for series in between.of(second, product):
            at = _at(looked, inward, between.exporter[series], product)
            if at >= 0 and high[at] > 0 and between.low[series] > 0:
                found += _hop(looked, at, series, out, between)
    return sorted(found, key=lambda hop: (-hop.low, -hop.high, hop.first, hop.second, hop.product))[:MOST_HOPS]


def _hop(looked: Looked, at: int, series: int, out: int, between: Between) -> list[Hop]:
    control = looked.options.controls
    inward, outward = looked.legs["in"], looked.legs["out"]
    came, went = Ends(*ends(inward, at, control)), Ends(*ends(outward, out, control))
    passed = Ends(*(float(part[series]) for part in (between.excess, between.low, between.high)))
    first, second, product = between.exporter[series], between.importer[series], int(between.product[series])
    onward = _onward(looked, outward, first, product)
    # What the first surely sends to the destination itself cannot have gone by the second.
    high = min(came.high - max(onward.low if onward else 0.0, 0.0), passed.high, went.high)
    if high <= 0:
        return []
    others = [i for i in between.of(second, product) if i != series]
    low = _remainder(looked, went, others, second, product, between) if came.low > 0 else 0.0
    low = min(max(low, 0.0), high)
    months = month_excess(inward, at, control), _after(looked, between.values[series])
    lags = tuple(
        lag if p is not None and p <= 0.05 else None
        for lag, p in (lag_of(*months), lag_of(months[1], month_excess(outward, out, control)))
    )
    caveats = _caveats(looked, first, second, low, onward)
    if came.low <= 0:
        caveats = (*caveats, "first_leg_unclear")
    return [Hop(first, second, product, low, high, (lags[0], lags[1]), caveats)]


def _remainder(looked: Looked, went: Ends, others: list[int], second: str, product: int, between: Between) -> float:
    """What the second's onward rise cannot have got from the origins directly or from other sellers.

    The errors of what is subtracted are independent of each other and add up by squares.
    """
    rest, error = went.excess, (went.excess - went.low) ** 2
    direct = _at(looked, looked.legs["in"], second, product)
    if direct >= 0:
        size, _, top = ends(looked.legs["in"], direct, looked.options.controls)
        rest, error = rest - max(size, 0.0), error + (top - size) ** 2
    for i in others:
        size = float(between.excess[i])
        rest, error = rest - max(size, 0.0), error + (float(between.high[i]) - size) ** 2
    return rest - float(np.sqrt(error))


def _onward(looked: Looked, outward: Leg, first: str, product: int) -> Ends | None:
    at = _at(looked, outward, first, product)
    return Ends(*ends(outward, at, looked.options.controls)) if at >= 0 else None


def _at(looked: Looked, leg: Leg, via: str, product: int) -> int:
    key = looked.data.via.index(via) * len(looked.data.products) + product if via in looked.data.via else -1
    return int(leg.rows_of(np.array([key], dtype=np.int64))[0]) if key >= 0 else -1


def _low(leg: Leg, looked: Looked) -> Floats:
    inference = leg.inference
    return np.where(leg.is_testable, inference.observed - inference.high[looked.options.controls], -np.inf)


def _high(leg: Leg, looked: Looked) -> Floats:
    inference = leg.inference
    return np.asarray(inference.observed - inference.low[looked.options.controls])


def _after(looked: Looked, values: Floats) -> Floats:
    n = looked.data.scope.n_before
    return np.asarray(values[n:] - np.nanmean(values[:n]))


def _currency(looked: Looked) -> str | None:
    currency = looked.data.scope.currency
    return currency["in"] if currency.get("in") == currency.get("out") else None


def _caveats(looked: Looked, first: str, second: str, low: float, onward: Ends | None) -> tuple[str, ...]:
    options, day = looked.options, looked.options.group_day()
    caveats = []
    if customs_union(first, second, on=day) or customs_union(second, options.destination, on=day):
        caveats.append("customs_union")
    if onward is None:
        caveats.append("hub_onward_unseen")
    elif onward.low > 0:
        caveats.append("hub_sells_on_itself")
    if low <= 0:
        caveats.append("other_sources_possible")
    return tuple(caveats)


def path_text(looked: Looked, hop: Hop) -> str:
    """Return a route as text: ``EU27 -> ARE -> KGZ -> RUS``."""
    origins = looked.options.origins.replace(",", "+")
    return " -> ".join((origins, hop.first, hop.second, looked.options.destination))


def hop_table(looked: Looked, hops: list[Hop]) -> Table:
    """Return the routes of two hops as a table; grain path, product; money in ``currency`` over the window."""
    rows: list[dict[str, Any]] = [
        {
            "path": path_text(looked, hop),
            "product_id": looked.data.products[hop.product].product_id,
            "flow_low": hop.low,
            "flow_high": hop.high,
            "currency": _currency(looked),
            "lags": "; ".join("unknown" if lag is None else str(lag) for lag in hop.lags),
            "caveats": "; ".join(hop.caveats),
        }
        for hop in hops
    ]
    return Table.from_rows(rows, HOP_TYPES)


def hop_pieces(looked: Looked, hops: list[Hop]) -> dict[int, Piece]:
    """Return, per row that is on a route of two hops, the one of which most must have gone this way."""
    found: dict[int, Piece] = {}
    for row in looked.rows.tolist():
        here = [h for h in hops if h.product == looked.product(row) and looked.via(row) in (h.first, h.second)]
        if here:
            found[row] = _piece(looked, here, looked.currency(row))
    return found


def _piece(looked: Looked, here: list[Hop], currency: str) -> Piece:
    hop = here[0]
    path = path_text(looked, hop)
    if hop.low > 0:
        finding = f"Between {told(hop.low)} and {told(hop.high, currency)} went {path}, if nothing else feeds it."
    else:
        finding = f"At most {told(hop.high, currency)} can have gone {path}; nothing says that any did."
    more = f"{len(here) - 1} more such routes" if len(here) > 1 else ""
    return Piece(SUPPORTS if hop.low > 0 else SILENT, finding, None, hop.low, hop.high, currency, None, more)
