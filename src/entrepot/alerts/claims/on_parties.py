"""Parties: whether somebody stands on a list of the lake, where a claim says so. A name alone decides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from entrepot.alerts.claims.acts import actors_of
from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.finding import Finding
from entrepot.alerts.claims.when import spans_in
from entrepot.alerts.claims.words import says
from entrepot.codes import day_text, find_iso2, find_territory
from entrepot.errors import CodeError
from entrepot.lake import Lake

if TYPE_CHECKING:
    from entrepot.parties import Candidate, Party

_LISTS_OF = {"USA": ("ofac", "csl"), "EU": ("eu", "eu-oj"), "GBR": ("uk",), "UN": ("un",), "KGZ": ("kg-fiu",)}
# Lists of several publishers, whose Sanction rows say whose measure it is.
_MIXED = ("ftm", "records")
_REGIMES = {"USA": ("OFAC", "BIS"), "EU": ("EU", "EU, export controls"), "GBR": ("UK",), "UN": ("UN", "United Nations")}
_SCHEMAS = {"person": "Person", "vessel": "Vessel", "company": "Company", "bank": "Company"}
_CONFIRMING = frozenset({"birth_date", "document_number", "craft_number", "address", "contact"})
_ABSENT = 0.5
_NUMBER = re.compile(
    r"\b(?:IMO|ИМО)\s*(?:number\s*)?(\d{7})\b|\b(?:INN|ИНН|tax number|registration number)\s*(\d{8,14})\b", re.I
)
# What stands around the name (|) of who lists somebody.
_LISTER = re.compile(
    r"\b(by|under)\s+(the\s+)?\||\|('s)?\s*(\w+ )?(sanction|list|black)|(санкц\w*|спис\w*)\s+\||"
    r"\|\s*санкцион\w*\s+спис",
    re.I,
)
_BORN = re.compile(r"\b(?:born|родил\w+|d\.?o\.?b\.?)\s*(?:on|in|:)?\s*([\w ,.-]{4,20})", re.I)


@dataclass(frozen=True)
class _Held:
    lake: Lake
    lists: tuple[str, ...]
    listers: tuple[str, ...]


def on_parties(claim: Claim, lake: Lake | None, lists: Sequence[str]) -> Finding | None:
    """Return what the lists say; None where the claim says of nobody that he or it is listed."""
    is_off = says(claim.quote, "delisted")
    if not claim.parties or not (is_off or says(claim.quote, "listed")):
        return None
    if lake is None:
        return Finding("parties", "no_data", "No lake with lists was given.")
    held = lists_held(lake, lists)
    listers = _listers(claim)
    wanted = _wanted(listers, held)
    if not wanted:
        there = f"; it holds {', '.join(held)}" if held else ""
        return Finding("parties", "no_data", f"The lake holds no list of the publisher that is named{there}.")
    answers = [_one(claim, entity, _Held(lake, wanted, listers)) for entity in claim.parties]
    order = ("contradicted", "supported", "no_data")
    finding = min(answers, key=lambda one: order.index(one.verdict))
    return finding.reversed() if claim.is_negated != is_off else finding


def lists_held(lake: Lake, lists: Sequence[str]) -> tuple[str, ...]:
    """Return the source ids of lists that a lake holds, of those asked for where any are."""
    held = _held_at(lake, lake.version().version)
    return tuple(sorted(held & set(lists) if lists else held))


@lru_cache(maxsize=8)
def _held_at(lake: Lake, version: int) -> frozenset[str]:
    with lake.engine(version=version) as engine:
        return frozenset(str(row[0]) for row in engine.rows("SELECT DISTINCT source_id FROM parties"))


def _listers(claim: Claim) -> tuple[str, ...]:
    """Whose lists the claim speaks of; empty where it does not say."""
    named = [code for code in actors_of(claim)[0] if code in _LISTS_OF]
    named += [
        _eu(code)
        for code in claim.codes()
        if _eu(code) in _LISTS_OF and _eu(code) not in named and _is_lister(claim, code)
    ]
    return tuple(dict.fromkeys(named))


def _wanted(listers: Sequence[str], held: Sequence[str]) -> tuple[str, ...]:
    if not listers:
        return tuple(held)
    wanted = {source for code in listers for source in _LISTS_OF[code]} | set(_MIXED)
    return tuple(one for one in held if one in wanted)


def _eu(code: str) -> str:
    return "EU" if code == "EU27" else code


def _is_lister(claim: Claim, code: str) -> bool:
    """``on the US list``, ``sanctioned by the EU``: not the home of who is listed."""
    for one in claim.mentions:
        if one.code == code and one.start >= 0:
            near = claim.quote[max(0, one.start - 25) : one.start] + "|" + claim.quote[one.end : one.end + 30]
            return bool(_LISTER.search(near))
    return False


def _one(claim: Claim, entity: Mapping[str, Any], held: _Held) -> Finding:
    from entrepot.parties import ScreenOptions, open_index

    party = _party(claim, entity)
    index = open_index(held.lake, list(held.lists))
    found = index.search(party, limit=3, threshold=ScreenOptions().threshold)
    name, where = str(entity.get("text")), ", ".join(held.lists)
    query = f"screen {name!r} --against {where}"
    if not found or found[0].score < _ABSENT:
        nearest = f"; nearest is {found[0].entity_id} {found[0].name!r}, score {found[0].score:.2f}" if found else ""
        told = f"Nobody on the lists held ({where}) bears a name like {name!r}{nearest}."
        return Finding(
            "parties", "contradicted", told, (), query, "Another spelling or a translated name would not be found."
        )
    first = found[0]
    told = f"{first.entity_id} {first.name!r} on {first.dataset}, score {first.score:.2f}: {_reasons(first)}."
    others = "; ".join(f"{one.entity_id} {one.name!r} {one.score:.2f}" for one in found[1:])
    if not first.is_match or not _is_confirmed(first):
        told = f"Only a name is alike: {told} That may be anybody's."
        return Finding("parties", "no_data", told, (first.entity_id,), query, others)
    if (other := _other_regime(held, first)) is not None:
        return Finding(
            "parties",
            "contradicted",
            f"{told} Listed by {other}, not by the publisher named.",
            (first.entity_id,),
            query,
            others,
        )
    return _dated(claim, held.lake, first, told, query, others)


def _dated(claim: Claim, lake: Lake, first: Candidate, told: str, query: str, others: str) -> Finding:
    days = _listing_days(lake, first)
    spans = spans_in(_BORN.sub(" ", claim.quote)) or (() if spans_in(claim.quote) else claim.spans)
    asked = spans[0] if spans else None
    if days and min(days) > claim.as_of:
        told = f"{told} Listed {days[0]}, which is after {claim.as_of}."
        return Finding("parties", "contradicted", told, (first.entity_id,), query, others)
    if asked is not None and days and not says(claim.quote, "delisted"):
        known = ", ".join(days)
        text = f"{told} Listed {known}."
        if asked.how in ("since", "in", "after"):
            fits = any(day_text(asked.first)[: len(day)] <= day <= day_text(asked.last) for day in days)
        else:
            fits = any(day <= day_text(asked.last) for day in days)
        if not fits and asked.how in ("since", "in", "after"):
            return Finding("parties", "contradicted", f"{text} That is another day.", (first.entity_id,), query, others)
        return Finding("parties", "supported", text, (first.entity_id,), query, others)
    return Finding("parties", "supported", told, (first.entity_id,), query, others)


def _other_regime(held: _Held, first: Candidate) -> str | None:
    """Whose list it is, where a list of several publishers says so and it is none of those named."""
    if first.dataset not in _MIXED or not held.listers:
        return None
    from entrepot.parties import Party, listed_on_lists

    rows = [one for one in _sanctions(held.lake, first.dataset) if first.entity_id in one.values("entity")]
    bearer = Party(first.entity_id, first.schema, {"topics": ("sanction",)}, first.dataset)
    regimes = {regime for regime, ids in listed_on_lists([bearer, *rows]).items() if first.entity_id in ids}
    wanted = {one for code in held.listers for one in _REGIMES.get(code, ())}
    known = {one for one in regimes if one}
    return ", ".join(sorted(known)) if known and not known & wanted and wanted else None


def _listing_days(lake: Lake, first: Candidate) -> list[str]:
    days: set[str] = set()
    for party in _sanctions(lake, first.dataset):
        if first.entity_id in party.values("entity"):
            days.update(day[:10] for day in party.values("startDate", "listingDate"))
    return sorted(days)


def _sanctions(lake: Lake, dataset: str) -> tuple[Party, ...]:
    return _sanctions_at(lake, dataset, lake.version().version)


@lru_cache(maxsize=8)
def _sanctions_at(lake: Lake, dataset: str, version: int) -> tuple[Party, ...]:
    from entrepot.parties import listed_parties

    return tuple(listed_parties(lake, [dataset], schemas=("Sanction",), version=version))


def _party(claim: Claim, entity: Mapping[str, Any]) -> Party:
    from entrepot.parties import party_of

    schema = _SCHEMAS.get(str(entity.get("type")).lower(), "")
    held: dict[str, list[str]] = {"name": [str(entity.get("text"))]}
    numbers = [group for match in _NUMBER.finditer(claim.quote) for group in match.groups() if group]
    if numbers:
        held["imoNumber" if len(numbers[0]) == 7 else "taxNumber"] = [numbers[0]]
    if (match := _BORN.search(claim.quote)) and (born := _birth(match[1])):
        held["birthDate"] = [born]
    for name in ("birthDate", "taxNumber", "imoNumber", "passportNumber"):
        if entity.get(name):
            held[name] = [str(entity[name])]
    if country := _country(claim, entity):
        held["country"] = [country]
    return party_of("claim", schema, held)


def _birth(text: str) -> str:
    for span in spans_in(text):
        return day_text(span.first) if span.first == span.last else day_text(span.first)[:4]
    return ""


def _country(claim: Claim, entity: Mapping[str, Any]) -> str:
    stated = str(entity.get("country") or "")
    codes = [stated] if stated else [one.code for one in claim.mentions if not one.is_body and not one.is_bloc]
    homes = [code for code in codes if not _is_lister(claim, code)]
    try:
        place = find_territory(homes[0]) if homes else None
    except CodeError:
        place = None
    return (find_iso2(place.code) or "").lower() if place else ""


def _is_confirmed(first: Candidate) -> bool:
    """More than a name: a number, a date, an address; of a firm or body an equal name and its country."""
    agreeing = {reason.feature for reason in first.reasons if reason.weight > 0}
    if agreeing & _CONFIRMING:
        return True
    return first.schema != "Person" and "country" in agreeing and first.score >= 0.8


def _reasons(first: Candidate) -> str:
    return "; ".join(f"{reason.feature}: {reason.detail}" for reason in first.reasons[:4])
