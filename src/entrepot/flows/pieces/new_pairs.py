"""New pairs: how many origins began to sell a product to an intermediary, and whether that is unusual there.

Source: docs/methods/pieces.md, section 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.flows.leg import Leg
from entrepot.flows.panel import Bools, Floats, Ints
from entrepot.flows.pieces.looked import Looked
from entrepot.flows.pieces.piece import SILENT, SPEAKS_AT, SUPPORTS, Piece, named, per_cent

# One month of trade is a parcel, not a trading relation.
_LEAST_MONTHS = 2
# Other goods of the same intermediary say what is usual there, where there are this many.
_LEAST_PEERS = 20
# New sellers that carry less than this of the rise are not what made it.
_LEAST_SHARE = 0.1
_UNIT = "new origins"


@dataclass(frozen=True)
class Fresh:
    """New origins of a leg's series; arrays over the leg's rows.

    Attributes:
        count: origins without trade before the event and with trade in at least two months from it on.
        money: what they sold.
        rise: what all origins that rose sold above their own past.
        is_split: whether the series was split by origin at all.
    """

    count: Ints
    money: Floats
    rise: Floats
    is_split: Bools


def new_pairs(looked: Looked) -> dict[int, Piece]:
    """Return, per row with an inward leg, how many origins are new to the pair of intermediary and product.

    It supports where as many are unusual there and they carry a tenth of the rise.

    ``p_value`` is the share of the intermediary's other goods that gained as many: no model of trade, a comparison.
    """
    leg = looked.legs.get("in")
    if leg is None or leg.origins is None:
        return {}
    fresh = fresh_of(leg)
    return {
        row: _piece(looked, leg, fresh, row, at) for row in looked.rows.tolist() if (at := looked.at(row, "in")) >= 0
    }


def fresh_of(leg: Leg) -> Fresh:
    """Return the new origins of each series of a leg."""
    assert leg.origins is not None
    sums, n = leg.origins.sums, len(leg.panel)
    months = leg.panel.values.shape[1] - leg.panel.n_before
    is_new = (sums.active_before == 0) & (np.rint(sums.active_after * months) >= _LEAST_MONTHS)
    is_split = np.zeros(n, dtype=bool)
    is_split[sums.row] = True
    return Fresh(
        count=np.bincount(sums.row[is_new], minlength=n),
        money=_sums(sums.row[is_new], sums.money_after[is_new] * months, n),
        rise=_sums(sums.row, np.maximum(leg.origins.rise, 0), n),
        is_split=is_split,
    )


def _sums(row: Ints, money: Floats, n: int) -> Floats:
    return np.asarray(np.bincount(row, money, n), dtype=float)


def _piece(looked: Looked, leg: Leg, fresh: Fresh, row: int, at: int) -> Piece:
    count = int(fresh.count[at])
    peers = fresh.is_split & (leg.panel.via == leg.panel.via[at])
    where = f"of the other goods to {named(looked.via(row))}"
    if peers.sum() <= _LEAST_PEERS:
        peers, where = fresh.is_split.copy(), "of all other rows"
    peers[at] = False
    as_many = int((fresh.count[peers] >= count).sum())
    p = (1 + as_many) / (1 + int(peers.sum()))
    share = float(fresh.money[at] / fresh.rise[at]) if fresh.rise[at] > 0 else 0.0
    if count == 0:
        return Piece(SILENT, "No origin began to sell: those that sold before sell more or less.", 0.0, unit=_UNIT)
    is_odd = p <= SPEAKS_AT and share >= _LEAST_SHARE
    many = "1 origin that never sold before began to sell and carries"
    if count > 1:
        many = f"{count} origins that never sold before began to sell and carry"
    return Piece(
        SUPPORTS if is_odd else SILENT,
        f"{many} {per_cent(min(share, 1.0))} of the rise; {per_cent(p)} {where} gained as many.",
        float(count),
        unit=_UNIT,
        p_value=p,
        detail=f"before: {int((leg.panel.values[at, : leg.panel.n_before] > 0).sum())} months with any trade",
    )
