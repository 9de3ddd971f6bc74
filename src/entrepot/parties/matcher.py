"""Matcher: the score of a query and a candidate, from the features below and their weights, with its reasons."""

from __future__ import annotations

import math
from collections.abc import Callable
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from entrepot.parties.features import (
    Facts,
    Found,
    address,
    birth_date,
    call_sign,
    contact,
    country,
    craft_number,
    document_number,
    flag,
    gender,
    is_for_life,
    number_differs,
)
from entrepot.parties.names import NameMatch


class Feature(NamedTuple):
    """A feature: its name, its function, the fact that both sides need, and the log-odds it adds.

    ``agrees`` and ``differs`` are what it adds where the two agree and where they differ in full.
    """

    name: str
    compare: Callable[[Facts, Facts], Found | None]
    fact: str
    agrees: float
    differs: float


FEATURES = (
    Feature("birth_date", birth_date, "births", 2.4, -4.0),
    Feature("document_number", document_number, "numbers", 4.5, 0.0),
    Feature("craft_number", craft_number, "numbers", 5.0, 0.0),
    Feature("number_differs", number_differs, "numbers", 0.0, -1.0),
    Feature("gender", gender, "genders", 0.1, -2.5),
    Feature("country", country, "countries", 0.25, -0.1),
    Feature("flag", flag, "flags", 0.2, -0.1),
    Feature("call_sign", call_sign, "call_signs", 1.5, -0.3),
    Feature("address", address, "addresses", 0.8, 0.0),
    Feature("contact", contact, "contacts", 2.0, 0.0),
)
THRESHOLD = 0.7
# Names alone, however alike, are many people's: what nothing else confirms is drawn towards the threshold.
MOST_OF_A_NAME = 0.97
ALONE = 0.6
# Where a birth date or the names themselves contradict, only a number can still make a match.
MOST_AGAINST = 0.65
# A name that agrees less than this is not lifted over the threshold by a date or a country.
LEAST_NAME = 0.4
# A person and a legal entity that may be one.
OTHER_KIND = -0.7
# A number for life, or a document's with the birth date, makes a match whatever the name: names change.
LEAST_OF_A_NUMBER = 0.75
_SAME_DAY = 0.6
# Below this, nothing but a number or a date is worth a look.
_HOPELESS = 0.25
_QUICK = tuple(f for f in FEATURES if f.name in ("birth_date", "document_number", "craft_number"))
# Where so many listed persons bear a family's name, many who are not listed do, too: without anything that confirms
# it such a name is shown, and is no match.
COMMON = 3
COMMONEST = -1
MOST_OF_A_COMMON_NAME = 0.69
_CONFIRMS = ("birth_date", "document_number", "craft_number", "address", "contact")
_PROOF = frozenset({"document_number", "craft_number"})
_LINE = math.log(THRESHOLD / (1 - THRESHOLD))


class Reason(NamedTuple):
    """One reason of a score: the feature, the two values, a sentence, and the log-odds it added."""

    feature: str
    query: str
    candidate: str
    detail: str
    weight: float


class Match(NamedTuple):
    """A score from 0 to 1 with its reasons, the name's first."""

    score: float
    reasons: tuple[Reason, ...]


def match(
    names: tuple[str, str, NameMatch], kinds: tuple[str, str], query: Facts, candidate: Facts, bearers: int = 0
) -> Match:
    """Return how sure query and candidate are one party.

    Args:
        names: the two names that fit best, as they are written, and how far they agree.
        kinds: the two schemas; an empty one is not known.
        bearers: how many listed persons bear the candidate's family name; COMMONEST where the name of either
            is known as common.
    """
    mine, theirs, like = names
    total = _log_odds(min(max(like.score, 0.001), MOST_OF_A_NAME))
    reasons = [Reason("name", mine, theirs, like.detail, round(total, 2))]
    if "Person" in kinds and kinds[0] and kinds[0] != kinds[1]:
        total += OTHER_KIND
        reasons.append(Reason("schema", *kinds, "one is of a kind that may be a person or a body", OTHER_KIND))
    scores: dict[str, float] = {}
    for feature in FEATURES if like.score >= _HOPELESS else _QUICK:
        # Most parties state few facts: to look first is what most of the features cost.
        if not getattr(query, feature.fact) or not getattr(candidate, feature.fact):
            continue
        if found := feature.compare(query, candidate):
            weight = found.score * feature.agrees if found.score > 0 else -found.score * feature.differs
            scores[feature.name] = found.score
            total += weight
            reasons.append(Reason(feature.name, found.query, found.candidate, found.detail, round(weight, 2)))
    score = _limited(total, like, scores)
    if score < LEAST_OF_A_NUMBER and _outlasts_names(query, candidate, scores):
        score = LEAST_OF_A_NUMBER
        detail = "the number stays where names change" if "birth_date" not in scores else "number and birth date agree"
        reasons.append(Reason("number_decides", mine, theirs, detail, 0.0))
    if (
        score > MOST_OF_A_COMMON_NAME
        and (bearers >= COMMON or bearers == COMMONEST)
        and not _is_confirmed(like, scores)
    ):
        score = MOST_OF_A_COMMON_NAME
        who = "very many people" if bearers == COMMONEST else f"{bearers} listed persons"
        detail = f"{who} bear this family's name, and nothing else confirms it"
        reasons.append(Reason("common_name", mine, theirs, detail, 0.0))
    return Match(score, tuple(reasons))


def _is_confirmed(like: NameMatch, scores: dict[str, float]) -> bool:
    """Whether more than a given and a family's name agrees: the father's name, a birth date, a number, a contact."""
    has_father = any(name == "father_agrees" for name, _ in like.features)
    return has_father or any(scores.get(name, 0.0) > 0 for name in _CONFIRMS)


def _outlasts_names(query: Facts, candidate: Facts, scores: dict[str, float]) -> bool:
    """Whether a number says that two names are one party's, and nothing but the names speaks against it."""
    if _PROOF.isdisjoint(scores):
        return False
    other = gender(query, candidate)
    if other is not None and other.score < 0:
        return False
    date = scores.get("birth_date", 0.0)
    return date >= _SAME_DAY or (date >= 0 and is_for_life(query, candidate))


def _limited(total: float, like: NameMatch, scores: dict[str, float]) -> float:
    """The score of the sum, under the limits that no sum may pass."""
    date = scores.get("birth_date", 0.0)
    is_proven = not _PROOF.isdisjoint(scores)
    if date <= 0 and not is_proven and total > _LINE:
        total = _LINE + ALONE * (total - _LINE)
    score = 1 / (1 + math.exp(-total))
    is_against = date <= -0.9 or scores.get("gender", 0.0) < 0 or (like.contradictions and like.score < THRESHOLD)
    if is_proven:
        # A number alone may be mistyped, or a firm's shared by its branches: a date or a name has to agree too.
        is_borne = like.score >= LEAST_NAME or date >= _SAME_DAY
        return round(score if is_borne else min(score, MOST_AGAINST), 4)
    if is_against or like.score < LEAST_NAME:
        score = min(score, MOST_AGAINST)
    return round(score, 4)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def reasons_json(reasons: tuple[Reason, ...]) -> str:
    """Return reasons as JSON text."""
    # By hand: five reasons of each candidate that is written, and a general encoder takes thrice as long.
    return f"[{','.join(map(_json, reasons))}]"


def _json(reason: Reason) -> str:
    feature, query, candidate, detail, weight = reason
    return (
        f'{{"feature":{quoted(feature)},"query":{quoted(query)},"candidate":{quoted(candidate)},'
        f'"detail":{quoted(detail)},"weight":{weight!r}}}'
    )
