"""Words: the patterns of the rule files, and which kinds of them a quote holds."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_LANGUAGES = ("en", "ru")
_NOTHING = re.compile(r"(?!)")


@cache
def rule_file(name: str) -> Any:
    """Return one of this package's rule files as plain values."""
    return yaml.safe_load(files("entrepot.alerts").joinpath(f"claims/rules/{name}.yml").read_text("utf-8"))


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """Return the pattern of a kind of words, in every language at once; one that finds nothing where none has it."""
    found = [text for language in _LANGUAGES if (text := _rules(language).get(kind))]
    return re.compile("|".join(f"(?:{text})" for text in found), re.IGNORECASE) if found else _NOTHING


@cache
def _rules(language: str) -> dict[str, str]:
    return {str(kind): str(text) for kind, text in rule_file(language).items()}


def says(quote: str, *kinds: str) -> bool:
    """Return whether a quote has words of one of the kinds."""
    return any(pattern(kind).search(quote) for kind in kinds)
