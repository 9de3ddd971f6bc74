"""Parties: names, identifiers, features, matchers, ownership, screening."""

from entrepot.parties.blocks import screen_file
from entrepot.parties.changes import CHANGES, changes
from entrepot.parties.compare import compare
from entrepot.parties.index import Candidate, Index, open_index
from entrepot.parties.party import NAMES, ORGANISATIONS, PERSONS, Party, party_of, party_of_row
from entrepot.parties.screen import RESULTS, Counts, ScreenOptions, read_results, screen

__all__ = [
    "CHANGES",
    "NAMES",
    "ORGANISATIONS",
    "PERSONS",
    "RESULTS",
    "Candidate",
    "Counts",
    "Index",
    "Party",
    "ScreenOptions",
    "changes",
    "compare",
    "open_index",
    "party_of",
    "party_of_row",
    "read_results",
    "screen",
    "screen_file",
]
