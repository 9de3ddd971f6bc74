"""Screen: a file of customers, or parties at hand, against lists of the lake."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from entrepot.errors import ConfigError
from entrepot.lake import Engine, Lake, Table
from entrepot.parties.features import date_of
from entrepot.parties.index import Index, open_index, readable
from entrepot.parties.matcher import THRESHOLD, Reason, reasons_json
from entrepot.parties.party import Party
from entrepot.parties.queries import ENTITIES, party_of_line, read_layout, read_rows

RESULTS = {
    "query_id": "VARCHAR",
    "rank": "INTEGER",
    "entity_id": "VARCHAR",
    "dataset": "VARCHAR",
    "schema": "VARCHAR",
    "name": "VARCHAR",
    "score": "DOUBLE",
    "match": "BOOLEAN",
    "reasons": "VARCHAR",
}
NO_NAME, NO_CANDIDATE = "no usable name", "no candidate"
_DATES = ("birthDate", "incorporationDate")


@dataclass(frozen=True)
class ScreenOptions:
    """How to screen.

    Attributes:
        limit: candidates written per query, whatever their score.
        threshold: score from which a candidate counts as a match.
        as_of: day or instant at whose end the lists are taken; None for now.
        since: version of the lake, day or instant: only parties that came to the lists or changed after it.
    """

    limit: int = 5
    threshold: float = THRESHOLD
    as_of: str | None = None
    since: int | str | None = None

    def __post_init__(self) -> None:
        if self.limit < 1 or not 0 < self.threshold <= 1:
            remedy = "The limit is a whole number from 1, the threshold lies above 0 and up to 1."
            raise ConfigError(f"limit {self.limit}, threshold {self.threshold}", remedy=remedy)


@dataclass
class Counts:
    """What was screened: queries, those with a match, those without a usable name, dates that are none, ids again."""

    queries: int = 0
    with_match: int = 0
    no_name: int = 0
    bad_dates: int = 0
    repeated_ids: int = 0

    def add(self, other: Counts) -> None:
        """Add the counts of a further block."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def screen(
    lake: Lake,
    what: str | os.PathLike[str] | Iterable[Party],
    *,
    against: Sequence[str],
    options: ScreenOptions | None = None,
) -> Table:
    """Return the candidates of every query, in memory; for large files see :func:`screen_file`.

    Args:
        what: a file (records of kind person or company, FollowTheMoney, or id and name), or parties.
        against: source ids of lists.

    Returns:
        grain query_id, rank. ``reasons`` is JSON: feature, query, candidate, detail, weight. A query without a
        usable name, or without a candidate, has one row with no rank, and its reason.

    Raises:
        NotFound: a list that the lake does not hold.
        SourceError: the file cannot be read.
    """
    chosen = options or ScreenOptions()
    index = index_of(lake, against, chosen)
    parties = _parties(Path(what)) if isinstance(what, str | os.PathLike) else what
    counts = Counts()
    rows = [row for party in parties for row in answer(index, party, chosen, counts)]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(RESULTS)}
    return Table(columns, RESULTS)


def index_of(lake: Lake, against: Sequence[str], options: ScreenOptions) -> Index:
    """Return the index that the options ask for."""
    version = lake.version_at(options.as_of) if options.as_of else None
    return open_index(lake, against, version=version, since=options.since)


def answer(index: Index, party: Party, options: ScreenOptions, counts: Counts) -> list[tuple[Any, ...]]:
    """Return the rows of one query, as columns of RESULTS, and count it."""
    counts.queries += 1
    counts.bad_dates += sum(date_of(text) is None for text in party.values(*_DATES))
    found = index.search(party, limit=options.limit, threshold=options.threshold)
    if found:
        counts.with_match += any(one.is_match for one in found)
        return [
            (
                party.party_id,
                rank,
                one.entity_id,
                one.dataset,
                one.schema,
                one.name,
                one.score,
                one.is_match,
                reasons_json(one.reasons),
            )
            for rank, one in enumerate(found, 1)
        ]
    is_named = bool(readable(party))
    counts.no_name += not is_named
    if is_named and options.since is not None:
        return []
    detail = NO_CANDIDATE if is_named else NO_NAME
    reason = Reason("name", "; ".join(party.names)[:100], "", detail, 0.0)
    return [(party.party_id, None, None, None, None, None, None, None, reasons_json((reason,)))]


def _parties(path: Path) -> Iterable[Party]:
    layout = read_layout(path)
    build = party_of_line if layout == ENTITIES else layout.party
    return map(build, read_rows(path, layout))


def read_results(path: Path) -> Table:
    """Return the table of a file that :func:`screen_file` wrote."""
    readers = {
        ".csv": "read_csv(?, header = true, auto_detect = false, quote = '\"', escape = '\"', columns = {columns})",
        ".parquet": "read_parquet(?)",
    }
    columns = "{" + ", ".join(f"{name}: '{type_}'" for name, type_ in RESULTS.items()) + "}"
    reader = readers.get(path.suffix, "read_json(?, columns = {columns})").replace("{columns}", columns)
    with Engine(threads=1) as engine:
        engine.connection.execute("SET preserve_insertion_order = true")
        rows = engine.connection.execute(f"SELECT * FROM {reader}", [str(path)]).fetchall()
    return Table({name: [row[i] for row in rows] for i, name in enumerate(RESULTS)}, RESULTS)
