"""Back-tests without look-ahead: the same flags on every month of the past, with what was known in that month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from entrepot.alerts.checking import Check, CheckOptions
from entrepot.alerts.rates import wilson
from entrepot.codes import parse_day
from entrepot.errors import ConfigError, SourceError
from entrepot.lake import Lake, Table
from entrepot.ledger import Ledger
from entrepot.redflags import Flags
from entrepot.sources import RecordMapping

TYPES = {
    "variant": "VARCHAR",
    "flag_id": "VARCHAR",
    "is_shadow": "BOOLEAN",
    "fired": "BIGINT",
    "known": "BIGINT",
    "true": "BIGINT",
    "precision": "DOUBLE",
    "precision_low": "DOUBLE",
    "precision_high": "DOUBLE",
    "recall": "DOUBLE",
    "recall_low": "DOUBLE",
    "recall_high": "DOUBLE",
    "per_day": "DOUBLE",
    "overlap": "VARCHAR",
}
_TRUE = ("true", "t", "1", "yes", "y", "confirmed")
_FALSE = ("false", "f", "0", "no", "n", "cleared")
ALERT = "decision"


@dataclass(frozen=True, slots=True)
class Replay:
    """What a back-test looks at.

    Attributes:
        first, last: days, both included; the flags are put to the records at the end of every month between them.
        outcomes: record id -> whether it turned out to be what the flags look for.
        changed: flag id -> threshold -> another value; worked out beside the flags as they are.
        mapping: which columns of the first file are which of ours.
        lake: holds what no file gives.
    """

    first: str
    last: str
    outcomes: Mapping[str, bool]
    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mapping: RecordMapping | None = None
    lake: Lake | None = None


def read_outcomes(path: Path) -> dict[str, bool]:
    """Return what became of records, from a CSV with record_id and is_true.

    Raises:
        SourceError: no such file, a column is missing, or a cell says neither.
    """
    if not path.is_file():
        raise SourceError("no such file", where=str(path), remedy="Name a CSV with record_id and is_true.")
    connection = duckdb.connect(":memory:", config={"threads": 1})
    name = str(path).replace("'", "''")
    try:
        rows = connection.execute(
            f"SELECT record_id, lower(is_true) FROM read_csv('{name}', all_varchar = true)"
        ).fetchall()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise SourceError(first, where=str(path), remedy="It needs the columns record_id and is_true.") from error
    finally:
        connection.close()
    found: dict[str, bool] = {}
    for number, (record_id, text) in enumerate(rows, 1):
        if text not in _TRUE and text not in _FALSE:
            remedy = "Write true or false; leave out records of which nothing is known."
            raise SourceError(f"record {number}, is_true: {text!r}", where=str(path), remedy=remedy)
        found[record_id] = text in _TRUE
    return found


def backtest(
    kind: str,
    files: Sequence[tuple[str, Path]],
    flags: Flags,
    ledger: Ledger,
    options: CheckOptions,
    replay: Replay,
    *,
    on_month: Callable[[str], None] | None = None,
) -> Table:
    """Return how each flag would have done, month by month, with nothing known ahead of its time.

    Returns:
        grain variant, flag. ``fired`` counts records on which the flag fired in any month, ``known`` those of them
        whose outcome is known; precision is over these, recall over the true records there. ``per_day`` is the load.
        ``overlap`` names the flags that fired on the same records, with the share. The row ``decision`` is what the
        policy made of all of them; shadow flags are told and never part of it.

    Raises:
        ConfigError: the last day lies before the first.
    """
    if parse_day(replay.last) < parse_day(replay.first):
        raise ConfigError(f"--to {replay.last} lies before --from {replay.first}", remedy="Turn them round.")
    rows = _variant("as they are", kind, files, flags, ledger, options, replay, on_month)
    if replay.changed:
        other = replace(options, thresholds=replay.changed)
        rows += _variant(_named(replay.changed), kind, files, flags, ledger, other, replay, on_month)
    return Table.from_rows(rows, TYPES)


def _variant(
    name: str,
    kind: str,
    files: Sequence[tuple[str, Path]],
    flags: Flags,
    ledger: Ledger,
    options: CheckOptions,
    replay: Replay,
    on_month: Callable[[str], None] | None,
) -> list[dict[str, Any]]:
    fired: dict[str, set[str]] = {}
    seen: set[str] = set()
    shadows: set[str] = set()
    for day in _months(replay.first, replay.last):
        if on_month:
            on_month(day)
        with Check(kind, flags, ledger, replace(options, as_of=day), lake=replay.lake) as check:
            for place, (name_of, path) in enumerate(files):
                check.read(name_of, path, None if place else replay.mapping)
            check.read_held()
            check.outcomes()
            connection = check.tables.connection
            connection.execute(check.answer())
            for flag_place, ids in connection.execute(
                "SELECT flag, list(record_id) FROM outcomes WHERE outcome = 'fired' GROUP BY flag"
            ).fetchall():
                fired.setdefault(check.flags[flag_place].id, set()).update(ids)
            told = "SELECT DISTINCT record_id FROM outcomes JOIN decisions USING (_row) WHERE decision <> 'pass'"
            fired.setdefault(ALERT, set()).update(one for (one,) in connection.execute(told).fetchall())
            seen.update(one for (one,) in connection.execute("SELECT DISTINCT record_id FROM outcomes").fetchall())
            shadows.update(flag.id for flag in check.flags if flag.status == "shadow")
    days = parse_day(replay.last) - parse_day(replay.first) + 1
    positives = {one for one in seen if replay.outcomes.get(one)}
    order = sorted(fired, key=lambda flag_id: (flag_id != ALERT, flag_id))
    return [
        {"variant": name, "flag_id": one, "is_shadow": one in shadows, **_scored(one, fired, positives, replay, days)}
        for one in order
    ]


def _scored(
    flag_id: str, fired: Mapping[str, set[str]], positives: set[str], replay: Replay, days: int
) -> dict[str, Any]:
    ids = fired[flag_id]
    known = {one for one in ids if one in replay.outcomes}
    true = known & positives
    low, high = wilson(len(true), len(known))
    recall_low, recall_high = wilson(len(true), len(positives))
    shared = {
        other: len(ids & fired[other]) / len(ids)
        for other in sorted(fired)
        if ids and other not in (flag_id, ALERT) and ids & fired[other]
    }
    return {
        "fired": len(ids),
        "known": len(known),
        "true": len(true),
        "precision": len(true) / len(known) if known else None,
        "precision_low": low,
        "precision_high": high,
        "recall": len(true) / len(positives) if positives else None,
        "recall_low": recall_low,
        "recall_high": recall_high,
        "per_day": len(ids) / days,
        "overlap": "; ".join(f"{other} {share:.2f}" for other, share in shared.items()),
    }


def _months(first: str, last: str) -> Iterator[str]:
    """The last day of every month, and the last day asked for."""
    end, day = date.fromisoformat(last), date.fromisoformat(first)
    while True:
        month_end = day.replace(day=monthrange(day.year, day.month)[1])
        if month_end >= end:
            yield last
            return
        yield month_end.isoformat()
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _named(changed: Mapping[str, Mapping[str, Any]]) -> str:
    return ", ".join(f"{flag}.{name}={value}" for flag, values in changed.items() for name, value in values.items())
