"""Timeline: entries of the ledger as one SVG picture, on a page or alone.

Told apart at a glance: a hollow circle is announced, adopted, signed or published; a filled bar is in force, and fades
where no end is known; an upright tick is an end; hatching is a suspension; an empty dotted box is a time of which
nobody found whether the act held; what is only alleged, reported, disputed or proposed is drawn dashed in another ink,
with the word beside it. A date known to the month or year is a span, never a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from entrepot.codes import Dated, day_text, parse_day
from entrepot.ledger import RECORDED, Entry, Standing
from entrepot.report.writing import template, write_whole

WIDTH, LEFT, RIGHT = 1120, 380, 96
ROW, HEAD = 22, 30
_TOLD = ("announced", "adopted", "signed", "published", "date")
_MOST_CHARACTERS = 52
# From so many rows on the years stand under the picture, too.
_LONG = 25
# The earliest tenth of the dates is drawn narrower where it would take more than a third of the width.
_EARLY, _MOST_OF_EARLY, _NARROW = 0.1, 1 / 3, 0.12
# Years nearer to each other than this cannot be read.
_APART = 40


@dataclass(frozen=True)
class Shape:
    """A piece of a row: its look (a CSS class), where it starts and how wide it is, and what a pointer is told."""

    look: str
    x: float
    width: float
    title: str


@dataclass(frozen=True)
class Line:
    """One entry: its label, its shapes, and a word where it is less than a rule."""

    y: float
    label: str
    title: str
    shapes: tuple[Shape, ...]
    word: str
    is_recorded: bool = False


@dataclass
class Picture:
    """Everything the picture draws."""

    title: str
    on: str
    height: float = 0
    heads: list[tuple[float, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    years: list[tuple[float, str]] = field(default_factory=list)
    now: float | None = None
    knee: float | None = None
    fade: float = 0
    right: float = WIDTH - RIGHT
    source: str = ""
    has_title: bool = True
    width: int = WIDTH

    @property
    def head(self) -> int:
        """Where the line under the title stands."""
        return 48 if self.has_title else 18

    @property
    def top(self) -> int:
        """Where the rows begin."""
        return self.head + 96

    @property
    def bottom(self) -> float:
        """Where the rows end."""
        return self.height - 42

    @property
    def count(self) -> str:
        """How many entries there are, in words."""
        return f"{len(self.lines)} {'entry' if len(self.lines) == 1 else 'entries'}"

    @property
    def is_long(self) -> bool:
        """Whether the years stand under it, too."""
        return len(self.lines) > _LONG


def timeline(standings: Sequence[Standing], *, on: str, title: str = "Measures", has_title: bool = True) -> str:
    """Return standings as the text of an SVG file, grouped by jurisdiction, in the order of time.

    Args:
        on: the day the standings are of; what lies after it is drawn as planned.
        has_title: False where the page around it has the title.
    """
    picture = _picture(standings, Picture(title, on, has_title=has_title))
    return template("timeline.svg.j2").render(p=picture, recorded=RECORDED)


def write_timeline(standings: Sequence[Standing], path: Path, *, on: str, title: str = "Measures") -> None:
    """Write the picture as .svg, or as .html with the entries and their sources under it; whole or not at all."""
    svg = timeline(standings, on=on, title=title, has_title=path.suffix != ".html")
    if path.suffix == ".html":
        page = template("timeline.html.j2").render(svg=svg, title=title, on=on, standings=standings)
        write_whole(page, path)
    else:
        write_whole(svg, path)


def _picture(standings: Sequence[Standing], picture: Picture) -> Picture:
    today = parse_day(picture.on)
    scale = _Scale.over([s.entry for s in standings], today)
    y = float(picture.top)
    for jurisdiction in sorted({s.entry.jurisdiction for s in standings}):
        picture.heads.append((y + 20, jurisdiction))
        y += HEAD
        for one in (s for s in standings if s.entry.jurisdiction == jurisdiction):
            picture.lines.append(_line(one, y, scale, today))
            y += ROW
    picture.height = y + 58
    picture.years = scale.years()
    picture.now = scale.x(today) if scale.first <= today <= scale.last else None
    picture.knee = scale.x(scale.knee) if scale.knee > scale.first else None
    # What is known today is drawn whole; what comes after it fades.
    picture.fade = min(picture.now or picture.right, picture.right - 30)
    picture.source = _said_by(standings)
    return picture


@dataclass(frozen=True)
class _Scale:
    """Days as places. Before ``knee`` time is drawn narrower; where it is the first day, nowhere is."""

    first: int
    last: int
    knee: int

    @classmethod
    def over(cls, entries: Sequence[Entry], today: int) -> _Scale:
        days = [day for e in entries for when in e.dates.values() for day in (when.first, when.last)]
        kept = [day for day in days if 1 < day < 3_650_000] or [today]
        # What runs on without a known end runs until the day asked for at least.
        runs_on = any(e.start and "removed" not in e.dates and e.start.first <= today for e in entries)
        first, last = min(kept), max(*kept, today if runs_on else min(today, max(kept) + 200))
        early = date(date.fromordinal(sorted(kept)[int(_EARLY * len(kept))]).year, 1, 1).toordinal()
        is_narrow = len(kept) > 20 and early - first > _MOST_OF_EARLY * (last - first)
        margin = max((last - (early if is_narrow else first)) // 40, 20)
        return cls(first - margin, last + margin, early if is_narrow else first - margin)

    def x(self, day: int) -> float:
        inside = min(max(day, self.first), self.last)
        narrow = _NARROW if self.knee > self.first else 0.0
        if inside < self.knee:
            share = narrow * (inside - self.first) / (self.knee - self.first)
        else:
            share = narrow + (1 - narrow) * (inside - self.knee) / (self.last - self.knee)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)

    def years(self) -> list[tuple[float, str]]:
        first, last = date.fromordinal(self.first).year, date.fromordinal(self.last).year
        wide = date.fromordinal(self.knee).year
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - wide) / n <= 14)
        found: list[tuple[float, str]] = []
        for year in range(last, first, -1):
            place = self.x(date(year, 1, 1).toordinal())
            if year % step == 0 and (not found or found[-1][0] - place >= _APART):
                found.append((place, str(year)))
        return found[::-1]


def _said_by(standings: Sequence[Standing]) -> str:
    cited = {citation for one in standings for citation in one.entry.sources}
    packs = ", ".join(sorted({one.entry.pack for one in standings}))
    return f"Sources: {len(cited)} citations of the ledger ({packs})." if packs else ""


def _line(one: Standing, y: float, scale: _Scale, today: int) -> Line:
    entry = one.entry
    is_recorded = one.status in RECORDED
    shapes = [] if entry.start is None else _bar(one, scale, today)
    for stage in _TOLD:
        # A date of unknown stage is the start that is drawn already.
        if stage in entry.dates and not (stage == "date" and entry.start is entry.dates["date"]):
            shapes.append(_told(stage, entry.dates[stage], scale))
    word = one.status.replace("_", " ") if is_recorded or one.must_ask else ""
    return Line(y, _cut(entry.title), f"{entry.entry_id}: {entry.title}. {one.why}", tuple(shapes), word, is_recorded)


def _bar(one: Standing, scale: _Scale, today: int) -> list[Shape]:
    entry, start = one.entry, one.entry.start
    assert start is not None
    if one.status in RECORDED:
        left, right = scale.x(start.first), scale.x(min(start.last, scale.last))
        return [Shape("doubted", left, max(right - left, 26), f"{one.status}: {start}")]
    end = entry.dates.get("removed")
    # After a suspension or a nominal end of which nobody found what followed, it is not drawn as in force.
    unsure = [p.end for p in entry.suspensions[-1:] if p.end and not p.is_end_sure] if end is None else []
    stop = end or (unsure[0] if unsure else None)
    left, right = scale.x(start.last), scale.x(stop.first) if stop else scale.x(scale.last)
    look = "bar ended" if one.status == "ended" else "bar planned" if start.first > today else "bar"
    shapes = [Shape(look + ("" if stop else " open"), left, max(right - left, 3), _told_bar(start, end))]
    if not start.is_day:
        shapes.append(Shape("vague", scale.x(start.first), max(left - scale.x(start.first), 2), f"begins in {start}"))
    for pause in entry.suspensions:
        begin, over = scale.x(pause.start.first), scale.x(pause.end.first if pause.end else scale.last)
        shapes.append(Shape("paused", begin, max(over - begin, 3), "suspended"))
    if unsure or (end and not entry.is_end_sure):
        shapes.append(Shape("asked", right, max(scale.x(scale.last) - right, 3), "what followed was not found"))
    if end:
        shapes.append(Shape("tick", right, 0, f"ends {end}" + ("" if entry.is_end_sure else ", nominal")))
    return shapes


def _told(stage: str, when: Dated, scale: _Scale) -> Shape:
    left, right = scale.x(when.first), scale.x(when.last)
    title = f"{stage if stage != 'date' else 'dated'} {when}"
    return Shape("told", left, 0, title) if when.is_day else Shape("told-span", left, max(right - left, 2), title)


def _told_bar(start: Dated, end: Dated | None) -> str:
    return f"in force from {start}" + (f", ends {end}" if end else f", no end known on {day_text(max(start.first, 1))}")


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1].rstrip() + "…"
