"""Cells that a spreadsheet would run as formulas, made harmless in CSV files that this project writes."""

from __future__ import annotations

import re

from entrepot.lake.engine import identifier

# What starts a formula; a phone number or a negative amount is none.
_STARTS = r"^[=@\t\r+-]"
_NUMBER = r"[+-][0-9.,\s()-]*"
_FORMULA = re.compile(_STARTS)
_IS_NUMBER = re.compile(_NUMBER)


def harmless(text: str) -> str:
    """Return a cell's text as it may stand in a CSV file: an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if _FORMULA.match(text) and not _IS_NUMBER.fullmatch(text) else text


def harmless_sql(name: str) -> str:
    """Return the SQL of a text column with every cell as :func:`harmless` has it, under the column's own name."""
    column = identifier(name)
    is_formula = f"regexp_matches({column}, '{_STARTS}') AND NOT regexp_full_match({column}, '{_NUMBER}')"
    return f"CASE WHEN {is_formula} THEN '''' || {column} ELSE {column} END AS {column}"
