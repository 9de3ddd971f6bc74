"""Parties: names, identifiers, features, matchers, ownership, screening."""

from entrepot.parties.party import NAMES, ORGANISATIONS, PERSONS, Party, party_of, party_of_row

__all__ = ["NAMES", "ORGANISATIONS", "PERSONS", "Party", "party_of", "party_of_row"]
