"""The ledger: dated entries, each with its sources; what was in force, and what was known, on any day."""

from entrepot.ledger.beside import uncorrected
from entrepot.ledger.checks import PackCheck, check_pack
from entrepot.ledger.coadoption import CoAdoption, coadoption
from entrepot.ledger.columns import topic_of
from entrepot.ledger.conflicts import Conflict, conflicts
from entrepot.ledger.entry import CONFIDENCE, KINDS, RECORDED, STAGES, Citation, Entry, Goods, Suspension
from entrepot.ledger.filters import Filters
from entrepot.ledger.form import COLUMNS, PLAIN, fields_of, fields_of_row, ledger_csv, row_of
from entrepot.ledger.ftm import ftm_entities
from entrepot.ledger.instruments import Instrument, get_instrument, instruments, instruments_of, topics
from entrepot.ledger.ledger import Ledger, Standings
from entrepot.ledger.opening import open_ledger
from entrepot.ledger.packs import Completeness, Pack, read_pack
from entrepot.ledger.provisions import Provision, provisions, provisions_of
from entrepot.ledger.question import event_of
from entrepot.ledger.reading import BODIES, entry_of
from entrepot.ledger.recording import Recorded, record, recorded, unrecorded, write_entries
from entrepot.ledger.rules import RULE_STATUSES, Rule, rule_on
from entrepot.ledger.standing import STATUSES, Standing, as_known, standing
from entrepot.ledger.table import lake_entries

__all__ = [
    "BODIES",
    "COLUMNS",
    "CONFIDENCE",
    "KINDS",
    "PLAIN",
    "RECORDED",
    "RULE_STATUSES",
    "STAGES",
    "STATUSES",
    "Citation",
    "CoAdoption",
    "Completeness",
    "Conflict",
    "Entry",
    "Filters",
    "Goods",
    "Instrument",
    "Ledger",
    "Pack",
    "PackCheck",
    "Provision",
    "Recorded",
    "Rule",
    "Standing",
    "Standings",
    "Suspension",
    "as_known",
    "check_pack",
    "coadoption",
    "conflicts",
    "entry_of",
    "event_of",
    "fields_of",
    "fields_of_row",
    "ftm_entities",
    "get_instrument",
    "instruments",
    "instruments_of",
    "lake_entries",
    "ledger_csv",
    "open_ledger",
    "provisions",
    "provisions_of",
    "read_pack",
    "record",
    "recorded",
    "row_of",
    "rule_on",
    "standing",
    "topic_of",
    "topics",
    "uncorrected",
    "unrecorded",
    "write_entries",
]
