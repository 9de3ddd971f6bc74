"""Numbers of documents and registers: an equal one is near proof, together with a name."""

from __future__ import annotations

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
