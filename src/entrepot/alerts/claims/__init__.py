"""Claims put to the data: what the ledger, memberships, flows, routes and lists say of what was said."""

from entrepot.alerts.claims.across import Contradiction, Moment, contradictions, timeline
from entrepot.alerts.claims.folding import Fold, fold_claims, interest_of
from entrepot.alerts.claims.proposing import propose_entries, write_proposals
from entrepot.alerts.claims.readings import put_to_data
from entrepot.alerts.claims.testing import test_claims, verdict_of

__all__ = [
    "Contradiction",
    "Fold",
    "Moment",
    "contradictions",
    "fold_claims",
    "interest_of",
    "propose_entries",
    "put_to_data",
    "test_claims",
    "timeline",
    "verdict_of",
    "write_proposals",
]
