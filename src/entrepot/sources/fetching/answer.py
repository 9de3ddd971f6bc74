"""Answers of UN Comtrade: read, checked against the question, written as CSV in the publisher's words."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.sources.fetching.question import Question

EXPECTED = (
    "freqCode",
    "period",
    "reporterCode",
    "flowCode",
    "partnerCode",
    "partner2Code",
    "classificationCode",
    "cmdCode",
    "customsCode",
    "motCode",
    "netWgt",
    "primaryValue",
)
"""Fields without which the rows cannot be read rightly; the publisher sends 47."""

# An account may have a lower ceiling than the one asked for, and then the service cuts without a word.
_CEILINGS = (100_000, 200_000, 250_000)
_REMEDY = "The publisher changed its answer; nothing of it was saved. Report this, with the address."


@dataclass
class Answer:
    """Rows of one answer.

    Attributes:
        columns: the publisher's field names, in its order.
        rows: values as the publisher wrote them; a row may end early where later rows have more fields.
        declared: how many rows the publisher says it sent; None where it does not say.
    """

    columns: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[str | None, ...]] = field(default_factory=list)
    declared: int | None = None

    def is_cut(self, *, limit: int) -> bool:
        """Return whether rows may be missing: as many as the limit, or fewer than declared."""
        count = len(self.rows)
        short = self.declared is not None and self.declared > count
        return short or count >= limit or count in _CEILINGS

    def codes(self, column: str) -> tuple[str, ...]:
        """Return the distinct values of a column, in numeric order."""
        index = self.columns.get(column, 0)
        return tuple(sorted({row[index] or "" for row in self.rows}, key=lambda code: (len(code), code)))


def read_answer(body: bytes, question: Question, *, where: str) -> Answer:
    """Return the rows of an answer, having checked that they answer the question.

    Numbers are kept as the publisher spelled them.

    Raises:
        UnexpectedLayout: no JSON, no rows part, a field missing, or rows that were not asked for.
        SourceError: the publisher reports an error.
    """
    answer = Answer()

    def take(thing: dict[str, Any]) -> dict[str, Any] | None:
        if "data" in thing or not thing.keys() & set(EXPECTED):
            return thing
        # Rows are taken one by one here: 250,000 dictionaries of 47 fields would fill a gigabyte.
        _check_row(thing, question, where=f"{where} row {len(answer.rows) + 1}")
        for name in thing:
            answer.columns.setdefault(name, len(answer.columns))
        answer.rows.append(tuple(_text(thing.get(name)) for name in answer.columns))
        return None

    try:
        content = json.loads(body, object_hook=take, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise UnexpectedLayout(f"the answer is no JSON ({error})", where=where, remedy=_REMEDY) from error
    _check_frame(content, answer, where=where)
    answer.declared = _number(content.get("count"))
    return answer


def write_csv(path: Path, answer: Answer) -> None:
    """Write an answer as UTF-8 CSV with the publisher's field names in the first line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(answer.columns)
        width = len(answer.columns)
        writer.writerows(row + (None,) * (width - len(row)) for row in answer.rows)


def _check_frame(content: object, answer: Answer, *, where: str) -> None:
    if isinstance(content, dict) and content.get("error"):
        raise SourceError(
            f"the publisher reports {str(content['error'])[:300]!r}",
            where=where,
            remedy="Check the question.",
        )
    if not isinstance(content, dict) or not isinstance(content.get("data"), list):
        raise UnexpectedLayout("the answer has no list 'data'", where=where, remedy=_REMEDY)
    if len(content["data"]) != len(answer.rows):
        raise UnexpectedLayout("'data' holds things that are no rows", where=where, remedy=_REMEDY)


def _check_row(row: dict[str, Any], question: Question, *, where: str) -> None:
    if missing := [name for name in EXPECTED if name not in row]:
        raise UnexpectedLayout(
            f"field {missing[0]!r} is missing; the row has {', '.join(sorted(row))[:300]}",
            where=where,
            remedy=_REMEDY,
        )
    asked = {
        "period": question.periods,
        "reporterCode": question.reporters,
        "partnerCode": question.partners,
        "flowCode": question.flows,
        "partner2Code": ("0",),
        "motCode": ("0",),
        "customsCode": ("C00",),
        "cmdCode": None if question.products[0].startswith("AG") else question.products,
    }
    for name, codes in asked.items():
        if codes is not None and str(row[name]) not in codes:
            # A service that overlooks part of a question would make the same trade count twice.
            raise UnexpectedLayout(f"{name} is {row[name]!r}, which was not asked for", where=where, remedy=_REMEDY)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdigit() else None
