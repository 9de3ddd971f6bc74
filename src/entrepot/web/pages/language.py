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

# What the desk's codes are called, where the code itself is no English that a reader would use.
SAID = {
    "routes": "trade",
    "check": "red flags",
    "screen": "lists",
    "read": "articles",
    "raised": "raised",
    "found": "found more",
    "reopened": "open again",
    "assign": "assigned",
    "escalate": "escalated",
    "suppress": "set aside",
    "suppressed": "set aside",
    "comment": "commented",
    "close": "closed",
    "propose_close": "proposes to close",
    "refuse": "refused to close",
    "hand_over": "handed over",
    "propose_publish": "proposes to name in public",
    "publish": "named in public",
    "erase": "erased",
    "freeze": "frozen",
    "query": "question",
    "filing": "report filed",
    "add_alert": "alert added",
    "add_note": "note added",
    "add_document": "document added",
    "add_query": "question added",
    "add_freeze": "frozen",
    "add_publish": "named in public",
    "add": "rows added",
    "user": "user changed",
    "erase_user": "user erased",
    "deactivate_user": "user left",
    "new_key": "key given",
    "propose_file": "proposes that a report was filed",
    "file": "report filed",
    "propose_judge": "proposes a judgement",
    "judge": "judged",
    "draft": "report drafted",
    "new": "new alert",
    "added": "further finding",
    "taken_back": "taken back",
    "back": "stands again",
    "data": "data",
    "list": "list",
    "measure": "measure",
    "flag": "red flag",
    "article": "article",
    "supported": "data support it",
    "contradicted": "data contradict it",
    "no_data": "no data speak to it",
    "not_checkable": "no data could speak to it",
    "corridor": "trade through a country",
}


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


def speaker(translate: Translate) -> Translate:
    """Return what turns a code of the desk, such as a state or a kind of decision, into words of a language."""

    def speak(code: str) -> str:
        return translate(SAID.get(code) or code.replace("_", " "))

    return speak


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return English text -> text in a language; empty for English itself."""
    if language == "en":
        return {}
    found: dict[str, str] = json.loads((files("entrepot.web") / "words" / f"{language}.json").read_text("utf-8"))
    return found
