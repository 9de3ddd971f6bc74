"""Match: parties looked for by example, one batch or a stream of lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ValidationError
from starlette.responses import Response, StreamingResponse

from entrepot.parties import NAMES, Candidate, Party, party_of
from entrepot.web.api.common import Bench, DatasetName, Limit, Threshold, at_hand, responses
from entrepot.web.api.system import MATCHER
from entrepot.web.errors import Refused, error_shape
from entrepot.web.listings import Listings
from entrepot.web.options import Limits
from entrepot.web.sending import json_text, raw_json
from entrepot.web.shapes import EntityExample, Matches, MatchQuery, MatchResponse

router = APIRouter(tags=["Matching"])

_ALGORITHMS = frozenset({MATCHER, "best", "default"})
# Values of one property, and letters of one value, that are read.
_MOST_VALUES, _LONGEST = 100, 1000
# What a query may be, beside the schemas that lists use: those that say only that it is something.
NDJSON = "application/x-ndjson"
_LINES_SENT = {"description": "One answer a line.", "content": {NDJSON: {"schema": {"type": "string"}}}}
_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
SCHEMAS = frozenset(
    "Thing LegalEntity Person Company Organization PublicBody Vessel Airplane Vehicle Asset".split()
)


class Wanted:
    """What of the candidates is asked for: those of some lists and schemas, not some ids, and above a score."""

    def __init__(
        self,
        include_dataset: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
        exclude_dataset: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
        exclude_schema: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
        exclude_entity_ids: Annotated[list[str], Query(max_length=50)] = [],  # noqa: B006
        topics: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
        cutoff: Annotated[float, Query(ge=0, le=1, description="Candidates below this score are left out.")] = 0.5,
    ) -> None:
        self.included, self.excluded = frozenset(include_dataset), frozenset(exclude_dataset)
        self.schemas, self.ids, self.topics = frozenset(exclude_schema), frozenset(exclude_entity_ids), set(topics)
        self.cutoff = cutoff

    @property
    def is_narrow(self) -> bool:
        """Whether more has to be looked at than is shown."""
        return bool(self.included or self.excluded or self.schemas or self.ids or self.topics)

    def takes(self, listings: Listings, one: Candidate) -> bool:
        """Return whether a candidate is asked for."""
        if one.score < self.cutoff or one.entity_id in self.ids or one.schema in self.schemas:
            return False
        if one.dataset in self.excluded or (self.included and one.dataset not in self.included):
            return False
        entity = listings.entity(one) if self.topics else None
        return not self.topics or bool(entity and self.topics & set(entity.topics))


@router.post("/match/{dataset}", responses=responses(MatchResponse, 400, 413))
async def match(
    bench: Bench,
    dataset: DatasetName,
    body: MatchQuery,
    wanted: Annotated[Wanted, Depends()],
    limit: Limit = 5,
    threshold: Threshold = 0.7,
    algorithm: Annotated[str, Query(max_length=100)] = MATCHER,
) -> Response:
    """Look a batch of parties up in a list, with the reasons of every score.

    The shapes are yente's. A candidate is a reason to look, not a finding.
    """
    _refuse(body, algorithm, bench.options.limits.batch)
    listings = await at_hand(bench)
    answers = []
    for name, example in body.queries.items():
        found = matches(listings, dataset, example, wanted, limit=limit, threshold=threshold)
        answers.append(f"{json_text(name)}:{found}")
        # One batch must not keep the others waiting.
        await asyncio.sleep(0)
    text = f'{{"responses":{{{",".join(answers)}}},"limit":{limit}}}'
    return raw_json(text, {"x-batch-size": str(len(answers))})


@router.post(
    "/match/{dataset}/bulk",
    responses={**responses(Matches, 400, 413, 415), 200: _LINES_SENT},
    openapi_extra={"requestBody": {"required": True, "content": {NDJSON: {"schema": {"type": "string"}}}}},
)
async def match_bulk(
    request: Request,
    bench: Bench,
    dataset: DatasetName,
    wanted: Annotated[Wanted, Depends()],
    limit: Limit = 5,
    threshold: Threshold = 0.7,
) -> Response:
    """Look up as many parties as are sent, one entity a line (NDJSON); each line is answered when it has been read.

    A line that cannot be used is answered with an error, and the next one is read.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in (NDJSON, "text/plain"):
        raise Refused(415, "the body is no NDJSON", f"Send one entity a line as {NDJSON}.")
    listings = await at_hand(bench)
    listings.names(dataset)

    async def answered() -> AsyncIterator[bytes]:
        number = 0
        async for line in lines_of(request.stream(), bench.options.limits):
            number += 1
            yield (_line(listings, dataset, wanted, line, number, limit, threshold) + "\n").encode("utf-8", "replace")
            await asyncio.sleep(0)

    return StreamingResponse(answered(), media_type=NDJSON)


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


def _line(
    listings: Listings, dataset: str, wanted: Wanted, line: bytes | None, number: int, limit: int, threshold: float
) -> str:
    try:
        if line is None:
            raise Refused(413, "the line or the whole is too long", "Send shorter lines, or several requests.")
        example = EntityExample.model_validate_json(line)
        found = matches(listings, dataset, example, wanted, limit=limit, threshold=threshold)
        return f'{{"line":{number},"id":{json_text(example.id)},{found[1:]}'
    except ValidationError as error:
        fault = error.errors()[0]
        found = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}".lstrip(": ")
        return json_text({"line": number, "error": error_shape(400, found[:300], remedy="Send an entity.")})
    except Refused as error:
        return json_text({"line": number, "error": error_shape(error.status, error.found, remedy=error.remedy)})


def matches(
    listings: Listings, dataset: str, example: EntityExample, wanted: Wanted, *, limit: int, threshold: float
) -> str:
    """Return the candidates of one query as JSON text, in yente's shape."""
    party = party_of_example(example)
    looked_at = min(max(4 * limit, 20), 100) if wanted.is_narrow else limit
    found = listings.search(dataset, party, limit=max(looked_at, 1), threshold=threshold)
    kept = [one for one in found if wanted.takes(listings, one)][:limit]
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


def _refuse(body: MatchQuery, algorithm: str, batch: int) -> None:
    if algorithm not in _ALGORITHMS:
        raise Refused(400, f"no algorithm {algorithm[:60]!r}", "Leave it out, or name best.")
    if body.config or body.weights:
        raise Refused(400, "config and weights are not taken", "Leave them out; the weights are fixed and documented.")
    if not body.queries:
        raise Refused(400, "no queries", "Name at least one.")
    if len(body.queries) > batch:
        raise Refused(400, f"{len(body.queries)} queries in one batch", f"Send at most {batch}, or use the bulk route.")
