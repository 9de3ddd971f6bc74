"""A mapping file proposed from a file's headers, for a person to look over: English, Russian and Turkish names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from rapidfuzz import fuzz

from entrepot.errors import NotFound
from entrepot.lake import Kind

# Below this likeness a header is left for the person; at or above it the line says what it was taken for.
_LEAST = 88.0
_CURRENCIES = ("usd", "eur", "rub", "kzt", "inr", "try", "kgs", "uzs", "amd")
_PLAIN = str.maketrans("ıİşŞğĞçÇöÖüÜёЁ", "iIsSgGcCoOuUеЕ")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file's headers were taken for.

    Attributes:
        kind: of the records.
        columns: ours -> the file's header.
        sure: ours -> whether the header is one that is known, not merely like one.
        constants: ours -> value for every record, taken from a header's own words (a currency).
        left: headers that nothing was found for.
    """

    kind: str
    columns: Mapping[str, str]
    sure: Mapping[str, bool]
    constants: Mapping[str, str]
    left: tuple[str, ...]

    def toml(self) -> str:
        """Return the mapping file: lines to be looked over are marked."""
        lines = [f'kind = "{self.kind}"', "", "[columns]"]
        for ours, theirs in self.columns.items():
            doubt = "" if self.sure[ours] else "  # only like it: look it over"
            lines.append(f"{ours} = {_quoted(theirs)}{doubt}")
        if self.constants:
            lines += ["", "[constants]", *(f'{ours} = "{value}"' for ours, value in self.constants.items())]
        lines += ["", "[read]", '# delimiter = ";"', '# encoding = "cp1251"', "# banner_lines = 3", '# decimal = ","']
        lines += ['# date_format = "%d.%m.%Y"', '# null_words = ["NULL", "-"]']
        if self.left:
            lines += ["", "# Headers that nothing was found for:", *(f"#   {name}" for name in self.left)]
        return "\n".join(lines) + "\n"


def propose(kind: Kind, header: Sequence[str]) -> Proposal:
    """Return which of a file's headers may be which of a kind's columns.

    Raises:
        NotFound: no names are known for this kind; a mapping has to be written by hand.
    """
    names = _names().get(kind.name)
    if names is None:
        remedy = f"Names are known for {', '.join(_names())}; write the mapping by hand."
        raise NotFound(f"no names of headers for {kind.name}", remedy=remedy)
    plain = {theirs: _plain(theirs) for theirs in header}
    columns: dict[str, str] = {}
    sure: dict[str, bool] = {}
    for ours, phrases in names.items():
        found = _exact((ours.replace("_", " "), *phrases), plain, columns.values())
        is_sure = found is not None
        if found is None:
            found = _like(phrases, plain, columns.values())
        if found is not None:
            columns[ours], sure[ours] = found, is_sure
    constants = {}
    if "amount" in columns and (code := _currency_in(plain[columns["amount"]])):
        constants["currency"] = code
        columns.pop("currency", None)
    left = tuple(name for name in header if name not in columns.values())
    return Proposal(kind.name, columns, sure, constants, left)


def _exact(phrases: Sequence[str], plain: Mapping[str, str], taken: object) -> str | None:
    assert hasattr(taken, "__iter__")
    free = {text: name for name, text in reversed(list(plain.items())) if name not in set(taken)}
    return next((free[phrase] for phrase in map(_plain, phrases) if phrase in free), None)


def _like(phrases: Sequence[str], plain: Mapping[str, str], taken: object) -> str | None:
    assert hasattr(taken, "__iter__")
    known = {_plain(phrase) for names in _names().values() for column in names.values() for phrase in column}
    best = max(
        (
            (fuzz.token_sort_ratio(_plain(phrase), text), name)
            for name, text in plain.items()
            # A header that is known for another column is not merely like this one.
            if name not in set(taken) and text not in known
            for phrase in phrases
        ),
        default=(0.0, ""),
    )
    return best[1] if best[0] >= _LEAST else None


def _currency_in(text: str) -> str | None:
    return next((word.upper() for word in text.split() if word in _CURRENCIES), None)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_PLAIN).lower()
    return " ".join(re.findall(r"[^\W_]+", text))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    text = files("entrepot.sources.records").joinpath("data/headers.yml").read_text("utf-8")
    found: dict[str, dict[str, list[str]]] = yaml.load(text, Loader=yaml.BaseLoader)
    return found
