"""Distinct words of a dimension become our codes, once in Python; rows are joined back in SQL.

No word is ever mapped to a default: what no list knows keeps a reason, and its rows become issues.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from entrepot.codes import (
    clean_code,
    find_currency,
    find_hs_code,
    find_revision,
    find_territory,
    find_unit,
    parse_period,
)
from entrepot.errors import UnexpectedLayout
from entrepot.lake import Engine, identifier

MOST_WORDS = 2_000_000

FLOWS = {
    "export": "export", "exports": "export", "x": "export", "exp": "export", "e": "export",
    "import": "import", "imports": "import", "m": "import", "imp": "import", "i": "import",
    "re-export": "re-export", "re-exports": "re-export", "reexport": "re-export", "rx": "re-export",
    "re-import": "re-import", "re-imports": "re-import", "reimport": "re-import", "rm": "re-import",
}  # fmt: skip
ROLES = {word: word for word in ("origin", "consignment", "destination", "unknown")}
VALUATIONS = {"fob": "fob", "cif": "cif"}
STATUSES = {word: word for word in ("reported", "estimated", "suppressed", "rounded")}
TRUTHS = {"true": "true", "false": "false", "1": "true", "0": "false", "t": "true", "f": "false"}
TOTALS = {"total", "ag-total", "all commodities"}


class Unresolved(Exception):
    """A word that no list knows; its text is the reason."""


@dataclass(frozen=True)
class Dimension:
    """One column resolved.

    Attributes:
        table: name of the table of words: text, code, more (a second answer), reason (NULL where resolved).
        is_same: every word is already our code.
        bad: reason -> number of records, for words that could not be resolved.
        words: word -> (code, second answer).
    """

    table: str
    is_same: bool
    bad: dict[str, int]
    words: dict[str, tuple[str | None, str | None]]


Resolver = Callable[[str], tuple[str | None, str | None]]


def resolve(engine: Engine, source: str, expression: str, *, name: str, resolver: Resolver) -> Dimension:
    """Return the words of ``expression`` over ``source``, resolved.

    Raises:
        UnexpectedLayout: so many different words that the column cannot be a code.
    """
    counted = engine.rows(
        f"SELECT text, count(*) FROM (SELECT {expression} AS text FROM {source}) GROUP BY text LIMIT {MOST_WORDS}"
    )
    if len(counted) == MOST_WORDS:
        raise UnexpectedLayout(
            f"the column of {name} holds more than {MOST_WORDS} different values",
            remedy="Check the mapping: that is no list of codes.",
        )
    words: dict[str, tuple[str | None, str | None]] = {}
    reasons: dict[str, str] = {}
    bad: dict[str, int] = {}
    for text, count in counted:
        try:
            words[text] = resolver(text)
        except Unresolved as why:
            words[text] = (None, None)
            reasons[text] = str(why)
            bad[str(why)] = bad.get(str(why), 0) + count
    table = f"words_{name}"
    texts = list(words)
    engine.table(
        table,
        {
            "text": texts,
            "code": [words[text][0] for text in texts],
            "more": [words[text][1] for text in texts],
            "reason": [reasons.get(text) for text in texts],
        },
        {"text": "VARCHAR", "code": "VARCHAR", "more": "VARCHAR", "reason": "VARCHAR"},
    )
    is_same = not bad and all(text == code for text, (code, _) in words.items())
    return Dimension(table, is_same, bad, words)


def period_resolver(values: Mapping[str, str]) -> Resolver:
    """Answers (period, freq)."""

    def answer(text: str) -> tuple[str, str]:
        given = values.get(text, text).strip()
        if not given:
            raise Unresolved("no period")
        found = parse_period(given)
        if found is None:
            raise Unresolved(f"unknown period {text!r}")
        freq, period = found
        if not 1900 <= int(period[:4]) <= 2100:
            raise Unresolved(f"period {text!r} is in no year between 1900 and 2100")
        return period, freq

    return answer


def territory_resolver(values: Mapping[str, str], schemes: Sequence[str]) -> Resolver:
    """Answers (code, "true" for a group or residual area)."""

    def answer(text: str) -> tuple[str, str]:
        given = values.get(text, values.get(text.strip(), text)).strip()
        if not given:
            raise Unresolved("no territory")
        for scheme in schemes or ("any",):
            if found := find_territory(given, scheme=scheme):
                return found.code, "true" if found.is_aggregate else "false"
        raise Unresolved(f"unknown territory {text!r}")

    return answer


def code_resolver(values: Mapping[str, str], mended: frozenset[str], *, keep_odd: bool) -> Resolver:
    """Answers (hs_code, "suppressed" where the publisher hides the product).

    ``mended`` are the words whose lost leading zero is put back; ``keep_odd`` allows national codes of 7 or 9
    digits.
    """

    def answer(text: str) -> tuple[str, str | None]:
        given = values.get(text, text).strip()
        if not given:
            raise Unresolved("no product code")
        plain = plain_code(given)
        if plain in mended or given in mended:
            plain = f"0{plain}"
        if plain.casefold() in TOTALS:
            return "TOTAL", None
        if re.search("[A-Za-z]", plain) and any(ch.isdigit() or ch in "Xx" for ch in plain):
            return _hidden(plain, text)
        found = find_hs_code(plain)
        if found is None:
            raise Unresolved(f"unknown product code {text!r}")
        if found == "TOTAL":
            return found, None
        if len(found) % 2 and not (keep_odd and len(found) > 6):
            raise Unresolved(f"product code {text!r} has an odd number of digits")
        if found.startswith("00"):
            raise Unresolved(f"product code {text!r} is in no chapter")
        return found, None

    return answer


def plain_code(text: str) -> str:
    """Return the code in '01012100-Pure-bred ...', 'Total [TOTAL]' or '870323.0'."""
    text = text.strip()
    if found := re.fullmatch(r".*\[([0-9A-Za-z]{2,10})\]", text, re.DOTALL):
        return found[1]
    if found := re.match(r"([0-9]{2,10}|TOTAL)\s*-.", text):
        return found[1]
    # A table program that saw a missing cell wrote every code as a decimal number.
    return found[1] if (found := re.fullmatch(r"(\d{3,10})\.0", text)) else text


def _hidden(plain: str, text: str) -> tuple[str, str]:
    try:
        found = clean_code(plain)
    except Exception as error:
        raise Unresolved(f"unknown product code {text!r}") from error
    if not found or not found[0]:
        raise Unresolved(f"unknown product code {text!r}")
    return found[0], "suppressed"


def word_resolver(values: Mapping[str, str], known: Mapping[str, str], *, what: str, empty: str | None) -> Resolver:
    """Answers (our word, None); ``empty`` is what a missing cell means, None for unknown."""

    def answer(text: str) -> tuple[str | None, None]:
        if text in values:
            return values[text], None
        given = text.strip()
        if not given:
            return empty, None
        # Code-label cells: '2-EXPORT'.
        tail = given.partition("-")[2] if given[0].isdigit() else given
        for form in (given, tail):
            if form.casefold() in known:
                return known[form.casefold()], None
        raise Unresolved(f"unknown {what} {text!r}")

    return answer


def flow_resolver(values: Mapping[str, str]) -> Resolver:
    """Answers (flow, None)."""
    inner = word_resolver(values, FLOWS, what="flow", empty="")

    def answer(text: str) -> tuple[str | None, str | None]:
        found = inner(text)
        if found[0] not in ("export", "import", "re-export", "re-import"):
            raise Unresolved(f"unknown flow {text!r}")
        return found

    return answer


def revision_resolver(values: Mapping[str, str]) -> Resolver:
    """Answers (HS2017 or CN2021, None); an empty cell is unknown."""

    def answer(text: str) -> tuple[str | None, None]:
        given = values.get(text, text).strip()
        if not given:
            return None, None
        if found := find_revision(given):
            return found, None
        raise Unresolved(f"unknown product revision {text!r}")

    return answer


def currency_resolver(values: Mapping[str, str]) -> Resolver:
    """Answers (ISO 4217 code, None)."""

    def answer(text: str) -> tuple[str | None, None]:
        found = find_currency(values.get(text, text).strip())
        if found is None:
            raise Unresolved(f"unknown currency {text!r}" if text.strip() else "no currency")
        return found, None

    return answer


def unit_resolver(values: Mapping[str, str], schemes: Sequence[str]) -> Resolver:
    """Answers (unit, None). A unit that no list knows stays as the publisher wrote it: nothing is added up by it."""

    def answer(text: str) -> tuple[str | None, None]:
        given = values.get(text, text).strip()
        if not given:
            return None, None
        found = next((unit for scheme in schemes or ("any",) if (unit := find_unit(given, scheme=scheme))), None)
        return found or given, None

    return answer


def words_of(dimension: Dimension) -> str:
    """Return the SQL name of a dimension's table of words."""
    return identifier(dimension.table)
