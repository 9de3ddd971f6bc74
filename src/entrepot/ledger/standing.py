"""What entries amount to on a day, as known on a day: derived from their dates, never typed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import Dated
from entrepot.ledger.columns import Columns, columns_of
from entrepot.ledger.entry import Entry, Suspension

STATUSES = (
    "announced",
    "in_force",
    "suspended",
    "ended",
    "unverified",
    "unknown_date",
    "proposed",
    "reported",
    "alleged",
    "disputed",
)
_NAMES = np.array(STATUSES)
_IN_FORCE = STATUSES.index("in_force")


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry on a day.

    Attributes:
        entry: the entry that spoke for its act as known then.
        status: one of STATUSES. ``announced``: told, and not (yet) in force. ``unknown_date``: the day asked for lies
            inside a month or year in which it began or ended. ``unverified``: whether it goes on was not found.
        on, known: numbers of the day asked about and of the day whose knowledge counted; None where nobody asked.
    """

    entry: Entry
    status: str
    on: int | None = None
    known: int | None = None

    @property
    def may_block(self) -> bool:
        """Whether a blocking result may rest on it: only on what is in force."""
        return self.status == "in_force"

    @property
    def must_ask(self) -> bool:
        """Whether a person has to look first: the dates do not decide."""
        return self.status in ("unverified", "unknown_date")

    @property
    def why(self) -> str:
        """One sentence that names the date behind the status."""
        entry = self.entry if self.known is None else as_known(self.entry, self.known)
        end = entry.dates.get("removed")
        begun = [pause for pause in entry.suspensions if self.on is None or pause.start.first <= self.on]
        if self.status in ("suspended", "unverified") and begun and not (end and self._is_past(end)):
            pause = begun[-1]
            until = f" to {pause.end}" if pause.end else ", no end known"
            after = "; what followed was not found" if self.status == "unverified" else ""
            return f"suspended from {pause.start}{until}{after}"
        return {
            "announced": f"told, and to take effect {entry.start}" if entry.start else "told; no first day is known",
            "in_force": f"in force since {entry.start}" + _stage(entry) + (f", until before {end}" if end else ""),
            "ended": f"ended {end}",
            "unverified": f"its stated end was {end}; whether it was prolonged was not found",
            "unknown_date": f"the day asked for lies inside a date known less exactly ({entry.start}, end {end})",
        }.get(self.status, f"recorded as {self.status}: it binds nobody and may not block anything")

    def _is_past(self, when: Dated) -> bool:
        return self.on is not None and when.last <= self.on


def _stage(entry: Entry) -> str:
    return "" if "effective" in entry.dates else " (of which stage that date is, the source does not say)"


def as_known(entry: Entry, known: int) -> Entry:
    """Return an entry without its end, suspensions and ends of suspensions that the world did not know on a day."""
    end = entry.dates.get("removed")
    is_known = entry.is_end_set or end is None or (entry.end_known or end).last <= known
    dates = entry.dates if is_known else {stage: when for stage, when in entry.dates.items() if stage != "removed"}
    pauses = tuple(replace(p, end=p.end_as_known(known)) for p in entry.suspensions if p.told <= known)
    return replace(entry, dates=dates, suspensions=pauses)


def standing(entry: Entry, *, on: int, known: int) -> Standing:
    """Return what an entry amounts to on a day (day number), as known on a day."""
    return Standing(entry, str(statuses(columns_of([entry]), on=on, known=known)[0]), on, known)


def statuses(columns: Columns, *, on: int, known: int) -> NDArray[np.str_]:
    """Return the status of every entry on a day (day number), as known on a day.

    An end, a suspension and a suspension's end count from the day on which they became known: as recorded, else their
    own day. So a question about the past keeps its answer.
    """
    start, end = columns.start, columns.end
    is_end_known = columns.end_knew <= known
    derived = np.select(
        [
            start[:, 0] > on,
            start[:, 1] > on,
            is_end_known & (end[:, 1] <= on) & columns.is_end_sure,
            is_end_known & (end[:, 1] <= on),
            is_end_known & (end[:, 0] <= on),
        ],
        [STATUSES.index(name) for name in ("announced", "unknown_date", "ended", "unverified", "unknown_date")],
        _IN_FORCE,
    )
    for index, pauses in columns.pauses.items():
        if derived[index] == _IN_FORCE:
            derived[index] = STATUSES.index(_paused(pauses, on=on, known=known))
    recorded = columns.recorded_status.made(lambda name: STATUSES.index(name) if name else -1, np.int64)
    return np.asarray(_NAMES[np.where(recorded >= 0, recorded, derived)])


def _paused(pauses: tuple[Suspension, ...], *, on: int, known: int) -> str:
    """The last suspension that had begun decides; what followed an older one was settled by it."""
    begun = [pause for pause in pauses if pause.start.first <= on and pause.told <= known]
    if not begun:
        return "in_force"
    pause = begun[-1]
    end = pause.end_as_known(known)
    if pause.start.last > on:
        return "unknown_date"
    if end is None or end.first > on:
        return "suspended"
    if end.last > on:
        return "unknown_date"
    return "in_force" if pause.is_end_sure else "unverified"
