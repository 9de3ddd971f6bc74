"""System: whether the server lives and is ready, which lists and which matcher it has."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from entrepot.web.api.common import Bench, responses
from entrepot.web.errors import Refused
from entrepot.web.listings import EVERY, Dataset
from entrepot.web.sending import json_response
from entrepot.web.shapes import Algorithms, Catalog, Status

router = APIRouter(tags=["System"])

MATCHER = "entrepot"
# Feature to what it looks at; the weights are in docs/methods/matching.md.
_FEATURES = {
    "name": "Names in every script, order, spelling and legal form.",
    "common_name": "A family name that many listed persons bear; without anything else it makes no match.",
    "birth_date": "Birth or incorporation dates, partial ones too.",
    "document_number": "Passport, tax, registration and other numbers.",
    "craft_number": "IMO and other numbers of ships and aircraft.",
    "number_differs": "Numbers of one kind that differ.",
    "number_decides": "A number for life, or a document's together with the birth date: names change.",
    "gender": "Gender.",
    "country": "Countries of any role.",
    "flag": "Flags of ships.",
    "call_sign": "Call signs.",
    "address": "Addresses.",
    "contact": "Phones and mail addresses.",
    "schema": "One may be a person or a body.",
}


@router.get("/healthz", responses=responses(Status))
async def healthz() -> Response:
    """Say that the server lives."""
    return json_response({"status": "ok"})


@router.get("/readyz", responses=responses(Status))
async def readyz(bench: Bench) -> Response:
    """Say whether the lists are loaded; 503 while they are not."""
    if not bench.is_ready:
        raise Refused(503, "the lists are being loaded", "Ask again in a few seconds.", headers={"Retry-After": "2"})
    return json_response({"status": "ok"})


@router.get("/catalog", responses=responses(Catalog))
@router.get("/manifest", responses=responses(Catalog), include_in_schema=False)
def catalog(bench: Bench) -> Response:
    """List the lists in the lake."""
    found = list(bench.listings.datasets.values())
    every = Dataset(
        EVERY[0],
        "All lists in the lake",
        "",
        "",
        str(bench.version),
        max((one.updated_at for one in found), default=""),
        sum(one.n_entities for one in found),
        sum(one.n_things for one in found),
    )
    children = [one.name for one in found]
    shown = [_dataset(every, children), *(_dataset(one, []) for one in found)]
    current = [*children, EVERY[0]]
    return json_response({"datasets": shown, "current": current, "outdated": [], "index_stale": False})


def _dataset(one: Dataset, children: list[str]) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "summary": f"{one.title}, as the lake holds it",
        "url": one.url or None,
        "version": one.version,
        "index_version": one.version,
        "index_current": True,
        "load": True,
        "updated_at": one.updated_at or None,
        "last_export": one.updated_at or None,
        "entity_count": one.n_entities,
        "thing_count": one.n_things,
        "children": children,
        "publisher": {"name": one.publisher, "url": one.url or None} if one.publisher else None,
    }


@router.get("/algorithms", responses=responses(Algorithms))
async def algorithms() -> Response:
    """Describe the matcher and its features."""
    features = {name: {"description": text, "coefficient": 1.0, "url": ""} for name, text in _FEATURES.items()}
    one = {
        "name": MATCHER,
        "description": "A visible list of features; each adds its log-odds to the score, and says why.",
        "features": features,
        "docs": {"features": features, "config": {}},
    }
    return json_response({"algorithms": [one], "default": MATCHER, "best": MATCHER})
