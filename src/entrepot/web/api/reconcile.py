"""Reconcile: the Reconciliation Service API 0.2, as OpenRefine speaks it: manifest, queries, suggest, preview."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.responses import HTMLResponse, Response

from entrepot.parties import Candidate
from entrepot.web.api.common import Bench, DatasetName, at_hand, fault_of, responses
from entrepot.web.api.lists import found_by_text
from entrepot.web.api.match import party_of_example
from entrepot.web.errors import Refused
from entrepot.web.listings import Entity, Listings
from entrepot.web.sending import json_response
from entrepot.web.shapes import EntityExample

router = APIRouter(tags=["Reconciliation"])

_MOST_QUERIES, _MOST_EACH = 100, 25
TYPES = {
    "Person": "Person",
    "Company": "Company",
    "Organization": "Organization",
    "LegalEntity": "Person, company or body",
    "Vessel": "Vessel",
    "Airplane": "Aircraft",
}
PROPERTIES = {
    "birthDate": "Date of birth",
    "incorporationDate": "Date of incorporation",
    "country": "Country",
    "nationality": "Nationality",
    "idNumber": "Number of an identity document",
    "passportNumber": "Number of a passport",
    "registrationNumber": "Registration number",
    "taxNumber": "Tax number",
    "imoNumber": "IMO number",
    "address": "Address",
    "alias": "Other name",
}


class Property(BaseModel):
    """A further column of the row that is looked up."""

    pid: str = Field(max_length=100)
    v: Any = None


class ReconQuery(BaseModel):
    """One row that is looked up."""

    model_config = ConfigDict(extra="ignore")

    query: str = Field("", max_length=1000)
    type: str | list[str] | None = None
    limit: int = Field(5, ge=1)
    properties: list[Property] = Field(default_factory=list, max_length=50)


class Anything(BaseModel):
    """An answer as the Reconciliation Service API 0.2 describes it."""

    model_config = ConfigDict(extra="allow")


_QUERIES = TypeAdapter(dict[str, ReconQuery])


@router.get("/reconcile", responses=responses(Anything, 400))
async def manifest(
    request: Request, bench: Bench, queries: Annotated[str | None, Query(max_length=100_000)] = None
) -> Response:
    """Describe the service, or answer queries that stand in the address; over all lists."""
    return await manifest_of(request, bench, "default", queries)


@router.post("/reconcile", responses=responses(Anything, 400, 413))
async def reconcile(
    bench: Bench, queries: Annotated[str, Form()] = "", extend: Annotated[str, Form()] = ""
) -> Response:
    """Answer queries over all lists."""
    return await reconcile_in(bench, "default", queries, extend)


@router.get("/reconcile/{dataset}", responses=responses(Anything, 400))
async def manifest_of(
    request: Request,
    bench: Bench,
    dataset: DatasetName,
    queries: Annotated[str | None, Query(max_length=100_000)] = None,
) -> Response:
    """Describe the service of one list, or answer queries that stand in the address."""
    listings = await at_hand(bench)
    listings.names(dataset)
    if queries is not None:
        return json_response(_answered(listings, dataset, queries))
    base = str(request.base_url).rstrip("/")
    service = f"{base}/reconcile/{dataset}"
    return json_response(
        {
            "versions": ["0.2"],
            "name": f"Entrepot, {'all lists' if dataset == 'default' else dataset}",
            "identifierSpace": f"{base}/entities/",
            "schemaSpace": "https://followthemoney.tech/explorer/schemata/",
            "documentation": f"{base}/api",
            "batchSize": _MOST_QUERIES,
            "defaultTypes": [_type(name) for name in TYPES],
            "view": {"url": f"{base}/names/{{{{id}}}}"},
            "preview": {"url": f"{base}/reconcile/{dataset}/preview?id={{{{id}}}}", "width": 430, "height": 300},
            "suggest": {
                name: {"service_url": service, "service_path": f"/suggest/{name}"}
                for name in ("entity", "type", "property")
            },
            "extend": {
                "propose_properties": {"service_url": service, "service_path": "/extend/property"},
                "property_settings": [],
            },
        }
    )


@router.post("/reconcile/{dataset}", responses=responses(Anything, 400, 413))
async def reconcile_in(
    bench: Bench, dataset: DatasetName, queries: Annotated[str, Form()] = "", extend: Annotated[str, Form()] = ""
) -> Response:
    """Answer queries over one list, or give further columns of entities that were found."""
    listings = await at_hand(bench)
    listings.names(dataset)
    if extend.strip():
        return json_response(_extended(listings, extend))
    return json_response(_answered(listings, dataset, queries))


@router.get("/reconcile/{dataset}/suggest/entity", responses=responses(Anything))
async def suggest_entity(
    bench: Bench,
    dataset: DatasetName,
    prefix: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Response:
    """Suggest entities by the beginning of a name."""
    listings = await at_hand(bench)
    names = set(listings.names(dataset))
    start = prefix.strip().casefold()
    begins = [
        e for e in listings.entities.values() if start and e.dataset in names and e.caption.casefold().startswith(start)
    ]
    found = begins[:limit] or list(found_by_text(listings, dataset, prefix))[:limit] if start else []
    return json_response(
        {"code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": [_entity(e) for e in found]}
    )


@router.get("/reconcile/{dataset}/suggest/type", responses=responses(Anything))
async def suggest_type(
    bench: Bench, dataset: DatasetName, prefix: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """Suggest types."""
    (await at_hand(bench)).names(dataset)
    return json_response({"prefix": prefix, "result": [_type(name) for name in _named(TYPES, prefix)]})


@router.get("/reconcile/{dataset}/suggest/property", responses=responses(Anything))
async def suggest_property(
    bench: Bench, dataset: DatasetName, prefix: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """Suggest properties."""
    (await at_hand(bench)).names(dataset)
    return json_response({"prefix": prefix, "result": _properties(_named(PROPERTIES, prefix))})


@router.get("/reconcile/{dataset}/extend/property", responses=responses(Anything))
async def extend_property(
    bench: Bench,
    dataset: DatasetName,
    type: Annotated[str, Query(max_length=100)] = "Thing",
    limit: Annotated[int, Query(ge=0, le=100)] = 0,
) -> Response:
    """Propose properties by which a table can be extended."""
    (await at_hand(bench)).names(dataset)
    found = _properties(PROPERTIES)
    return json_response({"type": type, "limit": limit, "properties": found[:limit] if limit else found})


@router.get(
    "/reconcile/{dataset}/preview",
    responses={
        **responses(Anything),
        200: {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}},
    },
)
async def preview(bench: Bench, dataset: DatasetName, id: Annotated[str, Query(max_length=300)]) -> Response:
    """Show an entity on a small page."""
    listings = await at_hand(bench)
    listings.names(dataset)
    entity = listings.entities.get(id)
    if entity is None:
        raise Refused(404, "no such entity", "Choose one of the candidates.")
    held: Mapping[str, list[str]] = json.loads(entity.json)["properties"]
    rows = "".join(
        f"<dt>{html.escape(PROPERTIES[name])}<dd>{html.escape('; '.join(held[name])[:300])}"
        for name in PROPERTIES
        if held.get(name)
    )
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(entity.caption)}</title>'
        f'<link rel="stylesheet" href="/static/web.css"><h1>{html.escape(entity.caption)}</h1>'
        f"<p>{html.escape(entity.schema)}, {html.escape(entity.dataset)}</p><dl>{rows}</dl></html>"
    )


def _answered(listings: Listings, dataset: str, text: str) -> dict[str, Any]:
    try:
        queries = _QUERIES.validate_json(text)
    except ValidationError as error:
        raise Refused(400, f"queries: {fault_of(error)}", "Send an object of queries as JSON.") from error
    if len(queries) > _MOST_QUERIES:
        raise Refused(400, f"{len(queries)} queries in one batch", f"Send at most {_MOST_QUERIES}.")
    return {name: {"result": _candidates(listings, dataset, query)} for name, query in queries.items()}


def _candidates(listings: Listings, dataset: str, query: ReconQuery) -> list[dict[str, Any]]:
    asked = query.type[0] if isinstance(query.type, list) and query.type else query.type
    held: dict[str, Any] = {"name": [query.query]}
    for one in query.properties:
        name = one.pid.rpartition(":")[2]
        if name in PROPERTIES:
            held.setdefault(name, []).extend(_values(one.v))
    example = EntityExample(schema=asked if asked in TYPES else "Thing", properties=held)
    if not query.query.strip() and len(held) == 1:
        return []
    found = listings.search(dataset, party_of_example(example), limit=min(query.limit, _MOST_EACH), threshold=0.7)
    # OpenRefine takes a match for settled; that is only for a single one.
    is_alone = sum(one.is_match for one in found) == 1
    return [_candidate(listings, one, is_alone) for one in found if one.score >= 0.05]


def _values(value: Any) -> Iterable[str]:
    for one in value if isinstance(value, list) else [value]:
        named = one.get("name", one.get("id")) if isinstance(one, dict) else one
        if isinstance(named, str | int | float):
            yield str(named)


def _candidate(listings: Listings, one: Candidate, is_alone: bool) -> dict[str, Any]:
    entity = listings.entity(one)
    features = [{"id": reason.feature, "value": reason.weight} for reason in one.reasons]
    return {
        **(_entity(entity) if entity else {"id": one.entity_id, "name": one.name, "type": [_type(one.schema)]}),
        "score": round(100 * one.score, 1),
        "match": one.is_match and is_alone,
        "features": features,
    }


def _extended(listings: Listings, text: str) -> dict[str, Any]:
    try:
        asked = json.loads(text)
        ids = [str(one) for one in asked["ids"]][:_MOST_QUERIES]
        names = [str(one["id"]) for one in asked["properties"]][:50]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(400, "extend is no extension request", "Send ids and properties as JSON.") from error
    rows: dict[str, dict[str, list[dict[str, str]]]] = {}
    for entity_id in ids:
        entity = listings.entities.get(entity_id)
        held = json.loads(entity.json)["properties"] if entity else {}
        rows[entity_id] = {name: [{"str": value} for value in held.get(name, ())] for name in names}
    return {"meta": [{"id": name, "name": PROPERTIES.get(name, name)} for name in names], "rows": rows}


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.entity_id,
        "name": entity.caption,
        "description": f"{entity.schema}, {entity.dataset}",
        "type": [_type(entity.schema)],
    }


def _type(name: str) -> dict[str, str]:
    return {"id": name, "name": TYPES.get(name, name)}


def _properties(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"id": name, "name": PROPERTIES[name]} for name in names]


def _named(names: Mapping[str, str], prefix: str) -> list[str]:
    start = prefix.strip().casefold()
    return [name for name, label in names.items() if start in name.casefold() or start in label.casefold()]
