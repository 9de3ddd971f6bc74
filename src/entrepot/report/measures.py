"""Which acts of the ledger stand on the charts of an answer: few, dated within it, and about its trade.

An act is drawn where it is of the origins' side (their states, and the bloc that acts for them), of an intermediary or
of the destination; is about trade in goods; and bears on the destination or on an intermediary, or names goods of the
answer. What is only alleged stays alleged, as it stood at the end of the window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from entrepot.codes import day_text, members, parse_dated
from entrepot.ledger import Entry, Filters, Ledger, Standing
from entrepot.report.answer import Routes, listed

# Topics of the ledger that are about goods and the ways they take.
TOPICS = ("export_monitoring", "circumvention_channels")
# More lines than these hide the trade behind them.
MOST = 24


def measures_of(routes: Routes, ledger: Ledger | None) -> list[dict[str, Any]]:
    """Return the dated measures of an answer, by date: those it brings from its lake, and the ledger's.

    Columns date, jurisdiction, title, status; the ledger's add entry_id, source, url, goods (its codes) and via_iso3
    (the intermediary whose act it is).
    """
    own = [dict(row) for row in routes.measures]
    seen = {(row["date"], row["jurisdiction"], row["title"]) for row in own}
    vias = {str(row["via_iso3"]) for row in routes.paths} - {str(routes.parameters.get("destination") or "")}
    found = [] if ledger is None else [_row(one, vias) for one in _fitting(routes, ledger)]
    rows = own + [row for row in found if (row["date"], row["jurisdiction"], row["title"]) not in seen]
    return sorted(rows, key=lambda row: (str(row["date"]), str(row["jurisdiction"]), str(row["title"])))


def _fitting(routes: Routes, ledger: Ledger) -> list[Standing]:
    window = routes.parameters.get("window")
    if not window:
        return []
    first, last = parse_dated(f"{window[0]}").first, parse_dated(f"{window[1]}").last
    destination = str(routes.parameters.get("destination") or "")
    drawn = {str(row["via_iso3"]) for row in routes.paths}
    filters = Filters(
        kinds=("measure", "provision"),
        jurisdictions=tuple(sorted({*_acting(routes, last), *drawn, destination})),
        topics=TOPICS,
        since=day_text(first),
        until=day_text(last),
    )
    codes = {code for row in routes.rows() for code in listed(row["hs_codes"])}
    fitting = [
        one
        for one in ledger.select(filters, on=day_text(last))
        if _bears_on(one, {destination}, drawn, codes) and first <= _when(one.entry) <= last
    ]
    # Goods named by code, then what names the market, come before what only mentions an intermediary.
    fitting.sort(key=lambda one: (not _names_goods(one.entry, codes), destination not in one.entry.targets))
    return fitting[:MOST]


def _acting(routes: Routes, day: int) -> Iterator[str]:
    """The origins, and EU for its members."""
    origins = {part.strip() for part in str(routes.parameters.get("origins") or "").split(",")}
    union = members("EU27", on=day_text(day))
    for part in origins:
        states = frozenset({part}) if len(part) == 3 else members(part, on=day_text(day)) if part else frozenset()
        yield from states
        if states & union:
            yield from ("EU", "EU27")
    yield "COALITION"


def _bears_on(one: Standing, market: set[str], vias: set[str], codes: set[str]) -> bool:
    entry = one.entry
    if entry.jurisdiction in vias | market or entry.instrument == "product_list":
        return True
    words = set(re.findall(r"[A-Z]{3}", " ".join(entry.targets)))
    return bool(words & (market | vias)) or _names_goods(entry, codes)


def _names_goods(entry: Entry, codes: set[str]) -> bool:
    return any(code.startswith(item.hs_code) or item.hs_code.startswith(code) for item in entry.goods for code in codes)


def _when(entry: Entry) -> int:
    when = entry.start or entry.world_knew
    return when.first if when else 0


def _row(one: Standing, vias: set[str]) -> dict[str, Any]:
    entry, source = one.entry, one.entry.sources[0]
    return {
        "date": str(entry.start or entry.world_knew),
        "jurisdiction": entry.jurisdiction,
        "title": entry.title,
        "status": one.status,
        "entry_id": entry.entry_id,
        "source": source.title,
        "url": source.url,
        "goods": ";".join(item.hs_code for item in entry.goods),
        "via_iso3": entry.jurisdiction if entry.jurisdiction in vias else "",
    }
