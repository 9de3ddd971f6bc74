"""The lake: versioned tables of trade reports, their snapshots and the engine that reads them."""

from entrepot.lake.cells import csv_relation, plain_relation, unreadable
from entrepot.lake.collecting import no_collection
from entrepot.lake.engine import Engine, identifier, parquet, quoted
from entrepot.lake.extract import extract_lake
from entrepot.lake.harmless import harmless, harmless_sql
from entrepot.lake.kinds import SQL_TYPES, Kind, get_kind, kinds, typed_cell
from entrepot.lake.manifest import Version
from entrepot.lake.schema import (
    CONCORDANCE,
    COVERAGE,
    FLOWS,
    ISSUES,
    LEDGER,
    PARTIES,
    SCHEMAS,
    SNAPSHOTS,
    Column,
    TableSchema,
)
from entrepot.lake.snapshots import Snapshot
from entrepot.lake.spark import SparkOptions
from entrepot.lake.stage import Stage
from entrepot.lake.store import Lake, open_lake
from entrepot.lake.table import Table, as_table, copy_lines, shown

__all__ = [
    "CONCORDANCE",
    "COVERAGE",
    "FLOWS",
    "ISSUES",
    "LEDGER",
    "PARTIES",
    "SCHEMAS",
    "SNAPSHOTS",
    "SQL_TYPES",
    "Column",
    "Engine",
    "Kind",
    "Lake",
    "Snapshot",
    "SparkOptions",
    "Stage",
    "Table",
    "TableSchema",
    "Version",
    "as_table",
    "copy_lines",
    "csv_relation",
    "extract_lake",
    "get_kind",
    "harmless",
    "harmless_sql",
    "identifier",
    "kinds",
    "no_collection",
    "open_lake",
    "parquet",
    "plain_relation",
    "quoted",
    "shown",
    "typed_cell",
    "unreadable",
]
