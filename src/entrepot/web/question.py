"""Question: questions about trade as an address states them. Nothing of them reaches the file system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from entrepot.codes import product_list_ids
from entrepot.errors import ConfigError
from entrepot.web.options import Question

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")
_CODES = re.compile(r"\d{2,10}(,\d{2,10}){0,499}")
_TERRITORIES = re.compile(r"[A-Z0-9_]{2,12}(,[A-Z0-9_]{2,12}){0,99}")


def routes_question(asked: Mapping[str, str], usual: Question) -> dict[str, Any]:
    """Return the arguments of ``routes`` that an address asks for, with those of the first page where it is silent.

    Raises:
        ConfigError: a part is malformed.
    """
    given = {**usual.asked(), **{name: value.strip() for name, value in asked.items() if value.strip()}}
    question: dict[str, Any] = {
        "destination": territories(given["destination"], "destination"),
        "event": month(given["event"], "event"),
        "products": products(given["products"]),
    }
    if given.get("via") and given["via"].lower() != "all":
        question["via"] = territories(given["via"], "via")
    if given.get("until"):
        question["until"] = month(given["until"], "until")
    if given.get("origins"):
        question["origins"] = territories(given["origins"], "origins")
    if given.get("level", "6") not in ("", "6"):
        question["level"] = level(given["level"])
    return question


def month(text: str, name: str) -> str:
    """Return a month, ``2022-03``.

    Raises:
        ConfigError: it is none.
    """
    if not _MONTH.fullmatch(text):
        raise ConfigError(f"{name} {text[:40]!r} is no month", remedy="Write it as YYYY-MM.")
    return text


def day(text: str, name: str) -> str:
    """Return a month or a day.

    Raises:
        ConfigError: it is none.
    """
    if not _DAY.fullmatch(text):
        raise ConfigError(f"{name} {text[:40]!r} is no day", remedy="Write it as YYYY-MM or YYYY-MM-DD.")
    return text


def products(text: str) -> str:
    """Return ``all``, the id of a shipped list, or codes joined by commas; never a file.

    Raises:
        ConfigError: it is none of these.
    """
    found = text.strip().replace(" ", "")
    if found.lower() in ("all", *product_list_ids()):
        return found.lower()
    if not _CODES.fullmatch(found):
        remedy = f"Use all, {', '.join(product_list_ids())}, or HS codes joined by commas."
        raise ConfigError(f"products {text[:40]!r} are no list and no codes", remedy=remedy)
    return found


def territories(text: str, name: str) -> str:
    """Return codes of territories or groups, joined by commas.

    Raises:
        ConfigError: they are none.
    """
    found = text.strip().upper().replace(" ", "")
    if not _TERRITORIES.fullmatch(found):
        raise ConfigError(f"{name} {text[:40]!r} is no code", remedy="Use codes of three letters, such as KAZ,KGZ.")
    return found


def level(text: str) -> int:
    """Return how many digits of codes are compared.

    Raises:
        ConfigError: none of 4, 6, 8.
    """
    if text not in ("4", "6", "8"):
        raise ConfigError(f"level {text[:10]!r} is none", remedy="Use 4, 6 or 8.")
    return int(text)


def mirror_question(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments of ``mirror``.

    Raises:
        ConfigError: a part is malformed.
    """
    question: dict[str, Any] = {
        "exporter": territories(asked["exporter"], "exporter"),
        "importer": territories(asked["importer"], "importer"),
        "products": products(asked.get("products") or "all"),
    }
    if asked.get("event"):
        question["event"] = month(asked["event"], "event")
    # The usual one is left out, so that the same question is the same whoever asks it.
    if asked.get("level", "6") not in ("", "6"):
        question["level"] = level(asked["level"])
    return question
