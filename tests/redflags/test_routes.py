"""Flag F02 keeps its own table of ways to citizenship; the ledger's entries of such ways agree with it."""

from __future__ import annotations

import pytest

from entrepot.ledger import Entry, open_ledger
from entrepot.redflags import shipped_flags

# What the ledger calls a route, and what an offer does. A payment is no route of an offer by itself.
NAMES = {
    "residence": "residence",
    "marriage": "marriage",
    "merit": "merit",
    "compatriot": "descent",
    "investment": "investment",
}
ROUTES = [one for one in open_ledger() if one.instrument == "citizenship_route" and "itizenship" in one.title]
TABLE = {tuple(row.split(":")[:2]): row.split(":")[2:] for row in shipped_flags().get("F02").thresholds["routes"].value}  # type: ignore[union-attr]


@pytest.mark.parametrize("entry", ROUTES, ids=[entry.entry_id for entry in ROUTES])
def test_a_route_of_the_ledger_stands_in_the_table(entry: Entry) -> None:
    told = {NAMES[name] for name in str(entry.facts["route"]).split("; ") if name in NAMES}
    if entry.facts.get("is_by_payment_alone") == "no":
        # It shortens the years of residence and is no way of its own.
        told -= {"investment"}
        assert (entry.jurisdiction, "investment") not in TABLE
    if entry.facts["exists"] == "yes":
        assert {(entry.jurisdiction, one) for one in told} <= TABLE.keys()
