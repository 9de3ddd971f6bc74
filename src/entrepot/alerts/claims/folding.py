"""Folding: one claim in several texts, brought back to its origin; n re-posts count once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anyascii import anyascii
from rapidfuzz.fuzz import token_sort_ratio

from entrepot.alerts.claims.claim import claim_of
from entrepot.alerts.claims.sizes import factor_of
from entrepot.alerts.claims.when import Span, span_of, spans_in
from entrepot.alerts.claims.words import pattern, rule_file

# Words in another order, an article more or less, one word cut: still the same claim. A number or a denial is another.
_ALIKE = 88.0
_SHINGLE = 3
_LEAST_SHARED = 0.2
_WAYS = ("rise", "fall", "flat", "observer", "associate")
# Said by the same voice with the same topic on the same day, looser wording is one claim, too.
_ALIKE_OF_ONE = 80.0


@dataclass(frozen=True)
class Fold:
    """One claim with every text that has it.

    Attributes:
        fold_id: id of the origin.
        origin: the claim of the earliest text, or the first given where no date decides.
        members: every line of it, the origin first.
        documents: the texts, each once.
        voices: independent voices: innermost named sources, else speakers. Re-posts of one voice count once.
        reposts: lines beyond the first of each voice.
    """

    fold_id: str
    origin: Mapping[str, Any]
    members: tuple[Mapping[str, Any], ...]
    documents: tuple[str, ...]
    voices: tuple[str, ...]

    @property
    def reposts(self) -> int:
        return len(self.members) - len(self.voices)


def fold_claims(claims: Iterable[Mapping[str, Any]]) -> list[Fold]:
    """Return the claims of several texts, each once, in the order of their first lines.

    Args:
        claims: lines of ``read``; ``document`` (or ``doc``) names the text, ``published`` its day, both may be missing.

    Returns:
        folds. Two lines are one claim if their words are alike, their numbers, denial, topic and dates agree, and no
        two different named people say them as their own.
    """
    groups: list[list[_Line]] = []
    by_shingle: dict[str, set[int]] = {}
    for fields in claims:
        line = _line(fields)
        near: dict[int, int] = {}
        for shingle in line.shingles:
            for place in by_shingle.get(shingle, ()):
                near[place] = near.get(place, 0) + 1
        least = max(1, int(_LEAST_SHARED * len(line.shingles)))
        ranked = sorted((place for place, shared in near.items() if shared >= least), key=lambda p: (-near[p], p))
        home = next((place for place in ranked if _is_same(groups[place][0], line)), None)
        if home is None:
            home = len(groups)
            groups.append([])
        groups[home].append(line)
        for shingle in line.shingles:
            by_shingle.setdefault(shingle, set()).add(home)
    return [_fold(group) for group in groups]


def interest_of(claim: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the marks of the speaker's interest by his role: sells_the_service, holds_office, leads_the_firm ..."""
    role = str(claim.get("speaker_role") or "")
    rules = rule_file("interests")
    return tuple(mark for mark, words in rules.items() if re.search(rf"(?<!\w)(?:{words})", role, re.IGNORECASE))


@dataclass(frozen=True)
class _Line:
    fields: Mapping[str, Any]
    text: str
    numbers: frozenset[str]
    shingles: frozenset[str]
    meaning: tuple[Any, ...]
    span: Span | None

    @property
    def voice(self) -> str:
        return voice_of(self.fields)


def voice_of(claim: Mapping[str, Any]) -> str:
    """Return whose word a claim is: its innermost named source, else its speaker, else its text."""
    via = claim.get("via") or ()
    named = [str(one) for one in ([via] if isinstance(via, str) else via) if one]
    if named:
        return named[-1].lower()
    speaker = str(claim.get("speaker") or "")
    return speaker.lower() if speaker and speaker != "author" else f"author of {document_of(claim)}"


def document_of(claim: Mapping[str, Any]) -> str:
    """Return the text that a claim stands in, as its line or its id names it."""
    named = claim.get("document") or claim.get("doc") or claim.get("source")
    return str(named) if named else str(claim.get("id") or "").rpartition("-")[0]


def _line(fields: Mapping[str, Any]) -> _Line:
    quote = str(fields.get("quote") or "")
    text = " ".join(re.findall(r"[a-z0-9%]+", anyascii(quote).lower()))
    stated = fields.get("is_negated")
    is_negated = stated if isinstance(stated, bool) else bool(pattern("negation").search(quote))
    spans = spans_in(quote)
    span = spans[0] if spans else span_of(fields.get("date"))
    whole = f" {text} "
    shingles = frozenset(whole[i : i + _SHINGLE] for i in range(max(1, len(whole) - _SHINGLE + 1)))
    return _Line(fields, text, frozenset(re.findall(r"\d+", text)), shingles, (is_negated, *_meaning(fields)), span)


def _meaning(fields: Mapping[str, Any]) -> tuple[Any, ...]:
    """What one word makes another claim: the direction, the size, the standing."""
    claim = claim_of(fields, as_of="2999-12-31")
    size = factor_of(claim)
    ways = tuple(kind for kind in _WAYS if pattern(kind).search(claim.quote))
    return ways, size and (size.low, size.high), frozenset(claim.codes())


def _is_same(one: _Line, other: _Line) -> bool:
    if one.numbers != other.numbers or one.meaning != other.meaning or not one.text or not other.text:
        return False
    topics = {str(line.fields.get("topic") or "") for line in (one, other)} - {""}
    if len(topics) > 1:
        return False
    if one.span and other.span and not one.span.meets(other.span.first, other.span.last):
        return False
    is_one_voice = one.voice == other.voice
    return token_sort_ratio(one.text, other.text) >= (_ALIKE_OF_ONE if is_one_voice else _ALIKE)


def _fold(group: Sequence[_Line]) -> Fold:
    ordered = sorted(group, key=lambda line: str(line.fields.get("published") or "9999"))
    members = tuple(line.fields for line in ordered)
    documents = tuple(dict.fromkeys(document_of(one) for one in members if document_of(one)))
    # A text that only repeats adds no voice: who is unnamed in a later text counts with the origin.
    named = [voice for one in members if not (voice := voice_of(one)).startswith("author of ")]
    voices = tuple(dict.fromkeys(named)) or (voice_of(members[0]),)
    return Fold(str(members[0].get("id") or ""), members[0], members, documents, voices)
