"""Parties: names, identifiers, features, matchers, ownership, screening.

Names are imported when first used: to compare two names needs neither identities nor ownership nor the ledger.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# These functions have the names of their modules; imported at once, they are what the package's attributes mean.
from entrepot.parties.changes import CHANGES, changes
from entrepot.parties.compare import compare, compare_file, compare_texts

if TYPE_CHECKING:
    from entrepot.parties.blocks import screen_file
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
    from entrepot.parties.index import Candidate, Index, open_index
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
    from entrepot.parties.screening import RESULTS, Counts, ScreenOptions, read_results, screen

_HOMES = {
    "CONSISTENCY": "identity",
    "LINKS": "identity",
    "NAMES": "party",
    "ORGANISATIONS": "party",
    "OWNED": "ownership",
    "PAPERS": "listed",
    "PERSONS": "party",
    "RESULTS": "screening",
    "SUCCESSORS": "ownership",
    "Candidate": "index",
    "Counts": "screening",
    "Holding": "ownership",
    "Index": "index",
    "Line": "ownership",
    "OwnershipOptions": "ownership",
    "Party": "party",
    "Profile": "identity",
    "ScreenOptions": "screening",
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
    "open_index": "index",
    "owned": "ownership",
    "party_of": "party",
    "party_of_row": "party",
    "profile_of": "identity",
    "profiles": "identity",
    "profiles_of": "identity",
    "read_lines": "ownership",
    "read_results": "screening",
    "read_rows": "identity",
    "screen": "screening",
    "screen_file": "blocks",
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
    "RESULTS",
    "SUCCESSORS",
    "Candidate",
    "Counts",
    "Holding",
    "Index",
    "Line",
    "OwnershipOptions",
    "Party",
    "Profile",
    "ScreenOptions",
    "changes",
    "compare",
    "compare_file",
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
    "open_index",
    "owned",
    "party_of",
    "party_of_row",
    "profile_of",
    "profiles",
    "profiles_of",
    "read_lines",
    "read_results",
    "read_rows",
    "screen",
    "screen_file",
    "successors",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
