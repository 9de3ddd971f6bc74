"""Listings: whose firms a question about ownership is about, by regime, from RECORDS listing rows or from lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from entrepot.errors import SourceError
from entrepot.parties.party import Party

# Lists whose parties are one regime's; those of other lists are looked at under every regime asked about.
REGIME_OF_LIST = {"ofac": "OFAC", "uk": "UK", "eu": "EU", "eu-oj": "EU"}
_ASSETS = frozenset({"Ownership", "Directorship", "Family", "Sanction", "Passport", "Identification", "Address"})


def listed_by_regime(rows: Sequence[Mapping[str, str | None]], *, as_of: str) -> dict[str, set[str]]:
    """Return regime to listed ids on a day, of RECORDS listing rows; without a regime they stand under "".

    Raises:
        SourceError: a row names nobody.
    """
    found: dict[str, set[str]] = {}
    for place, row in enumerate(rows, 1):
        text = {name: (value or "").strip() for name, value in row.items()}
        party_id = text.get("entity_id") or text.get("party_id") or text.get("id") or ""
        if not party_id:
            raise SourceError("entity_id is empty or missing", where=f"row {place}", remedy="Name who is listed.")
        begun = not text.get("listing_date") or text["listing_date"] <= as_of
        if begun and not (text.get("delisting_date") and text["delisting_date"] <= as_of):
            found.setdefault(text.get("regime", ""), set()).add(party_id)
    return found


def listed_on_lists(parties: Sequence[Party]) -> dict[str, set[str]]:
    """Return regime to the ids of the parties on lists."""
    found: dict[str, set[str]] = {}
    for party in parties:
        if party.schema not in _ASSETS:
            found.setdefault(REGIME_OF_LIST.get(party.dataset, ""), set()).add(party.party_id)
    return found
