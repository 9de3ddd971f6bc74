"""A red flag: one data file that says when to ask, why, on what ground, and what innocent things look the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Language = Literal["en", "ru", "kk", "ky", "tr"]
Texts = dict[Language, Text]

FAMILIES = ("own_control", "identity", "conduct", "goods", "route", "price", "network", "data_quality")
Family = Literal["own_control", "identity", "conduct", "goods", "route", "price", "network", "data_quality"]
BASES = ("law", "official", "ours")
OUTCOMES = ("fired", "clear", "not_applicable", "missing_fields")
_LONGEST_WINDOW = 3660


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Threshold(_Strict):
    """A number (or a day, or words) that the condition names, and whose number it is."""

    value: float | str | bool | list[str]
    basis: Literal["law", "official", "ours"]
    source: Text | None = None


class Find(_Strict):
    """Another record that belongs to this one: the first by ``first``, the last by ``last``, else by row."""

    find: Name
    by: dict[Text, Text] = {}
    where: Text | None = None
    first: Text | None = None
    last: Text | None = None


class Over(_Strict):
    """A value of a group of records: those with equal ``by`` and ``where``; or the largest over windows of ``days``."""

    over: Name
    by: dict[Text, Text] | list[Text] = {}
    where: Text | None = None
    value: Text
    at: Text | None = None
    days: Annotated[float, Field(gt=0, le=_LONGEST_WINDOW)] | None = None


class Measure(_Strict):
    """The standing of a measure of the ledger on a day, or one of its facts on that day."""

    measure: Text
    on: Text
    fact: Text | None = None


class Codes(_Strict):
    """Codes of goods: a product list, or what a measure covers."""

    codes: Text


class Call(_Strict):
    """The answer of a named function, where data cannot say it."""

    call: Name
    of: list[Text]


def _form(entry: Any) -> str:
    """Which form a step has: the first word of its entry says it."""
    if isinstance(entry, dict):
        return next((name for name in ("find", "over", "measure", "codes", "call") if name in entry), "over")
    return type(entry).__name__.lower() if isinstance(entry, _Strict) else "value"


Step = Annotated[
    Annotated[Text, Tag("value")]
    | Annotated[Find, Tag("find")]
    | Annotated[Over, Tag("over")]
    | Annotated[Measure, Tag("measure")]
    | Annotated[Codes, Tag("codes")]
    | Annotated[Call, Tag("call")],
    Discriminator(_form),
]


class Case(_Strict):
    """A made record that must fire, or must not."""

    name: Text
    expect: Literal["fired", "clear", "not_applicable", "missing_fields"]
    record: dict[str, Any] = {}
    also: list[dict[str, Any]] = []
    records: dict[str, list[dict[str, Any]]] = Field(default={}, alias="with")
    as_of: Text | None = None
    missing: list[str] | None = None


class Flag(_Strict):
    """A red flag, as its file states it. docs/methods/redflags.md explains every field."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,15}$")]
    version: Annotated[int, Field(ge=1)]
    status: Literal["live", "shadow"] = "live"
    title: Texts
    mechanisms: Annotated[list[Annotated[str, StringConstraints(pattern=r"^M([1-9]|10)$")]], Field(min_length=1)]
    part_of: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,15}$")] | None = None
    kind: Name
    also: dict[Name, Text] = {}
    family: Family
    basis: Literal["law", "official", "ours"]
    severity: Literal["note", "ask", "stop"] = "ask"
    direction: Literal["outbound", "inbound", "both"] = "both"
    act: Text | None = None
    regimes: list[Text] = []
    regime: Text | None = None
    duty: Text | None = None
    definition: Text | None = None
    thresholds: dict[Name, Threshold] = {}
    optional: list[Text] = []
    let: dict[Name, Step] = {}
    applies: Text = "true"
    condition: Text
    evidence: dict[Name, Text] = {}
    reason: Texts
    innocent: Texts
    would_clear: Texts
    ask: Texts
    sources: Annotated[list[Text], Field(min_length=1)]
    tests: list[Case] = []

    def said(self, texts: Mapping[Language, str], language: Language) -> str:
        """Return a text in a language, in English where the flag has none in it."""
        return texts.get(language) or texts["en"]


def expressions_of(step: Step) -> Sequence[str]:
    """Return every expression of a step, whatever it is evaluated over."""
    if isinstance(step, str):
        return [step]
    if isinstance(step, Find):
        return [*step.by, *step.by.values(), *filter(None, (step.where, step.first, step.last))]
    if isinstance(step, Over):
        by = [*step.by, *step.by.values()] if isinstance(step.by, dict) else [*step.by]
        return [*by, step.value, *filter(None, (step.where, step.at))]
    if isinstance(step, Measure):
        return [step.on]
    return list(step.of) if isinstance(step, Call) else []
