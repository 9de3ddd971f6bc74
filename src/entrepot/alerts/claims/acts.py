"""Acts: which entries of the ledger a claim may be about, and how well each fits it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.mentions import Mention, is_followed, is_listed_with, stands_after
from entrepot.alerts.claims.terms import names_of, rarity, terms_of, text_of, words_of
from entrepot.codes import day_text, parse_day
from entrepot.ledger import Entry, Filters, Ledger, Standing, topic_of, topics

# How the ledger writes the blocs that act.
_ACTORS = {"EU27": "EU"}
_KINDS = ("measure", "provision", "claim")
# Entries that tell what somebody said: they never support what was said.
SAYINGS = frozenset({"statement", "claim", "envoy_visit", "event"})
# Topics with so many unlike acts that the topic alone says nothing.
_WIDE = frozenset({"sanctions_pressure", "financial_restrictions", "export_monitoring", "circumvention_channels",
                   "alignment", "membership", "corruption_fraud", "detention", "military"})  # fmt: skip
_TOPIC_TERMS = {
    "sim": "sim_cards", "card": "bank_cards", "mir": "payment_system", "citizenship": "citizenship", "visa": "visa",
    "residence": "visa", "language": "language_law", "iin": "identity_policy",
}  # fmt: skip
_SURE, _LIKELY = 0.62, 0.45


@dataclass(frozen=True, slots=True)
class Fit:
    """An act that a claim may be about.

    Attributes:
        score: 0 to 1, share of the claim's weighty words that the entry has, with its topic.
        is_sure: the words leave hardly another act; only then does another date or status contradict.
    """

    standing: Standing
    score: float
    is_sure: bool

    @property
    def entry(self) -> Entry:
        return self.standing.entry


def topics_asked(claim: Claim) -> tuple[str, ...]:
    """Return the ledger's topics that a claim is on, by its field and by its words."""
    held = set(topics())
    by_words = [_TOPIC_TERMS[term] for term in sorted(terms_of(claim.quote)) if term in _TOPIC_TERMS]
    return tuple(dict.fromkeys(one for one in [*claim.topics, *by_words] if one in held))


def actors_of(claim: Claim) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who acts and who is acted upon, by the words around each; who is named alone may be either."""
    actors: list[str] = []
    targets: list[str] = []
    last, last_is_target = None, False
    for one in claim.mentions:
        is_target = not one.is_body and one.start >= 0 and _is_target(claim.quote, one)
        if last is not None and is_listed_with(claim.quote, last, one):
            is_target = last_is_target
        (targets if is_target else actors).append(_ACTORS.get(one.code, one.code))
        last, last_is_target = one, is_target
    if not actors:
        actors = list(targets)
    return tuple(dict.fromkeys(actors)), tuple(dict.fromkeys(targets))


def _is_target(quote: str, one: Mention) -> bool:
    if is_followed(quote, one, "target_after"):
        return True
    return stands_after(quote, one, "target_before") and not re.search(
        r"\b(in|banks? of|government of|parliament of|president of)\s+(the\s+)?$", quote[: one.start], re.I
    )


def fits_of(claim: Claim, ledger: Ledger) -> list[Fit]:
    """Return the acts that a claim may be about, the best first, as known on the claim's ``as_of``."""
    actors, targets = actors_of(claim)
    asked = topics_asked(claim)
    weights = _weights(ledger, claim.as_of)
    mine = _about(claim.quote) | {f"name:{n}" for n in names_of(claim.quote)}
    mine |= {f"name:{n}" for one in claim.parties for n in names_of(f"x {one.get('text')}")}
    found = []
    for standing in ledger.select(Filters(kinds=_KINDS), on=day_text(claim.on), known=claim.as_of):
        entry = standing.entry
        if actors and entry.jurisdiction not in actors:
            continue
        if fit := _fit(standing, mine, asked, targets, weights):
            found.append(fit)
    return sorted(found, key=lambda fit: (-fit.score, fit.entry.entry_id))


def _fit(
    standing: Standing, mine: frozenset[str], asked: Sequence[str], targets: Sequence[str], weights: dict[str, float]
) -> Fit | None:
    entry = standing.entry
    theirs = _entry_about(entry)
    shared = mine & theirs
    whole = sum(weights.get(t, 4.0) * _kind_weight(t) for t in mine)
    part = sum(weights.get(t, 4.0) * _kind_weight(t) for t in shared)
    share = part / whole if whole else 0.0
    topic = topic_of(entry)
    # What kind of saying it is tells no topic: its words do.
    is_topic = topic in asked or (entry.instrument in SAYINGS and bool(_topics_by_words(theirs) & set(asked)))
    has_term = any(not t.startswith(("word:", "name:")) for t in shared) or any(t.startswith("name:") for t in shared)
    if not is_topic and (share < 0.3 or not has_term):
        return None
    if topic in _WIDE and not has_term and share < 0.35:
        return None
    score = 0.75 * share + 0.15 * is_topic + 0.1 * bool(set(targets) & set(entry.targets))
    if score < 0.25:
        return None
    is_sure = score >= _SURE or (score >= _LIKELY and has_term)
    return Fit(standing, round(score, 4), is_sure)


def _topics_by_words(terms: frozenset[str]) -> set[str]:
    return {_TOPIC_TERMS[term] for term in terms if term in _TOPIC_TERMS}


def _kind_weight(term: str) -> float:
    return 0.25 if term.startswith("word:") else 1.2 if term.startswith("name:") else 1.0


def _about(text: str) -> frozenset[str]:
    return terms_of(text) | {f"word:{w}" for w in words_of(text)}


@lru_cache(maxsize=4096)
def _about_text(text: str) -> frozenset[str]:
    names = {f"name:{n}" for n in names_of(f"x {text}")}
    return _about(text) | names


def _entry_about(entry: Entry) -> frozenset[str]:
    return _about_text(text_of(entry))


@lru_cache(maxsize=8)
def _weights(ledger: Ledger, known: str) -> dict[str, float]:
    parse_day(known)
    entries = ledger.select(Filters(kinds=_KINDS), on=known).entries
    return rarity(_entry_about(entry) for entry in entries)
