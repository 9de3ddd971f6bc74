"""Scoring: how sure two identities are one person, feature by feature, with what speaks against it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from entrepot.codes import Identifier
from entrepot.parties.identity.profile import PERSONAL, Profile, Value
from entrepot.parties.names import NameMatch, compare_names

# Log-odds; the start is what a pair of one block has before anything is looked at. Set by hand.
WEIGHTS = {
    "start": -4.0,
    "personal_number": 9.0,
    "document_number": 7.0,
    "other_number": 5.0,
    "birth_date": 4.0,
    "birth_part": 1.0,
    "birth_slip": 0.5,
    "birth_differs": -5.0,
    "phone": 2.0,
    "email": 3.0,
    "device": 2.0,
    "address": 1.5,
    "personal_number_differs": -7.0,
    "sex_differs": -5.0,
}
SAME, LIKELY, POSSIBLE = 0.95, 0.75, 0.3
# A name and a birth date alone are shared by strangers in any large file; they never reach "same".
_MOST_ALONE = 0.94

_MOST_NAMES = 8
_BEST_NAME = 3.5
_VERY_GOOD = 0.93


@dataclass(frozen=True, slots=True)
class Evidence:
    """One feature of a pair: its name, both values, a sentence and its weight in log-odds."""

    feature: str
    values: tuple[str, str]
    sentence: str
    weight: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A compared pair.

    Attributes:
        score: 0 to 1.
        evidence: every feature that applied.
        contradictions: names of the features that one person cannot have; empty if none.
        without: the score that the rest of the evidence gives.
    """

    score: float
    evidence: tuple[Evidence, ...]
    contradictions: tuple[str, ...]
    without: float


def score(one: Profile, other: Profile) -> Scored:
    """Return how sure two identities are one person. What is missing on a side counts neither way."""
    return _summed([*_of_names(one, other), *_beside_names(one, other)])


def score_shown(one: Profile, other: Profile) -> Scored | None:
    """Return the score of a pair that is worth a row: possible at least, or joined but for a contradiction.

    Names cost most to compare: they are only where the best of names would make the pair worth it.
    """
    beside = _beside_names(one, other)
    if not _is_shown(_summed([Evidence("name", ("", ""), "", _BEST_NAME), *beside])):
        return None
    found = _summed([*_of_names(one, other), *beside])
    return found if _is_shown(found) else None


def _beside_names(one: Profile, other: Profile) -> list[Evidence]:
    found = [*_of_numbers(one, other), *_of_births(one, other), *_of_sex(one, other)]
    for feature, attribute in (
        ("phone", "phones"),
        ("email", "emails"),
        ("device", "devices"),
        ("address", "addresses"),
    ):
        found += _shared(feature, getattr(one, attribute), getattr(other, attribute))
    found += _of_citizenship(one, other)
    return found


def _summed(found: Sequence[Evidence]) -> Scored:
    beyond = {item.feature for item in found if item.weight > 0} - {"name", "birth_date", "birth_part", "birth_slip"}
    most = 1.0 if beyond else _MOST_ALONE
    rest = [item for item in found if item.feature not in _CONTRADICTIONS]
    against = tuple(item.feature for item in found if item.feature in _CONTRADICTIONS)
    return Scored(min(most, _chance(found)), tuple(found), against, min(most, _chance(rest)))


def _is_shown(pair: Scored) -> bool:
    return max(pair.score, pair.without) >= (LIKELY if pair.contradictions else POSSIBLE)


def _chance(found: Sequence[Evidence]) -> float:
    logit = WEIGHTS["start"] + sum(item.weight for item in found)
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), 4)


_CONTRADICTIONS = frozenset({"personal_number_differs", "sex_differs", "birth_differs"})


def contradicts(one: Profile, other: Profile) -> tuple[Evidence, ...]:
    """Return what one person cannot have, of two identities; for the ends of a chain."""
    found = (*_of_numbers(one, other), *_of_births(one, other), *_of_sex(one, other))
    return tuple(item for item in found if item.feature in _CONTRADICTIONS)


def _of_names(one: Profile, other: Profile) -> Iterator[Evidence]:
    best = _best_names(one, other)
    if best is not None:
        match, left, right, where, elsewhere = best
        weight = max(-6.0, min(_BEST_NAME, math.log((match.score + 1e-4) / (1 - match.score + 1e-4)) + 0.5))
        yield Evidence("name", (left, right), f"names ({where}; {elsewhere}): {match.detail}", round(weight, 2))


def _best_names(one: Profile, other: Profile) -> tuple[NameMatch, str, str, str, str] | None:
    """The two spellings that fit best, with where they stand; a very good one ends the search."""
    best = None
    for name, where in one.names[:_MOST_NAMES]:
        for second, elsewhere in other.names[:_MOST_NAMES]:
            match = compare_names(name, second)
            if best is None or match.score > best[0].score:
                best = match, name.text, second.text, where, elsewhere
                if match.score >= _VERY_GOOD:
                    return best
    return best


def _of_numbers(one: Profile, other: Profile) -> Iterator[Evidence]:
    agreed: set[str] = set()
    differing: dict[tuple[str, str], tuple[str, str]] = {}
    for number, where in one.numbers:
        for second, elsewhere in other.numbers:
            if number.number == second.number and _alike(number, second):
                name = _weight_of(number, second)
                if number.number not in agreed:
                    agreed.add(number.number)
                    said = f"the same {number.kind} number ({where}; {elsewhere})"
                    yield Evidence(name, (number.number, second.number), said, WEIGHTS[name])
            elif number.kind in PERSONAL and (number.kind, number.country) == (second.kind, second.country):
                differing[number.kind, number.country] = number.number, second.number
    for (kind, country), values in differing.items():
        is_shared = any(n.number in agreed and (n.kind, n.country) == (kind, country) for n, _ in one.numbers)
        is_sure = all(n.is_valid for n, _ in (*one.numbers, *other.numbers) if n.number in values)
        if not is_shared and is_sure:
            said = f"two {kind} numbers of {country}, of which a person has one"
            yield Evidence("personal_number_differs", values, said, WEIGHTS["personal_number_differs"])


def _alike(one: Identifier, other: Identifier) -> bool:
    """Two numbers of one issuer, or of which one's issuer is not said; short ones by chance are left out."""
    return len(one.number) >= 5 and (one.country == other.country or "" in (one.country, other.country))


def _weight_of(one: Identifier, other: Identifier) -> str:
    if one.kind in PERSONAL and one.kind == other.kind and one.is_valid:
        return "personal_number"
    return "document_number" if one.country and one.country == other.country else "other_number"


def _of_births(one: Profile, other: Profile) -> Iterator[Evidence]:
    if not one.births or not other.births:
        return
    compared = [(_birth(a.key, b.key), a, b) for a in one.births for b in other.births]
    order = ("birth_date", "birth_part", "birth_slip", "birth_differs")
    name, left, right = min(compared, key=lambda item: order.index(item[0]))
    words = {
        "birth_date": "the same birth date",
        "birth_part": "birth dates agree as far as they are known",
        "birth_slip": "birth dates differ by one digit, or by day and month exchanged",
        "birth_differs": "different birth dates",
    }
    yield Evidence(name, (left.shown, right.shown), f"{words[name]} ({left.where}; {right.where})", WEIGHTS[name])


def _birth(one: str, other: str) -> str:
    if one == other:
        return "birth_date" if len(one) == 10 else "birth_part"
    if len(one) != len(other):
        return "birth_part" if one.startswith(other) or other.startswith(one) else "birth_differs"
    if len(one) == 10 and (one[:4], one[5:7], one[8:]) == (other[:4], other[8:], other[5:7]):
        return "birth_slip"
    return "birth_slip" if sum(a != b for a, b in zip(one, other, strict=True)) == 1 else "birth_differs"


def _of_sex(one: Profile, other: Profile) -> Iterator[Evidence]:
    left, right = {v.key: v for v in one.sexes}, {v.key: v for v in other.sexes}
    if left and right and not left.keys() & right.keys():
        first, second = next(iter(left.values())), next(iter(right.values()))
        said = f"different sexes ({first.where}; {second.where})"
        yield Evidence("sex_differs", (first.key, second.key), said, WEIGHTS["sex_differs"])


def _shared(feature: str, one: Sequence[Value], other: Sequence[Value]) -> Iterator[Evidence]:
    right = {value.key: value for value in other}
    for value in one:
        if value.key in right:
            shown = value.shown, right[value.key].shown
            yield Evidence(feature, shown, f"the same {feature}", WEIGHTS[feature])
            return


def _of_citizenship(one: Profile, other: Profile) -> Iterator[Evidence]:
    """Different citizenships tell that there may be a second one; that weighs nothing, neither for nor against."""
    left, right = {v.key for v in one.citizenships}, {v.key for v in other.citizenships}
    if left and right and not left & right:
        values = " ".join(sorted(left)), " ".join(sorted(right))
        yield Evidence("citizenship", values, "each declares or holds papers of another state; no risk by itself", 0.0)
