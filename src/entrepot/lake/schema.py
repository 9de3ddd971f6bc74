"""Schemas of the lake's tables: column names, SQL types, meaning, key.

A table is declared once, here; readers fill it, the lake checks it, estimates read it.
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.lake.kinds import Kind, kinds


@dataclass(frozen=True)
class Column:
    """One column: name, SQL type (VARCHAR, DOUBLE, BOOLEAN, INTEGER, BIGINT), meaning.

    ``allowed`` lists the only legal values of a category, ``pattern`` is a regular expression that every
    value matches as a whole; empty means free.
    """

    name: str
    type: str
    meaning: str
    is_required: bool = False
    allowed: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True)
class TableSchema:
    """One table: its columns, the columns that name a row (``key``) and the order on disk.

    ``rules`` are SQL conditions over one row that always hold, each with its meaning. Rows of an append-only table are
    neither superseded nor dropped. Where ``has_repeats``, one file may give several rows of one key. Rows ``in_order``
    stay in the order of their file, which ``sort`` then names.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sort: tuple[str, ...]
    rules: tuple[tuple[str, str], ...] = ()
    is_append_only: bool = False
    has_repeats: bool = False
    in_order: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


FLOWS = TableSchema(
    name="flows",
    columns=(
        Column("source_id", "VARCHAR", "id of the source that was read", True),
        Column("freq", "VARCHAR", "A yearly, M monthly", True, ("A", "M")),
        Column("period", "VARCHAR", "2024 or 2024-03", True, pattern=r"\d{4}(-(0[1-9]|1[0-2]))?"),
        Column("reporter_iso3", "VARCHAR", "who reports", True),
        Column("partner_iso3", "VARCHAR", "the other side as the reporter names it", True),
        Column("flow", "VARCHAR", "direction", True, ("export", "import", "re-export", "re-import")),
        Column(
            "partner_role",
            "VARCHAR",
            "what the partner is to the goods",
            True,
            ("origin", "consignment", "destination", "unknown"),
        ),
        Column("hs_code", "VARCHAR", "2 to 10 digits as text, or TOTAL", True, pattern=r"\d{2,10}|TOTAL"),
        Column("hs_revision", "VARCHAR", "HS1992 .. HS2022, CN<year> for 8 digits; NULL unknown"),
        Column("value", "DOUBLE", "NULL where not reported or suppressed"),
        Column("currency", "VARCHAR", "ISO 4217 of value", True, pattern=r"[A-Z]{3}"),
        Column("valuation", "VARCHAR", "fob or cif; NULL unknown", False, ("fob", "cif")),
        Column("netweight_kg", "DOUBLE", "net weight"),
        Column("quantity", "DOUBLE", "in quantity_unit"),
        Column("quantity_unit", "VARCHAR", "unit of quantity"),
        Column(
            "report_status",
            "VARCHAR",
            "how the value came about",
            True,
            ("reported", "estimated", "suppressed", "rounded"),
        ),
        Column("is_aggregate", "BOOLEAN", "reporter or partner is a group or residual area", True),
        Column("snapshot_id", "VARCHAR", "the bytes this row was read from", True),
        Column("source_row", "BIGINT", "record number in those bytes, first data record = 1"),
    ),
    key=(
        "source_id",
        "freq",
        "period",
        "reporter_iso3",
        "partner_iso3",
        "flow",
        "partner_role",
        "hs_code",
        "hs_revision",
        "currency",
        "valuation",
    ),
    sort=("partner_iso3", "hs_code", "reporter_iso3", "period"),
    rules=(("length(period) = CASE freq WHEN 'A' THEN 4 ELSE 7 END", "yearly rows have a year, monthly a month"),),
)

CONCORDANCE = TableSchema(
    name="concordance",
    columns=(
        Column("system", "VARCHAR", "HS or CN", True, ("HS", "CN")),
        Column("revision_before", "VARCHAR", "HS2017, CN2021", True),
        Column("revision_after", "VARCHAR", "HS2022, CN2022", True),
        Column("code_before", "VARCHAR", "code under the earlier revision", True),
        Column("code_after", "VARCHAR", "code under the later revision", True),
        Column("snapshot_id", "VARCHAR", "the bytes this row was read from", True),
        Column("source_row", "BIGINT", "record number in those bytes, first data record = 1"),
    ),
    key=("system", "revision_before", "revision_after", "code_before", "code_after"),
    sort=("system", "revision_before", "code_before"),
)

_DATE = "as its source states it (EDTF); NULL where none is known"
LEDGER = TableSchema(
    name="ledger",
    columns=(
        Column("entry_id", "VARCHAR", "stable slug", True),
        Column("kind", "VARCHAR", "measure, provision, membership, claim or judgement", True),
        Column("jurisdiction", "VARCHAR", "who acts: ISO3 or a bloc or body", True),
        Column("instrument", "VARCHAR", "kind of act", True),
        Column("title", "VARCHAR", "one line for a reader", True),
        Column("announced", "VARCHAR", f"date of the announcement, {_DATE}"),
        Column("adopted", "VARCHAR", f"date of adoption, {_DATE}"),
        Column("signed", "VARCHAR", f"date of signature, {_DATE}"),
        Column("published", "VARCHAR", f"date of publication, {_DATE}"),
        Column("effective", "VARCHAR", f"first day on which it holds, {_DATE}"),
        Column("wind_down_end", "VARCHAR", f"last day of the wind-down, {_DATE}"),
        Column("removed", "VARCHAR", f"first day on which it no longer holds, {_DATE}"),
        Column("date", "VARCHAR", f"date of a stage that is not stated, {_DATE}"),
        Column(
            "end_kind", "VARCHAR", "set: by the act itself; nominal: prolongation unknown", False, ("set", "nominal")
        ),
        Column("status", "VARCHAR", "as recorded; NULL where it follows from the dates"),
        Column("confidence", "VARCHAR", "how sure it is that it happened so", True, ("high", "medium", "low")),
        Column("targets", "VARCHAR", "whom or what it bears on, joined by ;"),
        Column("contradicts", "VARCHAR", "entries that say something else, joined by ;"),
        Column("scope", "VARCHAR", "goods, services or duty in short"),
        Column("summary", "VARCHAR", "what happened"),
        Column("binds", "VARCHAR", "whom it binds"),
        Column("regime", "VARCHAR", "key of the sanctions programme"),
        Column("speaker", "VARCHAR", "who says it, of a claim"),
        Column("stance", "VARCHAR", "own knowledge, report or denial, of a claim"),
        Column("part_of", "VARCHAR", "entry that a provision belongs to"),
        Column("replaces", "VARCHAR", "entry that this one corrects"),
        Column("recorded_at", "VARCHAR", "UTC instant at which it was entered", True),
        Column("suspended", "VARCHAR", "suspensions, JSON"),
        Column("doubts", "VARCHAR", "what is not known, JSON"),
        Column("exemptions", "VARCHAR", "what is free, JSON"),
        Column("goods", "VARCHAR", "codes, JSON"),
        Column("facts", "VARCHAR", "further facts by name, JSON"),
        Column("sources", "VARCHAR", "citations, JSON", True),
        Column("snapshot_id", "VARCHAR", "the bytes this row was read from", True),
        Column("source_row", "BIGINT", "record number in those bytes, first data record = 1"),
    ),
    key=("entry_id",),
    sort=("entry_id",),
    is_append_only=True,
)

PARTIES = TableSchema(
    name="parties",
    columns=(
        Column("source_id", "VARCHAR", "id of the source that was read", True),
        Column(
            "entity_id", "VARCHAR", "the publisher's id, unique within the source; ofac-<ent_num>, un-<DATAID>", True
        ),
        Column("schema", "VARCHAR", "FollowTheMoney schema: Person, Company, Ownership, Passport ...", True),
        Column("caption", "VARCHAR", "name shown to a reader", True),
        Column("is_target", "BOOLEAN", "the list is about it; NULL where the publisher does not say"),
        Column("properties", "VARCHAR", "FollowTheMoney properties, JSON: name to list of texts", True),
        Column("first_seen", "VARCHAR", "as the publisher states it; NULL where it does not"),
        Column("last_seen", "VARCHAR", "as the publisher states it; NULL where it does not"),
        Column("last_change", "VARCHAR", "as the publisher states it; NULL where it does not"),
        Column("snapshot_id", "VARCHAR", "the bytes this row was read from", True),
        Column("source_row", "BIGINT", "record number in those bytes, first data record = 1"),
    ),
    key=("source_id", "entity_id"),
    sort=("source_id", "entity_id"),
)

# Grows with each change of COVERAGE. Coverage that was written in another layout is counted anew from the rows.
COVERAGE_LAYOUT = 2
COVERAGE = TableSchema(
    name="coverage",
    columns=(
        Column("snapshot_id", "VARCHAR", "the bytes the rows were read from", True),
        Column("source_id", "VARCHAR", "id of the source that was read", True),
        Column("freq", "VARCHAR", "A yearly, M monthly", True),
        Column("period", "VARCHAR", "2024 or 2024-03", True),
        Column("reporter_iso3", "VARCHAR", "who reports", True),
        Column("flow", "VARCHAR", "direction", True),
        Column("partner_role", "VARCHAR", "what the partner is to the goods", True),
        Column("digits", "INTEGER", "length of hs_code; 0 for TOTAL", True),
        Column("hs_revision", "VARCHAR", "as in flows; NULL unknown"),
        Column("currency", "VARCHAR", "ISO 4217 of value", True),
        Column("valuation", "VARCHAR", "fob or cif; NULL unknown"),
        Column("is_aggregate", "BOOLEAN", "reporter or partner is a group or residual area", True),
        Column("n_rows", "BIGINT", "rows in force", True),
        Column("n_partners", "BIGINT", "distinct partners among them", True),
        Column("value", "DOUBLE", "sum of value; NULL where no row has one"),
    ),
    key=(
        "snapshot_id",
        "source_id",
        "freq",
        "period",
        "reporter_iso3",
        "flow",
        "partner_role",
        "digits",
        "hs_revision",
        "currency",
        "valuation",
        "is_aggregate",
    ),
    sort=("source_id", "freq", "reporter_iso3", "flow", "period"),
)

ISSUES = TableSchema(
    name="issues",
    columns=(
        Column("snapshot_id", "VARCHAR", "the bytes the record is in", True),
        Column("source_id", "VARCHAR", "id of the source that was read", True),
        Column("file", "VARCHAR", "file, and member of an archive"),
        Column("source_row", "BIGINT", "record number, first data record = 1"),
        Column("field", "VARCHAR", "column of the file"),
        Column("value", "VARCHAR", "what was found in it"),
        Column("reason", "VARCHAR", "why the record was skipped", True),
    ),
    key=(),
    sort=("snapshot_id", "file", "source_row", "field"),
)

SNAPSHOTS = TableSchema(
    name="snapshots",
    columns=(
        Column("snapshot_id", "VARCHAR", "first 16 hexadecimal digits of sha256", True),
        Column("source_id", "VARCHAR", "id of the source that read it", True),
        Column("reading", "VARCHAR", "hash of source and mapping: how it was read", True),
        Column("name", "VARCHAR", "name of the file as it was brought", True),
        Column("bytes", "BIGINT", "size", True),
        Column("ingested_at", "VARCHAR", "UTC instant of the ingest", True),
        Column("command", "VARCHAR", "the command that ingested it", True),
        Column("publisher", "VARCHAR", "who published the bytes", True),
        Column("title", "VARCHAR", "the publisher's name of the data set", True),
        Column("url", "VARCHAR", "where it was taken from; empty where a user brought it"),
        Column("retrieved_at", "VARCHAR", "UTC instant of the download"),
        Column("extracted_date", "VARCHAR", "day on which the publisher produced the extract"),
        Column("licence", "VARCHAR", "the publisher's terms in short"),
        Column("sha256", "VARCHAR", "hash of the bytes", True),
    ),
    key=("snapshot_id", "source_id"),
    sort=("ingested_at", "source_id", "snapshot_id"),
)


def _of_records(kind: Kind) -> TableSchema:
    """The table of a kind of record: cells as the file has them, since a check types them on the day it asks about."""
    columns = (
        Column(name, "VARCHAR", f"{type_}; as the file has it, NULL where the cell is empty", name in kind.needs)
        for name, type_ in kind.columns.items()
    )
    return TableSchema(
        name=kind.table,
        columns=(
            Column("source_id", "VARCHAR", "id of the source that was read", True),
            *columns,
            Column("given_columns", "VARCHAR", "which of these columns the file has, joined by ;", True),
            Column("snapshot_id", "VARCHAR", "the bytes this row was read from", True),
            Column("source_row", "BIGINT", "record number in those bytes, first data record = 1"),
        ),
        key=("source_id", *kind.cell),
        sort=("source_row",),
        has_repeats=kind.id is None,
        in_order=True,
    )


RECORDS = tuple(_of_records(kind) for kind in kinds().values() if kind.table)

# What readers write; the lake itself derives COVERAGE, ISSUES and SNAPSHOTS.
SCHEMAS: dict[str, TableSchema] = {schema.name: schema for schema in (FLOWS, CONCORDANCE, LEDGER, PARTIES, *RECORDS)}
