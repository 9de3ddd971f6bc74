"""Names: a party looked for in the lists, its candidates side by side with the reasons of every score."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from entrepot.parties import Candidate, party_of
from entrepot.web.api.common import Bench
from entrepot.web.listings import Entity, Listings
from entrepot.web.pages.rendering import page

router = APIRouter(include_in_schema=False)

SCHEMAS = ("Person", "Company", "Vessel", "Airplane")
_SHOWN = 10
# Below this score hardly a word agrees.
_LEAST = 0.1
Short = Annotated[str, Query(max_length=300)]


@router.get("/names")
def names(
    request: Request,
    bench: Bench,
    q: Short = "",
    schema: Annotated[str, Query(max_length=40)] = "Person",
    birth: Annotated[str, Query(max_length=40)] = "",
    country: Annotated[str, Query(max_length=80)] = "",
    number: Short = "",
    dataset: Annotated[str, Query(max_length=100)] = "default",
) -> Response:
    """Look a name up, with what else is known of its bearer."""
    listings = bench.listings
    kind = schema if schema in SCHEMAS else "Person"
    held = {
        "name": [q],
        "birthDate" if kind == "Person" else "incorporationDate": [birth],
        "country": [country],
        "idNumber" if kind == "Person" else "registrationNumber": [number],
    }
    party = party_of("query", kind, held)
    found = listings.search(dataset, party, limit=_SHOWN, threshold=0.7) if q.strip() else []
    # What beyond the name the reader gave; a hit on a name alone does not show why somebody is listed.
    return page(
        request,
        "names.html.j2",
        asked={"q": q, "schema": kind, "birth": birth, "country": country, "number": number, "dataset": dataset},
        schemas=SCHEMAS,
        datasets=list(listings.datasets.values()),
        n_listed=len(listings.entities),
        found=[_shown(listings, one) for one in found if one.score >= _LEAST],
    )


def _shown(listings: Listings, one: Candidate) -> dict[str, Any]:
    confirmed = any(reason.weight > 0 for reason in one.reasons if reason.feature not in ("name", "country", "gender"))
    return {
        "candidate": one,
        "entity": listings.entity(one),
        "percent": round(one.score * 100),
        "is_name_only": not confirmed,
    }


@router.get("/names/{entity_id:path}")
def listed(request: Request, bench: Bench, entity_id: str) -> Response:
    """Show one entity of a list as the list states it."""
    listings = bench.listings
    entity: Entity = listings.get(entity_id)
    return page(
        request, "entity.html.j2", entity=entity, held=_held(entity), beside=list(listings.beside(entity))[:200]
    )


def _held(entity: Entity) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(entity.json)["properties"]
    return found
