"""Across: who says otherwise, who said otherwise before, and what was said of a topic when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz.fuzz import token_set_ratio

from entrepot.alerts.claims.claim import Claim, claim_of
from entrepot.alerts.claims.folding import document_of, fold_claims, interest_of, voice_of
from entrepot.alerts.claims.sizes import factor_of
from entrepot.alerts.claims.testing import verdict_of
from entrepot.alerts.claims.words import says
from entrepot.codes import day_text

_LATE = "2999-12-31"
_ABOUT = 62.0
# Dates of one act that lie further apart are those of two acts.
_MOST_DAYS = 366


@dataclass(frozen=True)
class Contradiction:
    """Two claims that cannot both hold as worded; which one does is not said.

    Attributes:
        one, other: the claims, the earlier first where days are known.
        kind: denial, direction, size, date or standing.
        is_one_speaker: one voice against itself over time.
        why: one sentence.
    """

    one: Mapping[str, Any]
    other: Mapping[str, Any]
    kind: str
    is_one_speaker: bool
    why: str


@dataclass(frozen=True)
class Moment:
    """One line of a timeline.

    Attributes:
        topic: of the claim.
        date: the day, month or year it speaks of, or when it was published; empty where neither is known.
        is_stated: the claim itself names the date.
        claim: the origin of the fold.
        documents: how many texts have it.
        voices: how many independent voices.
        verdict: of its checks, where it was tested.
        interest: marks of the speaker's interest.
    """

    topic: str
    date: str
    is_stated: bool
    claim: Mapping[str, Any]
    documents: int
    voices: int
    verdict: str
    interest: tuple[str, ...]


def contradictions(claims: Iterable[Mapping[str, Any]]) -> list[Contradiction]:
    """Return the pairs of claims on one topic and one thing that cannot both hold as worded."""
    folds = fold_claims(claims)
    lines = [claim_of(fold.origin, as_of=_LATE) for fold in folds]
    lines = [line for line in lines if not line.is_question]
    found = []
    for one, other in combinations(sorted(lines, key=_published), 2):
        if _is_about_one(one, other) and (reason := _clash(one, other)):
            is_one = voice_of(one.fields) == voice_of(other.fields)
            found.append(Contradiction(one.fields, other.fields, reason[0], is_one, reason[1]))
    return found


def timeline(claims: Iterable[Mapping[str, Any]]) -> list[Moment]:
    """Return what was said, each claim once, by topic and then by the date that it speaks of."""
    moments = []
    for fold in fold_claims(claims):
        claim = claim_of(fold.origin, as_of=_LATE)
        stated = _day_of(claim)
        moments.append(
            Moment(
                topic=str(fold.origin.get("topic") or ""),
                date=stated or str(fold.origin.get("published") or ""),
                is_stated=bool(stated),
                claim=fold.origin,
                documents=max(1, len(fold.documents)),
                voices=len(fold.voices),
                verdict=verdict_of(fold.origin) if fold.origin.get("checks") else "",
                interest=interest_of(fold.origin),
            )
        )
    return sorted(moments, key=lambda m: (m.topic, m.date or "9999", str(m.claim.get("id") or "")))


def _published(claim: Claim) -> tuple[str, str]:
    return str(claim.fields.get("published") or "9999"), document_of(claim.fields)


def _day_of(claim: Claim) -> str:
    if not claim.spans:
        return ""
    one = claim.spans[0]
    return day_text(one.first) if one.first == one.last else day_text(one.first)[: 4 if one.year else 7]


def _is_about_one(one: Claim, other: Claim) -> bool:
    if not set(one.topics) & set(other.topics):
        return False
    mine, theirs = set(one.codes()), set(other.codes())
    if mine and theirs and not (mine <= theirs or theirs <= mine):
        return False
    return bool(mine & theirs) and token_set_ratio(one.quote.lower(), other.quote.lower()) >= _ABOUT


def _clash(one: Claim, other: Claim) -> tuple[str, str] | None:
    """The kind of contradiction and a sentence, or None."""
    is_one_time = _is_one_time(one, other)
    ways = [_way(line) for line in (one, other)]
    if is_one_time and all(ways) and ways[0] != ways[1] and one.is_negated == other.is_negated:
        return "direction", f"One says {ways[0]}, the other {ways[1]}."
    if is_one_time and one.is_negated != other.is_negated and (ways[0] == ways[1] or not all(ways)):
        return "denial", "One denies what the other says."
    if is_one_time and (sizes := _sizes(one, other)):
        return "size", sizes
    standings = [next((k for k in ("observer", "member") if says(line.quote, k)), "") for line in (one, other)]
    if "membership" in one.topics and all(standings) and standings[0] != standings[1] and is_one_time:
        return "standing", f"One says {standings[0]}, the other {standings[1]}."
    if not is_one_time and not any(ways) and not _is_series(one, other):
        return "date", f"One names {_day_of(one)}, the other {_day_of(other)}."
    return None


def _is_one_time(one: Claim, other: Claim) -> bool:
    if not one.spans or not other.spans:
        return True
    return any(a.meets(b.first, b.last) for a, b in zip(one.spans, other.spans, strict=False))


def _is_series(one: Claim, other: Claim) -> bool:
    """Days that lie far apart, or states on days, are of two events."""
    apart = abs(one.spans[0].first - other.spans[0].first)
    return apart > _MOST_DAYS or not (
        says(one.quote, "act", "joined", "left") and says(other.quote, "act", "joined", "left")
    )


def _way(claim: Claim) -> str:
    found: Sequence[str] = [kind for kind in ("rise", "fall", "flat") if says(claim.quote, kind)]
    return found[0] if len(found) == 1 else ""


def _sizes(one: Claim, other: Claim) -> str:
    mine, theirs = factor_of(one), factor_of(other)
    if mine is None or theirs is None or mine.fits(theirs.low, theirs.high):
        return ""
    return f"One says {mine.text!r}, the other {theirs.text!r}."
