"""Match: parties looked for by example, one batch or a stream of lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from entrepot.parties import NAMES, Candidate, Party, party_of
from entrepot.web.api.common import DatasetName, at_hand, fault_of, refuse_type, responses, workbench_of
from entrepot.web.api.system import MATCHER
from entrepot.web.errors import Refused, error_shape
from entrepot.web.listings import Listings
from entrepot.web.options import Limits
from entrepot.web.sending import json_text, raw_json
from entrepot.web.shapes import EntityExample, Matches, MatchQuery, MatchResponse
from entrepot.web.streaming import LineResponse

T = TypeVar("T")

router = APIRouter(tags=["Matching"])

_ALGORITHMS = frozenset({MATCHER, "best", "default"})
# Values of one property, and letters of one value, that are read.
_MOST_VALUES, _LONGEST = 100, 1000
# What a query may be, beside the schemas that lists use: those that say only that it is something.
NDJSON = "application/x-ndjson"
_LINES_SENT = {"description": "One answer a line.", "content": {NDJSON: {"schema": {"type": "string"}}}}
_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
SCHEMAS = frozenset("Thing LegalEntity Person Company Organization PublicBody Vessel Airplane Vehicle Asset".split())


class Wanted(BaseModel):
    """What of the candidates is asked for: how many, from which score on, of which lists and schemas, not which ids."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(5, ge=0, le=100, description="How many candidates of each query.")
    threshold: float = Field(0.7, gt=0, le=1, description="Score from which a candidate counts as a match.")
    cutoff: float = Field(0.5, ge=0, le=1, description="Candidates below this score are left out.")
    algorithm: str = Field(MATCHER, max_length=100, description="The one there is, or best.")
    include_dataset: frozenset[str] = Field(frozenset(), max_length=100, description="Of these lists only.")
    exclude_dataset: frozenset[str] = Field(frozenset(), max_length=100, description="Not of these lists.")
    exclude_schema: frozenset[str] = Field(frozenset(), max_length=100, description="Not of these schemas.")
    exclude_entity_ids: frozenset[str] = Field(frozenset(), max_length=50, description="Not these.")
    topics: frozenset[str] = Field(frozenset(), max_length=100, description="Of any of these topics only.")

    @property
    def is_narrow(self) -> bool:
        """Whether more has to be looked at than is shown."""
        return bool(
            self.include_dataset
            or self.exclude_dataset
            or self.exclude_schema
            or self.exclude_entity_ids
            or self.topics
        )

    def takes(self, listings: Listings, one: Candidate) -> bool:
        """Return whether a candidate is asked for."""
        if one.score < self.cutoff or one.entity_id in self.exclude_entity_ids or one.schema in self.exclude_schema:
            return False
        if one.dataset in self.exclude_dataset or (self.include_dataset and one.dataset not in self.include_dataset):
            return False
        entity = listings.entity(one) if self.topics else None
        return not self.topics or bool(entity and self.topics.intersection(entity.topics))


_MANY = frozenset(name for name, field in Wanted.model_fields.items() if field.annotation == frozenset[str])
# Parameters and body are read here and not by the framework, which takes as long for them as the search itself.
_DOCUMENTED: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "description": schema.pop("description", ""), "schema": schema}
        for name, schema in Wanted.model_json_schema()["properties"].items()
    ],
}
_BODY = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/MatchQuery"}}}}


@router.post(
    "/match/{dataset}",
    responses=responses(MatchResponse, 400, 413, 415),
    openapi_extra={**_DOCUMENTED, "requestBody": _BODY},
)
async def match(request: Request, dataset: DatasetName) -> Response:
    """Look a batch of parties up in a list, with the reasons of every score.

    The shapes are yente's. A candidate is a reason to look, not a finding.
    """
    bench = workbench_of(request)
    wanted = _wanted(request)
    refuse_type(request, "application/json")
    body = _valid(lambda raw: MatchQuery.model_validate_json(raw), await request.body())
    _refuse(body, bench.options.limits.batch)
    listings = await at_hand(bench)
    answers = []
    for name, example in body.queries.items():
        answers.append(f"{json_text(name)}:{matches(listings, dataset, example, wanted)}")
        # One batch must not keep the others waiting.
        await asyncio.sleep(0)
    text = f'{{"responses":{{{",".join(answers)}}},"limit":{wanted.limit}}}'
    return raw_json(text, {"x-batch-size": str(len(answers))})


@router.post(
    "/match/{dataset}/bulk",
    responses={**responses(Matches, 400, 413, 415), 200: _LINES_SENT},
    openapi_extra={
        **_DOCUMENTED,
        "requestBody": {"required": True, "content": {NDJSON: {"schema": {"type": "string"}}}},
    },
)
async def match_bulk(request: Request, dataset: DatasetName) -> Response:
    """Look up as many parties as are sent, one entity a line (NDJSON); each line is answered when it has been read.

    A line that cannot be used is answered with an error, and the next one is read.
    """
    bench = workbench_of(request)
    wanted = _wanted(request)
    refuse_type(request, NDJSON)
    listings = await at_hand(bench)
    listings.names(dataset)

    async def answered() -> AsyncIterator[bytes]:
        number = 0
        async for line in lines_of(request.stream(), bench.options.limits):
            number += 1
            yield (_line(listings, dataset, wanted, line, number) + "\n").encode("utf-8", "replace")
            await asyncio.sleep(0)

    return LineResponse(answered(), NDJSON)


def _wanted(request: Request) -> Wanted:
    asked: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in _MANY:
            asked.setdefault(name, []).append(value)
        elif name in Wanted.model_fields:
            asked[name] = value
    wanted = _valid(Wanted.model_validate, asked)
    if wanted.algorithm not in _ALGORITHMS:
        raise Refused(400, f"no algorithm {wanted.algorithm[:60]!r}", "Leave it out, or name best.")
    return wanted


def _valid(read: Callable[[Any], T], given: Any) -> T:
    try:
        return read(given)
    except ValidationError as error:
        raise Refused(422, fault_of(error), "See /openapi.json for what is taken.") from error


async def lines_of(chunks: AsyncIterator[bytes], limits: Limits) -> AsyncIterator[bytes | None]:
    """Yield the lines of a stream that are not empty; None for one that is too long, or where all of it is too much."""
    held, total, is_long = b"", 0, False
    async for chunk in chunks:
        total += len(chunk)
        if total > limits.bulk:
            yield None
            return
        *whole, held = (held + chunk).split(b"\n")
        for line in whole:
            if is_long or len(line) > limits.line:
                is_long = False
                yield None
            elif line.strip():
                yield line
        if len(held) > limits.line:
            held, is_long = b"", True
    if is_long or len(held) > limits.line:
        yield None
    elif held.strip():
        yield held


def _line(listings: Listings, dataset: str, wanted: Wanted, line: bytes | None, number: int) -> str:
    try:
        if line is None:
            raise Refused(413, "the line or the whole is too long", "Send shorter lines, or several requests.")
        example = EntityExample.model_validate_json(line)
        found = matches(listings, dataset, example, wanted)
        return f'{{"line":{number},"id":{json_text(example.id)},{found[1:]}'
    except ValidationError as error:
        return json_text({"line": number, "error": error_shape(400, fault_of(error), remedy="Send an entity.")})
    except Refused as error:
        return json_text({"line": number, "error": error_shape(error.status, error.found, remedy=error.remedy)})


def matches(listings: Listings, dataset: str, example: EntityExample, wanted: Wanted) -> str:
    """Return the candidates of one query as JSON text, in yente's shape."""
    party = party_of_example(example)
    looked_at = min(max(4 * wanted.limit, 20), 100) if wanted.is_narrow else wanted.limit
    found = listings.search(dataset, party, limit=max(looked_at, 1), threshold=wanted.threshold)
    kept = [one for one in found if wanted.takes(listings, one)][: wanted.limit]
    results = ",".join(scored(listings, one) for one in kept)
    query = {"id": example.id, "schema": party.schema, "properties": party.properties}
    total = f'{{"value":{len(kept)},"relation":"eq"}}'
    return f'{{"status":200,"results":[{results}],"total":{total},"query":{json_text(query)}}}'


def scored(listings: Listings, one: Candidate) -> str:
    """Return a candidate as JSON text: its entity, the score, and why."""
    entity = listings.entity(one)
    text = entity.text.decode() if entity else json_text({"id": one.entity_id, "caption": one.name})[:-1]
    reasons: dict[str, dict[str, Any]] = {}
    for reason in one.reasons:
        reasons.setdefault(
            reason.feature,
            {
                "score": reason.weight,
                "detail": reason.detail,
                "query": reason.query,
                "candidate": reason.candidate,
                "weight": reason.weight,
            },
        )
    is_match = "true" if one.is_match else "false"
    return f'{text},"score":{one.score},"match":{is_match},"explanations":{json_text(reasons)}}}'


def party_of_example(example: EntityExample) -> Party:
    """Return the party that a query describes.

    Raises:
        Refused: a schema that cannot be looked up.
    """
    if example.schema_ not in SCHEMAS:
        remedy = f"Use one of {', '.join(sorted(SCHEMAS))}."
        raise Refused(400, f"schema {example.schema_[:60]!r} cannot be looked up", remedy)
    held = {name: list(_texts(value)) for name, value in example.properties.items()}
    if not any(held.get(name) for name in NAMES):
        held["name"] = [" ".join(part for name in _PARTS for part in held.get(name, ()))]
    return party_of(example.id or "", example.schema_, held)


def _texts(value: Any) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    for one in values[:_MOST_VALUES]:
        if isinstance(one, str | int | float) and not isinstance(one, bool):
            # Half a surrogate pair, which JSON can carry, is no text.
            yield str(one)[:_LONGEST].encode("utf-8", "replace").decode()


def _refuse(body: MatchQuery, batch: int) -> None:
    if body.config or body.weights:
        raise Refused(400, "config and weights are not taken", "Leave them out; the weights are fixed and documented.")
    if not body.queries:
        raise Refused(400, "no queries", "Name at least one.")
    if len(body.queries) > batch:
        raise Refused(400, f"{len(body.queries)} queries in one batch", f"Send at most {batch}, or use the bulk route.")
