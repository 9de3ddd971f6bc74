"""Neighbour: did trade move to a neighbouring code, which no list names, after a listing.

Source: docs/methods/pieces.md, section 5.
"""

from __future__ import annotations

import numpy as np

from entrepot.codes import month_text
from entrepot.flows.leg import Leg
from entrepot.flows.panel import Floats, Ints
from entrepot.flows.pieces.dates import Dated
from entrepot.flows.pieces.looked import Looked
from entrepot.flows.pieces.piece import SILENT, SPEAKS_AT, SUPPORTS, Piece, named, told
from entrepot.ledger import provisions
from entrepot.numerics import student_cdf, student_quantile

# Months are added up in blocks, so that one delivery is not several findings.
_BLOCK = 3
_LEAST_BLOCKS = 3


def neighbour(looked: Looked, dates: dict[int, Dated]) -> dict[int, Piece]:
    """Return, per row with neighbours that nobody listed, how their share of the heading changed at the date.

    ``estimate`` is the change of the share, 0 to 1, from the blocks of three months before the date to those after it.
    It supports where the share rose and the neighbours' money did, too.
    """
    found = {}
    for row in looked.rows.tolist():
        name, at = looked.main(row)
        if at < 0:
            continue
        dated = dates[looked.product(row)]
        others = _others(looked, looked.legs[name], row, dated)
        if len(others):
            found[row] = _piece(looked, row, looked.legs[name], at, others, dated)
    return found


def _others(looked: Looked, leg: Leg, row: int, dated: Dated) -> Ints:
    """Series of the same intermediary and heading under codes that no list or act names."""
    near = [p for p in looked.headings()[looked.heading(looked.product(row))] if _is_free(looked, p, dated)]
    size = len(looked.data.products)
    keys = np.array([int(looked.ranking.via[row]) * size + p for p in near], dtype=np.int64)
    places = leg.rows_of(keys) if len(keys) else keys
    return np.asarray(places[places >= 0])


def _is_free(looked: Looked, index: int, dated: Dated) -> bool:
    product, options = looked.data.products[index], looked.options
    if options.products != "all":
        return not product.is_tested and not product.items
    # Without a list only an act can tell listed from free.
    return not dated.is_event and not any(provisions(c, destination=options.destination) for c in product.codes)


def _piece(looked: Looked, row: int, leg: Leg, at: int, others: Ints, dated: Dated) -> Piece:
    own = leg.panel.values[at]
    # A month in which a neighbour is unknown says nothing of shares.
    beside = leg.panel.values[others].sum(axis=0)
    date = dated.month - leg.panel.first_month
    change = share_change(own, beside, date)
    heading, via = looked.heading(looked.product(row)), named(looked.via(row))
    if change is None:
        return Piece(SILENT, f"Too few months before or after {month_text(dated.month)} to see a shift of codes.")
    size, low, high, p = change
    rise = float(np.nanmean(beside[date:]) - np.nanmean(beside[:date])) * len(beside[date:])
    is_shift = p <= SPEAKS_AT and rise > 0
    when = month_text(dated.month)
    detail = [f"their trade since then: {told(rise, looked.currency(row))} against the months before"]
    detail += ["no listing date of the product is known; the event asked about is taken"] if dated.is_event else []
    turn = f"{'rose' if size >= 0 else 'fell'} by {100 * abs(size):.0f} points"
    return Piece(
        SUPPORTS if is_shift else SILENT,
        f"From {when} on the share of unlisted codes of heading {heading} in what {via} takes {turn}"
        f"{'' if is_shift else ': no shift to a neighbouring code'}.",
        size,
        low,
        high,
        "change of share",
        p,
        "; ".join([f"{len(others)} neighbouring codes", *detail]),
    )


def share_change(own: Floats, beside: Floats, date: int) -> tuple[float, float, float, float] | None:
    """Return the change of the neighbours' share at a column, its 90 % interval and a one-sided p-value.

    None where either side has fewer than three blocks with trade.
    """
    before = _shares(own[:date][::-1], beside[:date][::-1])
    after = _shares(own[date:], beside[date:])
    if min(len(before), len(after)) < _LEAST_BLOCKS:
        return None
    size = float(after.mean() - before.mean())
    parts = [max(float(side.var(ddof=1)), 1e-4) / len(side) for side in (before, after)]
    error = float(np.sqrt(sum(parts)))
    freedom = sum(parts) ** 2 / sum(part**2 / (len(s) - 1) for part, s in zip(parts, (before, after), strict=True))
    reach = float(student_quantile(0.95, freedom)) * error
    return size, max(size - reach, -1.0), min(size + reach, 1.0), float(student_cdf(-size / error, freedom))


def _shares(own: Floats, beside: Floats) -> Floats:
    n = len(own) // _BLOCK * _BLOCK
    sums = [part[:n].reshape(-1, _BLOCK).sum(axis=1) for part in (own, beside)]
    total = sums[0] + sums[1]
    good = ~np.isnan(total) & (total > 0)
    return np.asarray(sums[1][good] / total[good])
