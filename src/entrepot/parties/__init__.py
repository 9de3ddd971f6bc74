"""Parties: names, identifiers, features, matchers, ownership, screening.

Names are imported when first used: to compare two names needs neither identities nor ownership nor the ledger.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# These functions have the names of their modules; imported at once, they are what the package's attributes mean.
from entrepot.parties.changes import CHANGES, changes
from entrepot.parties.compare import compare, compare_texts

if TYPE_CHECKING:
    from entrepot.parties.identity import (
        CONSISTENCY,
        LINKS,
        Profile,
        control_judgements,
        inconsistencies,
        judge,
        judgements,
        link,
        profile_of,
        profiles,
        profiles_of,
        read_rows,
    )
    from entrepot.parties.listed import PAPERS, listed_parties
    from entrepot.parties.ownership import (
        OWNED,
        SUCCESSORS,
        Holding,
        Line,
        OwnershipOptions,
        holding_of,
        holdings_of_parties,
        line_of,
        listed_by_regime,
        listed_on_lists,
        owned,
        read_lines,
        successors,
    )
    from entrepot.parties.party import NAMES, ORGANISATIONS, PERSONS, Party, party_of, party_of_row

_HOMES = {
    "CONSISTENCY": "identity",
    "LINKS": "identity",
    "NAMES": "party",
    "ORGANISATIONS": "party",
    "OWNED": "ownership",
    "PAPERS": "listed",
    "PERSONS": "party",
    "SUCCESSORS": "ownership",
    "Holding": "ownership",
    "Line": "ownership",
    "OwnershipOptions": "ownership",
    "Party": "party",
    "Profile": "identity",
    "control_judgements": "identity",
    "holding_of": "ownership",
    "holdings_of_parties": "ownership",
    "inconsistencies": "identity",
    "judge": "identity",
    "judgements": "identity",
    "line_of": "ownership",
    "link": "identity",
    "listed_by_regime": "ownership",
    "listed_on_lists": "ownership",
    "listed_parties": "listed",
    "owned": "ownership",
    "party_of": "party",
    "party_of_row": "party",
    "profile_of": "identity",
    "profiles": "identity",
    "profiles_of": "identity",
    "read_lines": "ownership",
    "read_rows": "identity",
    "successors": "ownership",
}

__all__ = [
    "CHANGES",
    "CONSISTENCY",
    "LINKS",
    "NAMES",
    "ORGANISATIONS",
    "OWNED",
    "PAPERS",
    "PERSONS",
    "SUCCESSORS",
    "Holding",
    "Line",
    "OwnershipOptions",
    "Party",
    "Profile",
    "changes",
    "compare",
    "compare_texts",
    "control_judgements",
    "holding_of",
    "holdings_of_parties",
    "inconsistencies",
    "judge",
    "judgements",
    "line_of",
    "link",
    "listed_by_regime",
    "listed_on_lists",
    "listed_parties",
    "owned",
    "party_of",
    "party_of_row",
    "profile_of",
    "profiles",
    "profiles_of",
    "read_lines",
    "read_rows",
    "successors",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
