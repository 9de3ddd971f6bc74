"""Claim: one line of the output of ``read`` as the checks see it; whatever is missing counts as not known."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from entrepot.alerts.claims.mentions import Mention, mentions_of, parties_of
from entrepot.alerts.claims.when import Span, recurring, span_of, spans_in
from entrepot.alerts.claims.words import pattern, says
from entrepot.codes import parse_day

_RELATIVE = re.compile(r"\b(?:that|which|whose|who|котор\w+)\b", re.IGNORECASE)
_YES, _NO = ("true", "1", "yes", "True"), ("false", "0", "no", "False")


@dataclass(frozen=True)
class Claim:
    """A claim with what its words and fields name. Make one with :func:`claim_of`."""

    fields: Mapping[str, Any]
    as_of: str

    @property
    def claim_id(self) -> str:
        return str(self.fields.get("id") or "")

    @cached_property
    def quote(self) -> str:
        return " ".join(str(self.fields.get("quote") or "").split())

    @cached_property
    def entities(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(_entity(one) for one in _items(self.fields.get("entities")))

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        return mentions_of(self.quote, self.entities)

    @cached_property
    def parties(self) -> tuple[Mapping[str, Any], ...]:
        return parties_of(self.entities)

    @property
    def topics(self) -> tuple[str, ...]:
        named = [self.fields.get("topic"), *_items(self.fields.get("topics_secondary"))]
        return tuple(dict.fromkeys(str(one) for one in named if one))

    @cached_property
    def is_negated(self) -> bool:
        stated = self.fields.get("is_negated")
        if isinstance(stated, bool):
            return stated
        if str(stated) in _YES or str(stated) in _NO:
            return str(stated) in _YES
        # What only a relative clause denies (goods that do not pass ...) is not the claim.
        main = _RELATIVE.split(self.quote, maxsplit=1)[0]
        return says(main, "negation")

    @property
    def is_question(self) -> bool:
        is_asked = self.fields.get("speech_form") == "interview_question"
        return is_asked or bool(pattern("question").search(self.quote))

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Dates of the words; else that of the date field."""
        if found := spans_in(self.quote):
            return found
        stated = span_of(self.fields.get("date"))
        return (stated,) if stated else ()

    @property
    def recurring(self) -> tuple[int, int | None] | None:
        return None if self.spans else recurring(self.fields.get("date"), self.quote)

    @cached_property
    def on(self) -> int:
        """The day that it is about: the last one of its first date, and not later than what is known."""
        known = parse_day(self.as_of)
        if not self.spans or self.spans[0].how in ("since", "after"):
            return known
        first = self.spans[0]
        return min(first.first - 1 if first.how == "before" else first.last, known)

    def codes(self, *, blocs: bool | None = None) -> tuple[str, ...]:
        """Return the territories and blocs named, each once; only blocs or only territories where asked."""
        found = (one.code for one in self.mentions if blocs is None or one.is_bloc == blocs)
        return tuple(dict.fromkeys(found))


def claim_of(fields: Mapping[str, Any], *, as_of: str) -> Claim:
    """Return the claim of one line."""
    return Claim(fields, as_of)


def _items(value: Any) -> Sequence[Any]:
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                loaded = json.loads(text)
            except ValueError:
                return ()
            return loaded if isinstance(loaded, list) else ()
        return [one.strip() for one in text.split(";") if one.strip()]
    return value if isinstance(value, list | tuple) else ()


def _entity(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {"text": str(value), "id": str(value), "type": ""}
