"""Scope: whose reports answer the question, over which months, and what is left out.

Each pair of exporter and importer is read from one side only: the exporter's report where that reporter is there from
the beginning of the window to its end, else the importer's. The other side is kept in the lake and shown by ``mirror``.
A reporter that falls silent for single months stays in; those months are unknown for the series it matters to.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from entrepot.codes import members, month_index, month_text, territories
from entrepot.errors import EstimateError, MixedCurrency
from entrepot.flows.lists import is_list_of_later
from entrepot.flows.options import RoutesOptions
from entrepot.flows.several import Kind, is_several
from entrepot.lake import Engine

# An import names where the goods come from in one of these ways; a re-export route is seen by origin first.
_ROLES = ("origin", "unknown", "consignment", "destination")


@dataclass(frozen=True)
class Report:
    """One reporter's rows of one direction, from one source, in one partner role.

    Attributes:
        months: month -> digit levels, at or below the level asked for.
        several: months in which a cell may be given several times, by valuation or revision.
    """

    source_id: str
    reporter_iso3: str
    flow: str
    partner_role: str
    currency: str
    months: dict[int, tuple[int, ...]]
    several: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class Scope:
    """What is read.

    Attributes:
        first_month: first month of the window, as a month index.
        event_month: first treated month.
        last_month: last month.
        reports: reports that are used, at most one a reporter and direction.
        pairs: (leg, via, exporter, importer, side); leg is in, out or direct.
        currency: currency of each leg.
        caveats: ids that hold for every row.
        left_out: origins that were asked for and cannot be used, with the reason.
    """

    first_month: int
    event_month: int
    last_month: int
    reports: tuple[Report, ...]
    pairs: tuple[tuple[str, str, str, str, str], ...]
    currency: dict[str, str]
    caveats: tuple[str, ...]
    left_out: dict[str, str]

    @property
    def n_before(self) -> int:
        return self.event_month - self.first_month

    @property
    def n_months(self) -> int:
        return self.last_month - self.first_month + 1

    def silences(self) -> list[tuple[str, str, int]]:
        """Return (reporter, flow, column of the window) for each month in which a reporter has no rows."""
        months = range(self.first_month, self.last_month + 1)
        return [
            (report.reporter_iso3, report.flow, month - self.first_month)
            for report in self.reports
            for month in months
            if month not in report.months
        ]

    @property
    def has_several(self) -> bool:
        """Whether a report that is read may give one cell several times inside the window."""
        return any(self.first_month <= m <= self.last_month for report in self.reports for m in report.several)

    def legs(self) -> frozenset[str]:
        """Return the legs for which some pair is reported."""
        return frozenset(pair[0] for pair in self.pairs)

    def lines(self) -> list[tuple[str, str]]:
        """Return each leg and intermediary once; steps know them by their place."""
        return sorted({pair[:2] for pair in self.pairs})


def scope_of(engine: Engine, options: RoutesOptions) -> Scope:
    """Return whose reports are used for a question.

    Raises:
        EstimateError: the lake has no monthly rows, the event is outside them, or the destination is in none.
        MixedCurrency: the reports of one leg are in several currencies.
    """
    reports = _reports(engine, options)
    _check_destination(engine, options)
    origins = options.origin_codes()
    chosen = _best(reports, options)
    first, last = _window(chosen, options, origins)
    complete = {key: report for key, report in chosen.items() if _covers(report, first, last)}
    left_out = {
        iso3: _why(chosen.get((iso3, "export")), first, last)
        for iso3 in sorted(origins)
        if (iso3, "export") in chosen and (iso3, "export") not in complete
    }
    pairs = _pairs(complete, origins, options)
    if not any(pair[0] in ("in", "out") for pair in pairs):
        raise EstimateError(
            f"no origin of {options.origins} reports from {month_text(first)} to {month_text(last)},"
            f" nor does any intermediary or {options.destination}",
            remedy="Choose other --origins, an earlier --until, or ingest more reporters.",
        )
    used = {(reporter, flow) for reporter, flow in complete if _is_used(reporter, flow, pairs)}
    asked = used | {(iso3, "export") for iso3 in left_out}
    _check_one_currency(reports, [chosen[key] for key in sorted(asked)], first, last)
    currency = _currencies(complete, pairs)
    return Scope(
        first_month=first,
        event_month=options.event_month,
        last_month=last,
        reports=tuple(complete[key] for key in sorted(used)),
        pairs=tuple(pairs),
        currency=currency,
        caveats=_caveats(left_out, currency, first, options) + _hindsight(engine, used, options),
        left_out=left_out,
    )


def complete_reports(
    engine: Engine, options: RoutesOptions, first_month: int, last_month: int
) -> dict[tuple[str, str], Report]:
    """Return the report of each (reporter, direction) that is there from the first month to the last."""
    chosen = _best(_reports(engine, options), options)
    return {key: report for key, report in chosen.items() if _covers(report, first_month, last_month)}


def window_of(engine: Engine, options: RoutesOptions) -> tuple[int, int]:
    """Return the first and the last month that a question is about.

    Raises:
        EstimateError: the lake has no monthly rows, or the event is outside them.
    """
    return _window(_best(_reports(engine, options), options), options, options.origin_codes())


def check_one_currency(engine: Engine, options: RoutesOptions, scope: Scope) -> None:
    """Check that each report that is read is in one currency.

    Raises:
        MixedCurrency: one is in several.
    """
    _check_one_currency(_reports(engine, options), list(scope.reports), scope.first_month, scope.last_month)


def _reports(engine: Engine, options: RoutesOptions) -> list[Report]:
    rows = engine.rows(
        "SELECT source_id, reporter_iso3, flow, partner_role, currency, period, digits, hs_revision, valuation"
        " FROM coverage WHERE freq = 'M' AND NOT is_aggregate AND flow IN ('export', 'import') AND digits >= $level"
        " GROUP BY source_id, reporter_iso3, flow, partner_role, currency, period, digits, hs_revision, valuation",
        level=options.level,
    )
    last = month_index(options.as_of) if options.as_of else None
    found: dict[tuple[str, str, str, str, str], dict[int, set[Kind]]] = defaultdict(lambda: defaultdict(set))
    for source_id, reporter, flow, role, currency, period, *kind in rows:
        month = month_index(period)
        if last is None or month <= last:
            found[source_id, reporter, flow, role, currency][month].add((kind[0], kind[1], kind[2]))
    if not found:
        raise EstimateError(
            f"the lake holds no monthly flows with {options.level} digits or more",
            remedy="Ingest monthly trade data, or choose a coarser --level.",
        )
    return [_report(key, months, options.level) for key, months in found.items()]


def _report(key: tuple[str, str, str, str, str], months: dict[int, set[Kind]], level: int) -> Report:
    return Report(
        *key,
        months={month: tuple(sorted({digits for digits, _, _ in kinds})) for month, kinds in months.items()},
        several=frozenset(m for m, kinds in months.items() if is_several(kinds, year=m // 12, level=level)),
    )


def _check_destination(engine: Engine, options: RoutesOptions) -> None:
    named = "SELECT 1 FROM {} WHERE freq = 'M' AND {} = $iso3 LIMIT 1"
    places = (("coverage", "reporter_iso3"), ("flows", "partner_iso3"))
    if not any(engine.rows(named.format(table, side), iso3=options.destination) for table, side in places):
        raise EstimateError(
            f"no monthly row names {options.destination} as reporter or partner",
            remedy="Choose another --destination, or ingest trade with it.",
        )


def _best(reports: list[Report], options: RoutesOptions) -> dict[tuple[str, str], Report]:
    """One report a reporter and direction: one that goes past the event; then the longest; then by role and name."""
    event, method = options.event_month, options.method
    last = month_index(options.until) if options.until else max(max(report.months) for report in reports)

    def order(r: Report) -> tuple[bool, int, int, str, str]:
        before = sum(event - method.history_months <= month < event for month in r.months)
        after = sum(event <= month <= last for month in r.months)
        is_short = before < method.least_before or after < method.least_after
        return is_short, -before - after, _ROLES.index(r.partner_role), r.source_id, r.currency

    best: dict[tuple[str, str], Report] = {}
    for report in sorted(reports, key=order):
        best.setdefault((report.reporter_iso3, report.flow), report)
    return best


def _check_one_currency(reports: list[Report], used: list[Report], first: int, last: int) -> None:
    """Rows of one report in several currencies, in whatever months, cannot be added."""
    names = {(r.source_id, r.reporter_iso3, r.flow, r.partner_role): r.currency for r in used}
    for report in reports:
        currency = names.get((report.source_id, report.reporter_iso3, report.flow, report.partner_role))
        if currency in (None, report.currency) or not any(first <= month <= last for month in report.months):
            continue
        told = ", ".join(sorted((str(currency), report.currency)))
        raise MixedCurrency(
            f"the {report.flow}s that {report.reporter_iso3} reports in {report.source_id} are in several currencies"
            f" ({told})",
            remedy="Drop the snapshot of one currency, or ingest values in one.",
        )


def _window(chosen: dict[tuple[str, str], Report], options: RoutesOptions, origins: frozenset[str]) -> tuple[int, int]:
    event, method = options.event_month, options.method
    seen = sorted({month for report in chosen.values() for month in report.months})
    if not seen[0] < event <= seen[-1]:
        raise EstimateError(
            f"event {options.event} is outside the data, which run from {month_text(seen[0])}"
            f" to {month_text(seen[-1])}",
            remedy="Choose an --event with months before and after it.",
        )
    last = month_index(options.until) if options.until else _last_common(chosen, origins, event)
    last = min(last, seen[-1])
    first = max(_first_common(chosen, origins, event), event - method.history_months)
    if last - event + 1 < method.least_after:
        raise EstimateError(
            f"only {max(last - event + 1, 0)} months from {options.event} on; {method.least_after} are needed",
            remedy="Choose an earlier --event or a later --until.",
        )
    if event - first < method.least_before:
        raise EstimateError(
            f"only {event - first} months before {options.event}; {method.least_before} are needed",
            remedy="Choose a later --event or ingest more of the past.",
        )
    return first, last


def _exports(chosen: dict[tuple[str, str], Report], origins: frozenset[str]) -> list[Report]:
    """Reports that open the window: the origins' exports, else whatever is there."""
    own = [r for (iso3, flow), r in chosen.items() if flow == "export" and iso3 in origins]
    return own or list(chosen.values())


def _last_common(chosen: dict[tuple[str, str], Report], origins: frozenset[str], event: int) -> int:
    """The last month in which nine tenths of the reporters that go past the event still report."""
    lasts = sorted(max(r.months) for r in _exports(chosen, origins) if max(r.months) > event)
    return lasts[len(lasts) // 10] if lasts else event


def _first_common(chosen: dict[tuple[str, str], Report], origins: frozenset[str], event: int) -> int:
    firsts = sorted(min(r.months) for r in _exports(chosen, origins) if min(r.months) < event)
    return firsts[(len(firsts) * 9) // 10 if len(firsts) > 1 else 0] if firsts else event


def _covers(report: Report, first: int, last: int) -> bool:
    """Whether a reporter is there from the beginning to the end; single silent months are allowed."""
    present = [month in report.months for month in range(first, last + 1)]
    return any(present[:3]) and any(present[-3:]) and 2 * sum(present) >= len(present)


def _why(report: Report | None, first: int, last: int) -> str:
    missing = [m for m in range(first, last + 1) if report is None or m not in report.months]
    return f"no rows in {len(missing)} of {last - first + 1} months, first {month_text(missing[0])}"


def _pairs(
    complete: dict[tuple[str, str], Report], origins: frozenset[str], options: RoutesOptions
) -> list[tuple[str, str, str, str, str]]:
    destination, wanted = options.destination, options.via_codes()
    states = {t.code for t in territories() if not t.is_aggregate} | {key[0] for key in complete}
    # Other destinations stay in as controls when the user names the intermediaries.
    via = sorted(states - origins - {destination})
    pairs = []
    for origin in sorted(origins):
        pairs += pair_of(complete, "direct", destination, origin, destination)
        for iso3 in via:
            pairs += pair_of(complete, "in", iso3, origin, iso3)
    for iso3 in via if wanted is None else sorted(wanted):
        if iso3 not in origins:
            pairs += pair_of(complete, "out", iso3, iso3, destination)
    return pairs


def pair_of(
    complete: dict[tuple[str, str], Report], leg: str, via: str, exporter: str, importer: str
) -> list[tuple[str, str, str, str, str]]:
    """Return a pair as it is read, from the exporter's report if it is complete, else the importer's; or none."""
    if (exporter, "export") in complete:
        return [(leg, via, exporter, importer, "export")]
    if (importer, "import") in complete:
        return [(leg, via, exporter, importer, "import")]
    return []


def _is_used(reporter: str, flow: str, pairs: list[tuple[str, str, str, str, str]]) -> bool:
    at = 2 if flow == "export" else 3
    return any(pair[4] == flow and pair[at] == reporter for pair in pairs)


def _currencies(complete: dict[tuple[str, str], Report], pairs: list[tuple[str, str, str, str, str]]) -> dict[str, str]:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for leg, _, exporter, importer, side in pairs:
        reporter = exporter if side == "export" else importer
        found["in" if leg == "direct" else leg][complete[reporter, side].currency].add(reporter)
    for leg, by_currency in found.items():
        if len(by_currency) > 1:
            told = "; ".join(f"{c} from {', '.join(sorted(r)[:4])}" for c, r in sorted(by_currency.items()))
            raise MixedCurrency(
                f"the reports of the {leg}ward leg are in several currencies ({told})",
                remedy="Choose --origins or --via that report in one, or ingest values in one.",
            )
    return {leg: next(iter(by_currency)) for leg, by_currency in found.items()}


def _caveats(left_out: dict[str, str], currency: dict[str, str], first: int, options: RoutesOptions) -> tuple[str, ...]:
    caveats = []
    if left_out:
        caveats.append("origins_left_out")
    if options.event_month - first < options.method.short_before:
        caveats.append("short_history")
    if len(set(currency.values())) > 1:
        caveats.append("legs_in_different_currencies")
    return tuple(caveats)


def _hindsight(engine: Engine, used: set[tuple[str, str]], options: RoutesOptions) -> tuple[str, ...]:
    """What a question as of a month reads all the same from later: revised figures, a list that did not exist yet."""
    if options.as_of is None:
        return ()
    later = engine.rows(
        "SELECT DISTINCT c.reporter_iso3, c.flow FROM coverage AS c INNER JOIN snapshots AS s"
        " ON c.snapshot_id = s.snapshot_id AND c.source_id = s.source_id"
        " WHERE c.freq = 'M' AND substr(s.extracted_date, 1, 7) > $as_of",
        as_of=options.as_of,
    )
    caveats = ["later_extraction"] if used & set(later) else []
    if is_list_of_later(options):
        caveats.append("later_list")
    return tuple(caveats)


def customs_union(via: str, destination: str, *, on: str) -> bool:
    """Return whether both belong to the EAEU on a day: trade between them has no customs declaration."""
    return {via, destination} <= members("EAEU", on=on)
