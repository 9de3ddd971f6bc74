"""The page of a check: records that need a person first, each with what fired, why, and what would clear it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entrepot.lake import Table
from entrepot.report.writing import template, write_whole

# A page is for reading; the file formats hold every row.
_MOST_RECORDS = 500
_GRAVITY = {"stop": 0, "ask": 1, "pass": 2}
_GROUNDS = {"duty": "stop (duty)", "own_risk": "stop (own risk decision)"}


@dataclass(frozen=True)
class Told:
    """A record on the page.

    Attributes:
        decision: in words, with the ground of a stop.
        fired: rows of flags that fired, faults of own control first.
        missing: flag id -> what it lacked.
        n_clear: flags that looked and saw nothing.
    """

    record_id: str
    decision: str
    look: str
    fired: tuple[dict[str, Any], ...]
    missing: tuple[tuple[str, str], ...]
    n_clear: int


def write_check(answer: Table, path: Path, *, as_of: str, policy: str) -> int:
    """Write the answer of a check as one HTML page that needs no network; return how many records it shows.

    Raises:
        SourceError: the file cannot be written.
    """
    records = sorted(_records(answer), key=lambda told: (_GRAVITY[told.look], -len(told.fired)))
    counts = Counter(told.look for told in records)
    shown = [told for told in records if told.fired or told.missing][:_MOST_RECORDS]
    page = template("check.html.j2").render(
        records=shown, counts=counts, n_records=len(records), as_of=as_of, policy=policy, n_shown=len(shown)
    )
    write_whole(page, path)
    return len(shown)


def _records(answer: Table) -> Iterator[Told]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in answer:
        rows.setdefault(row["record_id"], []).append(row)
    for record_id, of_record in rows.items():
        first = of_record[0]
        yield Told(
            record_id,
            _GROUNDS.get(first["decision_ground"] or "", first["decision"]),
            first["decision"],
            tuple(row for row in of_record if row["outcome"] == "fired"),
            tuple(
                (row["flag_id"], row["missing_fields"] or "") for row in of_record if row["outcome"] == "missing_fields"
            ),
            sum(row["outcome"] == "clear" for row in of_record),
        )
