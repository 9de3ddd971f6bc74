"""Mirror reports: which report of each side is held against the other, and what that choice costs.

A reporter may be in the lake several times: from several sources, in several roles of the partner, by month and by
year, at several digit levels, in several currencies. One report a side is chosen, both together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as combinations

from entrepot.errors import EstimateError, MixedCurrency
from entrepot.flows.mirror_options import MirrorOptions
from entrepot.lake import Engine

# What an exporter names is the last known destination; its mirror is where the importer's goods were consigned from.
ROLES = {
    "export": ("destination", "unknown", "consignment", "origin"),
    "import": ("consignment", "origin", "unknown", "destination"),
}
# TOTAL is level 0. Beyond what was asked for, the coarser levels are tried in this order.
_LEVELS = (8, 6, 4, 2, 0)
_SIDES = ("export", "import")
# Side, source, role of the partner, currency, frequency.
_Key = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Report:
    """One reporter's rows of one direction, from one source, in one role and currency.

    Attributes:
        side: export or import.
        source_id: id of the source.
        partner_role: what the partner is to the goods.
        currency: ISO 4217.
        row_freq: A or M, as the rows are.
        freq: A or M, as they are used; months may be added up to years.
        digits: row period -> digit levels of the reporter's rows, whoever the partner.
        named: row periods in which the other territory is named, with the digit levels.
    """

    side: str
    source_id: str
    partner_role: str
    currency: str
    row_freq: str
    freq: str
    digits: dict[str, frozenset[int]]
    named: dict[str, frozenset[int]]

    def periods(self, level: int) -> dict[str, tuple[str, ...]]:
        """Return the periods with rows at a level, each with the row periods that make it up."""
        held = sorted(p for p, digits in self.digits.items() if _reaches(digits, level))
        if self.row_freq == self.freq:
            return {period: (period,) for period in held}
        years: dict[str, list[str]] = defaultdict(list)
        for period in held:
            years[period[:4]].append(period)
        return {year: tuple(months) for year, months in years.items() if len(months) == 12}

    def names_partner(self, level: int) -> bool:
        """Return whether the other territory is named at a level."""
        return any(_reaches(digits, level) for digits in self.named.values())

    @property
    def role_rank(self) -> int:
        return ROLES[self.side].index(self.partner_role)


@dataclass(frozen=True)
class Choice:
    """The reports that are held against each other; a side that never reports is None.

    Attributes:
        export: the exporter's report.
        import_: the importer's report.
        level: digits, 0 for TOTAL.
        freq: A or M.
        others: side -> ids of further sources that also name the partner.
    """

    export: Report | None
    import_: Report | None
    level: int
    freq: str
    others: dict[str, tuple[str, ...]]

    @property
    def reports(self) -> tuple[Report, ...]:
        return tuple(report for report in (self.export, self.import_) if report is not None)

    def side(self, name: str) -> Report | None:
        return self.export if name == "export" else self.import_

    @property
    def currency(self) -> str:
        return self.reports[0].currency

    def common(self) -> set[str]:
        """Return the periods in which both sides report."""
        if self.export is None or self.import_ is None:
            return set()
        return set(self.export.periods(self.level)) & set(self.import_.periods(self.level))

    def periods(self) -> list[str]:
        """Return the periods in which either side reports, in order.

        Where both sides ever report in one, periods more than a year away are left out: they say nothing of a gap, and
        every further revision of the nomenclature would make the products coarser.
        """
        found = sorted({period for report in self.reports for period in report.periods(self.level)})
        years = [int(period[:4]) for period in self.common()]
        return [p for p in found if min(years) - 1 <= int(p[:4]) <= max(years) + 1] if years else found


def chosen_reports(engine: Engine, options: MirrorOptions) -> Choice:
    """Return which reports are held against each other.

    Both sides in one currency and in common periods come first, at the finest level that is not finer than asked for,
    by month before by year; then the partner's role, then the number of common periods.

    Raises:
        EstimateError: neither side names the other.
        MixedCurrency: both sides report, never in one currency.
    """
    reports = _reports(engine, options)
    if not any(report.named for report in reports):
        raise EstimateError(_nobody(engine, options), remedy="Ingest one side's reports of the pair.")
    for least_named in (2, 1):
        for level in (level for level in _LEVELS if level <= options.finest):
            both = list(_pairs(reports, level, least_named))
            alike = [pair for pair in both if pair[0].currency == pair[1].currency]
            for freq in ("M", "A"):
                if found := [pair for pair in alike if pair[0].freq == freq]:
                    return _choice(_best(found, level), reports, level)
            if both:
                _refuse_currencies(both, options)
    return _one_sided(reports, options)


def _reports(engine: Engine, options: MirrorOptions) -> list[Report]:
    digits: dict[_Key, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    named: dict[_Key, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    question = {"exporter": options.exporter, "importer": options.importer}
    for side, source_id, role, currency, freq, period, length in engine.rows(
        "SELECT flow, source_id, partner_role, currency, freq, period, digits FROM coverage WHERE NOT is_aggregate"
        " AND (flow = 'export' AND reporter_iso3 = $exporter OR flow = 'import' AND reporter_iso3 = $importer)"
        " GROUP BY ALL ORDER BY ALL",
        **question,
    ):
        digits[side, source_id, role, currency, freq][period].add(length)
    for side, source_id, role, currency, freq, period, length in engine.rows("SELECT * FROM mirror_named ORDER BY ALL"):
        named[side, source_id, role, currency, freq][period].add(length)
    found = []
    for key, by_period in digits.items():
        held = {period: frozenset(levels) for period, levels in by_period.items()}
        names = {period: frozenset(levels) for period, levels in named[key].items()}
        side, source_id, role, currency, row_freq = key
        for freq in {"M": ("M", "A"), "A": ("A",)}[row_freq]:
            if options.freq in ("auto", freq):
                found.append(Report(side, source_id, role, currency, row_freq, freq, held, names))
    return found


def _reaches(digits: frozenset[int], level: int) -> bool:
    return 0 in digits if level == 0 else any(length >= level for length in digits)


def _pairs(reports: list[Report], level: int, least_named: int) -> Iterator[tuple[Report, Report]]:
    """Pairs of one report a side with common periods, in which at least so many sides name the other."""
    sides = [[report for report in reports if report.side == side] for side in _SIDES]
    for export, import_ in combinations(*sides):
        is_alike = export.freq == import_.freq and _n_named(export, import_, level) >= least_named
        if is_alike and set(export.periods(level)) & set(import_.periods(level)):
            yield export, import_


def _n_named(export: Report, import_: Report, level: int) -> int:
    return export.names_partner(level) + import_.names_partner(level)


def _best(pairs: list[tuple[Report, Report]], level: int) -> tuple[Report, Report]:
    n_common = {i: len(set(e.periods(level)) & set(m.periods(level))) for i, (e, m) in enumerate(pairs)}
    most = max(n_common.values())

    def rank(i: int) -> tuple[object, ...]:
        export, import_ = pairs[i]
        return (
            -_n_named(export, import_, level),
            2 * n_common[i] < most,  # A role in which only a few periods are recorded does not decide.
            import_.role_rank,
            export.role_rank,
            -n_common[i],
            export.row_freq != export.freq or import_.row_freq != import_.freq,
            -len(export.periods(level)) - len(import_.periods(level)),
            export.source_id,
            import_.source_id,
            export.currency,
        )

    return pairs[min(n_common, key=rank)]


def _choice(pair: tuple[Report | None, Report | None], reports: list[Report], level: int) -> Choice:
    freq = next(report.freq for report in pair if report is not None)
    others = {}
    for side, chosen in zip(_SIDES, pair, strict=True):
        ids = {r.source_id for r in reports if r.side == side and r.freq == freq and r.names_partner(level)}
        if chosen is not None and (rest := ids - {chosen.source_id}):
            others[side] = tuple(sorted(rest))
    return Choice(*pair, level, freq, others)


def _one_sided(reports: list[Report], options: MirrorOptions) -> Choice:
    """The report that names the other side, alone, or beside one that is silent in its periods."""
    for level in (level for level in _LEVELS if level <= options.finest):
        naming = [r for r in reports if r.names_partner(level) and r.periods(level)]
        if naming:
            chosen = min(
                naming, key=lambda r: (r.freq != "M", r.role_rank, -len(r.periods(level)), r.source_id, r.currency)
            )
            pair = (chosen, None) if chosen.side == "export" else (None, chosen)
            return _choice(pair, reports, level)
    raise EstimateError(
        f"the reports of {options.exporter} and {options.importer} are not at the level or frequency asked for",
        remedy="Choose another --level.",
    )


def _refuse_currencies(pairs: list[tuple[Report, Report]], options: MirrorOptions) -> None:
    export, import_ = pairs[0]
    raise MixedCurrency(
        f"{options.exporter} reports its exports in {export.currency} (source {export.source_id}) and"
        f" {options.importer} its imports in {import_.currency} (source {import_.source_id})",
        remedy=f"Ingest one of them in the other's currency too: values in {export.currency} for"
        f" {options.importer}, or in {import_.currency} for {options.exporter}.",
    )


def _nobody(engine: Engine, options: MirrorOptions) -> str:
    rows = engine.rows(
        "SELECT reporter_iso3, flow, count(DISTINCT period) FROM coverage WHERE reporter_iso3 IN ($exporter, $importer)"
        " AND flow IN ('export', 'import') GROUP BY reporter_iso3, flow ORDER BY ALL",
        exporter=options.exporter,
        importer=options.importer,
    )
    told = ", ".join(f"{reporter} {flow}s in {n} periods" for reporter, flow, n in rows)
    often = {"auto": "", "M": " by month", "A": " by year"}[options.freq]
    return (
        f"neither {options.exporter} reports exports to {options.importer}{often} nor {options.importer} imports from"
        f" {options.exporter} (in the lake: {told or 'no reports of either'})"
    )
