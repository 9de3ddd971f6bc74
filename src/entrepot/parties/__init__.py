"""Parties: names, identifiers, features, matchers, ownership, screening."""

from entrepot.parties.changes import CHANGES, changes
from entrepot.parties.compare import compare, compare_texts
from entrepot.parties.party import NAMES, ORGANISATIONS, PERSONS, Party, party_of, party_of_row

__all__ = [
    "CHANGES",
    "NAMES",
    "ORGANISATIONS",
    "PERSONS",
    "Party",
    "changes",
    "compare",
    "compare_texts",
    "party_of",
    "party_of_row",
]
