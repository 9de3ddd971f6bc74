"""The opening sentence: one range, in words that claim no more than the estimates do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from entrepot.report.answer import ALL, Routes, Row, Scope, number
from entrepot.report.words import NBSP, enumerated, money, place, spoken

ESTIMATE = ("excess", "excess_low", "excess_high")


@dataclass(frozen=True)
class Sentence:
    """An opening sentence for one control set: spans of text, True where a number is to stand out."""

    control_set: str
    spans: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The sentence without emphasis."""
        return "".join(text for text, _ in self.spans)


def opening_sentences(routes: Routes, scope: Scope) -> list[Sentence]:
    """Return the sentence under each control set, the default first.

    The range runs over the sets' point estimates; the set's own estimate follows with its 90 % interval. Where
    no set has an estimate, one plain sentence says so.
    """
    totals = {str(row["control_set"]): row for row in routes.totals if row["via_iso3"] == ALL}
    known = [name for name in scope.sets if name in totals and _is_whole(totals[name])]
    if not known:
        where = place(scope.destination) or "the destination"
        return [marked("", f"No route to {where} could be tested with this data; the reasons are listed below.")]
    points = [float(totals[name]["excess"]) for name in known]
    lost = next((number(totals[name]["lost_direct"]) for name in known), None)
    wide = (min(points), max(points))
    return [
        marked(name, _written(scope, _yardstick(routes, name), totals[name] if name in known else None, wide, lost))
        for name in scope.sets
    ]


def _is_whole(row: Row) -> bool:
    return all(number(row[name]) is not None for name in ESTIMATE)


def marked(control_set: str, text: str) -> Sentence:
    """Return a sentence whose numbers stand between double asterisks."""
    parts = text.split("**")
    return Sentence(control_set, tuple((part, i % 2 == 1) for i, part in enumerate(parts) if part))


def _written(scope: Scope, yardstick: str, row: Row | None, wide: tuple[float, float], lost: float | None) -> str:
    if wide[1] <= 0:
        return _nothing_above(scope, row)
    shown = per_hundred(wide, lost) if lost and lost > 0 else _amount(scope)
    low, high = shown(wide[0]), shown(wide[1])
    if low == high:
        reach = f"about **{high}**"
    elif wide[0] <= 0:
        reach = f"up to **{high}**, or nothing at all,"
    else:
        reach = f"between **{low} and {high}**"
    depending = ", depending on the controls" if low != high and not reach.endswith(",") else ""
    if reach.endswith(","):
        reach = reach[:-1] + ", depending on the controls,"
    if lost and lost > 0:
        opening = f"Of every 100 {scope.currency or 'units'} of {scope.goods} that {place(scope.destination)} "
        opening += "stopped receiving directly, "
        return f"{opening}{reach} reappeared {_way(scope)}{depending}; {_own(yardstick, row, shown)}."
    opening = f"{reach[:1].upper()}{reach[1:]} more of {scope.goods} than expected went {_road(scope)}{depending}; "
    return f"{opening}{_own(yardstick, row, shown)}. {_why_no_share(scope, lost)}"


def per_hundred(wide: tuple[float, float], lost: float | None) -> Callable[[float], str]:
    """Return what writes an amount as its part of a hundred of the loss."""
    per = 100 / (lost or 1.0)
    digits = 0 if wide[1] * per >= 10 else 1

    def shown(value: float) -> str:
        text = f"{value * per:.{digits}f}"
        return text.replace("-", "−") if float(text) else "0"

    return shown


def _amount(scope: Scope) -> Callable[[float], str]:
    return lambda value: f"{money(value)}{NBSP}{scope.currency}".strip()


def _yardstick(routes: Routes, name: str) -> str:
    text = routes.control_sets.get(name, "").strip().rstrip(".")
    return f"measured against {text[:1].lower()}{text[1:]}" if text else f"with the control “{spoken(name)}”"


def _own(yardstick: str, row: Row | None, shown: Callable[[float], str]) -> str:
    """What this control set says: its point, its interval, and whether zero is inside."""
    if row is None:
        return f"there is no estimate {yardstick}"
    point, low, high = (float(row[column]) for column in ESTIMATE)
    interval = f"90{NBSP}% interval {shown(low)} to {shown(high)}"
    if point <= 0:
        return f"{yardstick}, nothing is unexplained ({interval})"
    doubt = ", so zero is not ruled out" if low <= 0 else ""
    return f"**{shown(point)}** ({interval}{doubt}) stay unexplained, {yardstick}"


def _nothing_above(scope: Scope, row: Row | None) -> str:
    sets = "under every control set" if len(scope.sets) > 1 else "under the only control set"
    text = (
        f"Nothing stands above the expected path: {sets}, {scope.goods} going {_road(scope)} "
        "stayed at or below what would have happened anyway"
    )
    high = float(row["excess_high"]) if row else 0.0
    if high > 0:
        text += f"; up to **{_amount(scope)(high)}** cannot be ruled out (90{NBSP}% interval)"
    return f"{text}."


def _why_no_share(scope: Scope, lost: float | None) -> str:
    where = place(scope.destination)
    if lost is None:
        return f"How much direct trade {where} lost cannot be told from this data."
    return f"Direct deliveries to {where} did not fall, so no share of a loss can be given."


def _places(scope: Scope) -> str:
    if len(scope.vias) <= 3:
        return enumerated(place(via) for via in scope.vias) or "third countries"
    return f"these {len(scope.vias)} countries"


def _way(scope: Scope) -> str:
    """``through`` only where the onward leg is seen; else the sentence stops at the intermediary's border."""
    if scope.legs == {"both"}:
        return f"through {_places(scope)}"
    if scope.legs == {"out"}:
        return f"as extra deliveries from {_places(scope)}"
    return f"as extra deliveries to {_places(scope)}"


def _road(scope: Scope) -> str:
    if scope.legs == {"out"}:
        return f"from {_places(scope)} to {place(scope.destination)}"
    return f"to {_places(scope)}"
