"""Articles that were read, with their claims put to the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from entrepot.alerts.claims.testing import test_claims
from entrepot.articles import Reading
from entrepot.lake import Lake
from entrepot.ledger import Ledger


def put_to_data(readings: Iterable[Reading], *, ledger: Ledger, lake: Lake | None = None, as_of: str) -> list[Reading]:
    """Return readings whose claims have their checks.

    Args:
        readings: what ``read_articles`` gives.
        ledger: dated acts and memberships.
        lake: flows and lists; without one, claims about them get ``no_data``.
        as_of: day (YYYY-MM-DD) whose knowledge counts.
    """
    checked = []
    for reading in readings:
        told = test_claims([claim.as_dict() for claim in reading.claims], ledger=ledger, lake=lake, as_of=as_of)
        pairs = zip(reading.claims, told, strict=True)
        checked.append(replace(reading, claims=tuple(replace(one, checks=tuple(row["checks"])) for one, row in pairs)))
    return checked
