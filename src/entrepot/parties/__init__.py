"""Parties: names, identifiers, features, matchers, ownership, screening."""

from entrepot.parties.changes import CHANGES, changes
from entrepot.parties.compare import compare, compare_texts
from entrepot.parties.listed import PAPERS, listed_parties
from entrepot.parties.party import NAMES, ORGANISATIONS, PERSONS, Party, party_of, party_of_row

__all__ = [
    "CHANGES",
    "NAMES",
    "ORGANISATIONS",
    "PAPERS",
    "PERSONS",
    "Party",
    "changes",
    "compare",
    "compare_texts",
    "listed_parties",
    "party_of",
    "party_of_row",
]
