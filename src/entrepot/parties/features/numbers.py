"""Numbers of documents and registers: an equal one is near proof, together with a name."""

from __future__ import annotations

from functools import lru_cache

from entrepot.codes import read_identifier
from entrepot.parties.features.facts import Facts, Number
from entrepot.parties.features.found import Found

_OF_CRAFT = frozenset({"imo", "mmsi", "serial"})


def document_number(query: Facts, candidate: Facts) -> Found | None:
    """Return that a number of a document or register is the same; None where none is.

    Kinds may differ, as files mix them; issuers may not, where both are known.
    """
    return _same(query, candidate, is_craft=False)


def craft_number(query: Facts, candidate: Facts) -> Found | None:
    """Return that a ship's or aircraft's own number is the same."""
    return _same(query, candidate, is_craft=True)


def number_differs(query: Facts, candidate: Facts) -> Found | None:
    """Return that both sides have numbers of one kind and issuer and none is the same.

    People renew passports, so this says little, and less of a passport than of a number for life.
    """
    if not query.numbers or not candidate.numbers or _same_pair(query, candidate):
        return None
    for one in query.numbers:
        for other in candidate.numbers:
            if one.kind == other.kind and one.issuer == other.issuer and one.kind != "registration":
                is_lasting = one.kind in ("tax", "imo") and len(one.value) == len(other.value)
                detail = "other number of the same kind"
                return Found(-1.0 if is_lasting else -0.3, detail, _text(one), _text(other))
    return None


def is_for_life(query: Facts, candidate: Facts) -> bool:
    """Return whether the number that both bear stays where names change, and its check digits tell a slip.

    A ship's IMO number, a tax or register number of one kind. Passports are renewed and have no such digits.
    """
    pair = _same_pair(query, candidate)
    return pair is not None and pair[0].kind == pair[1].kind and _is_checked(pair[0].value, pair[0].kind)


# Kinds of number by the rules that a number of theirs may be held against, whatever country it is of.
_FOR_LIFE = {
    "imo": ("imo",),
    "tax": ("inn", "iin", "bin", "unp"),
    "registration": ("ogrn", "ogrnip", "bin", "lei", "edrpou"),
}


@lru_cache(maxsize=4096)
def _is_checked(number: str, kind: str) -> bool:
    found = (read_identifier(number, kind=rule) for rule in _FOR_LIFE.get(kind, ()))
    return any(one.is_valid and one.is_checked for one in found)


def _same(query: Facts, candidate: Facts, *, is_craft: bool) -> Found | None:
    pair = _same_pair(query, candidate)
    if pair is None or (pair[0].kind in _OF_CRAFT) != is_craft:
        return None
    one, other = pair
    detail = "same number" if one.kind == other.kind else "same number, of another kind"
    return Found(1.0 if one.kind == other.kind else 0.8, detail, _text(one), _text(other))


def _same_pair(query: Facts, candidate: Facts) -> tuple[Number, Number] | None:
    if not query.numbers or not candidate.numbers:
        return None
    held = {number.value: number for number in candidate.numbers}
    for one in query.numbers:
        other = held.get(one.value)
        if other and not (one.issuer and other.issuer and one.issuer != other.issuer):
            return one, other
    return None


def _text(number: Number) -> str:
    return f"{number.kind} {number.value}" + (f" ({number.issuer})" if number.issuer else "")
