"""Membership: who stands how in which bloc on a day, by the dated table; and what kind of body a bloc is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.finding import Finding
from entrepot.alerts.claims.when import Span
from entrepot.alerts.claims.words import pattern, rule_file, says
from entrepot.codes import Membership, bloc_ids, day_text, get_territory, memberships, parse_day

_RELATION = ("joined", "left", "member", "observer", "associate", "froze", "sanctions_joined")


@dataclass(frozen=True, slots=True)
class _Asked:
    bloc: str
    states: tuple[str, ...]
    kind: str
    event: str


def on_membership(claim: Claim) -> Finding | None:
    """Return what the table of memberships says; None where the claim is not about any."""
    kind_of_body = _kind_of_body(claim)
    if kind_of_body is not None:
        return kind_of_body
    blocs = [code for code in claim.codes(blocs=True) if code in bloc_ids()]
    states = [code for code in claim.codes(blocs=False) if len(code) == 3]
    is_about = says(claim.quote, *_RELATION)
    if "sanctions_joined" in _kinds(claim) and states and "membership" not in claim.topics and not blocs[1:]:
        return _on_sanctions(claim, states)
    if "membership" not in claim.topics and not (
        blocs and is_about and says(claim.quote, "member", "observer", "left")
    ):
        return None
    if not is_about or not states:
        return None
    if says(claim.quote, "wants") and not says(claim.quote, "negation"):
        return Finding("membership", "not_checkable", "It speaks of a wish or of later, not of a standing on a day.")
    if not blocs:
        return _unknown_bloc(claim)
    return _on_bloc(claim, _Asked(blocs[0], tuple(states), _kind(claim), _event(claim)))


def _kinds(claim: Claim) -> set[str]:
    return {kind for kind in _RELATION if pattern(kind).search(claim.quote)}


def _kind(claim: Claim) -> str:
    for kind in ("observer", "associate"):
        if says(claim.quote, kind):
            return kind
    return "suspended" if says(claim.quote, "froze") and not says(claim.quote, "joined", "left") else "member"


def _event(claim: Claim) -> str:
    return "left" if says(claim.quote, "left") else "joined" if says(claim.quote, "joined") else "is"


def _unknown_bloc(claim: Claim) -> Finding | None:
    named = [str(one.get("text")) for one in claim.entities if str(one.get("type")) in ("bloc", "body")]
    if not named:
        return None
    held = ", ".join(one for one in bloc_ids() if one != "WORLD")
    return Finding("membership", "no_data", f"No dated memberships of {named[0]} are held; there are {held}.")


def _on_sanctions(claim: Claim, states: Sequence[str]) -> Finding | None:
    sanctioned = {"RUS", "BLR"}
    asked = tuple(one for one in states if one not in sanctioned)
    if not asked or not sanctioned & set(states):
        return None
    return _on_bloc(claim, _Asked("COALITION", asked, "member", "is" if not claim.spans else "joined"))


def _on_bloc(claim: Claim, asked: _Asked) -> Finding:
    answers = [_state(claim, asked, state) for state in asked.states]
    against = [one for one in answers if one.verdict == "contradicted"]
    chosen = against or answers
    whole = Finding(
        "membership",
        chosen[0].verdict,
        " ".join(one.evidence for one in chosen),
        tuple(dict.fromkeys(i for one in chosen for i in one.ids)),
        f"codes.memberships({asked.bloc!r})",
        " ".join(one.contrary for one in answers if one.contrary)
        or (" ".join(one.evidence for one in answers if one.verdict == "supported") if against else ""),
    )
    return whole.reversed() if claim.is_negated else whole


def _state(claim: Claim, asked: _Asked, state: str) -> Finding:
    rows = [row for row in memberships(asked.bloc) if row.iso3 == state]
    name = get_territory(state).name
    span = claim.spans[0] if claim.spans else None
    if not rows:
        told = f"{name} has no row in the dated table of {asked.bloc}."
        return Finding("membership", "contradicted", told)
    holds = _holds(rows, asked, span, claim)
    told = f"{name} in {asked.bloc}: {'; '.join(map(_told, rows))}."
    rest = "" if asked.kind == "member" else "A standing that is not full membership is kept apart."
    ids = tuple(_row_id(row) for row in rows)
    return Finding("membership", "supported" if holds else "contradicted", told, ids, contrary=rest if holds else "")


def _holds(rows: Sequence[Membership], asked: _Asked, span: Span | None, claim: Claim) -> bool:
    fit = [row for row in rows if row.kind == asked.kind]
    if asked.event == "left":
        ends = [parse_day(row.valid_to) for row in fit if row.valid_to]
        is_out = not any(row.is_valid(claim.as_of) for row in fit)
        return bool(ends) and is_out and (span is None or any(_fits(span, day) for day in ends))
    if asked.event == "joined" and span is not None:
        return any(_fits(span, parse_day(row.valid_from)) for row in fit)
    day = day_text(claim.on)
    if span is not None and span.how in ("since", "after"):
        return any(row.is_valid(day) and _fits(span, parse_day(row.valid_from)) for row in fit)
    if asked.event == "joined":
        return any(row.valid_from <= day for row in fit)
    return any(row.is_valid(day) for row in fit)


def _fits(span: Span, day: int) -> bool:
    if span.how in ("before", "until"):
        return day <= span.last
    if span.how == "after":
        return span.first - 1 <= day <= span.last + 31
    return span.meets(day, day, slack=1)


def _told(row: Membership) -> str:
    until = f" to {row.valid_to}" if row.valid_to else ""
    return f"{row.kind} from {row.valid_from}{until} ({row.source})"


def _row_id(row: Membership) -> str:
    return f"membership-{row.bloc}-{row.iso3}-{row.kind}-{row.valid_from}".lower()


def _kind_of_body(claim: Claim) -> Finding | None:
    """``The CSTO is an economic union``: a bloc, a word of being, and a kind."""
    blocs = [one for one in claim.mentions if one.is_bloc and one.start >= 0]
    match = re.search(r"\b(is|was|remains|are|—|-|это|является)\s+(an?\s+|the\s+|not\s+an?\s+|не\s+)?", claim.quote)
    if len(blocs) != 1 or match is None or match.start() < blocs[0].start or claim.codes(blocs=False):
        return None
    rules = rule_file("bodies")
    rest = claim.quote[match.end() :]
    said = [kind for kind, words in rules["kinds"].items() if re.search(words, rest, re.IGNORECASE)]
    known = rules["bodies"].get(blocs[0].code)
    if not said or not known:
        return None
    told = f"{blocs[0].code} is held as {known['is']} ({known['source']})."
    verdict = "supported" if set(said) & set(known["kinds"]) else "contradicted"
    found = Finding("membership", verdict, told, (f"body-{blocs[0].code.lower()}",))
    return found.reversed() if claim.is_negated else found
