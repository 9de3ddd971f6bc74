"""Alerts: red flags, lists, trade and the ledger brought together on records."""

from entrepot.alerts.checking import Check, CheckOptions
from entrepot.alerts.proving import Proof, prove, records_of
from entrepot.alerts.writing import answer_table, write_answer

__all__ = ["Check", "CheckOptions", "Proof", "answer_table", "prove", "records_of", "write_answer"]
