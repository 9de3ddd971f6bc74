"""Ownership: whom each regime counts as its listed parties' firm on a day, and firms that follow listed ones."""

from entrepot.parties.ownership.holding import Holding, holding_of, holdings_of_parties
from entrepot.parties.ownership.lines import Line, line_of, read_lines
from entrepot.parties.ownership.listings import listed_by_regime, listed_on_lists
from entrepot.parties.ownership.owned import OWNED, OwnershipOptions, owned
from entrepot.parties.ownership.successors import SUCCESSORS, successors

__all__ = [
    "OWNED",
    "SUCCESSORS",
    "Holding",
    "Line",
    "OwnershipOptions",
    "holding_of",
    "holdings_of_parties",
    "line_of",
    "listed_by_regime",
    "listed_on_lists",
    "owned",
    "read_lines",
    "successors",
]
