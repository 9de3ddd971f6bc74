"""Named functions for what a condition cannot say; each answers for one distinct set of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from entrepot.codes import bloc_ids, find_territory, members, read_identifier, read_mrz
from entrepot.errors import CodeError, NotFound

# Letters and digits of a passport: nine at most by ICAO 9303, ten in Russia at home; fewer than six are a part of one.
_SHORTEST, _LONGEST = 6, 10


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes:
        name: what `call` names.
        takes: the engine's types of its values.
        returns: that of its answer.
        answer: values in, one value out; None where it cannot be known.
    """

    name: str
    takes: tuple[str, ...]
    returns: str
    answer: Callable[..., Any]


def mrz_faults(mrz: str | None) -> str | None:
    """Return what is wrong with a machine-readable zone (a check digit, a date), empty where nothing is."""
    if not mrz:
        return None
    try:
        found = read_mrz(mrz)
    except CodeError as error:
        return error.found
    return "; ".join(found.problems)


def number_fault(kind: str | None, country: str | None, number: str | None) -> str | None:
    """Return why a number cannot be one of this kind and issuer, empty where it can or the shape is not known."""
    if not kind or not number:
        return None
    named = {"iin": "iin", "tax_id": "", "passport": "passport", "id_card": "id_card"}.get(kind)
    if not named:
        return ""
    try:
        found = read_identifier(number, kind=named, country=country or "")
    except CodeError:
        return ""
    # A state whose shapes are not known prints no passport number shorter or longer than anybody's either.
    is_too_odd = kind == "passport" and not _SHORTEST <= len(found.number) <= _LONGEST
    return f"{number} is no {kind} number of {country or 'any state'}" if is_too_odd or not found.is_valid else ""


def longest_gap_hours(instants: Sequence[datetime] | None) -> float | None:
    """Return the longest silence between instants, in hours; None of fewer than two."""
    if not instants or len(instants) < 2:
        return None
    return max((b - a).total_seconds() / 3600 for a, b in pairwise(sorted(instants)))


def turnover_jump(days: Sequence[date] | None, amounts: Sequence[float] | None, stop: date | None) -> float | None:
    """Return the turnover of the 30 days from a stop over the median of the 30-day spans of the year before it.

    Spans without any payment do not count; None where there are fewer than two with some.
    """
    if not days or not amounts or stop is None:
        return None
    spans: dict[int, float] = {}
    for day, amount in zip(days, amounts, strict=False):
        if day is not None and amount is not None:
            place = (day - stop).days // 30
            if -12 <= place <= 0:
                spans[place] = spans.get(place, 0.0) + amount
    before = [amount for place, amount in spans.items() if place < 0]
    if len(before) < 2 or not median(before):
        return None
    return spans.get(0, 0.0) / median(before)


def shared_after(days: Sequence[date] | None, others: Sequence[str] | None, stop: date | None) -> float | None:
    """Return the share of the counterparties in the 30 days from a stop that were there in the year before it."""
    if not days or not others or stop is None:
        return None
    pairs = [(day, other) for day, other in zip(days, others, strict=False) if day is not None and other]
    after = {other for day, other in pairs if stop <= day < stop + timedelta(days=30)}
    before = {other for day, other in pairs if stop - timedelta(days=365) <= day < stop}
    return len(after & before) / len(after) if after else None


def membership_fault(entities: Sequence[str] | None, is_negated: bool | None, day: date | None) -> str | None:
    """Return what the dated table of memberships says against a claim, empty where it agrees.

    None where the entities name no state or no body of the table.
    """
    if not entities or day is None:
        return None
    words = {one.rpartition(":")[2].strip().upper() for one in entities}
    bodies = sorted(words & {bloc.upper() for bloc in bloc_ids()})
    states = sorted(
        word for word in words if len(word) == 3 and word not in bodies and find_territory(word, scheme="iso3")
    )
    if not bodies or not states:
        return None
    faults = []
    for body in bodies:
        inside = members(body, on=day.isoformat())
        for state in states:
            if (state in inside) == bool(is_negated):
                said = "is a member" if state in inside else "is no member"
                faults.append(f"{state} {said} of {body} on {day.isoformat()}")
    return "; ".join(faults)


def _unknown(*_: Any) -> None:
    """The answer of a function that only a room above this one has."""


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("mrz_faults", ("VARCHAR",), "VARCHAR", mrz_faults),
        Function("number_fault", ("VARCHAR", "VARCHAR", "VARCHAR"), "VARCHAR", number_fault),
        Function("longest_gap_hours", ("TIMESTAMP[]",), "DOUBLE", longest_gap_hours),
        Function("turnover_jump", ("DATE[]", "DOUBLE[]", "DATE"), "DOUBLE", turnover_jump),
        Function("shared_after", ("DATE[]", "VARCHAR[]", "DATE"), "DOUBLE", shared_after),
        Function("membership_fault", ("VARCHAR[]", "BOOLEAN", "DATE"), "VARCHAR", membership_fault),
        Function("names_differ", ("VARCHAR[]",), "BOOLEAN", _unknown),
        Function("is_one_name", ("VARCHAR", "VARCHAR"), "BOOLEAN", _unknown),
    )
}


def register(function: Function) -> None:
    """Put a function of a room above this one in its place."""
    FUNCTIONS[function.name] = function


def get_function(name: str) -> Function:
    """Return a function of the language.

    Raises:
        NotFound: there is no such function.
    """
    if name not in FUNCTIONS:
        raise NotFound(f"no function {name!r}", remedy=f"There are {', '.join(FUNCTIONS)}.")
    return FUNCTIONS[name]
