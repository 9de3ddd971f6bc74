"""Alerts: red flags, lists, trade and the ledger brought together on records."""

from entrepot.alerts.backtest import Replay, backtest, read_outcomes
from entrepot.alerts.checking import Check, CheckOptions
from entrepot.alerts.desk import CERTAINTIES, IMPERSONAL, SEVERITIES, Combination, Finding, Thing, Weighing, combined
from entrepot.alerts.desk_takers import findings_of, read_answer
from entrepot.alerts.fairness import fairness
from entrepot.alerts.proving import Proof, prove, records_of
from entrepot.alerts.records import Proposal, RecordMapping, convert, header_of, propose, read_record_mapping
from entrepot.alerts.writing import answer_table, write_answer

__all__ = [
    "CERTAINTIES",
    "IMPERSONAL",
    "SEVERITIES",
    "Check",
    "CheckOptions",
    "Combination",
    "Finding",
    "Proof",
    "Proposal",
    "RecordMapping",
    "Replay",
    "Thing",
    "Weighing",
    "answer_table",
    "backtest",
    "combined",
    "convert",
    "fairness",
    "findings_of",
    "header_of",
    "propose",
    "prove",
    "read_answer",
    "read_outcomes",
    "read_record_mapping",
    "records_of",
    "write_answer",
]
