"""Pieces of evidence as a panel shows them, and the table of routes through two intermediaries."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.report.answer import Routes, Row, listed, number
from entrepot.report.words import NBSP, UNKNOWN, chance, label, money, share_range, spoken

MOST_HOPS = 8
TITLES = {
    "legs": "Goods that went on",
    "mirror": "Both sides' reports",
    "unit_price": "Unit price",
    "front_running": "Before a date",
    "neighbour": "Neighbouring codes",
    "new_pairs": "New sellers",
    "hops": "Two intermediaries",
}
MARKS = {"supports": "+", "against": "−", "silent": "·"}
SAID = {
    "supports": "consistent with diversion",
    "against": "speaks against diversion",
    "silent": "says nothing either way",
}
# What speaks comes first.
_ORDER = ("supports", "against", "silent")


@dataclass(frozen=True)
class Piece:
    """One piece of evidence as text."""

    label: str
    mark: str
    said: str
    title: str
    finding: str
    numbers: str
    detail: str


@dataclass(frozen=True)
class Hop:
    """One route through two intermediaries as text."""

    stops: tuple[str, ...]
    product: str
    name: str
    flow: str
    lags: str
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class Hops:
    """The routes through two intermediaries of which most must have gone this way."""

    shown: tuple[Hop, ...]
    n_more: int
    notes: tuple[tuple[str, str], ...]


def pieces_by_route(routes: Routes) -> dict[tuple[str, str], tuple[Piece, ...]]:
    """Return (via, product) -> pieces, those that speak first."""
    found: dict[tuple[str, str], list[Piece]] = {}
    for row in routes.pieces:
        found.setdefault((str(row["via_iso3"]), str(row["product_id"])), []).append(_piece(row))
    places = {name: i for i, name in enumerate(_ORDER)}
    return {
        key: tuple(sorted(pieces, key=lambda piece: places.get(piece.label, len(places))))
        for key, pieces in found.items()
    }


def _piece(row: Row) -> Piece:
    kind, name = str(row["label"]), str(row["piece"])
    p = number(row["p_value"])
    numbers = [_ends(row), "" if p is None else f"p {chance(p)}"]
    return Piece(
        label=kind if kind in MARKS else "silent",
        mark=MARKS.get(kind, "·"),
        said=SAID.get(kind, spoken(kind)),
        title=TITLES.get(name, spoken(name).capitalize()),
        finding=unbroken(row["finding"]),
        numbers=", ".join(filter(None, numbers)),
        detail=unbroken(row["detail"]),
    )


def unbroken(text: object) -> str:
    """Return a sentence as print has it: numbers stay with their units, months in one line, minus and arrow as such."""
    signed = re.sub(r"(?<!\S)-(?=\d)", "−", str(text or "")).replace(" -> ", " → ")
    spaced = re.sub(r"(?<=\d) (?=%|[kmbn]{1,2} )", NBSP, signed)
    return re.sub(r"\b(\d{4})-(\d\d)\b", "\\1\u2011\\2", spaced)


def _ends(row: Row) -> str:
    """The interval in the piece's own unit; nothing where the sentence already says all."""
    low, high, unit = number(row["low"]), number(row["high"]), str(row["unit"] or "")
    if low is None or high is None:
        return ""
    if "log" in unit:
        # A difference of logs is a factor to a reader.
        return f"90 % interval {share_range(math.expm1(min(low, 9.0)), math.expm1(min(high, 9.0)))}"
    if "share" in unit:
        return f"90 % interval {share_range(low, high)}"
    return f"{money(low)} to {money(high)} {unit}".strip()


def hops_of(routes: Routes) -> Hops:
    """Return the routes through two intermediaries that the page shows, largest lower bound first."""
    rows = sorted(
        routes.hops,
        key=lambda row: (-(number(row["flow_low"]) or 0.0), -(number(row["flow_high"]) or 0.0), str(row["path"])),
    )
    shown = tuple(_hop(routes, row) for row in rows[:MOST_HOPS])
    used = dict.fromkeys(note for row in rows[:MOST_HOPS] for note in listed(row["caveats"]))
    notes = tuple((spoken(note), routes.caveat_texts.get(note, spoken(note))) for note in used)
    return Hops(shown, max(len(rows) - MOST_HOPS, 0), notes)


def _hop(routes: Routes, row: Row) -> Hop:
    product = str(row["product_id"])
    low, high = number(row["flow_low"]), number(row["flow_high"])
    flow = f"up to {money(high)}" if not low else f"{money(low)} to {money(high)}"
    return Hop(
        stops=tuple(label(stop) for stop in str(row["path"]).split(" -> ")),
        product=product,
        name=routes.product_names.get(product, ""),
        flow=f"{flow} {row['currency'] or ''}".strip(),
        lags=_lags(listed(row["lags"])),
        caveats=tuple(spoken(note) for note in listed(row["caveats"])),
    )


def _lags(lags: Sequence[str]) -> str:
    known = [lag for lag in lags if lag != UNKNOWN]
    return f"{' and '.join(lags)} months" if known else UNKNOWN
