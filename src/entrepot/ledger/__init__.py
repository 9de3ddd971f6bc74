"""The ledger: dated entries, each with its sources; what was in force, and what was known, on any day."""

from entrepot.ledger.entry import CONFIDENCE, KINDS, RECORDED, STAGES, Citation, Entry, Goods, Suspension
from entrepot.ledger.ledger import Ledger
from entrepot.ledger.standing import STATUSES, Standing, standing

__all__ = [
    "CONFIDENCE",
    "KINDS",
    "RECORDED",
    "STAGES",
    "STATUSES",
    "Citation",
    "Entry",
    "Goods",
    "Ledger",
    "Standing",
    "Suspension",
    "standing",
]
