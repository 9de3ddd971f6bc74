"""Placebo: the same question where no answer is expected, beside the real one.

Three kinds: lists of goods that nobody listed, other destinations, earlier events. Each is answered in the very same
way; what they give shows how much of the real answer comes by itself.

Source: docs/methods/placebo.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from entrepot.codes import month_text
from entrepot.errors import ConfigError, EstimateError
from entrepot.flows.leg import leg_of
from entrepot.flows.legs import Legs, legs_of
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Bools, Floats, Ints, only
from entrepot.flows.ranking import Ranking, ranked
from entrepot.flows.scope import Scope, scope_of
from entrepot.lake import Engine, Lake, Table

KINDS = {
    "products": "random goods that are not listed, as many, of the same chapters and sizes",
    "destination": "other destinations in the data, one after the other",
    "date": "earlier events, with the same number of months after them",
}
PLACEBO_TYPES = {
    "kind": "VARCHAR",
    "label": "VARCHAR",
    "is_real": "BOOLEAN",
    "destination_iso3": "VARCHAR",
    "event": "VARCHAR",
    "until": "VARCHAR",
    "products": "INTEGER",
    "tested": "INTEGER",
    "alerts": "INTEGER",
    "alert_excess": "DOUBLE",
    "alert_excess_low": "DOUBLE",
    "share_p_below_05": "DOUBLE",
    "rank_by_alerts": "INTEGER",
    "rank_by_excess": "INTEGER",
}
_STRATA = 3
Show = Callable[[str], None]


class Placebo(Table):
    """The real answer and each placebo's, in counts and money; the real one first, the others in the order asked.

    Attributes:
        p_by_alerts: randomisation p-value: share of all answers, the real one among them, with as many alerts.
        p_by_excess: the same by the money at least unexplained in alerts.
        skipped: label of each placebo that the data could not answer, with the reason.
        parameters: the question.
    """

    def __init__(self, rows: list[dict[str, Any]], *, skipped: dict[str, str], parameters: dict[str, Any]) -> None:
        for name, by in (("rank_by_alerts", "alerts"), ("rank_by_excess", "alert_excess_low")):
            for row in rows:
                row[name] = sum(other[by] > row[by] for other in rows) + 1
        found = Table.from_rows(rows, PLACEBO_TYPES)
        super().__init__(found.columns, PLACEBO_TYPES)
        self.p_by_alerts = _share_as_high(found["alerts"])
        self.p_by_excess = _share_as_high(found["alert_excess_low"])
        self.skipped = skipped
        self.parameters = parameters


def _share_as_high(values: list[float]) -> float:
    return sum(value >= values[0] for value in values) / len(values)


def placebo(
    lake: Lake,
    *,
    kind: str,
    destination: str,
    event: str,
    n: int = 20,
    seed: int = 1,
    on_run: Show | None = None,
    **question: Any,
) -> Placebo:
    """Return how many alerts, and how much unexplained money, placebos give beside the real question.

    Args:
        lake: an open lake with monthly flows.
        kind: products, destination or date; see ``KINDS``.
        destination: ISO3 of the sanctioned market.
        event: first treated month, YYYY-MM.
        n: placebos at most; fewer where the data have no more.
        seed: of the random lists of goods.
        on_run: called with the label of each placebo before it is answered.
        **question: the other fields of :class:`RoutesOptions`.

    Returns:
        grain one answer, the real one first. alerts and tested are rows; alert_excess and alert_excess_low add up the
        alerts' excess and its lower end, in the rows' currency; share_p_below_05 is the share of tested rows with a
        p_value below 0.05. With destinations only rows whose onward leg is seen are counted.

    Raises:
        ConfigError: another kind, n below one, or products="all" where unlisted goods are asked for.
        EstimateError: the data hold nothing to draw placebos from, or cannot answer the real question.

    Source: docs/methods/placebo.md.
    """
    if kind not in KINDS:
        raise ConfigError(f"placebo is {kind!r}", remedy=f"Choose one of {', '.join(KINDS)}.")
    if n < 1:
        raise ConfigError(f"{n} placebos", remedy="Ask for one or more.")
    options = RoutesOptions(destination=destination, event=event, **question)
    told = on_run or (lambda label: None)
    with lake.engine(as_of=options.as_of) as engine:
        draw = {"products": _by_products, "destination": _by_destination, "date": _by_date}[kind]
        rows: list[dict[str, Any]] = []
        skipped: dict[str, str] = {}
        for label, answer in draw(engine, options, n, seed):
            told(label)
            try:
                rows.append({"kind": kind, "label": label, "is_real": not rows, **answer()})
            except EstimateError as error:
                if not rows:
                    raise
                skipped[label] = error.found
    if len(rows) < 2:
        raise EstimateError(f"no placebo of the kind {kind} could be answered", remedy="Choose another --placebo.")
    asked = {"kind": kind, "n": n, "seed": seed, "destination": destination, "event": event}
    return Placebo(rows, skipped=skipped, parameters=asked | question)


Draws = Iterator[tuple[str, Callable[[], dict[str, Any]]]]


def _by_products(engine: Engine, options: RoutesOptions, n: int, seed: int) -> Draws:
    """Lists of unlisted goods; the listed ones are then nowhere, neither tested nor controls."""
    if options.products == "all":
        raise ConfigError("all products are asked about, so that none is unlisted", remedy="Name --products.")
    data = legs_of(engine, options)
    yield options.products, lambda: _answer(engine, data, options)
    luck = np.random.default_rng(seed)
    for i in range(n):
        chosen = _like_the_listed(data, luck)
        unlisted = _with_products(data, chosen, options)
        yield f"list {i + 1}", lambda drawn=unlisted: _answer(engine, drawn, options)  # type: ignore[misc]


def _like_the_listed(data: Legs, luck: np.random.Generator) -> Bools:
    """As many unlisted products as are listed, chapter by chapter and size by size, drawn without repetition."""
    listed = np.array([product.is_tested for product in data.products], dtype=bool)
    size = _sizes(data)
    traded = size > 0
    chapter = np.array([product.codes[0][:2] for product in data.products])
    stratum = np.digitize(size, np.quantile(size[traded], np.arange(1, _STRATA) / _STRATA)) if traded.any() else size
    left, chosen = traded & ~listed, np.zeros(len(listed), dtype=bool)
    for i in luck.permutation(np.flatnonzero(listed & traded)):
        # Where a chapter has no unlisted good of the size left, one of its other sizes, then one of the size elsewhere.
        same = (left & (chapter == chapter[i]), left & (stratum == stratum[i]))
        pool = next((p for p in (same[0] & same[1], *same, left) if p.any()), None)
        if pool is None:
            break
        pick = luck.choice(np.flatnonzero(pool))
        chosen[pick], left[pick] = True, False
    if 2 * chosen.sum() < (listed & traded).sum() or not chosen.any():
        raise EstimateError(
            f"the data hold {int(chosen.sum())} unlisted goods for {int((listed & traded).sum())} listed ones",
            remedy="Ingest trade in unlisted goods, or choose --placebo date.",
        )
    return chosen


def _sizes(data: Legs) -> Floats:
    """Money before the event by product, over all intermediaries."""
    name = "in" if "in" in data.panels and len(data.panels["in"]) else "out"
    panel = data.panels[name]
    return np.bincount(panel.product, np.nansum(panel.before, axis=1), len(data.products)).astype(float)


def _with_products(data: Legs, chosen: Bools, options: RoutesOptions) -> Legs:
    """The same data without the listed goods, asked about the chosen ones."""
    listed = np.array([product.is_tested for product in data.products], dtype=bool)
    wanted = options.via_codes()
    tested_via = np.array([wanted is None or iso3 in wanted for iso3 in data.via], dtype=bool)
    panels = {}
    for name, panel in data.panels.items():
        kept = only(panel, ~listed[panel.product])
        tested = chosen[kept.product] & (tested_via[kept.via] if name != "direct" else True)
        panels[name] = replace(kept, is_tested=np.asarray(tested, dtype=bool))
    products = [replace(p, is_tested=bool(is_one), items=()) for p, is_one in zip(data.products, chosen, strict=True)]
    return replace(data, products=products, panels=panels)


def _by_destination(engine: Engine, options: RoutesOptions, n: int, seed: int) -> Draws:
    """Other destinations. Neither they nor the real one are intermediaries of each other's."""
    data = legs_of(engine, options)
    if "out" not in data.panels or not len(data.panels["out"]):
        raise EstimateError(
            "the onward leg is not in the data, so that another destination would change nothing",
            remedy="Ingest the intermediaries' exports, or choose --placebo products or date.",
        )
    others = _destinations(engine, data.scope, options)[:n]
    wanted = set(data.via) if options.via is None else set(options.via_codes() or ())
    for iso3 in (options.destination, *others):
        via = ",".join(sorted(wanted - {iso3, options.destination}))
        asked = replace(options, destination=iso3, via=via, until=month_text(data.scope.last_month))
        yield iso3, lambda asked=asked: _answer(engine, legs_of(engine, asked), asked, onward=True)  # type: ignore[misc]


def _destinations(engine: Engine, scope: Scope, options: RoutesOptions) -> list[str]:
    """Destinations of the intermediaries' exports before the event, origins apart, by money."""
    origins = options.origin_codes()
    vias = {pair[1] for pair in scope.pairs} - origins
    rows = engine.rows(
        "SELECT partner_iso3, reporter_iso3, sum(value) FROM flows WHERE freq = 'M' AND flow = 'export'"
        " AND NOT is_aggregate AND hs_code <> 'TOTAL' AND period < $event GROUP BY partner_iso3, reporter_iso3",
        event=options.event,
    )
    weight: dict[str, float] = {}
    for partner, reporter, value in sorted(rows):
        if reporter in vias and partner in vias and partner != options.destination:
            weight[partner] = weight.get(partner, 0.0) + (value or 0.0)
    return sorted(weight, key=lambda iso3: (-weight[iso3], iso3))


def _by_date(engine: Engine, options: RoutesOptions, n: int, seed: int) -> Draws:
    """Earlier events whose months after them end before the real one; the real window is cut to the same length."""
    scope = scope_of(engine, options)
    method, event = options.method, options.event_month
    # Each placebo needs a past and months after it, all before the event. Half of the room is kept for their windows,
    # the other half to move them in.
    room = scope.n_before - method.least_before
    months = min(scope.n_months - scope.n_before, max(room // 2, method.least_after))
    if room < method.least_after:
        raise EstimateError(
            f"{scope.n_before} months before {options.event} leave no room for an earlier event",
            remedy="Ingest more of the past, or choose --placebo products.",
        )
    last, first = event - months, scope.first_month + method.least_before
    places = np.unique(np.linspace(last, first, min(n, last - first + 1)).round().astype(int))[::-1]
    for month in (event, *places.tolist()):
        asked = replace(options, event=month_text(month), until=month_text(month + months - 1))
        yield asked.event, lambda asked=asked: _answer(engine, legs_of(engine, asked), asked)  # type: ignore[misc]


def _answer(engine: Engine, data: Legs, options: RoutesOptions, *, onward: bool = False) -> dict[str, Any]:
    legs = {name: leg_of(engine, name, data, options) for name, panel in data.panels.items() if len(panel)}
    ranking = ranked(data, legs, options)
    counted = ranking.is_ranked & (ranking.at["out"] >= 0) if onward else ranking.is_ranked
    return {
        "destination_iso3": options.destination,
        "event": options.event,
        "until": month_text(data.scope.last_month),
        "products": sum(product.is_tested for product in data.products),
        **_counts(ranking, np.asarray(counted)),
    }


def _counts(ranking: Ranking, counted: Bools) -> dict[str, Any]:
    alerts: Ints = np.flatnonzero(ranking.is_alert & counted)
    p = ranking.numbers["p_value"][counted]
    return {
        "tested": int(counted.sum()),
        "alerts": len(alerts),
        "alert_excess": float(ranking.numbers["excess"][alerts].sum()),
        "alert_excess_low": float(ranking.numbers["excess_low"][alerts].sum()),
        "share_p_below_05": float(np.mean(p < 0.05)) if len(p) else None,
    }
