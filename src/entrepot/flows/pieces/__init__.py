"""Pieces: evidence beside the excess, each piece visible on its own.

Pieces never raise an alert, move a rank or enter a p-value. Each says of itself whether it supports, speaks against or
is silent; nobody adds them up. They are made for alerts and top rows only.

Source: docs/methods/pieces.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from entrepot.flows.between import between
from entrepot.flows.leg import Leg
from entrepot.flows.legs import Legs
from entrepot.flows.mirror_panels import MirrorPanels
from entrepot.flows.options import RoutesOptions
from entrepot.flows.pieces.counter import Counter, counters
from entrepot.flows.pieces.dates import dates_of
from entrepot.flows.pieces.front_running import front_running
from entrepot.flows.pieces.hops import hop_pieces, hop_table, hops_of, last_legs
from entrepot.flows.pieces.legs_lag import legs_lag
from entrepot.flows.pieces.looked import Looked, looked_at
from entrepot.flows.pieces.mirror_change import mirror_change
from entrepot.flows.pieces.neighbour import neighbour
from entrepot.flows.pieces.new_pairs import new_pairs
from entrepot.flows.pieces.piece import Piece
from entrepot.flows.pieces.unit_price import unit_price
from entrepot.flows.pieces.weights import weights_of
from entrepot.flows.ranking import Ranking
from entrepot.flows.result import PIECE_TYPES
from entrepot.lake import Engine, Table

__all__ = ["PIECES", "Evidence", "pieces_of"]

# What each piece asks; a row lacks a piece where the data cannot answer.
PIECES = {
    "legs": "What came in: did it go on, how much later, and how much of it?",
    "mirror": "Does the intermediary record less of what the origins say they sent than it used to?",
    "unit_price": "Did the price of a kilogram move away from what peers paid?",
    "front_running": "Was more bought in the months before a measure's date than usual?",
    "neighbour": "Did trade move to a neighbouring code that no list names?",
    "new_pairs": "Did origins begin to sell that never sold before, more than is usual there?",
    "hops": "Is the row part of a route of two intermediaries?",
}


@dataclass(frozen=True)
class Evidence:
    """What is known of the rows looked at beside their excess.

    Attributes:
        pieces: grain via, product, piece.
        hops: routes of two intermediaries.
        counters: place in the ranking -> counter-explanation and what would change the answer.
    """

    pieces: Table
    hops: Table
    counters: dict[int, Counter]


def pieces_of(
    engine: Engine, data: Legs, legs: dict[str, Leg], ranking: Ranking, mirror: MirrorPanels, options: RoutesOptions
) -> Evidence:
    """Return the pieces, hops and counter-explanations of the alerts and top rows.

    Args:
        engine: the engine in which ``legs_of`` has made its tables.
        data: what ``legs_of`` returned.
        legs: leg -> estimates.
        ranking: the ranked rows.
        mirror: both reports of the top rows.
        options: the question.
    """
    looked = looked_at(data, legs, ranking, options)
    weights = weights_of(engine, looked)
    last = last_legs(looked)
    second = {(int(legs["out"].panel.via[at]), int(legs["out"].panel.product[at])) for at in last.tolist()}
    second |= {(int(ranking.via[row]), int(ranking.product[row])) for row in looked.rows.tolist()}
    others = between(engine, data, options, [(data.via[via], product) for via, product in sorted(second)])
    hops = hops_of(looked, last, others)
    dates = dates_of(engine, looked)
    found = {
        "legs": legs_lag(looked, weights),
        "mirror": mirror_change(looked, mirror),
        "unit_price": unit_price(looked, weights),
        "front_running": front_running(looked, dates),
        "neighbour": neighbour(looked, dates),
        "new_pairs": new_pairs(looked),
        "hops": hop_pieces(looked, hops),
    }
    return Evidence(_table(looked, found), hop_table(looked, hops), counters(looked, weights, others))


def _table(looked: Looked, found: dict[str, dict[int, Piece]]) -> Table:
    rows: list[dict[str, Any]] = [
        {
            "via_iso3": looked.via(row),
            "product_id": looked.data.products[looked.product(row)].product_id,
            "piece": name,
            **vars(pieces[row]),
        }
        for row in looked.rows.tolist()
        for name, pieces in found.items()
        if row in pieces
    ]
    return Table.from_rows(rows, PIECE_TYPES)
