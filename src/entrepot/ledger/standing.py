"""What an entry amounts to on a day, as known on a day: derived from its dates, never typed."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.ledger.entry import Entry, Suspension

# A check that may stop something asks ``may_block``; ``unverified`` means that a person has to look first.
STATUSES = (
    "in_force",
    "suspended",
    "ended",
    "announced",
    "unverified",
    "unknown_date",
    "proposed",
    "reported",
    "alleged",
    "disputed",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry on a day.

    Attributes:
        entry: the entry that spoke for its act as known then.
        status: one of STATUSES. ``announced``: told, and not (yet) in force. ``unknown_date``: the day asked for lies
            inside a month or year in which it began or ended. ``unverified``: whether it goes on was not found.
        why: one sentence that names the date behind the status.
    """

    entry: Entry
    status: str
    why: str

    @property
    def may_block(self) -> bool:
        """Whether a blocking result may rest on it: only on what is in force."""
        return self.status == "in_force"

    @property
    def must_ask(self) -> bool:
        """Whether nobody can say without looking it up: the dates do not decide."""
        return self.status in ("unverified", "unknown_date")


def standing(entry: Entry, *, on: int, known: int) -> Standing:
    """Return what an entry amounts to on a day (day number), as known on a day.

    What the entry says of an end or a suspension that lies after ``known`` counts only where the act itself had fixed
    it; so a question about the past keeps its answer.
    """
    status, why = _derived(entry, on=on, known=known)
    return Standing(entry, entry.status or status, why if entry.status is None else f"recorded as {entry.status}")


def _derived(entry: Entry, *, on: int, known: int) -> tuple[str, str]:
    if entry.start is None or entry.start.has_come(on) is False:
        return "announced", f"in force from {entry.start}" if entry.start else "no start is known"
    if entry.start.has_come(on) is None:
        return "unknown_date", f"starts in {entry.start}, day unknown"
    end = entry.dates.get("removed")
    if end is not None and (entry.is_end_set or end.last <= known):
        if end.has_come(on):
            return ("ended", f"ended {end}") if entry.is_end_sure else ("unverified", f"nominal end {end}")
        if end.has_come(on) is None:
            return "unknown_date", f"ends in {end}, day unknown"
    return _suspended(entry, on=on, known=known) or ("in_force", f"in force since {entry.start}")


def _suspended(entry: Entry, *, on: int, known: int) -> tuple[str, str] | None:
    """The last suspension that had begun decides; an older one whose end is unsure was settled by it."""
    begun = [pause for pause in entry.suspensions if pause.start.first <= on and pause.start.first <= known]
    return _within(begun[-1], on) if begun else None


def _within(pause: Suspension, on: int) -> tuple[str, str] | None:
    if pause.start.has_come(on) is None:
        return "unknown_date", f"suspended in {pause.start}, day unknown"
    if pause.end is None or pause.end.has_come(on) is False:
        return "suspended", f"suspended since {pause.start}"
    if pause.end.has_come(on) is None:
        return "unknown_date", f"suspension ends in {pause.end}, day unknown"
    return None if pause.is_end_sure else ("unverified", f"the suspension ran to {pause.end}; what followed is unknown")
