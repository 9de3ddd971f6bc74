"""Kept: the report rows of one look, read once, from which looks at earlier months take theirs.

An earlier look reads the same rows, less those of later months, where the same reports are used for the same pairs, no
report gives cells several times, and no product of the later look was two products then. All of it is checked; where
any of it fails the look reads the tables itself.
"""

from __future__ import annotations

from pathlib import Path

from entrepot.lake import Engine

KEPT = Path(__file__).parent / "sql" / "kept"
_COPIES = ("kept_rows", "kept_use", "kept_pairs", "kept_reports", "kept_months", "kept_codes")
# Each finds nothing where the rows of the earlier look are among the kept ones.
_DIFFERENCES = (
    "SELECT 1 AS one FROM pairs WHERE is_several",
    "SELECT 1 AS one FROM (SELECT * FROM pairs EXCEPT SELECT * FROM kept_pairs) AS d",
    "SELECT 1 AS one FROM (SELECT * FROM kept_pairs EXCEPT SELECT * FROM pairs) AS d",
    "SELECT 1 AS one FROM (SELECT * FROM months EXCEPT SELECT * FROM kept_months) AS d",
    "SELECT 1 AS one FROM (SELECT * FROM reports EXCEPT SELECT * FROM kept_reports) AS d",
    "SELECT 1 AS one FROM (SELECT k.* FROM kept_reports AS k INNER JOIN months AS m ON k.period = m.period"
    " EXCEPT SELECT * FROM reports) AS d",
    "SELECT 1 AS one FROM (SELECT k.product_id FROM kept_codes AS k INNER JOIN product_codes AS c"
    " ON k.hs_revision = c.hs_revision AND k.hs_code = c.hs_code AND k.year = c.year"
    " GROUP BY k.product_id HAVING count(DISTINCT c.product_id) > 1) AS d",
)


def keep_rows(engine: Engine) -> None:
    """Keep the rows of the look that the engine session has just read."""
    for name in _COPIES:
        engine.step(KEPT, name)


def rows_from_kept(engine: Engine) -> bool:
    """Make ``leg_rows`` of an earlier look from the kept rows; return False where they do not hold it for sure."""
    if any(engine.rows(f"{sql} LIMIT 1") for sql in _DIFFERENCES):
        return False
    engine.step(KEPT, "leg_rows")
    return True
