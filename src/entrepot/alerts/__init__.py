"""Alerts: red flags, lists, trade and the ledger brought together on records."""

from entrepot.alerts.backtest import Replay, backtest, read_outcomes
from entrepot.alerts.checking import Check, CheckOptions
from entrepot.alerts.claims import (
    Contradiction,
    Fold,
    Moment,
    contradictions,
    fold_claims,
    interest_of,
    propose_entries,
    put_to_data,
    test_claims,
    timeline,
    verdict_of,
    write_proposals,
)
from entrepot.alerts.desk import CERTAINTIES, IMPERSONAL, SEVERITIES, Combination, Finding, Thing, Weighing, combined
from entrepot.alerts.desk_takers import findings_of, read_answer
from entrepot.alerts.fairness import fairness
from entrepot.alerts.few import Few, check_few
from entrepot.alerts.flip import Flipped, flip
from entrepot.alerts.held import kinds_held, take_held
from entrepot.alerts.listings import Listings, take_listings
from entrepot.alerts.overview import Judged, Line, judge, lines, told_claims
from entrepot.alerts.proving import Proof, prove, records_of
from entrepot.alerts.writing import answer_table, gravest, write_answer

__all__ = [
    "CERTAINTIES",
    "IMPERSONAL",
    "SEVERITIES",
    "Check",
    "CheckOptions",
    "Combination",
    "Contradiction",
    "Few",
    "Finding",
    "Flipped",
    "Fold",
    "Judged",
    "Line",
    "Listings",
    "Moment",
    "Proof",
    "Replay",
    "Thing",
    "Weighing",
    "answer_table",
    "backtest",
    "check_few",
    "combined",
    "contradictions",
    "fairness",
    "findings_of",
    "flip",
    "fold_claims",
    "gravest",
    "interest_of",
    "judge",
    "kinds_held",
    "lines",
    "propose_entries",
    "prove",
    "put_to_data",
    "read_answer",
    "read_outcomes",
    "records_of",
    "take_held",
    "take_listings",
    "test_claims",
    "timeline",
    "told_claims",
    "verdict_of",
    "write_answer",
    "write_proposals",
]
