"""Matching: two names of persons, or two names of bodies."""

from __future__ import annotations

from entrepot.parties.names.companies import compare_bodies
from entrepot.parties.names.found import NameMatch
from entrepot.parties.names.persons import compare_persons
from entrepot.parties.names.reading import Name


def compare_names(query: Name, candidate: Name) -> NameMatch:
    """Return how far two names agree: as persons' where both are, else as names of bodies. Never raises."""
    if query.readings and candidate.readings:
        return compare_persons(query, candidate)
    return compare_bodies(query, candidate)
