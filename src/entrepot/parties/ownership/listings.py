"""Listings: whose firms a question about ownership is about, by regime, from RECORDS listing rows or from lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from entrepot.errors import SourceError
from entrepot.parties.party import Party

# Lists whose parties are one regime's.
REGIME_OF_LIST = {"ofac": "OFAC", "uk": "UK", "eu": "EU", "eu-oj": "EU"}
# A user's own tables name no regime: their parties are looked at under every one.
_OF_ANY = frozenset({"", "records"})
_NO_PARTIES = frozenset({"Ownership", "Directorship", "Family", "Sanction", "Passport", "Identification", "Address"})
# Whose measure a Sanction is, by the words of its authority. The first that fits counts: HM Treasury is not the US's.
_AUTHORITIES = (
    ("UK", re.compile(r"hm treasury|financial sanctions implementation|\bofsi\b|\bfcdo\b|foreign, commonwealth")),
    ("OFAC", re.compile(r"foreign assets control|\bofac\b|\btreasury department|department of the treasury")),
    ("EU", re.compile(r"european (?:union|commission|council|external action)|council of the eu\b|\beu council")),
    ("BIS", re.compile(r"industry and security")),
)
# BIS's line is for its Entity List and its list of military end users; those denied or unverified pass nothing on.
_BIS = re.compile(r"\b(?:EL|MEU)\b|entity list|military end", re.IGNORECASE)


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
    """Return regime to the ids of the parties on lists.

    A party counts for the regime of its list; on lists of several publishers for those whose Sanction rows name it,
    under the authority's own name where that has no line of ownership. Parties of such a list that no row and no topic
    calls sanctioned are not listed. A user's own parties stand under "", every regime.
    """
    sanctions: dict[tuple[str, str], list[Party]] = {}
    for party in parties:
        if party.schema == "Sanction":
            for entity_id in party.values("entity"):
                sanctions.setdefault((party.dataset, entity_id), []).append(party)
    found: dict[str, set[str]] = {}
    for party in parties:
        if party.schema not in _NO_PARTIES:
            for regime in _regimes(party, sanctions.get((party.dataset, party.party_id), ())):
                found.setdefault(regime, set()).add(party.party_id)
    return found


def _regimes(party: Party, sanctions: Sequence[Party]) -> Iterator[str]:
    if party.dataset == "eu-oj" and "export.control" in party.values("topics"):
        yield "EU, export controls"
    elif party.dataset in REGIME_OF_LIST or party.dataset in _OF_ANY:
        yield REGIME_OF_LIST.get(party.dataset, "")
    elif sanctions:
        yield from map(_regime_of, sanctions)
    elif "sanction" in party.values("topics"):
        yield ""


def _regime_of(sanction: Party) -> str:
    authority = "; ".join(sanction.values("authority"))
    words = authority.casefold()
    regime = next((name for name, pattern in _AUTHORITIES if pattern.search(words)), "")
    programs = " ".join(sanction.values("programId", "program"))
    if regime and (regime != "BIS" or _BIS.search(programs)):
        return regime
    return authority or "an authority that is not named"
