"""Known: what the lake says as somebody saw it at the end of a month.

Months after it are left out. Where several extractions of a reporter's month are in the lake, the one counts that had
been made by then; a file whose day of extraction is not recorded counts as known. A reporter's month that only later
extractions hold is read from the earliest of them, as what was first published is not in the lake; but not a month past
the last one of an extraction that reached as far as the publisher then did: that month had not been published yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from entrepot.lake.engine import Engine, identifier, quoted
from entrepot.lake.manifest import FileRef, Part, Version
from entrepot.lake.schema import COVERAGE, FLOWS, TableSchema
from entrepot.lake.views import columns

# A reporter's month is known from the first extraction on that holds any of it.
_BLOCK = ("freq", "period", "reporter_iso3", "flow")
# An extraction whose last month is no older than this on its day holds all that had been published.
_LAG_MONTHS = 6
_EDGES = {"source_id": "VARCHAR", "freq": "VARCHAR", "reporter_iso3": "VARCHAR", "flow": "VARCHAR", "edge": "VARCHAR"}


@dataclass(frozen=True)
class _Order:
    """Snapshots of one source, those that count more first.

    Attributes:
        ids: snapshot ids.
        n_known: how many of them, from the first on, had been made by then.
        days: day of extraction of each; empty where it is not recorded.
    """

    ids: tuple[str, ...]
    n_known: int
    days: dict[str, str]

    def late(self) -> frozenset[str]:
        return frozenset(self.ids[self.n_known :])


def show_known(engine: Engine, version: Version, *, find: Callable[[str], str], month: str) -> None:
    """Replace the views ``flows`` and ``coverage`` by what was known at the end of a month, YYYY-MM.

    Args:
        find: gives the place of a file of the lake, as the engine reads it.
    """
    parts = version.parts_of("flows")
    orders = {source_id: _order(version, source_id, month) for source_id in {part.source_id for part in parts}}
    groups: dict[tuple[str, int | None], list[Part]] = defaultdict(list)
    for part in parts:
        groups[part.source_id, part.year].append(part)
    show = _Shown(engine, find)
    flows: list[str] = []
    coverage: list[str] = []
    plain: list[Part] = []
    for (source_id, _), group in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or 0)):
        if _is_contested(show, group, orders[source_id]):
            flows.append(_chosen(show, group, orders[source_id]))
            coverage.append(_counted(flows[-1]))
        else:
            plain += [part for part in group if part.data.rows]
    if plain:
        flows.append(show.rows(FLOWS, [part.data for part in plain]))
        coverage += _coverage_of(show, plain)
    late = _past_edges(show, parts, orders)
    _view(engine, FLOWS, flows, month, late)
    _view(engine, COVERAGE, coverage, month, late)


@dataclass
class _Shown:
    """Files of the lake as views of an engine session."""

    engine: Engine
    find: Callable[[str], str]
    count: int = 0

    def rows(self, schema: TableSchema, files: Sequence[FileRef]) -> str:
        """Return SQL that reads files of a table."""
        self.count += 1
        name = f"known_{schema.name}_{self.count}"
        types = {column.name: column.type for column in schema.columns}
        self.engine.files(name, [self.find(ref.file) for ref in files], types)
        return f"SELECT {columns(schema)} FROM {name}"


def _order(version: Version, source_id: str, month: str) -> _Order:
    entries = [entry for entry in version.snapshots if entry.source_id == source_id]
    day = {entry.snapshot_id: entry.origin.extracted_date or "" for entry in entries}
    known: list[str] = []
    late: list[str] = []
    for snapshot_id in (entry.snapshot_id for entry in entries):
        if day[snapshot_id][:7] > month:
            late.append(snapshot_id)
            continue
        # As the lake itself settles it: the one ingested later counts, unless both have a day and its own is earlier.
        newer = [i for i, other in enumerate(known) if day[snapshot_id] and day[snapshot_id] < day[other]]
        known.insert(newer[-1] + 1 if newer else 0, snapshot_id)
    late.sort(key=lambda snapshot_id: day[snapshot_id])
    return _Order((*known, *late), len(known), day)


def _past_edges(show: _Shown, parts: Sequence[Part], orders: Mapping[str, _Order]) -> frozenset[str]:
    """Make ``known_edges``: the last month that each reporter had published; return the snapshots made after it."""
    edges: dict[tuple[str, str, str, str], str] = {}
    late: set[str] = set()
    for source_id, order in orders.items():
        dated = {snapshot_id for snapshot_id in order.ids[: order.n_known] if order.days[snapshot_id]}
        if not order.late() or not dated:
            continue
        late |= order.late()
        first = [part.first for part in parts if part.snapshot_id in dated and part.source_id == source_id]
        rows = show.engine.rows(
            "SELECT snapshot_id, freq, reporter_iso3, flow, max(period)"
            f" FROM ({show.rows(FLOWS, [ref for ref in first if ref.rows])}) AS f"
            " GROUP BY snapshot_id, freq, reporter_iso3, flow"
        )
        for snapshot_id, freq, reporter, flow, last in rows:
            key = (source_id, freq, reporter, flow)
            if _age(last, order.days[snapshot_id]) <= _LAG_MONTHS:
                edges[key] = max(edges.get(key, last), last)
    columns = dict(zip(_EDGES, zip(*((*key, edge) for key, edge in sorted(edges.items())), strict=True), strict=False))
    show.engine.table("known_edges", {name: columns.get(name, ()) for name in _EDGES}, _EDGES)
    return frozenset(late) if edges else frozenset()


def _age(period: str, day: str) -> int:
    """Months from the end of a period to a day."""
    year, month = int(period[:4]), int(period[5:7] or 12)
    return (int(day[:4]) - year) * 12 + int(day[5:7]) - month


def _is_contested(show: _Shown, parts: Sequence[Part], order: _Order) -> bool:
    """Whether what stands in the lake today may differ from what was known then."""
    late = [part for part in parts if part.snapshot_id in order.late()]
    if not late or len(parts) == 1:
        return False
    if any(part.original is not None for part in parts):
        return True
    known = [part for part in parts if part not in late and part.data.rows]
    late = [part for part in late if part.data.rows]
    if not known or not late:
        return False
    block = ", ".join(_BLOCK)
    sides = [f"SELECT DISTINCT {block} FROM ({' UNION ALL '.join(_blocks(show, side))}) AS s" for side in (known, late)]
    return bool(show.engine.rows(f"SELECT 1 AS one FROM ({sides[0]} INTERSECT {sides[1]}) AS b LIMIT 1"))


def _blocks(show: _Shown, parts: Sequence[Part]) -> list[str]:
    return [f"SELECT {', '.join(_BLOCK)} FROM ({body}) AS c" for body in _coverage_of(show, parts)]


def _chosen(show: _Shown, parts: Sequence[Part], order: _Order) -> str:
    """SQL of a group's rows as first read, each cell once, from the extraction that counts."""
    rank = " ".join(f"WHEN {quoted(snapshot_id)} THEN {i}" for i, snapshot_id in enumerate(order.ids))
    key, block = ", ".join(FLOWS.key), ", ".join(_BLOCK)
    rows = show.rows(FLOWS, [part.first for part in parts if part.first.rows])
    ranked = f"SELECT f.*, CASE snapshot_id {rank} END AS place FROM ({rows}) AS f"
    blocked = f"SELECT r.*, min(place) OVER (PARTITION BY {block}) AS best FROM ({ranked}) AS r"
    # Beside a known extraction of a reporter's month, later ones say nothing.
    seen = f"SELECT b.* FROM ({blocked}) AS b WHERE best >= {order.n_known} OR place < {order.n_known}"
    once = f"SELECT s.*, row_number() OVER (PARTITION BY {key} ORDER BY place) AS turn FROM ({seen}) AS s"
    return f"SELECT {columns(FLOWS)} FROM ({once}) AS o WHERE turn = 1"


def _coverage_of(show: _Shown, parts: Sequence[Part]) -> list[str]:
    counted = [part.coverage for part in parts if part.coverage is not None]
    uncounted = [part.data for part in parts if part.coverage is None]
    bodies = [show.rows(COVERAGE, counted)] if counted else []
    return bodies + ([_counted(show.rows(FLOWS, uncounted))] if uncounted else [])


def _counted(rows: str) -> str:
    """SQL that counts what rows of flows cover."""
    key = ", ".join(COVERAGE.key)
    digits = "CASE WHEN hs_code = 'TOTAL' THEN 0 ELSE length(hs_code) END AS digits"
    counts = "count(*) AS n_rows, count(DISTINCT partner_iso3) AS n_partners, sum(value) AS value"
    counted = f"SELECT {key}, {counts} FROM (SELECT f.*, {digits} FROM ({rows}) AS f) AS d GROUP BY {key}"
    return f"SELECT {columns(COVERAGE)} FROM ({counted}) AS c"


def _view(engine: Engine, schema: TableSchema, bodies: Sequence[str], month: str, late: frozenset[str]) -> None:
    """Make a view over bodies with whole periods up to the month; an empty one stays as it is.

    Rows of ``late`` snapshots past what their reporter had published by then are left out.
    """
    if not bodies:
        return
    year = int(month[:4]) if month.endswith("-12") else int(month[:4]) - 1
    known = f"(v.freq = 'M' AND v.period <= {quoted(month)}) OR (v.freq = 'A' AND v.period <= {quoted(str(year))})"
    body = " UNION ALL ".join(f"SELECT {columns(schema)} FROM ({body}) AS p" for body in bodies)
    joined = ""
    if late:
        on = " AND ".join(f"v.{name} = e.{name}" for name in _EDGES if name != "edge")
        joined = f" LEFT JOIN known_edges AS e ON {on}"
        names = ", ".join(quoted(snapshot_id) for snapshot_id in sorted(late))
        known = f"({known}) AND NOT (v.snapshot_id IN ({names}) AND coalesce(v.period > e.edge, false))"
    chosen = ", ".join(f"v.{identifier(name)}" for name in schema.names)
    engine.view(schema.name, f"SELECT {chosen} FROM ({body}) AS v{joined} WHERE {known}")
