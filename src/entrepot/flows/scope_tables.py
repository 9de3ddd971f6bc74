"""Scope tables: what a scope says, as the small tables that the steps join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from entrepot.codes import month_text
from entrepot.flows.scope import Scope
from entrepot.flows.several import revision_distance
from entrepot.lake import Engine


def fill_scope_tables(engine: Engine, scope: Scope) -> None:
    """Put the scope's months, reports and pairs into the engine as the small tables that the steps join."""
    months = [(month_text(m), m, m // 12) for m in range(scope.first_month, scope.last_month + 1)]
    _fill(engine, "months", {"period": "VARCHAR", "month": "INTEGER", "year": "INTEGER"}, months)
    window = {month for _, month, _ in months}
    # A reporter and direction are read from one source in one role.
    read_as = {
        (r.reporter_iso3, r.flow): (r.source_id, r.partner_role, bool(r.several & window)) for r in scope.reports
    }
    reports = [
        (r.source_id, r.reporter_iso3, r.flow, r.partner_role, period, len(r.months[month]) > 1)
        for r in scope.reports
        for period, month, _ in months
        if month in r.months and not r.several & window
    ]
    names = ("source_id", "reporter_iso3", "flow", "partner_role", "period")
    _fill(engine, "reports", {**dict.fromkeys(names, "VARCHAR"), "is_mixed": "BOOLEAN"}, reports)
    pairs = []
    line_of = {line: number for number, line in enumerate(scope.lines())}
    for number, (leg, via, exporter, importer, side) in enumerate(scope.pairs):
        reporter, partner = (exporter, importer) if side == "export" else (importer, exporter)
        line = line_of[leg, via]
        pairs.append((number, line, leg, via, exporter, side, reporter, partner, *read_as[reporter, side]))
    labels = ("leg", "via_iso3", "exporter_iso3", "flow", "reporter_iso3", "partner_iso3", "source_id", "partner_role")
    types = {"pair_id": "INTEGER", "line": "INTEGER", **dict.fromkeys(labels, "VARCHAR"), "is_several": "BOOLEAN"}
    _fill(engine, "pairs", types, pairs)


def fill_revisions(engine: Engine, scope: Scope, *, level: int) -> None:
    """Put how far each revision is from the one in force into the engine, by year of the window."""
    rows = [
        (revision or "", year, revision_distance(revision, year=year, level=level))
        for (revision,) in engine.rows("SELECT DISTINCT hs_revision FROM coverage WHERE digits > 0")
        for year in range(scope.first_month // 12, scope.last_month // 12 + 1)
    ]
    _fill(engine, "revisions", {"hs_revision": "VARCHAR", "year": "INTEGER", "distance": "INTEGER"}, rows)


def _fill(engine: Engine, name: str, types: dict[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
    engine.table(name, {column: [row[i] for row in rows] for i, column in enumerate(types)}, types)
