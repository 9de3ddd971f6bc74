"""Red flags: stated patterns in records, as data; each with its ground, its innocent readings and what clears it.

A flag is a file (``flags/``), read strictly and checked (``loading``, ``fairness``). Its condition (``language``) is
carried to SQL step by step (``steps``) and worked out over tables of records (``tables``, ``run``). A policy
(``policy``) turns what fired into pass, ask or stop.
"""

from entrepot.redflags.cells import header_of, json_of
from entrepot.redflags.derived import derive, sources_of
from entrepot.redflags.fairness import PROTECTED, refuse_unfair
from entrepot.redflags.flag import BASES, FAMILIES, OUTCOMES, Case, Flag, Language
from entrepot.redflags.functions import Function, register
from entrepot.redflags.language import add_macros
from entrepot.redflags.loading import Flags, measures_of, read_flag, read_flags, shipped_flags
from entrepot.redflags.policy import (
    DECISIONS,
    Licence,
    Policy,
    default_policy,
    licensed,
    read_policy,
    refuse_unproved,
)
from entrepot.redflags.reading import Fault, Reading, note, reading_of
from entrepot.redflags.reads import tables_of
from entrepot.redflags.relations import Relations
from entrepot.redflags.result import COLUMNS, answer_sql
from entrepot.redflags.run import Run, flags_for
from entrepot.redflags.statement import Statement, reading_sql
from entrepot.redflags.strict import model_of, read_model
from entrepot.redflags.tables import RecordTables, unfit
from entrepot.redflags.world import World, teach

__all__ = [
    "BASES",
    "COLUMNS",
    "DECISIONS",
    "FAMILIES",
    "OUTCOMES",
    "PROTECTED",
    "Case",
    "Fault",
    "Flag",
    "Flags",
    "Function",
    "Language",
    "Licence",
    "Policy",
    "Reading",
    "RecordTables",
    "Relations",
    "Run",
    "Statement",
    "World",
    "add_macros",
    "answer_sql",
    "default_policy",
    "derive",
    "flags_for",
    "header_of",
    "json_of",
    "licensed",
    "measures_of",
    "model_of",
    "note",
    "read_flag",
    "read_flags",
    "read_model",
    "read_policy",
    "reading_of",
    "reading_sql",
    "refuse_unfair",
    "refuse_unproved",
    "register",
    "shipped_flags",
    "sources_of",
    "tables_of",
    "teach",
    "unfit",
]
