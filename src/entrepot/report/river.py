"""The river origins -> via -> destination: band width is the range of the excess, never a point.

A band is two shapes around one middle line: the inner one as wide as the lower end of the interval, the outer
one as wide as the upper end. Every control set is drawn at one scale, so that switching shows what the choice
is worth. Where a leg has no data the band is dashed and its width means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from entrepot.report.links import DESTINATION, ORIGINS, OTHER, Ends, Links
from entrepot.report.words import label, money

UNSEEN_WIDTH = 8.0
TOP = 52.0


@dataclass(frozen=True)
class Canvas:
    """Where the columns of nodes stand, in SVG units, and how long a name may be before its code is used."""

    name: str
    width: float
    columns: tuple[float, float, float]
    bar: float
    gap: float
    span: float
    longest: int


WIDE = Canvas("wide", 960, (150, 484, 830), 8, 30, 320, 20)
SMALL = Canvas("small", 360, (78, 184, 290), 6, 24, 110, 11)
NARROW = Canvas("narrow", 360, (78, 184, 290), 6, 26, 260, 11)


@dataclass(frozen=True)
class Band:
    """Two closed SVG paths and what they mean in words; ``inner`` is empty for an unseen leg."""

    outer: str
    inner: str
    is_seen: bool
    is_onward: bool
    title: str


@dataclass(frozen=True)
class Node:
    """One bar with its name; ``side`` is 0 for origins, 1 for intermediaries, 2 for the destination."""

    x: float
    y: float
    height: float
    text: str
    side: int


@dataclass(frozen=True)
class River:
    """One drawing: the shapes for one control set on one canvas."""

    control_set: str
    canvas: Canvas
    height: float
    bands: tuple[Band, ...]
    nodes: tuple[Node, ...]

    @property
    def is_onward_seen(self) -> bool:
        """Whether every band that reaches the destination rests on data."""
        return all(band.is_seen for band in self.bands if band.is_onward)


def rivers(found: Links, canvas: Canvas, *, destination: str, currency: str) -> dict[str, River]:
    """Return one drawing per control set, all at one scale; none where no band is above zero."""
    columns = _columns(found)
    largest = max((_column_sum(ends, side) for ends in found.ends.values() for side in (0, 1)), default=0.0)
    if largest <= 0:
        return {}
    draw = _Drawing(canvas, columns, canvas.span / largest, destination, f"{currency} unexplained".strip())
    return {name: draw.river(name, ends) for name, ends in found.ends.items()}


def _columns(found: Links) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    pairs = [pair for ends in found.ends.values() for pair in ends]
    unseen = (f"o:{ORIGINS}",) if any(pair[0] == f"o:{ORIGINS}" for pair in pairs) else ()
    return (*found.origins, *unseen), found.vias, (DESTINATION,)


def _column_sum(ends: Mapping[tuple[str, str], Ends], side: int) -> float:
    """Sum of the upper ends of one leg: 0 origins to vias, 1 vias to the destination."""
    return sum(max(e[1], 0.0) for pair, e in ends.items() if e and (pair[1] == DESTINATION) == (side == 1))


@dataclass(frozen=True)
class _Drawing:
    canvas: Canvas
    columns: tuple[Sequence[str], Sequence[str], Sequence[str]]
    scale: float
    destination: str
    unit: str

    def river(self, control_set: str, ends: Mapping[tuple[str, str], Ends]) -> River:
        pairs = self._pairs()
        sizes = self._sizes(ends, pairs)
        height = TOP + self.canvas.span + self.canvas.gap * (max(len(column) for column in self.columns) - 1)
        tops = {name: y for column in self.columns for name, y in self._stack(column, sizes, height)}
        cursor: dict[tuple[str, str], float] = {}
        bands = tuple(self._band(pair, ends.get(pair), tops, cursor, pair in ends) for pair in pairs)
        nodes = tuple(
            Node(self._x(side), round(tops[name], 1), round(sizes[name], 1), self._name(name), side)
            for side, column in enumerate(self.columns)
            for name in column
        )
        return River(control_set, self.canvas, height, bands, nodes)

    def _pairs(self) -> list[tuple[str, str]]:
        first, middle, _ = self.columns
        return [(o, v) for o in first for v in middle] + [(v, DESTINATION) for v in middle]

    def _x(self, side: int) -> float:
        return self.canvas.columns[side]

    def _width(self, ends: Ends, is_link: bool) -> float:
        if ends is None:
            return UNSEEN_WIDTH if is_link else 0.0
        return max(ends[1], 0.0) * self.scale

    def _sizes(self, ends: Mapping[tuple[str, str], Ends], pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
        """Height of each node: the larger of what comes in and what goes out."""
        out: dict[str, float] = {}
        into: dict[str, float] = {}
        for pair in pairs:
            width = self._width(ends.get(pair), pair in ends)
            out[pair[0]] = out.get(pair[0], 0.0) + width
            into[pair[1]] = into.get(pair[1], 0.0) + width
        names = [name for column in self.columns for name in column]
        return {name: max(out.get(name, 0.0), into.get(name, 0.0), 1.0) for name in names}

    def _stack(self, column: Sequence[str], sizes: Mapping[str, float], height: float) -> Iterable[tuple[str, float]]:
        """Spread a column over the height, so that a set with thin bands still fills the drawing."""
        filled = sum(sizes[name] for name in column)
        spare = (height - TOP - filled) / max(len(column) - 1, 1)
        gap = min(max(spare, self.canvas.gap), 4 * self.canvas.gap)
        y = TOP + (height - TOP - filled - gap * (len(column) - 1)) / 2
        for name in column:
            yield name, y
            y += sizes[name] + gap

    def _band(
        self,
        pair: tuple[str, str],
        ends: Ends,
        tops: Mapping[str, float],
        cursor: dict[tuple[str, str], float],
        is_link: bool,
    ) -> Band:
        width = self._width(ends, is_link)
        side = 1 if pair[1] == DESTINATION else 0
        x0, x1 = self._x(side) + self.canvas.bar, self._x(side + 1)
        y0 = _taken(cursor, (pair[0], "out"), tops[pair[0]], width)
        y1 = _taken(cursor, (pair[1], "in"), tops[pair[1]], width)
        inner = 0.0 if ends is None else min(max(ends[0], 0.0) * self.scale, width)
        return Band(
            outer=_ribbon(x0, y0, x1, y1, width),
            inner=_ribbon(x0, y0, x1, y1, inner),
            is_seen=ends is not None or not is_link,
            is_onward=side == 1,
            title=self._title(pair, ends),
        )

    def _title(self, pair: tuple[str, str], ends: Ends) -> str:
        road = f"{self._name(pair[0])} to {self._name(pair[1])}"
        if ends is None:
            return f"{road}: not seen in this data"
        low, high = (money(max(end, 0.0)) for end in ends)
        return f"{road}: {low if low == high else f'{low} to {high}'} {self.unit}"

    def _name(self, node: str) -> str:
        if node == DESTINATION:
            return _short(self.destination, self.canvas.longest)
        code = node[2:]
        if code in (OTHER, ORIGINS):
            return code.capitalize()
        return _short(code, self.canvas.longest)


def _short(code: str, longest: int) -> str:
    name = label(code)
    return name if len(name) <= longest else code


def _taken(cursor: dict[tuple[str, str], float], key: tuple[str, str], top: float, width: float) -> float:
    used = cursor.get(key, 0.0)
    cursor[key] = used + width
    return top + used + width / 2


def _ribbon(x0: float, y0: float, x1: float, y1: float, width: float) -> str:
    """A closed band of constant width between two points, bent like a river; empty where it has no width."""
    if width < 0.05:
        return ""
    half, middle = width / 2, (x0 + x1) / 2
    a, b, c, d = y0 - half, y1 - half, y1 + half, y0 + half
    return (
        f"M{x0:g},{a:.1f}C{middle:g},{a:.1f} {middle:g},{b:.1f} {x1:g},{b:.1f}"
        f"V{c:.1f}C{middle:g},{c:.1f} {middle:g},{d:.1f} {x0:g},{d:.1f}Z"
    )
