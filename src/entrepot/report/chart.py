"""Monthly line charts as numbers between 0 and 1000, so that a page can stretch them to any width.

The drawing area is an SVG without aspect ratio; text is laid over it in HTML by per cent and so keeps its size
on a phone. A month without a report breaks the line; a reported zero is drawn at zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from entrepot.codes import month_index, month_text
from entrepot.report.answer import Row, listed, number
from entrepot.report.words import money, spoken

SIZE = 1000
ROOM = 1.06
FIRM = frozenset({"in_force", "ended", "suspended"})
LANES = 3
LABEL_WIDTH = 3.4


@dataclass(frozen=True)
class Line:
    """One SVG path with the role that gives it its look, and the control set it belongs to."""

    role: str
    path: str
    control_set: str = ""


@dataclass(frozen=True)
class Measure:
    """A dated measure: its number on the charts, whether it is more than alleged, and who says so where known.

    Attributes:
        goods: codes that it names; empty where it names none, or they are not known.
        via_iso3: the intermediary whose act it is; empty where it is nobody's between origins and destination.
    """

    mark: int
    period: str
    date: str
    jurisdiction: str
    title: str
    status: str
    entry_id: str = ""
    source: str = ""
    link: str = ""
    goods: tuple[str, ...] = ()
    via_iso3: str = ""

    def concerns(self, via_iso3: str, codes: Sequence[str]) -> bool:
        """Whether it stands on the chart of a route: not where it names other goods, or is of another intermediary."""
        if self.via_iso3 and self.via_iso3 != via_iso3:
            return False
        return not self.goods or any(c.startswith(g) or g.startswith(c) for g in self.goods for c in codes)

    @property
    def is_firm(self) -> bool:
        """Whether it is or was in force; announced, proposed, reported, alleged and disputed ones are not."""
        return self.status.replace(" ", "_") in FIRM


@dataclass(frozen=True)
class Mark:
    """A vertical line for the measures of one month."""

    left: float
    text: str
    lane: int
    is_firm: bool


@dataclass(frozen=True)
class Chart:
    """Everything one chart draws; positions of text in per cent of the drawing area."""

    lines: tuple[Line, ...]
    y_labels: tuple[tuple[float, str], ...]
    x_labels: tuple[tuple[float, str], ...]
    shade: tuple[float, float] | None
    marks: tuple[Mark, ...]
    summary: str


def find_measures(rows: Iterable[Row], periods: Iterable[str]) -> list[Measure]:
    """Return the measures dated within the months shown, in date order, numbered from 1."""
    months = sorted(periods)
    if not months:
        return []
    kept = [row for row in rows if months[0] <= str(row["date"] or "")[:7] <= months[-1]]
    kept.sort(key=lambda row: (str(row["date"]), str(row["jurisdiction"] or ""), str(row["title"] or "")))
    return [
        Measure(
            mark=i,
            period=str(row["date"])[:7],
            date=str(row["date"]),
            jurisdiction=str(row["jurisdiction"] or ""),
            title=str(row["title"] or ""),
            status=spoken(str(row["status"] or "status unknown")),
            entry_id=str(row.get("entry_id") or ""),
            source=str(row.get("source") or ""),
            link=_web(str(row.get("url") or "")),
            goods=tuple(listed(row.get("goods"))),
            via_iso3=str(row.get("via_iso3") or ""),
        )
        for i, row in enumerate(kept, start=1)
    ]


def _web(url: str) -> str:
    """An address that may become a link; a user's pack may hold any text."""
    return url if url.startswith(("https://", "http://")) else ""


def path_chart(
    rows: Sequence[Row], measures: Sequence[Measure], *, main: str, window: tuple[str, str] | None, summary: str
) -> Chart:
    """Return observed against expected for one leg, with the interval of the ``main`` control set.

    Other control sets show their expected path as thin lines inside the window only: before it they all fit.
    """
    chosen = [row for row in rows if row["control_set"] == main]
    axis = _Axis.over(chosen, ("observed", "expected", "high"), window)
    lines = [Line("band", axis.band(chosen, "low", "high"))]
    for name in sorted({str(row["control_set"]) for row in rows} - {main}):
        fan = [row for row in rows if row["control_set"] == name and window and row["period"] >= window[0]]
        lines.append(Line("other", axis.line(fan, "expected"), name))
    lines.append(Line("expected", axis.line(chosen, "expected")))
    lines.append(Line("observed", axis.line(chosen, "observed")))
    return axis.chart(lines, measures, summary)


def mirror_chart(rows: Sequence[Row], *, window: tuple[str, str] | None, summary: str) -> Chart:
    """Return what the exporters report against what the importer reports."""
    axis = _Axis.over(rows, ("export_value", "import_value"), window)
    lines = [
        Line("expected", axis.line(rows, "import_value")),
        Line("observed", axis.line(rows, "export_value")),
    ]
    return axis.chart(lines, (), summary)


@dataclass(frozen=True)
class _Axis:
    first: int
    months: int
    top: float
    step: float
    window: tuple[str, str] | None

    @classmethod
    def over(cls, rows: Sequence[Row], columns: Sequence[str], window: tuple[str, str] | None) -> _Axis:
        indexes = [month_index(str(row["period"])) for row in rows] or [0]
        values = [number(row[column]) for row in rows for column in columns]
        top = max((value for value in values if value is not None), default=0.0) * ROOM or 1.0
        return cls(min(indexes), max(indexes) - min(indexes) + 1, top, _step(top), window)

    def x(self, period: str) -> float:
        return SIZE * (month_index(period) - self.first + 0.5) / self.months

    def y(self, value: float) -> float:
        return SIZE * (1 - min(max(value, 0.0), self.top) / self.top)

    def line(self, rows: Sequence[Row], column: str) -> str:
        """Return a path that stops where a month is missing; a lone month becomes a short dash."""
        half = SIZE * 0.3 / self.months
        parts = []
        for run in _runs(rows, (column,)):
            points = [(self.x(str(row["period"])), self.y(float(row[column]))) for row in run]
            if len(points) == 1:
                points = [(points[0][0] - half, points[0][1]), (points[0][0] + half, points[0][1])]
            parts.append(_path(points))
        return "".join(parts)

    def band(self, rows: Sequence[Row], low: str, high: str) -> str:
        parts = []
        for run in _runs(rows, (low, high)):
            there = [(self.x(str(row["period"])), self.y(float(row[high]))) for row in run]
            back = [(self.x(str(row["period"])), self.y(float(row[low]))) for row in reversed(run)]
            parts.append(f"{_path([*there, *back])}Z")
        return "".join(parts)

    def chart(self, lines: Sequence[Line], measures: Sequence[Measure], summary: str) -> Chart:
        ticks = [self.step * i for i in range(int(self.top / self.step) + 1)]
        return Chart(
            lines=tuple(line for line in lines if line.path),
            y_labels=tuple((round(self.y(tick) / 10, 2), money(tick)) for tick in ticks),
            x_labels=tuple(self._years()),
            shade=self._shade(),
            marks=tuple(self._marks(measures)),
            summary=summary,
        )

    def _years(self) -> Iterable[tuple[float, str]]:
        for index in range(self.first, self.first + self.months):
            period = month_text(index)
            if period.endswith("-01") or (self.months < 8 and index == self.first):
                yield round(self.x(period) / 10, 2), period[:4] if period.endswith("-01") else period

    def _shade(self) -> tuple[float, float] | None:
        if not self.window:
            return None
        half = SIZE * 0.5 / self.months
        start = min(max(self.x(self.window[0]) - half, 0), SIZE)
        end = min(max(self.x(self.window[1]) + half, 0), SIZE)
        return (round(start / 10, 2), round((end - start) / 10, 2)) if end > start else None

    def _marks(self, measures: Sequence[Measure]) -> Iterable[Mark]:
        """One line a month, its numbers in the first lane that has room."""
        by_month: dict[str, list[Measure]] = {}
        for measure in measures:
            if 0 <= month_index(measure.period) - self.first < self.months:
                by_month.setdefault(measure.period, []).append(measure)
        ends = [-math.inf] * LANES
        for period, here in sorted(by_month.items()):
            left = round(self.x(period) / 10, 2)
            text = str(here[0].mark) if len(here) == 1 else f"{here[0].mark}–{here[-1].mark}"
            lane = next((i for i, end in enumerate(ends) if left > end), ends.index(min(ends)))
            ends[lane] = left + LABEL_WIDTH * (len(text) + 1) / 2
            yield Mark(left, text, lane, any(m.is_firm for m in here))


def _runs(rows: Sequence[Row], columns: Sequence[str]) -> list[list[Row]]:
    """Stretches of consecutive months in which every column is known."""
    found: list[list[Row]] = []
    last = None
    for row in sorted(rows, key=lambda row: str(row["period"])):
        if any(number(row[column]) is None for column in columns):
            last = None
            continue
        index = month_index(str(row["period"]))
        if last is None or index != last + 1:
            found.append([])
        found[-1].append(row)
        last = index
    return found


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A polyline in whole steps relative to the point before: a third of the bytes of absolute ones."""
    whole = [(round(x), round(y)) for x, y in points]
    steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(whole)]
    return f"M{whole[0][0]} {whole[0][1]}l{' '.join(steps)}"


def _step(top: float) -> float:
    """A round step that gives three to five ticks."""
    power = 10.0 ** math.floor(math.log10(top))
    return power * next((part for part in (0.25, 0.5, 1.0) if top / (power * part) <= 4.6), 2.0)
