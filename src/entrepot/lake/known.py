"""Known: what the lake says as somebody saw it at the end of a month.

Months after it are left out. Where several extractions of a reporter's month are in the lake, the one counts that had
been made by then; a file whose day of extraction is not recorded counts as known. A reporter's month that only later
extractions hold is read from the earliest of them: what was first published is not in the lake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from entrepot.lake.engine import Engine, quoted
from entrepot.lake.manifest import FileRef, Part, Version
from entrepot.lake.schema import COVERAGE, FLOWS, TableSchema
from entrepot.lake.views import columns

# A reporter's month is known from the first extraction on that holds any of it.
_BLOCK = ("freq", "period", "reporter_iso3", "flow")


@dataclass(frozen=True)
class _Order:
    """Snapshots of one source, those that count more first.

    Attributes:
        ids: snapshot ids.
        n_known: how many of them, from the first on, had been made by then.
    """

    ids: tuple[str, ...]
    n_known: int

    def late(self) -> frozenset[str]:
        return frozenset(self.ids[self.n_known :])


def show_known(engine: Engine, version: Version, *, find: Callable[[str], str], month: str) -> None:
    """Replace the views ``flows`` and ``coverage`` by what was known at the end of a month, YYYY-MM.

    Args:
        find: gives the place of a file of the lake, as the engine reads it.
    """
    groups: dict[tuple[str, int | None], list[Part]] = defaultdict(list)
    for part in version.parts_of("flows"):
        groups[part.source_id, part.year].append(part)
    show = _Shown(engine, find)
    flows: list[str] = []
    coverage: list[str] = []
    plain: list[Part] = []
    for (source_id, _), parts in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or 0)):
        order = _order(version, source_id, month)
        if _is_contested(show, parts, order):
            flows.append(_chosen(show, parts, order))
            coverage.append(_counted(flows[-1]))
        else:
            plain += [part for part in parts if part.data.rows]
    if plain:
        flows.append(show.rows(FLOWS, [part.data for part in plain]))
        coverage += _coverage_of(show, plain)
    _view(engine, FLOWS, flows, month)
    _view(engine, COVERAGE, coverage, month)


def known_snapshots(version: Version, *, month: str) -> frozenset[str]:
    """Return the snapshots that had been extracted by the end of a month, undated ones included."""
    sources = {entry.source_id for entry in version.snapshots}
    orders = (_order(version, source_id, month) for source_id in sources)
    return frozenset(snapshot_id for order in orders for snapshot_id in order.ids[: order.n_known])


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
    return _Order((*known, *late), len(known))


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


def _view(engine: Engine, schema: TableSchema, bodies: Sequence[str], month: str) -> None:
    """Make a view over bodies with whole periods up to the month; an empty one stays as it is."""
    if not bodies:
        return
    year = int(month[:4]) if month.endswith("-12") else int(month[:4]) - 1
    known = f"(freq = 'M' AND period <= {quoted(month)}) OR (freq = 'A' AND period <= {quoted(str(year))})"
    body = " UNION ALL ".join(f"SELECT {columns(schema)} FROM ({body}) AS p" for body in bodies)
    engine.view(schema.name, f"SELECT {columns(schema)} FROM ({body}) AS v WHERE {known}")
