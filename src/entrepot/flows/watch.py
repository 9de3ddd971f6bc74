"""Watch: routes asked again at the end of every month, with only what was known by then.

Each look is ``routes`` with ``until`` and ``as_of`` at its month; only the p-values differ, because whoever looks every
month must not be alarmed more often by chance. docs/methods/watch.md is the method.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from entrepot.codes import month_index, month_text
from entrepot.errors import ConfigError, EstimateError
from entrepot.flows.attachments import origin_texts
from entrepot.flows.caveats import CAVEATS
from entrepot.flows.kept import keep_rows
from entrepot.flows.leg import leg_of
from entrepot.flows.legs import SQL as ROWS
from entrepot.flows.legs import fill_row_tables, legs_of
from entrepot.flows.looks import looks
from entrepot.flows.options import RoutesOptions, check_month
from entrepot.flows.ranking import Ranking, ranked
from entrepot.flows.scope import scope_of
from entrepot.flows.watched import GROWTH_TYPES, LOOK_TYPES, WATCH_TYPES, Watch
from entrepot.lake import Engine, Lake, Table

Row = dict[str, Any]
# An intermediary and a product.
Place = tuple[str, str]
_GROWING = ("observed", "expected", "excess", "excess_low", "excess_high", "p_value", "q_value")


@dataclass(frozen=True)
class Look:
    """What one month's look saw.

    Attributes:
        month: the month, YYYY-MM.
        ranking: the answer; None where there is none.
        window_end: last month that was known by then; None where there is no answer.
        alerts: the rows that are alerts, all columns, in order of rank.
        skipped: why there is no answer; None where there is one.
    """

    month: str
    ranking: Ranking | None = None
    window_end: str | None = None
    alerts: tuple[Row, ...] = ()
    skipped: str | None = None


def watch(
    lake: Lake,
    *,
    destination: str,
    event: str,
    start: str | None = None,
    end: str | None = None,
    on_look: Callable[[str], None] | None = None,
    **question: Any,
) -> Watch:
    """Return, per route, the first month in which it would have been an alert.

    Args:
        lake: an open lake with monthly flows.
        destination: ISO3 of the sanctioned market.
        event: first treated month, YYYY-MM; it stays the same at every look.
        start: first month to look at, YYYY-MM; None means the first with ``least_after`` months from the event on.
        end: last month to look at; None means the last one that the reports have in common.
        on_look: called with each month before it is looked at, for a progress bar.
        **question: the other fields of :class:`RoutesOptions`, as for ``routes``; no look goes past ``until`` or
            ``as_of``.

    Returns:
        grain via, product. ``first_month`` is None where no look raised an alert; then the row is the last look's,
        else as it stood in that month. ``p_value`` and ``q_value`` allow for the looks of two years, unless there is
        one look only. Money in ``currency``, shares 0-1. Attached: looks, growth.

    Raises:
        ConfigError: a part of the question is malformed, or the months do not follow each other.
        UnknownCode: a territory, group, list or HS code is not known.
        EstimateError: at none of the months the data can answer.
        MixedCurrency: one leg's reports are in several currencies.

    Source: docs/methods/watch.md.
    """
    options = RoutesOptions(destination=destination, event=event, **question)
    months = _months(lake, options, start, end)
    seen: list[Look] = []
    last: list[Row] = []
    # One version of the lake for all looks, whoever writes to it meanwhile.
    version = lake.version().version
    with lake.engine(version=version, as_of=months[-1]) as engine:
        extracted = _keep_last(engine, options, months)
        for month in months:
            if on_look is not None:
                on_look(month)
            lake.show_as_of(engine, month=month, version=version)
            # What was extracted after this look and before the last one is not among the kept rows as it was then.
            is_kept = extracted is not None and not any(month < day for day in extracted)
            look, rows = _look(engine, options, month, is_watched=len(months) > 1, is_kept=is_kept)
            seen.append(look)
            last = last if rows is None else rows
    if all(look.skipped for look in seen):
        raise EstimateError(
            f"no month from {months[0]} to {months[-1]} can be answered: {seen[-1].skipped}",
            remedy="Choose a later --to, or an --event with more months before and after it.",
        )
    return _told(seen, last, options)


def _months(lake: Lake, options: RoutesOptions, start: str | None, end: str | None) -> list[str]:
    """The months to look at; those in which nothing can be estimated yet are left out at the beginning."""
    for name, month in (("from", start), ("to", end)):
        if month is not None:
            check_month(name, month)
            if month < options.event:
                raise ConfigError(f"{name} {month} is before event {options.event}", remedy="Choose a later month.")
    if start is not None and end is not None and end < start:
        raise ConfigError(f"from {start} is after to {end}", remedy="Swap them.")
    earliest = options.event_month + options.method.least_after - 1
    first = max(month_index(start), earliest) if start is not None else earliest
    last = _last(lake, options, end)
    if last < first:
        raise EstimateError(
            f"the last month to look at is {month_text(last)}, the first possible one {month_text(first)}",
            remedy="Choose a later --to, an earlier --from, or ingest later months.",
        )
    return [month_text(month) for month in range(first, last + 1)]


def _last(lake: Lake, options: RoutesOptions, end: str | None) -> int:
    until = min(month for month in (end, options.until, options.as_of, "9999-12") if month is not None)
    asked = replace(options, until=None if until == "9999-12" else until)
    with lake.engine(as_of=options.as_of) as engine:
        last = scope_of(engine, asked).last_month
        if asked.until is None:
            return last
        days = engine.rows("SELECT max(substr(extracted_date, 1, 7)) FROM snapshots")
    # Months that were extracted late are first seen when they were extracted.
    return min(month_index(until), max(last, month_index(days[0][0]) if days[0][0] else last))


def _keep_last(engine: Engine, options: RoutesOptions, months: list[str]) -> list[str] | None:
    """Read the rows of the last look once and keep them; return the months in which files were extracted until then.

    None where there is but one look, or where the last one cannot be answered.
    """
    if len(months) == 1:
        return None
    asked = replace(options, until=months[-1], as_of=months[-1])
    try:
        fill_row_tables(engine, asked, scope_of(engine, asked))
    except EstimateError:
        return None
    engine.step(ROWS, "leg_rows", level=options.level)
    keep_rows(engine)
    days = engine.rows("SELECT DISTINCT substr(extracted_date, 1, 7) FROM snapshots WHERE extracted_date IS NOT NULL")
    return [day for (day,) in days if day <= months[-1]]


def _look(
    engine: Engine,
    options: RoutesOptions,
    month: str,
    *,
    is_watched: bool,
    is_kept: bool,
) -> tuple[Look, list[Row] | None]:
    """One month's look, and all its rows; None where it cannot be answered."""
    asked = replace(options, until=month, as_of=month)
    try:
        data = legs_of(engine, asked, is_kept=is_kept)
        legs = {name: leg_of(engine, name, data, asked) for name, panel in data.panels.items() if len(panel)}
    except EstimateError as error:
        return Look(month, skipped=str(error)), None
    ranking = ranked(data, legs, asked, is_watched=is_watched)
    columns = ranking.columns(top_origins=origin_texts(ranking, legs))
    # Behind the columns of the contract, those of --controls all.
    names = [name for name in dict.fromkeys((*WATCH_TYPES, *columns)) if name != "first_month"]
    rows = [dict(zip(names, values, strict=True)) for values in zip(*(columns[name] for name in names), strict=True)]
    alerts = tuple(row for row in rows if row["is_alert"])
    return Look(month, ranking, month_text(data.scope.last_month), alerts), rows


def _told(seen: list[Look], last: list[Row], options: RoutesOptions) -> Watch:
    places = _Places(last)
    first: dict[Place, Row] = {}
    for look in seen:
        for row in look.alerts:
            first.setdefault(places.of(row["via_iso3"], row["hs_codes"]), {**row, "first_month": look.month})
    alerted = sorted(first.values(), key=lambda row: (row["first_month"], row["rank"]))
    never = [{**row, "first_month": None} for row in last if places.of(row["via_iso3"], row["hs_codes"]) not in first]
    rows = alerted + never
    used = {caveat for text in {row["caveats"] for row in rows} for caveat in text.split("; ") if caveat}
    names = dict.fromkeys(name for row in (*alerted, *last[:1]) for name in row if name not in WATCH_TYPES)
    return Watch(
        {name: [row.get(name) for row in rows] for name in (*WATCH_TYPES, *names)},
        looks=Table.from_rows([_summary(look, alerted) for look in seen], LOOK_TYPES),
        growth=_growth(seen, first, places),
        parameters=_parameters(seen, options),
        caveat_texts={key: text for key, text in CAVEATS.items() if key in used},
    )


class _Places:
    """Routes told apart over the looks: a product is the one of the last look that holds one of its codes."""

    def __init__(self, last: list[Row]) -> None:
        self._product: dict[Place, str] = {}
        for row in last:
            for code in row["hs_codes"].split(";"):
                self._product.setdefault((row["via_iso3"], code), row["product_id"])

    def of(self, via: str, codes: str) -> Place:
        """Return a route's intermediary and product as the last look names it; its codes where it does not."""
        known = (self._product.get((via, code)) for code in codes.split(";"))
        return via, next((product for product in known if product is not None), codes)


def _summary(look: Look, alerted: list[Row]) -> Row:
    if look.ranking is None:
        return {"month": look.month, "skipped": look.skipped}
    return {
        "month": look.month,
        "window_end": look.window_end,
        "rows": len(look.ranking),
        "tested": int(look.ranking.is_ranked.sum()),
        "alerts": len(look.alerts),
        "first_alerts": sum(row["first_month"] == look.month for row in alerted),
    }


def _growth(seen: list[Look], first: dict[Place, Row], places: _Places) -> Table:
    """The numbers of every route that was ever an alert, look by look."""
    vias = {via for via, _ in first}
    found: dict[Place, list[Row]] = {place: [] for place in first}
    for look in seen:
        if look.ranking is None:
            continue
        labels = zip(*(look.ranking.labels[name].tolist() for name in ("via_iso3", "hs_codes")), strict=True)
        for i, (via, codes) in enumerate(labels):
            if via in vias and (place := places.of(via, codes)) in first:
                found[place].append(_grown(look, look.ranking, i, first[place]["first_month"]))
    return Table.from_rows([row for rows in found.values() for row in rows], GROWTH_TYPES)


def _grown(look: Look, ranking: Ranking, i: int, first_month: str) -> Row:
    texts = {name: str(ranking.labels[name][i]) for name in ("via_iso3", "product_id", "currency")}
    values = {name: float(ranking.numbers[name][i]) for name in _GROWING}
    known = {name: None if value != value else value for name, value in values.items()}
    return {**texts, **known, "first_month": first_month, "month": look.month, "is_alert": bool(ranking.is_alert[i])}


def _parameters(seen: list[Look], options: RoutesOptions) -> dict[str, Any]:
    return {
        **{key: value for key, value in asdict(options).items() if key != "method"},
        "from": seen[0].month,
        "to": seen[-1].month,
        "looks": len(seen),
        "level_holds_over_looks": 1 if len(seen) == 1 else looks().looks,
        "method": asdict(options.method),
    }
