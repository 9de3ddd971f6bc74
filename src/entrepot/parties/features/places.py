"""Gender, countries, addresses and contacts: little alone, something beside a name."""

from __future__ import annotations

from entrepot.parties.features.facts import Facts
from entrepot.parties.features.found import Found


def gender(query: Facts, candidate: Facts) -> Found | None:
    """Return whether the genders agree; None where either side states none."""
    return _sets(query.genders, candidate.genders, "gender")


def country(query: Facts, candidate: Facts) -> Found | None:
    """Return whether any country of the two is the same. It tells parties apart, and says nothing of risk."""
    return _sets(query.countries, candidate.countries, "country")


def flag(query: Facts, candidate: Facts) -> Found | None:
    """Return whether any flag that a ship flies or flew is the same."""
    return _sets(query.flags, candidate.flags, "flag")


def call_sign(query: Facts, candidate: Facts) -> Found | None:
    """Return whether the call signs agree."""
    return _sets(query.call_signs, candidate.call_signs, "call sign")


def contact(query: Facts, candidate: Facts) -> Found | None:
    """Return that an email address or a telephone number is the same; a different one says nothing."""
    common = sorted(query.contacts & candidate.contacts)
    return Found(1.0, "same contact", common[0], common[0]) if common else None


def address(query: Facts, candidate: Facts) -> Found | None:
    """Return how far the closest two addresses share their words; different addresses say nothing."""
    best, pair = 0.0, (frozenset[str](), frozenset[str]())
    for one in query.addresses:
        for other in candidate.addresses:
            # One shared word is a town.
            if len(common := one & other) > 1 and (like := len(common) / min(len(one), len(other))) > best:
                best, pair = like, (one, other)
    if best < 0.5:
        return None
    return Found(best, "addresses share words", " ".join(sorted(pair[0])), " ".join(sorted(pair[1])))


def _sets(one: frozenset[str], other: frozenset[str], what: str) -> Found | None:
    if not one or not other:
        return None
    common = one & other
    word = "same" if common else "other"
    return Found(
        1.0 if common else -1.0, f"{word} {what}", ";".join(sorted(common or one)), ";".join(sorted(common or other))
    )
