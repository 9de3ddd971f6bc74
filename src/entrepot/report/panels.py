"""One panel per top route: path charts of its legs, its mirror, its origins, caveats and lawful explanations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from entrepot.report.answer import Routes, Row, Scope, is_tested, listed, number
from entrepot.report.chart import Chart, Measure, mirror_chart, path_chart
from entrepot.report.controls import Control, controls_by_route
from entrepot.report.lawful import lawful_explanations
from entrepot.report.links import DESTINATION, ORIGINS, OTHER, Links
from entrepot.report.pieces import Piece, pieces_by_route, unbroken
from entrepot.report.ranking import interval, origins_text, product_name
from entrepot.report.river import SMALL, River, rivers
from entrepot.report.words import (
    UNKNOWN,
    chance,
    control_title,
    label,
    money,
    month,
    place,
    share,
    share_range,
    spoken,
    window,
)

MOST_PANELS = 20
ORIGIN = re.compile(r"^(?P<code>\S.*?)\s+(?P<share>\d+(?:\.\d+)?)\s*%$")


@dataclass(frozen=True)
class Leg:
    """One leg of one route: its chart and its months in the window as text."""

    title: str
    chart: Chart
    months: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Mirror:
    """Both reports of the in-leg and what their gap says against its own quiet time."""

    chart: Chart
    text: str


@dataclass(frozen=True)
class Panel:
    """Everything shown for one top route."""

    anchor: str
    place: int
    is_alert: bool
    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    controls: tuple[Control, ...]
    legs: tuple[Leg, ...]
    unseen: str
    river: River | None
    origins: str
    mirror: Mirror | None
    counter: str
    would_change: str
    pieces: tuple[Piece, ...]
    caveats: tuple[str, ...]
    lawful: tuple[str, ...]


Key = tuple[str, str]


def panel_keys(routes: Routes) -> dict[Key, str]:
    """Return (via, product) of the routes that get a panel, in rank order, with the anchor of each."""
    drawn = {(str(row["via_iso3"]), str(row["product_id"])) for row in routes.paths}
    ranked = sorted(
        (row for row in routes.rows() if is_tested(row)), key=lambda row: number(row["rank"]) or float("inf")
    )
    keys = [key for row in ranked if (key := (str(row["via_iso3"]), str(row["product_id"]))) in drawn]
    return {key: f"route-{i}" for i, key in enumerate(dict.fromkeys(keys), start=1) if i <= MOST_PANELS}


def panels(routes: Routes, scope: Scope, measures: Sequence[Measure]) -> list[Panel]:
    """Return the panels of the top routes in rank order."""
    keys = panel_keys(routes)
    paths: dict[Key, list[Row]] = {key: [] for key in keys}
    mirrors: dict[Key, list[Row]] = {key: [] for key in keys}
    for table, found in ((routes.paths, paths), (routes.mirror, mirrors)):
        for row in table:
            key = (str(row["via_iso3"]), str(row["product_id"]))
            if key in found:
                found[key].append(row)
    rows = {(str(row["via_iso3"]), str(row["product_id"])): row for row in routes.rows() if is_tested(row)}
    pieces, controls = pieces_by_route(routes), controls_by_route(routes)
    drawn = [
        _panel(routes, scope, rows[key], i, anchor, paths[key], mirrors[key], pieces.get(key, ()), measures)
        for i, (key, anchor) in enumerate(keys.items(), start=1)
    ]
    return [replace(one, controls=controls.get(key, ())) for one, key in zip(drawn, keys, strict=True)]


def _panel(
    routes: Routes,
    scope: Scope,
    row: Row,
    order: int,
    anchor: str,
    path: Sequence[Row],
    mirror: Sequence[Row],
    pieces: tuple[Piece, ...],
    measures: Sequence[Measure],
) -> Panel:
    via, destination = str(row["via_iso3"]), str(row["destination_iso3"])
    evidence, product = str(row["evidence"] or ""), str(row["product_id"])
    return Panel(
        anchor=anchor,
        place=int(number(row["rank"]) or order),
        is_alert=bool(row["is_alert"]),
        title=f"{label(via)}, {product}",
        name=product_name(routes, product),
        facts=tuple(_facts(row)),
        controls=(),
        legs=tuple(_legs(row, path, scope, measures)),
        unseen=_unseen(evidence, via, destination),
        river=_flow(row),
        origins=origins_text(row["top_origins"]),
        mirror=_mirror(mirror, row) if mirror else None,
        counter=unbroken(row.get("counter_explanation")),
        would_change=unbroken(row.get("would_change")),
        pieces=pieces,
        caveats=tuple(routes.caveat_texts.get(note, spoken(note)) for note in listed(row["caveats"])),
        lawful=tuple(lawful_explanations(product, evidence=evidence, via=place(via), destination=place(destination))),
    )


def _facts(row: Row) -> list[tuple[str, str]]:
    currency = str(row["currency"] or "")

    def amount(text: str) -> str:
        return text if text == UNKNOWN else f"{text} {currency}".strip()

    facts = [
        ("Observed", amount(money(row["observed"]))),
        ("Expected", amount(money(row["expected"]))),
        ("Unexplained", amount(money(row["excess"]))),
        ("90 % interval", amount(interval(row["excess_low"], row["excess_high"]))),
        ("Over all controls", amount(interval(row["excess_min"], row["excess_max"]))),
        ("Share of lost direct trade", share(row["share_of_lost_direct"])),
        ("Covered by acts in force", share_range(row["covered_share_low"], row["covered_share_high"])),
        ("p, q", f"{chance(row['p_value'])}, {chance(row['q_value'])}"),
        ("Controls used", control_title(str(row["control_set"] or UNKNOWN))),
    ]
    if number(row.get("out_excess")) is not None:
        onward = interval(row.get("out_excess_low"), row.get("out_excess_high"))
        facts.insert(4, ("Onward leg, unexplained", f"{money(row['out_excess'])} ({onward}) {currency}".strip()))
    return facts


def _legs(row: Row, path: Sequence[Row], scope: Scope, measures: Sequence[Measure]) -> list[Leg]:
    via, destination = label(str(row["via_iso3"])), label(str(row["destination_iso3"]))
    titles = {"in": f"Origins to {via}", "out": f"{via} to {destination}"}
    span = (str(row["window_start"]), str(row["window_end"])) if row["window_start"] else scope.window
    own = [one for one in measures if one.concerns(str(row["via_iso3"]), listed(row["hs_codes"]))]
    found = []
    for leg, title in titles.items():
        here = [one for one in path if one["leg"] == leg]
        if not here:
            continue
        main = _main_set(here, str(row["control_set"] or ""))
        chosen = sorted((one for one in here if one["control_set"] == main), key=lambda one: str(one["period"]))
        inside = [one for one in chosen if span and span[0] <= str(one["period"]) <= span[1]]
        chart = path_chart(here, own, main=main, window=span, summary=_summary(title, inside, span))
        found.append(Leg(title, chart, tuple(_month(one) for one in inside)))
    return found


def _main_set(path: Sequence[Row], used: str) -> str:
    names = [str(row["control_set"]) for row in path]
    return used if used in names else names[0]


def _month(row: Row) -> tuple[str, str, str, str]:
    return str(row["period"]), money(row["observed"]), money(row["expected"]), interval(row["low"], row["high"])


def _summary(title: str, inside: Sequence[Row], span: tuple[str, str] | None) -> str:
    pairs = [(number(row["observed"]), number(row["high"])) for row in inside]
    known = [(seen, high) for seen, high in pairs if seen is not None and high is not None]
    above = sum(seen > high for seen, high in known)
    when = window(*span) if span else "the window"
    return f"{title}: observed trade lies above the 90 % band in {above} of {len(known)} reported months, {when}."


def _unseen(evidence: str, via: str, destination: str) -> str:
    if evidence == "in":
        return f"The leg from {place(via)} to {place(destination)} is not seen in this data."
    if evidence == "out":
        return f"The leg from the origins to {place(via)} is not seen in this data."
    return ""


def _flow(row: Row) -> River | None:
    """The row's interval split by who carries the rise; the onward leg with its own interval, or unseen."""
    via, evidence = f"v:{row['via_iso3']}", str(row["evidence"])
    ends: dict[Key, tuple[float, float] | None] = {}
    if evidence == "out":
        ends = {(f"o:{ORIGINS}", via): None, (via, DESTINATION): _ends(row, "excess")}
    elif whole := _ends(row, "excess"):
        shares = dict(_origins(row))
        rest = 1 - sum(shares.values())
        if rest > 0.005:
            shares[OTHER] = shares.get(OTHER, 0.0) + rest
        ends = {(f"o:{code}", via): (whole[0] * part, whole[1] * part) for code, part in shares.items()}
        ends[(via, DESTINATION)] = _ends(row, "out_excess")
    origins = tuple(pair[0] for pair in ends if pair[1] == via and pair[0] != f"o:{ORIGINS}")
    about = {"destination": str(row["destination_iso3"]), "currency": str(row["currency"] or "")}
    return rivers(Links(origins, (via,), {"": ends}), SMALL, **about).get("")


def _ends(row: Row, name: str) -> tuple[float, float] | None:
    low, high = number(row.get(f"{name}_low")), number(row.get(f"{name}_high"))
    return None if low is None or high is None else (low, high)


def _origins(row: Row) -> list[tuple[str, float]]:
    found = [ORIGIN.match(part) for part in listed(row["top_origins"])]
    return [(one["code"], float(one["share"]) / 100) for one in found if one]


def _mirror(rows: Sequence[Row], row: Row) -> Mirror:
    ordered = sorted(rows, key=lambda one: str(one["period"]))
    span = (str(row["window_start"]), str(row["window_end"])) if row["window_start"] else None
    inside = [one for one in ordered if span and span[0] <= str(one["period"]) <= span[1]]
    via = place(str(row["via_iso3"]))
    gaps = [[number(one[column]) for column in ("gap_share", "gap_quiet_low", "gap_quiet_high")] for one in inside]
    known = [(gap, low, high) for gap, low, high in gaps if None not in (gap, low, high)]
    outside = sum(gap < low or gap > high for gap, low, high in known)  # type: ignore[operator]
    if known:
        _, low, high = known[-1]
        text = (
            f"In {outside} of {len(known)} months of the window the gap between both reports lies outside its own "
            f"quiet-time range ({share_range(low, high)} of imports as {via} reports them)."
        )
    else:
        text = f"In no month of the window do both the origins and {via} report, or no quiet time is known."
    last = month(ordered[-1]["period"])
    return Mirror(mirror_chart(ordered, window=span, summary=f"{text} Reports until {last}."), text)
