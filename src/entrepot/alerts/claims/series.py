"""Series: what the lake's reporters say of a flow, period by period; nothing added twice, unknown kept from zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from entrepot.lake import Lake

_CODE = {"code": "VARCHAR"}


@dataclass(frozen=True)
class Series:
    """One side's report of a flow: the sum over its reporters.

    Attributes:
        side: export or import: who reports.
        freq: M or A.
        currency: of the values.
        values: period to value; a period is there only if every reporter reported it; 0 where they recorded none.
        unknown: periods in which some cell is suppressed: the value is a least one.
        reporters: whose reports are added.
        missing: asked reporters without any report.
        digits: level of detail that was added up; 0 for totals.
        snapshots: bytes that the rows came from.
        has_rows: some reporter has a row of the flow; else all that is known is that they report other trade.
    """

    side: str
    freq: str
    currency: str
    values: Mapping[str, float]
    unknown: frozenset[str]
    reporters: tuple[str, ...]
    missing: tuple[str, ...]
    digits: int
    snapshots: tuple[str, ...] = ()
    has_rows: bool = True


@dataclass
class _Report:
    values: dict[str, float] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    reported: set[str] = field(default_factory=set)
    snapshots: set[str] = field(default_factory=set)


_Key = tuple[str, str, str, int, str, str]  # reporter, source, role, digits, currency, freq


def series_of(
    lake: Lake, exporters: Sequence[str], importers: Sequence[str], codes: Sequence[str], *, last: str
) -> list[Series]:
    """Return each side's series, months before years; sides without a reporter are left out.

    Args:
        exporters, importers: ISO3; empty means everybody.
        codes: HS codes; empty means all goods.
        last: month, YYYY-MM, at whose end the lake is looked at; nothing later is.
    """
    given = {"exporters": exporters, "importers": importers, "codes": codes}
    with lake.engine(as_of=last) as engine:
        for name, values in given.items():
            engine.table(f"asked_{name}", {"code": list(values)}, _CODE)
        sql = _sql("claim_flows")
        every = {"every_exporter": not exporters, "every_importer": not importers, "every_code": not codes}
        rows = engine.rows(sql, last=last, is_aggregate=False, **every)
        covered = engine.rows(_sql("claim_reported"), last=last)
    least = max((len(code) for code in codes), default=0)
    found = []
    for side, asked in (("export", exporters), ("import", importers)):
        reports = _reports(side, rows, covered, least, codes)
        for freq in ("M", "A"):
            one = _series(side, freq, reports, asked)
            if one is not None:
                found.append(one)
    return found


def _sql(name: str) -> str:
    return files("entrepot.alerts").joinpath(f"sql/{name}.sql").read_text("utf-8")


def _reports(
    side: str, rows: Sequence[tuple[Any, ...]], covered: Sequence[tuple[Any, ...]], least: int, codes: Sequence[str]
) -> dict[_Key, _Report]:
    found: dict[_Key, _Report] = {}
    for reporter, flow, source, role, digits, currency, freq, period, _ in covered:
        if flow == side and (digits >= least if codes else True) and not (codes and digits == 0):
            found.setdefault((reporter, source, role, digits, currency, freq), _Report()).reported.add(period)
    for row in rows:
        key = (row[1], row[2], row[3], row[4], row[5], row[6])
        if row[0] == side and key in found:
            report, period = found[key], row[7]
            if row[8] is not None:
                report.values[period] = row[8]
            if row[10] < row[9]:
                report.unknown.add(period)
            report.snapshots.add(row[11])
    return found


def _series(side: str, freq: str, reports: Mapping[_Key, _Report], asked: Sequence[str]) -> Series | None:
    chosen: dict[str, tuple[_Key, _Report]] = {}
    for key, report in sorted(reports.items(), key=_preference):
        if key[5] == freq and (not asked or key[0] in asked):
            chosen.setdefault(key[0], (key, report))
    if not asked:
        chosen = {reporter: one for reporter, one in chosen.items() if one[1].values}
    if not chosen:
        return None
    # One currency is added; that of most reporters.
    currencies = [key[4] for key, _ in chosen.values()]
    currency = max(sorted(set(currencies)), key=currencies.count)
    kept = {reporter: one for reporter, one in chosen.items() if one[0][4] == currency}
    periods = set.intersection(*(report.reported for _, report in kept.values()))
    unknown = {p for p in periods if any(p in report.unknown for _, report in kept.values())}
    blank = {p for p in unknown if not any(p in report.values for _, report in kept.values())}
    values = {p: sum(report.values.get(p, 0.0) for _, report in kept.values()) for p in sorted(periods - blank)}
    if not values and not blank:
        return None
    snapshots = tuple(sorted({one for _, report in kept.values() for one in report.snapshots}))
    missing = tuple(one for one in asked if one not in kept)
    digits = next(iter(kept.values()))[0][3]
    has_rows = bool(snapshots)
    names = tuple(sorted(kept))
    return Series(side, freq, currency, values, frozenset(unknown), names, missing, digits, snapshots, has_rows)


def _preference(item: tuple[_Key, _Report]) -> tuple[Any, ...]:
    """The report with rows, of the most periods, at the coarsest level that can tell, first."""
    key, report = item
    return not report.snapshots, -len(report.reported), key[3], key[2], key[1], key[4]
