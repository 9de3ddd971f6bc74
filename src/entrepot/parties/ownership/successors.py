"""Successors: firms founded about when another was listed or dissolved, and what the two have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entrepot.codes import normal_number, parse_dated
from entrepot.errors import CodeError
from entrepot.lake import Table
from entrepot.parties.addresses import address_key
from entrepot.parties.names import read_name

SUCCESSORS = {
    "listed_id": "VARCHAR",
    "company_id": "VARCHAR",
    "event": "VARCHAR",
    "event_date": "VARCHAR",
    "founded_date": "VARCHAR",
    "days": "BIGINT",
    "n_shared": "BIGINT",
    "evidence": "VARCHAR",
    "reading": "VARCHAR",
}
READING = "consistent with succession; a spin-off, a group's new firm or a shared agent's address looks the same"
# A value that more firms than this have (an address of mass registration, an agent's phone) is not enough alone.
_COMMON = 10
Row = Mapping[str, str | None]
_SINGLE = {"registration_number": "registration number", "tax_number": "tax number", "website": "website"}


@dataclass
class _Firm:
    party_id: str
    event: str
    event_date: str
    values: dict[tuple[str, str], str] = field(default_factory=dict)


def successors(
    companies: Sequence[Row],
    listings: Sequence[Row],
    *,
    as_of: str,
    days: int = 180,
    directorships: Sequence[Row] = (),
    ownership: Sequence[Row] = (),
) -> Table:
    """Return pairs of a firm that was listed or dissolved and one founded within ``days`` of it that shares something.

    Args:
        companies: RECORDS company. Those dissolved count as predecessors, too.
        listings: RECORDS listing; ``entity_id`` may be a company of the file.
        as_of: only listings, dissolutions and foundations up to this day are seen.
        days: the window, before and after the event.
        directorships, ownership: RECORDS; directors and owners are compared by their ids and, of listings, by name.

    Returns:
        grain listed_id, company_id, event. ``days`` from the event to the foundation, negative where the firm was there
        before. ``evidence``: JSON list of feature, both values, how many firms of the file have the value. Values that
        more than ten firms have are shown, but make no pair alone.
    """
    people = _people(directorships, ownership)
    firms = {_text(row, "company_id"): row for row in companies}
    values = {party_id: _values(row, people.get(party_id, ())) for party_id, row in firms.items() if party_id}
    have: dict[tuple[str, str], list[str]] = {}
    for party_id, own in values.items():
        for key in own:
            have.setdefault(key, []).append(party_id)
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for old in (*_listed(listings, values), *_dissolved(firms, values)):
        others = {party_id for key in old.values for party_id in have.get(key, ()) if party_id != old.party_id}
        for party_id in others if old.event_date <= as_of else ():
            founded = _text(firms[party_id], "incorporation_date")
            apart = _days_between(old.event_date, founded)
            if apart is None or abs(apart) > days or founded > as_of:
                continue
            shared = _shared(old, values[party_id], have)
            if any(item["firms"] <= _COMMON for item in shared):
                rows[old.party_id, party_id, old.event] = _row(old, party_id, founded, apart, shared)
    return Table.from_rows([rows[key] for key in sorted(rows)], SUCCESSORS)


def _row(old: _Firm, party_id: str, founded: str, apart: int, shared: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "listed_id": old.party_id,
        "company_id": party_id,
        "event": old.event,
        "event_date": old.event_date,
        "founded_date": founded,
        "days": apart,
        "n_shared": len(shared),
        "evidence": json.dumps(shared, ensure_ascii=False),
        "reading": READING,
    }


def _shared(
    old: _Firm, values: Mapping[tuple[str, str], str], have: Mapping[Any, Sequence[str]]
) -> list[dict[str, Any]]:
    keys = sorted(old.values.keys() & values.keys())
    return [
        {"feature": key[0], "values": [old.values[key], values[key]], "firms": len(have.get(key, ()))} for key in keys
    ]


def _listed(listings: Sequence[Row], values: Mapping[str, Mapping[tuple[str, str], str]]) -> Iterator[_Firm]:
    for row in listings:
        party_id, day = _text(row, "entity_id") or _text(row, "listing_id"), _text(row, "listing_date")
        if party_id and day:
            own = {**values.get(party_id, {}), **_values(row, ()), **dict(_named(_text(row, "directors")))}
            yield _Firm(party_id, "listing", day, own)


def _dissolved(firms: Mapping[str, Row], values: Mapping[str, Mapping[tuple[str, str], str]]) -> Iterator[_Firm]:
    for party_id, row in firms.items():
        if party_id and (day := _text(row, "dissolution_date")):
            yield _Firm(party_id, "dissolution", day, dict(values[party_id]))


def _people(directorships: Sequence[Row], ownership: Sequence[Row]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in directorships:
        found.setdefault(_text(row, "company_id"), []).append((_text(row, "person_id"), _text(row, "person_name")))
    for row in ownership:
        found.setdefault(_text(row, "asset_id"), []).append((_text(row, "owner_id"), _text(row, "owner_name")))
    return found


def _values(row: Row, people: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What a firm can share, each in a form that can be compared, with its own words."""
    found: dict[tuple[str, str], str] = {}
    for name, shown in _SINGLE.items():
        if value := _text(row, name):
            found[shown, normal_number(value)] = value
    for value in _listed_texts(row, "phone", "phones"):
        if len(digits := re.sub(r"\D", "", value)) >= 7:
            found["phone", digits[-9:]] = value
    for value in _listed_texts(row, "email", "emails"):
        found["email", value.casefold()] = value
    for value in _listed_texts(row, "address", "addresses"):
        found["address", address_key(value)] = value
    for party_id, name in people:
        if party_id:
            found["director or owner", party_id] = party_id
        found |= dict(_named(name))
    return {key: value for key, value in found.items() if key[1]}


def _named(names: str) -> Iterator[tuple[tuple[str, str], str]]:
    for text in filter(None, map(str.strip, names.split(";"))):
        name = read_name(text)
        if name is not None and len(name.tokens) > 1:
            yield ("name of a director or owner", " ".join(sorted(token.sound for token in name.tokens))), text
        yield ("director or owner", text), text


def _listed_texts(row: Row, *names: str) -> list[str]:
    return [part for name in names for part in map(str.strip, _text(row, name).split(";")) if part]


def _text(row: Row, name: str) -> str:
    return (row.get(name) or "").strip()


def _days_between(event: str, founded: str) -> int | None:
    """Days from the event to the foundation; of dates known less exactly, the nearest that is possible."""
    try:
        one, other = parse_dated(event), parse_dated(founded)
    except CodeError:
        return None
    if other.first > one.last:
        return other.first - one.last
    return min(0, other.last - one.first)
