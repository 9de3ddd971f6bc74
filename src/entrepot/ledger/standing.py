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
# The fact that tells since when a stage was known.
_TOLD = {"effective": "start_known", "removed": "end_known"}


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry on a day.

    Attributes:
        entry: the entry that spoke for its act, without what the world did not know then (:func:`as_known`).
        status: one of STATUSES. ``announced``: told, and not (yet) in force. ``unknown_date``: the day asked for lies
            inside a month or year in which it began or ended. ``unverified``: whether it goes on was not found.
        on: number of the day asked about; None where nobody asked.
    """

    entry: Entry
    status: str
    on: int | None = None

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
        entry = self.entry
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
    """Return an entry without the first day, end, suspensions and their ends that the world did not know on a day."""
    unknown = set()
    if entry.start_known is not None and entry.start_known.last > known:
        unknown.add("effective")
    end = entry.dates.get("removed")
    if end is not None and not entry.is_end_set and (entry.end_known or end).last > known:
        unknown.add("removed")
    pauses = tuple(replace(p, end=p.end_as_known(known)) for p in entry.suspensions if p.told <= known)
    if not unknown and pauses == entry.suspensions:
        return entry
    dates = {stage: when for stage, when in entry.dates.items() if stage not in unknown}
    late = {_TOLD[stage] for stage in unknown}
    facts = {name: value for name, value in entry.facts.items() if name not in late}
    return replace(entry, dates=dates, suspensions=pauses, facts=facts)


def standing(entry: Entry, *, on: int, known: int) -> Standing:
    """Return what an entry amounts to on a day (day number), as known on a day."""
    return Standing(as_known(entry, known), str(statuses(columns_of([entry]), on=on, known=known)[0]), on)


def statuses(columns: Columns, *, on: int, known: int) -> NDArray[np.str_]:
    """Return the status of every entry on a day (day number), as known on a day.

    An end, a suspension and a suspension's end count from the day on which they became known: as recorded, else their
    own day; a first day of effect from the recorded one, else with the act. So a question about the past keeps its
    answer.
    """
    start, end = columns.start_as_known(known), columns.end
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
