"""Language: the interface in English and Russian. What the estimates and publishers say stays as they say it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from fastapi import Request

LANGUAGES = ("en", "ru")
COOKIE = "lang"

Translate = Callable[..., str]


def language_of(request: Request) -> str:
    """Return the language asked for: in the address, else by the cookie, else by the browser."""
    for found in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if found in LANGUAGES:
            return str(found)
    accepted = request.headers.get("accept-language", "")[:200].lower()
    first = next((part.partition(";")[0].strip()[:2] for part in accepted.split(",") if part.strip()), "en")
    return first if first in LANGUAGES else "en"


def translator(language: str) -> Translate:
    """Return what turns an English text of the interface into a language; ``{names}`` are filled in."""
    texts = catalogue(language)

    def translate(text: str, **given: object) -> str:
        found = texts.get(text, text)
        return found.format(**given) if given else found

    return translate


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return English text -> text in a language; empty for English itself."""
    if language == "en":
        return {}
    found: dict[str, str] = json.loads((files("entrepot.web") / "words" / f"{language}.json").read_text("utf-8"))
    return found
