"""OFAC's Advanced XML."""

from __future__ import annotations

from entrepot.sources.listing import Found, ListFile

ROOTS = frozenset({"Sanctions"})


def read_advanced(file: ListFile, found: Found, *, authority: str) -> None:
    """Take every profile of an Advanced XML."""
    raise NotImplementedError
