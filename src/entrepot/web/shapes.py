"""Shapes: the bodies that are taken and sent, as the OpenAPI document shows them. Those of matching are yente's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(max_length=2000)]


class Error(BaseModel):
    """What went wrong: one line, its kind, where, and what to do."""

    detail: str
    kind: str
    where: str
    remedy: str


class Status(BaseModel):
    """Whether the server answers."""

    status: Literal["ok"] = "ok"


class Total(BaseModel):
    """How many there are: exactly (eq) or at least (gte)."""

    value: int
    relation: Literal["eq", "gte"]


class EntityExample(BaseModel):
    """A party that is looked for, as FollowTheMoney shapes it."""

    id: Text | None = None
    schema_: Text = Field(alias="schema", examples=["Person"])
    properties: dict[Text, Any] = Field(examples=[{"name": ["John Doe"], "birthDate": ["1970-01-01"]}])


class MatchQuery(BaseModel):
    """Parties that are looked for, by names of the caller's choice."""

    queries: dict[Text, EntityExample] = Field(
        examples=[{"q1": {"schema": "Person", "properties": {"name": ["John Doe"]}}}]
    )
    weights: dict[str, float] = Field(default_factory=dict, description="Taken for yente's sake and not used.")
    config: dict[str, str | int | float | bool | None] = Field(
        default_factory=dict, description="Taken for yente's sake and not used."
    )


class Explanation(BaseModel):
    """One reason of a score: the two values, a sentence, and the log-odds it added."""

    score: float
    detail: str | None = None
    query: str | None = None
    candidate: str | None = None
    weight: float | None = None


class Entity(BaseModel):
    """One entity of a list."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    caption: str
    schema_: str = Field(alias="schema")
    properties: dict[str, list[Any]]
    datasets: list[str]
    referents: list[str] = []
    target: bool
    first_seen: str | None = None
    last_seen: str | None = None
    last_change: str | None = None


class ScoredEntity(Entity):
    """A candidate: a score is a reason to look, never a finding."""

    score: float
    match: bool
    explanations: dict[str, Explanation]


class Matches(BaseModel):
    """The candidates of one query, best first."""

    status: int = 200
    results: list[ScoredEntity]
    total: Total
    query: EntityExample


class MatchResponse(BaseModel):
    """The answer to every query, by the caller's name of it."""

    responses: dict[str, Matches]
    limit: int


class FacetItem(BaseModel):
    """One value of a facet."""

    name: str
    label: str
    count: int


class Facet(BaseModel):
    """A facet: how many of the results have which value."""

    label: str
    values: list[FacetItem]


class SearchResponse(BaseModel):
    """Entities found."""

    limit: int
    offset: int
    total: Total
    results: list[Entity]
    facets: dict[str, Facet]


class DatasetShape(BaseModel):
    """A list of the lake."""

    name: str
    title: str
    summary: str
    url: str | None
    version: str
    index_version: str
    index_current: bool
    load: bool
    updated_at: str | None
    last_export: str | None
    entity_count: int
    thing_count: int
    children: list[str]
    publisher: dict[str, str | None] | None


class Catalog(BaseModel):
    """The lists of the lake; ``default`` is all of them."""

    datasets: list[DatasetShape]
    current: list[str]
    outdated: list[str]
    index_stale: bool


class Algorithm(BaseModel):
    """A matcher and its features."""

    name: str
    description: str
    features: dict[str, dict[str, Any]]
    docs: dict[str, Any]


class Algorithms(BaseModel):
    """The matchers. There is one."""

    algorithms: list[Algorithm]
    default: str
    best: str
