"""Numbers in text: as the file declares them, or in the one way that cannot be misread.

Without a declaration, '1 234 567.8', "1'234'567" and '1,234,567.8' have one meaning; '1,234' has two and is refused.
"""

from __future__ import annotations

from entrepot.lake import quoted
from entrepot.sources.model import NULL_WORDS, Read

GREATEST = 1e13
# Space, no-break space, narrow no-break space, apostrophes.
_SPACES = r"[\s\x{A0}\x{202F}'’]"
_GROUPED = "|".join(
    rf"^\s*-?\d{{1,3}}{groups}\s*$" for groups in (rf"({_SPACES}\d{{3}})+(\.\d+)?", r"(,\d{3})+\.\d+", r"(,\d{3}){2,}")
)


def is_null_word(column: str, read: Read) -> str:
    """Return SQL that is true for a cell that says 'unknown'."""
    words = ", ".join(quoted(word) for word in dict.fromkeys((*NULL_WORDS, *read.null_words)))
    return f"(trim({column}) IN ({words}))"


def has_decimal_comma(column: str) -> str:
    """Return SQL that is true for a cell whose comma can only be a decimal sign: '12,5' or '1.234,5'."""
    pattern = r"^\s*-?\d+,(\d{1,2}|\d{4,})\s*$|^\s*-?\d{1,3}([.\s]\d{3})+,\d+\s*$"
    return f"coalesce(regexp_matches({column}, {quoted(pattern)}), false)"


def number(column: str, sql_type: str, read: Read) -> str:
    """Return SQL of a cell as DOUBLE; NULL where it is unknown or no number."""
    if sql_type != "VARCHAR":
        return f"CASE WHEN NOT isnan(CAST({column} AS DOUBLE)) THEN CAST({column} AS DOUBLE) END"
    if read.decimal == "." and read.thousands is None:
        plain = f"TRY_CAST({column} AS DOUBLE)"
        grouped = (
            f"CASE WHEN regexp_matches({column}, {quoted(_GROUPED)}) "
            f"THEN TRY_CAST(regexp_replace({column}, {quoted(_SPACES[:-1] + ',]')}, '', 'g') AS DOUBLE) END"
        )
        found = f"coalesce({plain}, {grouped})"
    else:
        bare = f"regexp_replace({column}, {quoted(_SPACES)}, '', 'g')"
        if read.thousands:
            bare = f"replace({bare}, {quoted(read.thousands)}, '')"
        if read.decimal == ",":
            # A point that was not declared as a separator of thousands would be read as one digit group.
            bare = f"CASE WHEN {bare} NOT LIKE '%.%' THEN replace({bare}, ',', '.') END"
        found = f"TRY_CAST({bare} AS DOUBLE)"
    return f"CASE WHEN NOT isnan({found}) THEN {found} END"


def is_bad_number(column: str, sql_type: str, read: Read, *, scale: float = 1) -> str:
    """Return SQL that is true for a cell that is filled, yet no number between 0 and GREATEST."""
    found = number(column, sql_type, read)
    within = f"coalesce({found} BETWEEN 0 AND {GREATEST / scale!r}, false)"
    if sql_type != "VARCHAR":
        return f"({found} IS NOT NULL AND NOT {within})"
    return f"({column} IS NOT NULL AND NOT {within} AND NOT {is_null_word(column, read)})"


def reason(column: str, sql_type: str, read: Read, *, scale: float = 1) -> str:
    """Return SQL of why a cell is a bad number."""
    found = number(column, sql_type, read)
    return (
        f"CASE WHEN {found} < 0 THEN 'negative' WHEN {found} > {GREATEST / scale!r} THEN 'larger than any trade' "
        f"WHEN contains(CAST({column} AS VARCHAR), ',') "
        f"THEN 'no number: name [read] decimal or thousands in a mapping' "
        f"ELSE 'no number' END"
    )
