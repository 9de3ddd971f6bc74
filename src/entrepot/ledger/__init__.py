"""The ledger: dated entries, each with its sources; what was in force, and what was known, on any day."""

from entrepot.ledger.checks import PackCheck, check_pack
from entrepot.ledger.coadoption import CoAdoption, coadoption
from entrepot.ledger.conflicts import Conflict, conflicts
from entrepot.ledger.entry import CONFIDENCE, KINDS, RECORDED, STAGES, Citation, Entry, Goods, Suspension
from entrepot.ledger.filters import Filters, topic_of
from entrepot.ledger.form import COLUMNS, fields_of, ledger_csv, row_of
from entrepot.ledger.ftm import ftm_entities
from entrepot.ledger.instruments import Instrument, get_instrument, instruments, instruments_of, topics
from entrepot.ledger.ledger import Ledger, Standings
from entrepot.ledger.opening import open_ledger
from entrepot.ledger.packs import Completeness, Pack, read_pack
from entrepot.ledger.standing import STATUSES, Standing, standing

__all__ = [
    "COLUMNS",
    "CONFIDENCE",
    "KINDS",
    "RECORDED",
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
    "Standing",
    "Standings",
    "Suspension",
    "check_pack",
    "coadoption",
    "conflicts",
    "fields_of",
    "ftm_entities",
    "get_instrument",
    "instruments",
    "instruments_of",
    "ledger_csv",
    "open_ledger",
    "read_pack",
    "row_of",
    "standing",
    "topic_of",
    "topics",
]
