"""Changes: a series before and after, month for month, with the interval that its own months suggest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.series import Series
from entrepot.alerts.claims.when import Span
from entrepot.alerts.claims.words import says
from entrepot.codes import month_index, month_text

_Z = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Window:
    """Periods of a comparison, first and last month included."""

    first: str
    last: str

    def __str__(self) -> str:
        is_year = self.first[:4] == self.last[:4] and self.first.endswith("-01") and self.last.endswith("-12")
        return self.first[:4] if is_year else self.first if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Change:
    """A series in two windows.

    Attributes:
        base, target: average per period over the calendar months that both have.
        total: sum over the target window's periods that were reported.
        low, high: 90 % interval of target over base; equal where years alone are there.
        n: periods of base and target.
        has_unknown: a cell in either window is suppressed.
    """

    base: float
    target: float
    total: float
    low: float
    high: float
    n: tuple[int, int]
    has_unknown: bool

    @property
    def ratio(self) -> float:
        """Target over base; infinite from nothing; 1 where both are nothing."""
        if self.base:
            return self.target / self.base
        return math.inf if self.target else 1.0


def windows_of(claim: Claim, last: str) -> tuple[Window, Window]:
    """Return base and target: two dates named, else a date against the time before it, else the last twelve months."""
    spans = claim.spans
    if len(spans) > 1:
        # "more in 2023 than in 2022": the earlier one is the base, whichever is named first.
        earlier, later = sorted((spans[0], spans[-1]), key=lambda span: span.first)
        return _window(earlier, last), _window(later, last)
    if spans:
        one = spans[0]
        years = _years_apart(one)
        if one.how == "in" and years:
            first, end = date.fromordinal(one.first), date.fromordinal(one.last)
            return Window(f"{first.year}-01", f"{first.year}-12"), Window(f"{end.year}-01", f"{end.year}-12")
        if one.how in ("since", "after"):
            start = month_index(_month(one.first))
            if one.how == "after":
                start = month_index(_month(one.last)) + 1
            return Window(month_text(start - 12), month_text(start - 1)), Window(month_text(start), last)
        target = _window(one, last)
        back = 12 * max(1, -(-_length(target) // 12))
        return _moved(target, -back), target
    now = month_index(last)
    return Window(month_text(now - 23), month_text(now - 12)), Window(month_text(now - 11), last)


def change_of(series: Series, base: Window, target: Window) -> Change | None:
    """Return how a series changed between two windows; None where either has no reported period in common."""
    if series.freq == "A":
        before, after = _years(series, base), _years(series, target)
        if not before or not after:
            return None
        b, t = _mean([series.values[p] for p in before]), _mean([series.values[p] for p in after])
        ratio = t / b if b else math.inf if t else 1.0
        unknown = bool(series.unknown & {*before, *after})
        return Change(b, t, sum(series.values[p] for p in after), ratio, ratio, (len(before), len(after)), unknown)
    before, after = _months(series, base), _months(series, target)
    if not before or not after:
        return None
    shared = {p[5:] for p in before} & {p[5:] for p in after}
    before_same, after_same = ([p for p in side if p[5:] in shared] for side in (before, after))
    if not shared:
        return None
    b, t = _seasonal(series, before_same, shared), _seasonal(series, after_same, shared)
    low, high = _interval(series, before_same, after_same, b, t)
    unknown = bool(series.unknown & {*before_same, *after_same})
    total = sum(series.values[p] for p in after)
    return Change(b, t, total, low, high, (len(before_same), len(after_same)), unknown)


def level_of(series: Series, window: Window) -> float | None:
    """Return the sum over a window; None unless every period of it was reported."""
    if series.freq == "A":
        years = _years(series, window)
        is_whole = window.first.endswith("-01") and window.last.endswith("-12")
        wanted = int(window.last[:4]) - int(window.first[:4]) + 1
        return sum(series.values[p] for p in years) if is_whole and len(years) == wanted else None
    months = _months(series, window)
    return sum(series.values[p] for p in months) if len(months) == _length(window) else None


def is_about_change(claim: Claim) -> bool:
    """Return whether a claim says that something rose, fell or stayed."""
    return says(claim.quote, "rise", "fall", "flat")


def _month(day: int) -> str:
    return date.fromordinal(day).isoformat()[:7]


def _window(span: Span, last: str) -> Window:
    """A date beyond the data stays where it is: no report covers it."""
    first = _month(span.first)
    return Window(first, max(first, min(_month(span.last), last)))


def _years_apart(span: Span) -> bool:
    return span.year is None and (span.last - span.first) > 366


def _length(window: Window) -> int:
    return month_index(window.last) - month_index(window.first) + 1


def _moved(window: Window, months: int) -> Window:
    return Window(*(month_text(month_index(one) + months) for one in (window.first, window.last)))


def _months(series: Series, window: Window) -> list[str]:
    return [p for p in series.values if window.first <= p <= window.last]


def _years(series: Series, window: Window) -> list[str]:
    """Years that lie in a window whole; the year of a shorter one has no answer in yearly rows."""
    first = int(window.first[:4]) + (not window.first.endswith("-01"))
    last = int(window.last[:4]) - (not window.last.endswith("-12"))
    return [p for p in series.values if first <= int(p) <= last]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _seasonal(series: Series, periods: Sequence[str], shared: set[str]) -> float:
    """The average over calendar months, each the average of its years."""
    return _mean([_mean([series.values[p] for p in periods if p[5:] == month]) for month in sorted(shared)])


def _interval(series: Series, before: list[str], after: list[str], b: float, t: float) -> tuple[float, float]:
    if not b or not t:
        whole = t / b if b else math.inf if t else 1.0
        return whole, whole
    spread = math.sqrt(_variance(series, before) / b**2 + _variance(series, after) / t**2)
    return t / b * math.exp(-_Z * spread), t / b * math.exp(_Z * spread)


def _variance(series: Series, periods: Sequence[str]) -> float:
    """Of the mean of months."""
    values = [series.values[p] for p in periods]
    if len(values) < 2:
        return _mean(values) ** 2 * 0.25
    middle = _mean(values)
    return sum((v - middle) ** 2 for v in values) / (len(values) - 1) / len(values)
