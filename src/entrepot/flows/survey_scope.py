"""Survey scope: whose report of each pair of territories is read, for a look at the whole world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.codes import territories
from entrepot.errors import EstimateError, MixedCurrency
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Bools, Ints
from entrepot.flows.scope import Report, Scope, check_one_currency, complete_reports, pair_of, window_of
from entrepot.lake import Engine


@dataclass(frozen=True)
class Pairs:
    """The pairs of a survey as arrays, in the order of ``Scope.pairs``: by importer, then by exporter.

    Attributes:
        territories: ISO3 codes, by index.
        exporter: p, index of the exporter.
        importer: p, index of the importer; never falls.
        is_origin: p, whether the exporter is one of the origins.
        currency: p, currency of the report.
        is_reported: p x T, months in which the reporter has rows.
    """

    territories: list[str]
    exporter: Ints
    importer: Ints
    is_origin: Bools
    currency: list[str]
    is_reported: Bools


def survey_scope(engine: Engine, options: RoutesOptions) -> Scope:
    """Return a scope of all pairs: leg ``in`` where the exporter is an origin, else ``out``; via is the importer.

    Raises:
        EstimateError: the lake has no monthly rows, the event is outside them, or nobody reports the whole window.
        MixedCurrency: a report, or what the origins report together, is in several currencies.
    """
    first, last = window_of(engine, options)
    complete = complete_reports(engine, options, first, last)
    if not complete:
        raise EstimateError("nobody reports the whole window", remedy="Choose an earlier --until.")
    origins = options.origin_codes()
    states = sorted({t.code for t in territories() if not t.is_aggregate} | {iso3 for iso3, _ in complete})
    pairs = [
        pair
        for importer in states
        for exporter in states
        if exporter != importer
        for pair in pair_of(complete, "in" if exporter in origins else "out", importer, exporter, importer)
    ]
    scope = Scope(
        first_month=first,
        event_month=options.event_month,
        last_month=last,
        reports=tuple(complete[key] for key in sorted({reader(pair) for pair in pairs})),
        pairs=tuple(pairs),
        currency=_currency(complete, pairs),
        caveats=(),
        left_out={},
    )
    check_one_currency(engine, options, scope)
    return scope


def reader(pair: tuple[str, str, str, str, str]) -> tuple[str, str]:
    """Return whose report of a pair is read: reporter and direction."""
    _, _, exporter, importer, side = pair
    return (exporter if side == "export" else importer), side


def pairs_of(scope: Scope) -> Pairs:
    """Return the pairs of a scope as arrays."""
    names = sorted({iso3 for pair in scope.pairs for iso3 in pair[2:4]})
    place = {iso3: i for i, iso3 in enumerate(names)}
    reports = {(report.reporter_iso3, report.flow): report for report in scope.reports}
    months = range(scope.first_month, scope.last_month + 1)
    there = {key: [month in report.months for month in months] for key, report in reports.items()}
    return Pairs(
        territories=names,
        exporter=np.array([place[pair[2]] for pair in scope.pairs]),
        importer=np.array([place[pair[3]] for pair in scope.pairs]),
        is_origin=np.array([pair[0] == "in" for pair in scope.pairs]),
        currency=[reports[reader(pair)].currency for pair in scope.pairs],
        is_reported=np.array([there[reader(pair)] for pair in scope.pairs]),
    )


def _currency(complete: dict[tuple[str, str], Report], pairs: list[tuple[str, str, str, str, str]]) -> dict[str, str]:
    """The currency of what the origins report, which is added up."""
    found = sorted({complete[reader(pair)].currency for pair in pairs if pair[0] == "in"})
    if len(found) > 1:
        raise MixedCurrency(
            f"what the origins sell is reported in several currencies ({', '.join(found)})",
            remedy="Choose origins that are reported in one, or ingest values in one.",
        )
    return {"in": found[0]} if found else {}
