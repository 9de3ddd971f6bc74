"""The ranked table: its first rows as text for every reader, all rows once as compact JSON for the script."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.report.answer import Routes, Row, is_tested, listed, number
from entrepot.report.words import (
    NBSP,
    UNKNOWN,
    chance,
    label,
    money,
    rounded,
    share,
    share_range,
    spoken,
)

FIRST_ROWS = 200
LONGEST_NAME = 70
MOST_CODES = 4
EVIDENCE = {"in": "in leg only", "out": "out leg only", "both": "both legs"}
NUMBERS = (
    *("observed", "expected", "excess", "excess_low", "excess_high", "excess_min", "excess_max"),
    *("share_of_lost_direct", "covered_share_low", "covered_share_high", "p_value", "q_value"),
)


@dataclass(frozen=True)
class RankedRow:
    """One row of the printed table, every cell as text; ``bar`` is left, width and middle in per cent."""

    rank: int
    anchor: str
    is_alert: bool
    via: str
    product: str
    name: str
    observed: str
    expected: str
    excess: str
    interval: str
    controls: str
    lost: str
    covered: str
    q_value: str
    notes: str
    bar: tuple[str, str, str] | None


@dataclass(frozen=True)
class Untestable:
    """Products of one intermediary that share the same reasons."""

    via: str
    reasons: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """The tested rows twice (first ones as text, all as JSON) and the untestable ones grouped.

    ``common`` are the caveats that every tested row carries.
    """

    n_rows: int
    rows: tuple[RankedRow, ...]
    data: str
    vias: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    common: tuple[str, ...]
    zero: str
    untestable: tuple[Untestable, ...]
    n_untestable: int


def ranking(routes: Routes, anchors: Mapping[tuple[str, str], str], *, first_rows: int = FIRST_ROWS) -> Ranking:
    """Return the ranked table; ``anchors`` leads from (via, product) to a section of the page."""
    rows = routes.rows()
    tested = [row for row in rows if is_tested(row)]
    tested.sort(key=lambda row: number(row["rank"]) or math.inf)
    left_out = [row for row in rows if not is_tested(row)]
    notes = [set(listed(row["caveats"])) for row in tested]
    common = frozenset(set.intersection(*notes)) if len(notes) > 1 else frozenset()
    used = sorted(set().union(*notes) - common)
    of = _Of(routes, anchors, _bounds(tested), common)
    vias = sorted({str(row["via_iso3"]) for row in tested}, key=label)
    return Ranking(
        n_rows=len(tested),
        rows=tuple(_printed(row, i, of) for i, row in enumerate(tested[:first_rows], start=1)),
        data=_data(tested, of),
        vias=tuple((via, label(via)) for via in vias),
        notes=tuple((spoken(note), routes.caveat_texts.get(note, spoken(note))) for note in used),
        common=tuple(routes.caveat_texts.get(note, spoken(note)) for note in sorted(common)),
        zero=zero_place(of.bounds),
        untestable=_untestable(left_out, routes),
        n_untestable=len(left_out),
    )


def product_name(routes: Routes, product: str) -> str:
    """Return the product's label, cut to one line; empty where there is none."""
    name = " ".join(routes.product_names.get(product, "").split())
    if len(name) <= LONGEST_NAME:
        return name
    cut = name[:LONGEST_NAME]
    return f"{cut[: cut.rfind(' ') if ' ' in cut else -1].rstrip(' ,;:')} …"


def origins_text(cell: object) -> str:
    """Return ``DEU 61 %, POL 20 %`` for ``DEU 61%; POL 20%``."""
    return ", ".join(part.replace(" %", "%").replace("%", f"{NBSP}%") for part in listed(cell))


def _codes_text(row: Row) -> str:
    """The codes behind a group of several; nothing where the product is its own only code."""
    codes = listed(row["hs_codes"])
    if codes in ([], [str(row["product_id"])]):
        return ""
    return f"codes {', '.join(codes[:MOST_CODES])}{' …' if len(codes) > MOST_CODES else ''}"


def bar(low: object, middle: object, high: object, bounds: tuple[float, float]) -> tuple[str, str, str] | None:
    """Return left, width and middle of an interval in per cent of a signed square-root scale."""
    ends = [number(low), number(middle), number(high)]
    if any(end is None for end in ends) or bounds[1] <= bounds[0]:
        return None
    first, point, last = (_place(end or 0.0, bounds) for end in ends)
    return f"{first:.1f}", f"{max(last - first, 0.5):.1f}", f"{point:.1f}"


def zero_place(bounds: tuple[float, float]) -> str:
    """Return where zero lies on that scale, in per cent."""
    return f"{_place(0.0, bounds):.1f}" if bounds[1] > bounds[0] else "0"


def _place(value: float, bounds: tuple[float, float]) -> float:
    low, high = (_root(bound) for bound in bounds)
    return 100 * (min(max(_root(value), low), high) - low) / (high - low)


def _root(value: float) -> float:
    return math.copysign(math.sqrt(abs(value)), value)


def _bounds(rows: Sequence[Row]) -> tuple[float, float]:
    """Ends of the common scale; far negative ends are cut, as what is missing is not what is looked for."""
    highs = [number(row["excess_high"]) or 0.0 for row in rows]
    lows = [number(row["excess_low"]) or 0.0 for row in rows]
    top = max([*highs, 0.0])
    return max(min([*lows, 0.0]), -top / 50), top


@dataclass(frozen=True)
class _Of:
    """What every row of one table shares; ``common`` caveats are said once above it."""

    routes: Routes
    anchors: Mapping[tuple[str, str], str]
    bounds: tuple[float, float]
    common: frozenset[str]

    def caveats(self, row: Row) -> list[str]:
        return [note for note in listed(row["caveats"]) if note not in self.common]


def _printed(row: Row, place: int, of: _Of) -> RankedRow:
    product = str(row["product_id"])
    notes = [_codes_text(row), origins_text(row["top_origins"]), EVIDENCE.get(str(row["evidence"]), "")]
    notes += [spoken(note) for note in of.caveats(row)]
    low, middle, high = (rounded(row[name]) for name in ("excess_low", "excess", "excess_high"))
    return RankedRow(
        rank=int(number(row["rank"]) or place),
        anchor=of.anchors.get((str(row["via_iso3"]), product), ""),
        is_alert=bool(row["is_alert"]),
        via=label(str(row["via_iso3"])),
        product=product,
        name=product_name(of.routes, product),
        observed=money(row["observed"]),
        expected=money(row["expected"]),
        excess=money(middle),
        interval=interval(low, high),
        controls=interval(row["excess_min"], row["excess_max"]),
        lost=share(row["share_of_lost_direct"]),
        covered=share_range(row["covered_share_low"], row["covered_share_high"]),
        q_value=chance(row["q_value"]),
        notes=" · ".join(dict.fromkeys(note for note in notes if note)),
        bar=bar(low, middle, high, of.bounds),
    )


def interval(low: object, high: object) -> str:
    """Return ``1.0 m to 2.0 m``; ``unknown`` where an end is."""
    first, last = money(low), money(high)
    if UNKNOWN in (first, last):
        return UNKNOWN
    return first if first == last else f"{first} to {last}"


def _data(rows: Sequence[Row], of: _Of) -> str:
    """All rows as JSON with every repeated text held once; safe inside a script element."""
    vias = _Index(lambda via: [via, label(via)])
    products = _Index(lambda product: [product, product_name(of.routes, product)])
    notes = _Index(lambda note: spoken(note))
    lines = []
    for i, row in enumerate(rows, start=1):
        key = (str(row["via_iso3"]), str(row["product_id"]))
        codes = str(row["hs_codes"] or "")
        cells = [
            _short(number(row["rank"]) or i),
            vias.of(key[0]),
            products.of(key[1]),
            _quoted("" if codes == key[1] else codes),
            _quoted(str(row["evidence"] or "")),
            "1" if row["is_alert"] else "0",
            *(_short(row[name]) for name in NUMBERS),
            _quoted(",".join(listed(row["top_origins"]))),
            "[" + ",".join(notes.of(note) for note in of.caveats(row)) + "]",
            _quoted(of.anchors.get(key, "")),
        ]
        lines.append("[" + ",".join(cells) + "]")
    made = {"vias": vias.made, "products": products.made, "notes": notes.made}
    head = {**made, "evidence": EVIDENCE, "bounds": of.bounds}
    return f'{{"head":{_quoted(head)},"rows":[\n{",".join(lines)}\n]}}'


class _Index:
    """Texts held once and named by their place."""

    def __init__(self, entry: Any) -> None:
        self.made: list[Any] = []
        self._entry = entry
        self._place: dict[str, str] = {}

    def of(self, text: str) -> str:
        if text not in self._place:
            self._place[text] = str(len(self.made))
            self.made.append(self._entry(text))
        return self._place[text]


def _quoted(value: object) -> str:
    """JSON in which no character can end a script element or a line of script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _short(value: object) -> str:
    """Three significant digits in the fewest bytes that JSON allows: ``483e5``."""
    found = rounded(value)
    if found is None:
        return "null"
    mantissa, _, power = f"{found:.2e}".partition("e")
    digits = mantissa.replace(".", "")
    exponent = int(power) - 2
    while digits.lstrip("-") != "0" and digits.endswith("0"):
        digits, exponent = digits[:-1], exponent + 1
    short = str(int(digits)) + (f"e{exponent}" if exponent else "")
    plain = repr(int(found)) if found == int(found) else repr(found)
    return "0" if found == 0 else min(short, plain, key=len)


def _untestable(rows: Sequence[Row], routes: Routes) -> tuple[Untestable, ...]:
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        groups.setdefault((str(row["via_iso3"]), str(row["caveats"] or "")), []).append(str(row["product_id"]))
    ordered = sorted(groups.items(), key=lambda item: (label(item[0][0]), -len(item[1]), item[0][1]))
    return tuple(
        Untestable(
            via=label(via),
            reasons=tuple(routes.caveat_texts.get(note, spoken(note)) for note in listed(caveats))
            or ("No reason was recorded.",),
            products=tuple(sorted(products)),
        )
        for (via, caveats), products in ordered
    )
