"""Lists: entities found by text, and one entity with what its list says beside it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from entrepot.parties import Party
from entrepot.web.api.common import Bench, DatasetName, Limit, at_hand, responses
from entrepot.web.listings import Entity, Listings
from entrepot.web.sending import json_response, json_text, raw_json
from entrepot.web.shapes import Entity as EntityShape
from entrepot.web.shapes import SearchResponse

router = APIRouter(tags=["Lists"])

# A text search looks at so many candidates; below this score they have hardly a word in common.
_LOOKED_AT, _LEAST = 100, 0.3
_FACETS = {"countries": "Countries", "topics": "Topics", "datasets": "Lists", "schema": "Types"}
_DEFAULT_FACETS = ("countries", "topics", "datasets")
_LONGEST = 300
# Schema to those that are kinds of it.
_KINDS = {
    "LegalEntity": {"LegalEntity", "Person", "Company", "Organization", "PublicBody"},
    "Organization": {"Organization", "Company", "PublicBody"},
    "Asset": {"Company", "Vessel", "Airplane", "Vehicle"},
    "Vehicle": {"Vessel", "Airplane", "Vehicle"},
}
Many = Annotated[list[str], Query(max_length=100)]


@router.get("/search/{dataset}", responses=responses(SearchResponse, 400))
async def search(
    bench: Bench,
    dataset: DatasetName,
    q: Annotated[str, Query(max_length=1000, description="A name or a part of one; empty for everything.")] = "",
    schema: Annotated[str, Query(max_length=60)] = "Thing",
    countries: Many = [],  # noqa: B006
    topics: Many = [],  # noqa: B006
    datasets: Many = [],  # noqa: B006
    include_dataset: Many = [],  # noqa: B006
    exclude_dataset: Many = [],  # noqa: B006
    exclude_schema: Many = [],  # noqa: B006
    facets: Many = list(_DEFAULT_FACETS),  # noqa: B006
    limit: Limit = 10,
    offset: Annotated[int, Query(ge=0, le=9999)] = 0,
) -> Response:
    """Find entities by a piece of text; for screening use /match, which looks at dates and numbers as well."""
    listings = await at_hand(bench)
    included, excluded = {*datasets, *include_dataset}, set(exclude_dataset)
    found = [
        one
        for one in found_by_text(listings, dataset, q)
        if is_kind(one.schema, schema)
        and one.schema not in exclude_schema
        and (not included or one.dataset in included)
        and one.dataset not in excluded
        and (not countries or set(countries) & set(one.countries))
        and (not topics or set(topics) & set(one.topics))
    ]
    results = ",".join(one.json for one in found[offset : offset + limit])
    relation = "gte" if q.strip() and len(found) >= _LOOKED_AT else "eq"
    total = {"value": len(found), "relation": relation}
    counted = json_text(_facets(found, [name for name in facets if name in _FACETS]))
    return raw_json(
        f'{{"limit":{limit},"offset":{offset},"total":{json_text(total)},"results":[{results}],"facets":{counted}}}'
    )


def found_by_text(listings: Listings, dataset: str, text: str) -> Sequence[Entity]:
    """Return the entities that a text may name, best first; all of the list where there is none."""
    names = set(listings.names(dataset))
    cleaned = " ".join(text.split())[:_LONGEST]
    if not cleaned:
        return [one for one in listings.entities.values() if one.dataset in names]
    by_id = listings.entities.get(cleaned)
    candidates = listings.search(dataset, Party("", "", {"name": (cleaned,)}), limit=_LOOKED_AT, threshold=0.7)
    found = [entity for one in candidates if one.score >= _LEAST and (entity := listings.entity(one))]
    return [by_id, *found] if by_id and by_id.dataset in names else found


def is_kind(schema: str, wanted: str) -> bool:
    """Return whether a schema is a kind of another."""
    return wanted in ("Thing", "", schema) or schema in _KINDS.get(wanted, ())


def _facets(found: Iterable[Entity], names: Sequence[str]) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    values: dict[str, Callable[[Entity], Iterable[str]]] = {
        "countries": lambda one: one.countries,
        "topics": lambda one: one.topics,
        "datasets": lambda one: (one.dataset,),
        "schema": lambda one: (one.schema,),
    }
    for one in found:
        for name, counter in counts.items():
            counter.update(values[name](one))
    return {
        name: {
            "label": _FACETS[name],
            "values": [{"name": value, "label": value, "count": count} for value, count in counter.most_common(100)],
        }
        for name, counter in counts.items()
    }


@router.get("/entities/{entity_id:path}", responses=responses(EntityShape))
def entity(
    bench: Bench,
    entity_id: Annotated[str, Path(max_length=300)],
    nested: Annotated[bool, Query(description="With its sanctions, papers, holdings and links.")] = True,
) -> Response:
    """Show one entity of a list, by its id; with the entities of the list that name it."""
    listings = bench.listings
    found = listings.get(entity_id)
    if not nested:
        return raw_json(found.json)
    return json_response(_nested(listings, found))


# Schema of FollowTheMoney, property that points to a party -> the property under which the party shows it.
_REVERSE = {
    ("Sanction", "entity"): "sanctions",
    ("Passport", "holder"): "passports",
    ("Identification", "holder"): "identifications",
    ("Ownership", "owner"): "ownershipOwner",
    ("Ownership", "asset"): "ownershipAsset",
    ("Directorship", "director"): "directorshipDirector",
    ("Directorship", "organization"): "directorshipOrganization",
    ("UnknownLink", "subject"): "unknownLinkTo",
    ("UnknownLink", "object"): "unknownLinkFrom",
    ("Family", "person"): "familyPerson",
    ("Family", "relative"): "familyRelative",
    ("Associate", "person"): "associates",
    ("Associate", "associate"): "associations",
    ("CryptoWallet", "holder"): "cryptoWallets",
}


def _nested(listings: Listings, found: Entity) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(found.json)
    properties: dict[str, list[Any]] = shown["properties"]
    for other in listings.beside(found):
        for name, values in other["properties"].items():
            if found.entity_id in values and (reverse := _REVERSE.get((other["schema"], name))):
                properties.setdefault(reverse, []).append(other)
    return shown
