"""The page: everything the template shows, gathered once, and the file it becomes.

Nothing here computes an estimate. The same answer gives the same bytes: no clock, no random ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entrepot.alerts import Judged, Line
from entrepot.ledger import Ledger
from entrepot.report import words
from entrepot.report.answer import ALL, Routes, Row, Scope, find_scope, number
from entrepot.report.chart import find_measures
from entrepot.report.links import links
from entrepot.report.measures import measures_of
from entrepot.report.panels import panel_keys, panels
from entrepot.report.pieces import hops_of
from entrepot.report.ranking import FIRST_ROWS, bar, interval, ranking, zero_place
from entrepot.report.river import NARROW, WIDE, River, rivers
from entrepot.report.russian import russian_sentences
from entrepot.report.sentence import Sentence, opening_sentences
from entrepot.report.writing import template, write_whole

MOST_THROUGH = 12
MECHANISMS = {
    "M1": "New passports and citizenship",
    "M2": "Prepayments for citizenship",
    "M3": "A payment system cut off",
    "M4": "Limits on cards, SIM cards and numbers of non-residents",
    "M5": "Counterparties in finance",
    "M6": "Goods through third countries",
    "M7": "Grey channels and who profits",
    "M8": "Laws said to be passed at once",
    "M9": "Memberships",
    "M10": "Claims of the press",
}


@dataclass(frozen=True)
class Through:
    """One intermediary's total under one control set, as text."""

    name: str
    observed: str
    expected: str
    excess: str
    interval: str
    bar: tuple[str, str, str] | None


@dataclass(frozen=True)
class View:
    """What the switch shows for one control set."""

    name: str
    title: str
    sentence: Sentence
    wide: River | None
    narrow: River | None
    through: tuple[Through, ...]


def render_report(
    routes: Routes,
    *,
    simulated: bool = False,
    command: str = "",
    ledger: Ledger | None = None,
    mechanisms: Sequence[Line] = (),
    population: Judged | None = None,
) -> str:
    """Return the report of a routes answer as one HTML page that needs no network.

    Args:
        routes: an answer of ``routes`` with its paths, totals, river, mirror, pieces, hops, measures and sources.
        simulated: says SIMULATED on top of the page and of every printed page.
        command: the command that reproduces the answer; left out where empty.
        ledger: whose dated measures are drawn on the charts beside the lake's own. None of a simulated answer: real
            law beside made-up trade would read as real.
        mechanisms, population: what was found of each mechanism on a simulated world; left out where empty.

    Returns:
        the page; the same answer gives the same text.
    """
    return template("report.html.j2").render(
        **page_parts(routes, ledger=None if simulated else ledger),
        simulated=simulated,
        command=command.strip(),
        mechanisms=mechanisms,
        population=population,
        titles=MECHANISMS,
    )


def write_report(
    routes: Routes,
    path: str | Path,
    *,
    simulated: bool = False,
    command: str = "",
    ledger: Ledger | None = None,
    mechanisms: Sequence[Line] = (),
    population: Judged | None = None,
) -> Path:
    """Write the report of a routes answer to ``path``, whole or not at all, and return the path.

    Args:
        routes: as for :func:`render_report`.
        path: the file to write; an older one is replaced in one step.
        simulated: as for :func:`render_report`.
        command: as for :func:`render_report`.
        ledger, mechanisms, population: as for :func:`render_report`.

    Raises:
        SourceError: the folder does not exist, may not be written, or the path is a folder.
    """
    page = render_report(
        routes, simulated=simulated, command=command, ledger=ledger, mechanisms=mechanisms, population=population
    )
    return write_whole(page, path)


def page_parts(routes: Routes, *, ledger: Ledger | None = None, first_rows: int = FIRST_ROWS) -> dict[str, Any]:
    """Return everything that a page about a routes answer shows, gathered once, by name.

    Args:
        routes: as for :func:`render_report`.
        ledger: whose dated measures are drawn on the charts; None for the answer's own alone.
        first_rows: rows of the ranking that are given as text.

    Returns:
        title, when, scope, views (sentence and river of each control set), russian (their sentences in Russian),
        figures, table (the ranking), panels (the first routes with their charts), measures, hops, sources, parameters,
        and what the template needs to write them. Every value can be sent to another process.
    """
    scope = find_scope(routes)
    measures = find_measures(measures_of(routes, ledger), {str(row["period"]) for row in routes.paths})
    table = ranking(routes, panel_keys(routes), first_rows=first_rows)
    return {
        "title": f"Routes to {words.place(scope.destination) or 'the destination'}",
        "when": words.window(*scope.window) if scope.window else "",
        "scope": scope,
        "views": _views(routes, scope),
        "russian": russian_sentences(routes, scope),
        "figures": _figures(routes, scope, table.n_rows, table.n_untestable),
        "table": table,
        "first_rows": first_rows,
        "n_more": max(len(scope.vias) - MOST_THROUGH, 0),
        "measures": measures,
        "panels": panels(routes, scope, measures),
        "destination": words.place(scope.destination) or "the destination",
        "hops": hops_of(routes),
        "sources": [_source(row) for row in routes.sources],
        "parameters": [(words.spoken(str(name)), _told(value)) for name, value in routes.parameters.items()],
        "count": words.count,
        "zero": zero_place((-0.02, 1.0)),
    }


def _views(routes: Routes, scope: Scope) -> list[View]:
    found = links(routes.river)
    about = {"destination": scope.destination, "currency": scope.currency}
    wide, narrow = (rivers(found, canvas, **about) for canvas in (WIDE, NARROW))
    through = _through(routes)
    return [
        View(
            name=sentence.control_set,
            title=words.control_title(sentence.control_set),
            sentence=sentence,
            wide=wide.get(sentence.control_set),
            narrow=narrow.get(sentence.control_set),
            through=through.get(sentence.control_set, ()),
        )
        for sentence in opening_sentences(routes, scope)
    ]


def _through(routes: Routes) -> dict[str, tuple[Through, ...]]:
    """The largest totals by intermediary per control set, in one order and on one scale for all sets."""
    rows = [row for row in routes.totals if row["via_iso3"] != ALL]
    top = max((number(row["excess_high"]) or 0.0 for row in rows), default=0.0)
    largest: dict[str, float] = {}
    for row in rows:
        via = str(row["via_iso3"])
        largest[via] = max(largest.get(via, -top), number(row["excess"]) or -top)
    order = sorted(largest, key=lambda via: (-largest[via], via))
    found: dict[str, dict[str, Through]] = {}
    for row in rows:
        found.setdefault(str(row["control_set"]), {})[str(row["via_iso3"])] = _one_through(row, top)
    return {name: tuple(one[via] for via in order[:MOST_THROUGH] if via in one) for name, one in found.items()}


def _one_through(row: Row, top: float) -> Through:
    return Through(
        name=words.label(str(row["via_iso3"])),
        observed=words.money(row["observed"]),
        expected=words.money(row["expected"]),
        excess=words.money(row["excess"]),
        interval=interval(row["excess_low"], row["excess_high"]),
        bar=bar(row["excess_low"], row["excess"], row["excess_high"], (-top / 50, top)),
    )


def _figures(routes: Routes, scope: Scope, n_tested: int, n_untestable: int) -> list[tuple[str, str, str]]:
    """Number, what it counts, and the small print."""
    alerts = [row for row in routes.rows() if row["is_alert"]]
    least = sum(number(row["excess_low"]) or 0.0 for row in alerts)
    lost = next((one for row in routes.totals if (one := number(row["lost_direct"])) is not None), None)
    alpha = number(routes.parameters.get("alpha"))
    figures = [
        (words.count(len(alerts)), "alerts", f"q-value at most {alpha:g}, excess above zero" if alpha else ""),
        (
            words.money(least) if alerts else "0",
            "at least unexplained in the alerts",
            f"{scope.currency}, sum of the lower ends of the 90 % intervals".lstrip(", "),
        ),
        (
            words.money(lost),
            "direct trade lost",
            f"{scope.currency}, against what was expected without the event".lstrip(", "),
        ),
        (words.count(n_tested), "routes tested", "one intermediary and one product each"),
        (words.count(n_untestable), "could not be tested", "listed with reasons, never ranked"),
    ]
    return figures


def _source(row: Row) -> dict[str, str]:
    url = str(row["url"] or "")
    rows = number(row["n_rows"])
    return {
        "publisher": str(row["publisher"] or words.UNKNOWN),
        "title": str(row["title"] or words.UNKNOWN),
        # Only web addresses become links: a source's text may hold anything, a script included.
        "link": url if url.startswith(("https://", "http://")) else "",
        "url": url,
        "retrieved": str(row["retrieved_at"] or words.UNKNOWN),
        "sha256": str(row["sha256"] or words.UNKNOWN),
        "rows": words.UNKNOWN if rows is None else words.count(int(rows)),
    }


def _told(value: object) -> str:
    if value is None:
        return "not given"
    if isinstance(value, list | tuple | set | frozenset):
        parts = [str(one) for one in value]
        return ", ".join(sorted(parts) if isinstance(value, set | frozenset) else parts) or "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {one}" for name, one in value.items()) or "none"
    return str(value)
