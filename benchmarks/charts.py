"""Line charts on logarithmic axes as plain SVG, for the pages of docs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 300, 240, 48, 28, 44
COLOURS = ("#7a7a7a", "#1f6f8b", "#b5532a")


@dataclass(frozen=True)
class Line:
    """One line: its name and points (x, y), both above zero."""

    name: str
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """One chart: what is on its axes, and the lines."""

    x_title: str
    y_title: str
    lines: list[Line]


def drawn(panels: list[Panel]) -> str:
    """Return panels side by side as one SVG; the lines of the first are named below."""
    width = len(panels) * WIDTH
    body = "".join(f'<g transform="translate({i * WIDTH} 0)">{_panel(panel)}</g>' for i, panel in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + 24}" width="{width}"'
        f' height="{HEIGHT + 24}" font-family="sans-serif" font-size="11" fill="#222">'
        f'<rect width="100%" height="100%" fill="#fff"/>{body}{_legend(panels[0])}</svg>\n'
    )


def _panel(panel: Panel) -> str:
    points = [point for line in panel.lines for point in line.points]
    if not points:
        return ""
    x_ends, y_ends = (_ends([point[axis] for point in points]) for axis in (0, 1))
    right, floor = WIDTH - 16, HEIGHT - BOTTOM

    def x(value: float) -> float:
        return LEFT + (right - LEFT) * _share(value, x_ends)

    def y(value: float) -> float:
        return floor - (floor - TOP) * _share(value, y_ends)

    parts = [f'<path d="M{LEFT} {TOP}V{floor}H{right}" fill="none" stroke="#999"/>']
    for tick in sorted({point[0] for point in points}):
        parts.append(
            f'<text x="{x(tick):.1f}" y="{floor + 14}" text-anchor="middle" font-size="9">{_text(tick)}</text>'
        )
    for tick in _powers(y_ends):
        parts.append(f'<path d="M{LEFT} {y(tick):.1f}H{right}" stroke="#eee"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y(tick) + 4:.1f}" text-anchor="end">{_text(tick)}</text>')
    for line, colour in zip(panel.lines, COLOURS, strict=False):
        path = "L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in line.points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        parts += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="2.6" fill="{colour}"/>' for a, b in line.points]
    parts.append(
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(panel.x_title)}</text>'
    )
    parts.append(f'<text x="{LEFT}" y="{TOP - 12}">{escape(panel.y_title)}</text>')
    return "".join(parts)


def _legend(panel: Panel) -> str:
    parts = []
    for i, (line, colour) in enumerate(zip(panel.lines, COLOURS, strict=False)):
        at = LEFT + i * 130
        parts.append(f'<rect x="{at}" y="{HEIGHT + 4}" width="14" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{at + 20}" y="{HEIGHT + 10}">{escape(line.name)}</text>')
    return "".join(parts)


def _ends(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low / 1.15, high * 1.15)


def _share(value: float, ends: tuple[float, float]) -> float:
    return math.log(value / ends[0]) / math.log(ends[1] / ends[0])


def _powers(ends: tuple[float, float]) -> list[float]:
    """The powers of ten between the ends."""
    first, last = math.ceil(math.log10(ends[0])), math.floor(math.log10(ends[1]))
    return [10.0**power for power in range(first, last + 1)]


def _text(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
