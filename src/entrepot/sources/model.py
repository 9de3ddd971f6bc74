"""What a source or a mapping file may say about a publisher's layout, validated where it comes in.

A source is a folder with a ``source.yml``; a mapping file is TOML in a user's hands. Both describe layouts: which
of the publisher's columns is which of ours, what its words mean, what it leaves out. Code is needed only where a
layout cannot say the quirk.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from entrepot.lake import kinds
from entrepot.ledger import COLUMNS, PLAIN

DIMENSIONS = ("period", "reporter_iso3", "partner_iso3", "flow", "hs_code")
NUMBERS = ("value", "value_usd", "value_eur", "netweight_kg", "quantity")
OPTIONAL = (
    "year",
    "month",
    "freq",
    "partner_role",
    "hs_revision",
    "currency",
    "valuation",
    "quantity_unit",
    "report_status",
    "is_aggregate",
)
FIELDS = (*DIMENSIONS, *NUMBERS, *OPTIONAL)
NULL_WORDS = ("", "NULL", "null", "NA", "N/A", "nan", "NaN", "None")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_text_map(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {str(k): ("true" if v is True else "false" if v is False else str(v)) for k, v in value.items()}


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


Names = Annotated[list[str], BeforeValidator(_as_list)]
Words = Annotated[dict[str, str], BeforeValidator(_as_text_map)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Read(_Strict):
    """How the bytes become cells.

    ``value_scale``, ``netweight_scale`` and ``quantity_scale`` turn the publisher's units (thousand dollars, tonnes)
    into ours. ``encodings`` are tried in turn; ``cells`` reads a workbook as (sheet, row, col, text).
    """

    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encodings: Names = Field(default=["utf-8"], alias="encoding")
    header_row: int | None = Field(default=None, ge=1)
    banner_lines: int = Field(default=0, ge=0)
    decimal: Literal[".", ","] = "."
    thousands: str | None = None
    null_words: Names = []
    value_scale: float = Field(default=1.0, gt=0)
    netweight_scale: float = Field(default=1.0, gt=0)
    quantity_scale: float = Field(default=1.0, gt=0)
    sheet: str | None = None
    cells: bool = False
    skip_members: str | None = None

    @property
    def lines_before_header(self) -> int:
        return self.header_row - 1 if self.header_row else self.banner_lines

    @field_validator("skip_members")
    @classmethod
    def _is_pattern(cls, text: str | None) -> str | None:
        return text if text is None else _pattern(text)


class Melt(_Strict):
    """Columns that are values of a dimension (years, kinds of trade), laid under each other.

    ``columns`` names them, or ``pattern`` matches their names; ``name`` and ``value`` are the two columns made.
    """

    columns: Names = []
    pattern: str | None = None
    name: str = "melted_name"
    value: str = "melted_value"

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if bool(self.columns) == bool(self.pattern):
            raise ValueError("give either columns or pattern")
        if self.pattern:
            _pattern(self.pattern)
        return self


class Layout(_Strict):
    """One shape of a publisher's files.

    Attributes:
        columns: our field -> the publisher's column names that may hold it, best first.
        values: our field -> the publisher's word -> our value.
        constants: our field -> value for every row.
        schemes: our field -> code systems to read its cells in, tried in turn.
        parts: publisher's column -> codes that mean "all parts together"; rows are split by it.
        skip: publisher's column -> words of rows that are another kind of record, counted and left out.
        roles, valuations: our flow -> partner_role and valuation where no column says it.
        needs: our optional fields that this shape always has; one that is gone means a renamed column.
        revision: ``in_force`` fills hs_revision from the year and the code's length.
        uses, may_use, made: publisher's columns that the source's read.py needs, takes where they are there, and
            makes.
        consignment_within: bloc among whose members an import's partner is where the goods were sent from.
        zero_is_unknown: our fields of weight or quantity where the publisher writes 0 for "not reported".
        ignored: publisher's columns left out on purpose.
        duplicates: ``stop`` on two rows of one cell that differ, or ``sum`` them.
        odd_codes: ``mend`` puts the lost zero before codes of odd length, ``keep`` leaves national codes of 7 or 9
            digits; for the rest the file decides.
    """

    name: str = "mapping"
    columns: dict[str, Names] = {}
    values: dict[str, Words] = {}
    constants: Words = {}
    schemes: dict[str, Names] = {}
    parts: dict[str, Names] = {}
    skip: dict[str, Names] = {}
    roles: Words = {}
    valuations: Words = {}
    revision: Literal["", "in_force"] = ""
    needs: Names = []
    ignored: Names = []
    duplicates: Literal["stop", "sum"] | None = None
    odd_codes: Literal["", "mend", "keep"] = ""
    read: Read = Read()
    melt: Melt | None = None
    uses: Names = []
    may_use: Names = []
    made: Names = []
    consignment_within: str | None = None
    zero_is_unknown: Names = []
    description: str = ""

    @field_validator("columns", "values", "constants", "schemes")
    @classmethod
    def _knows_fields(cls, value: dict[str, object]) -> dict[str, object]:
        if unknown := sorted(
            set(value) - set(FIELDS) - {"code_before", "code_after", "revision_pair"} - LEDGER_FIELDS - RECORD_FIELDS
        ):
            raise ValueError(f"unknown field {unknown[0]!r}; fields are {', '.join(FIELDS)}")
        return value

    @field_validator("constants")
    @classmethod
    def _has_no_numbers(cls, value: dict[str, str]) -> dict[str, str]:
        if wrong := sorted(set(value) & set(NUMBERS)):
            raise ValueError(f"{wrong[0]} cannot be one constant for all rows")
        return value


LEDGER_FIELDS = frozenset((*COLUMNS, *PLAIN))
# What tables of persons, companies and their links may say.
PARTY_FIELDS = frozenset(
    (
        "person_id", "company_id", "owner_id", "asset_id", "name", "first_name", "last_name", "middle_name",
        "father_name", "other_names", "previous_names", "gender", "birth_date", "birth_country", "birth_place",
        "citizenships", "tax_residence", "address", "address_country", "phone", "email", "website", "position",
        "passport_number", "id_number", "tax_number", "registration_number", "country", "incorporation_date",
        "dissolution_date", "activity_text", "legal_form", "percentage", "start_date", "end_date", "kind", "role",
        "recorded_at", "is_pep", "notes", "document_id", "number", "issuer_country", "authority", "issue_date",
        "expiry_date",
    )
)  # fmt: skip
RECORD_FIELDS = PARTY_FIELDS | {column for kind in kinds().values() if kind.table for column in kind.columns}


class Checks(_Strict):
    """Least and greatest number of rows that one ingest of this source may write."""

    least: int = 1
    greatest: int = 2_000_000_000


class Source(_Strict):
    """One publisher: what is read, from whom, under which terms."""

    id: str
    title: str
    publisher: str
    licence: str
    urls: dict[str, str] = {}
    coverage: str
    frequency: list[Literal["A", "M", "none"]]
    table: Literal["flows", "concordance", "ledger", "parties", "records"]
    kind: str | None = Field(default=None, description="of its records, where they are all of one")
    layouts: list[Layout] = []
    checks: Checks
    extracted: str | None = Field(default=None, description="pattern with groups y, m, d in the first lines")
