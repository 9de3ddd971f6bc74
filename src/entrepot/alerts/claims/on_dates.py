"""Dates beside dates: what the ledger's co-adoption says of acts that a claim calls simultaneous."""

from __future__ import annotations

from entrepot.alerts.claims.acts import actors_of, topics_asked
from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.finding import Finding
from entrepot.alerts.claims.terms import terms_of, text_of
from entrepot.alerts.claims.words import says
from entrepot.ledger import CoAdoption, Ledger, coadoption

_WINDOWS = (("same_day", 1), ("same_week", 7), ("same_month", 31), ("same_weeks", 45))
_USUAL = 30
# About whom or how, not what: two acts on one topic need not share them.
_BROAD = {"bank", "nonresident", "payment", "listing", "office", "package"}


def on_dates(claim: Claim, ledger: Ledger) -> Finding | None:
    """Return how close the acts lie; None where the claim does not call any simultaneous."""
    if not says(claim.quote, "simultaneous") or len(claim.codes()) < 2:
        return None
    asked = [topic for topic in topics_asked(claim) if topic != "membership"]
    actors = actors_of(claim)[0]
    if not asked or len(actors) < 2:
        return None
    window = next((days for kind, days in _WINDOWS if says(claim.quote, kind)), _USUAL)
    answers = [coadoption(ledger, topic=t, jurisdictions=actors, window=window, known=claim.as_of) for t in asked]
    query = f"measures coadoption --topic {asked[0]} --jurisdictions {','.join(actors)} --window {window}"
    return _answer(claim, ledger, answers, window, query)


def _answer(claim: Claim, ledger: Ledger, answers: list[CoAdoption], window: int, query: str) -> Finding:
    pairs = [pair for answer in answers for pair in answer.pairs]
    wanted = terms_of(claim.quote) - _BROAD
    about = [p for p in pairs if all(wanted & terms_of(text_of(ledger.get(i))) for i in (p.a, p.b))] if wanted else []
    pairs = about or pairs
    if claim.spans:
        one = claim.spans[0]
        dated = [p for p in pairs if any(one.meets(d.first, d.last) for d in (p.date_a, p.date_b))]
        pairs = dated or pairs
    tested = [pair for pair in pairs if pair.is_tested]
    if not tested:
        told = "The ledger holds no two acts on this topic of the jurisdictions named."
        if pairs:
            told = f"Only allegations or drafts stand beside each other: {pairs[0].a} and {pairs[0].b}."
        return Finding("coadoption", "no_data", told, query=query)
    close = [pair for pair in tested if pair.is_simultaneous]
    chosen = (close or tested)[0]
    apart = f"{chosen.days_low}" if chosen.days_low == chosen.days_high else f"{chosen.days_low} to {chosen.days_high}"
    borrowed = ", ".join(claim.fields.get("states_before", ()))
    told = f"Named in the claims before: {borrowed}. " if borrowed else ""
    told += (
        f"{chosen.a} ({chosen.stage} {chosen.date_a}) and {chosen.b} ({chosen.date_b}) lie {apart} days apart;"
        f" of {len(tested)} pairs {len(close)} lie within {window} days."
    )
    if not close and chosen.is_simultaneous is None:
        return Finding(
            "coadoption", "no_data", f"{told} Their dates are not known exactly enough.", (chosen.a, chosen.b), query
        )
    rivals = [trigger.entry_id for trigger in chosen.rival_triggers[:3]]
    contrary = f"Both may answer to {', '.join(rivals)}. " if rivals else ""
    has_chance = chosen.p_value is not None
    contrary += (
        f"By chance this close: {chosen.p_value:.2f}."
        if has_chance
        else (
            "Closeness says nothing of coordination; how surprising it is cannot be said: the ledger is not complete."
        )
    )
    verdict = "supported" if close else "contradicted"
    found = Finding("coadoption", verdict, told, (chosen.a, chosen.b), query, contrary)
    return found.reversed() if claim.is_negated else found
