"""Territories, blocs, bodies and persons that a stretch of text names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from entrepot.articles.bodies import Bodies, org_id
from entrepot.articles.lexicon import places, places_in
from entrepot.articles.people import People

BODY = re.compile(
    r"\b(?:(?:the\s)?(?:Ministry|Department|Committee|Agency|Office|State Service|Service|Institute"
    r"|Bureau) (?:of|for) (?:the )?[A-Z]\w+(?:(?:,? and|,| of| for)? [A-Z]\w+)*"
    r"|(?:[A-Z][\w\-]+ ){1,4}(?:Ministry|Bank|Institute|University|Committee|Agency|Commission|Centre"
    r"|Center|Association|Chamber|Foundation|Fund|Union|Council|Party|Service|Group|Company|Department"
    r"|Operator)"
    r"|[Cc]entral [Bb]ank|[Nn]ational [Bb]ank"
    r"|(?:[Цц]ентральн|[Нн]ациональн)\w+ банк\w*|Нацбанк\w*|Центробанк\w*|МИД|МВД|Мин(?:юст|фин|обороны|экономики)\w*"
    r"|[Мм]инистерств\w+ (?:юстиции|финансов|обороны|торговли|иностранных дел|внутренних дел|экономики|транспорта))\b"
)
# A paper or agency by the word that ends its name.
OUTLET = re.compile(
    r"\b[A-Z][\w\-]+(?: [A-Z][\w\-]+){0,2} (?:Daily|Times|News|Post|Herald|Tribune|Press|Gazette|Journal|Weekly|Wire)\b"
)


def mentions_of(
    text: str, start: int, end: int, people: People, bodies: Bodies | None = None
) -> Iterator[Mapping[str, Any]]:
    """Yield what a stretch names: id (ISO3, bloc, ``org:`` or ``per:``), kind, text, start, end; persons last."""
    taken: list[tuple[int, int]] = []
    for match in BODY.finditer(text, start, end):
        taken.append(match.span())
        state = bodies.state_of(match.group(), match.start())[0] if bodies else ""
        yield _mention(org_id(match.group(), state), "body", match)
    for place, match in places_in(text, start, end):
        if any(a <= match.start() < b for a, b in taken) and match.group() not in places():
            continue
        kind = "territory" if place.kind in ("name", "capital", "city", "adjective") else place.kind
        yield _mention(place.code, kind, match)
    for match in re.compile(r"[A-ZА-Я][\w’'\-]+(?: [A-ZА-Я][\w’'\-]+)*").finditer(text, start, end):
        person = people.named(match.group())
        if person and not any(a <= match.start() < b for a, b in taken):
            yield _mention(person.id, "person", match)


def _mention(entity: str, kind: str, match: re.Match[str]) -> Mapping[str, Any]:
    return {"id": entity, "kind": kind, "text": match.group(), "start": match.start(), "end": match.end()}
