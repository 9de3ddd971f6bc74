"""Records in: a user's tables and messages, whatever they are called, as the canonical kinds of records."""

from entrepot.alerts.records.converting import convert
from entrepot.alerts.records.mapping import RecordMapping, read_record_mapping
from entrepot.alerts.records.opening import header_of, relation_of
from entrepot.alerts.records.proposing import Proposal, propose

__all__ = ["Proposal", "RecordMapping", "convert", "header_of", "propose", "read_record_mapping", "relation_of"]
