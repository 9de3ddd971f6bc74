"""Several: the names that one cell holds."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from entrepot.parties.names.reading import Name, read_name


@lru_cache(maxsize=1 << 12)
def read_names(text: str, *, schema: str = "Person") -> tuple[Name, ...]:
    """Return every name in one cell: names joined by ``;`` or a slash, and whole names in brackets.

    What stands in brackets after one word of a name ("Mohammad (a.k.a. Muhammad) Ali") is left out.
    """
    found: list[str] = []
    # An entity's semicolon parts no names.
    for part in _SEPARATED.split(html.unescape(text) if "&" in text else text):
        found.append(_BRACKETS.sub(" ", part) if "(" in part and ")" in part else part)
        found += [inside for inside in _BRACKETS.findall(part) if "," not in inside and _is_whole(inside)]
        found += _with_other_word(part)
    names = (read_name(_KNOWN_AS.sub(" ", one), schema=schema) for one in dict.fromkeys(found))
    return tuple(name for name in names if name is not None)


def _with_other_word(text: str) -> list[str]:
    """A name with the one word in brackets in place of the word before it: Petrova (Sidorova) Anna."""
    found = _OTHER_WORD.search(text)
    return [f"{text[: found.start()]}{found[1]}{text[found.end() :]}"] if found else []


_OTHER_WORD = re.compile(r"\b[^\W\d_]{3,} \(([^\W\d_]{3,})\)(?!\S)")


def _is_whole(text: str) -> bool:
    return len(_KNOWN_AS.sub("", text).split()) > 1


_SEPARATED = re.compile(r"\s*;\s*|\s+/\s*|/\s+|(?<=\w{3})/(?=\w+\s)")
_BRACKETS = re.compile(r"\(([^()]{0,200})\)")
_KNOWN_AS = re.compile(r",?\s*\bn[ée]e\b.*|\b(?:a\.?k\.?a\b|f\.?k\.?a\b|also known as|formerly)[.:]?", re.IGNORECASE)
