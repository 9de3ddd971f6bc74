"""Entries as arrays, so that a question about a hundred thousand of them is a few comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import Dated
from entrepot.ledger.entry import Entry, Suspension

Days = NDArray[np.int32]
Mask = NDArray[np.bool_]
# A date that an entry does not have: later than every day, so it never comes.
_ABSENT = Dated("", 5_000_000, 5_000_000)
SHIPPED = "entrepot"


@dataclass(frozen=True)
class Columns:
    """What decides the status of each entry.

    Attributes:
        start, end, knew: first and last possible day (n, 2) of taking effect, of ending, of the world's knowing.
        recorded: day from which an entry of the user's own counts; 0 for the shipped pack.
        is_end_sure, is_end_set: as in Entry.
        recorded_status: as in Entry, empty where derived.
        pauses: suspensions of the few that have any, by position.
        replaces: position of the entry that each corrects, -1 for none.
    """

    start: Days
    end: Days
    knew: Days
    recorded: Days
    is_end_sure: Mask
    is_end_set: Mask
    recorded_status: NDArray[np.str_]
    pauses: dict[int, tuple[Suspension, ...]]
    replaces: Days


def columns_of(entries: Sequence[Entry], places: dict[str, int]) -> Columns:
    """Return the arrays of a sequence of entries.

    Args:
        places: position by id, for corrections.
    """
    return Columns(
        start=_bounds([entry.start for entry in entries]),
        end=_bounds([entry.dates.get("removed") for entry in entries]),
        knew=_bounds([entry.world_knew for entry in entries]),
        recorded=np.array([0 if e.pack == SHIPPED else _day(e.recorded_at) for e in entries], dtype=np.int32),
        is_end_sure=np.array([entry.is_end_sure for entry in entries], dtype=bool),
        is_end_set=np.array([entry.is_end_set for entry in entries], dtype=bool),
        recorded_status=np.array([entry.status or "" for entry in entries], dtype=np.str_),
        pauses={i: entry.suspensions for i, entry in enumerate(entries) if entry.suspensions},
        replaces=np.array([places[e.replaces] if e.replaces else -1 for e in entries], dtype=np.int32),
    )


def _bounds(dates: Sequence[Dated | None]) -> Days:
    found = [(when.first, when.last) for when in (date or _ABSENT for date in dates)]
    return np.array(found, dtype=np.int32).reshape(-1, 2)


def _day(instant: str) -> int:
    return datetime.fromisoformat(instant).toordinal()
