"""Territories, blocs, bodies and persons that a stretch of text names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from entrepot.articles.lexicon import place_pattern, places
from entrepot.articles.people import People, slug

_BODY = re.compile(
    r"\b(?:(?:the\s)?(?:Ministry|Department|Committee|Agency|Office|State Service|Service|Institute"
    r"|Bureau) (?:of|for) (?:the )?[A-Z]\w+(?:(?:,? and|,| of| for)? [A-Z]\w+)*"
    r"|(?:[A-Z][\w\-]+ ){1,4}(?:Ministry|Bank|Institute|University|Committee|Agency|Commission|Centre"
    r"|Center|Association|Chamber|Foundation|Fund|Union|Council|Party|Service|Group|Company|Department"
    r"|Operator)"
    r"|[Cc]entral [Bb]ank|[Nn]ational [Bb]ank)\b"
)
_MINISTRIES = {
    "justice": "minjust",
    "foreign": "mfa",
    "finance": "minfin",
    "interior": "mvd",
    "internal": "mvd",
    "trade": "mintrade",
    "defence": "mod",
    "defense": "mod",
    "economy": "mineconomy",
    "economic": "mineconomy",
    "digital": "mindigital",
    "transport": "mintransport",
    "labour": "minlabour",
    "labor": "minlabour",
}


def mentions_of(text: str, start: int, end: int, people: People) -> Iterator[Mapping[str, Any]]:
    """Yield what a stretch names: id (ISO3, bloc, ``org:`` or ``per:``), kind, text, start, end; persons last."""
    taken: list[tuple[int, int]] = []
    for match in _BODY.finditer(text, start, end):
        taken.append(match.span())
        yield _mention(org_id(match.group()), "body", match)
    for match in place_pattern().finditer(text, start, end):
        if any(a <= match.start() < b for a, b in taken) and match.group() not in places():
            continue
        place = places()[match.group()]
        kind = "territory" if place.kind in ("name", "capital", "city", "adjective") else place.kind
        yield _mention(place.code, kind, match)
    for match in re.compile(r"[A-ZА-Я][\w’'\-]+(?: [A-ZА-Я][\w’'\-]+)*").finditer(text, start, end):
        person = people.named(match.group())
        if person and not any(a <= match.start() < b for a, b in taken):
            yield _mention(person.id, "person", match)


def _mention(entity: str, kind: str, match: re.Match[str]) -> Mapping[str, Any]:
    return {"id": entity, "kind": kind, "text": match.group(), "start": match.start(), "end": match.end()}


def org_id(name: str) -> str:
    """Return ``org:`` and a slug; ministries whose state is named get it in front: ``org:uz-minjust``."""
    from entrepot.codes import find_iso2

    low = name.lower()
    place = next(
        (places()[m.group()] for m in place_pattern().finditer(name) if len(places()[m.group()].code) == 3), None
    )
    iso2 = (find_iso2(place.code) or "").lower() if place else ""
    if "ministry" in low:
        key = next((value for word, value in _MINISTRIES.items() if word in low), "")
        if key and iso2:
            return f"org:{iso2}-{key}"
    if re.search(r"\b(?:central|national) bank\b", low) and iso2:
        return f"org:{iso2}-central-bank"
    return f"org:{slug(re.sub(r'^(?:the|a|an) ', '', name, flags=re.I))}"
