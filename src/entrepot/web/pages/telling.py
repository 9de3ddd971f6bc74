"""Telling: what the report writes in English, said in the reader's language where its words are known.

The report's sentences are made of fixed words with names and numbers in them. Their Russian stands in
``words/ru-told.json`` by the English pattern, names of places and months in ``words/ru-names.json``. What no pattern
fits, such as a publisher's text, stays as it is and is marked as English. A gap whose name begins with ``free`` takes
any text; every other one takes only what is known itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files

from markupsafe import Markup

Say = Callable[[object], Markup]

_UNITS = {"bn": "млрд", "m": "млн", "k": "тыс."}
# A sum as report.words writes it, and a list of territories with their shares, which needs no words.
_MONEY = re.compile(r"([−-]?[\d.,]+)\u00a0(bn|m|k)( [A-Z]{3})?")
_SUM = r"[−-]?[\d.,]+(?:\u00a0(?:bn|m|k))?"
_SPAN = re.compile(rf"({_SUM}) to ({_SUM})( [A-Z]{{3}})?")
_MONTH = re.compile(r"([A-Z][a-z]+) (\d{4})")
_WORDLESS = re.compile(r"[^a-z]*|(?:[^a-z]|\b[a-z]{1,2}\b)*")


def sayer(language: str) -> Say:
    """Return what writes a text of the report on a page of a language."""

    def say(text: object) -> Markup:
        plain = "" if text is None else str(text)
        if language == "en":
            return Markup.escape(plain)
        told = tell(plain, language)
        return Markup.escape(told) if told is not None else Markup('<span lang="en">{}</span>').format(plain)

    return say


def plain_sayer(language: str) -> Callable[[object], str]:
    """Return the same for attributes, which hold no marks: what is not known stays English."""
    return lambda text: str(text) if language == "en" else tell(str(text), language) or str(text)


@cache
def placer(language: str) -> Callable[[str], str]:
    """Return what puts the names of territories within a sentence of the report into a language."""
    if language == "en":
        return str
    names = _words(language)[0]
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})\b")
    return lambda text: pattern.sub(lambda found: names[found[0]], text)


@lru_cache(maxsize=8192)
def tell(text: str, language: str) -> str | None:
    """Return a text of the report in a language, or None where its words are not known."""
    names, fixed, patterns = _words(language)
    found = names.get(text) or fixed.get(text)
    if found is not None:
        return found
    if (money := _MONEY.fullmatch(text)) is not None:
        return f"{money[1]}\u00a0{_UNITS[money[2]]}{money[3] or ''}"
    if (span := _SPAN.fullmatch(text)) is not None:
        return f"{tell(span[1], language)} — {tell(span[2], language)}{span[3] or ''}"
    if (month := _MONTH.fullmatch(text)) is not None and month[1] in names:
        return f"{names[month[1]]} {month[2]}"
    if _WORDLESS.fullmatch(text) and " to " not in text and "\u00a0" not in text:
        return text
    for pattern, template in patterns:
        if (match := pattern.fullmatch(text)) is not None:
            parts = {
                name: part if name.startswith("free") else tell(part, language)
                for name, part in match.groupdict().items()
            }
            if None not in parts.values():
                return template.format(**parts)
    return text if _WORDLESS.fullmatch(text) else None


@cache
def _words(language: str) -> tuple[dict[str, str], dict[str, str], list[tuple[re.Pattern[str], str]]]:
    folder = files("entrepot.web") / "words"
    names: dict[str, str] = json.loads((folder / f"{language}-names.json").read_text("utf-8"))
    told: dict[str, str] = json.loads((folder / f"{language}-told.json").read_text("utf-8"))
    fixed = {text: said for text, said in told.items() if "{" not in text}
    patterns = [(_pattern(text), said) for text, said in told.items() if "{" in text]
    return names, fixed, patterns


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile("".join(re.escape(part) if i % 2 == 0 else f"(?P<{part}>.+?)" for i, part in enumerate(parts)))
