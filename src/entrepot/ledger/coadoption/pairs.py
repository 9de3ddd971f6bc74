"""Pairs of acts of two jurisdictions: every one of them, at every stage that both have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from entrepot.codes import Dated
from entrepot.ledger.coadoption.triggers import Trigger
from entrepot.ledger.entry import Entry

STAGES = ("adopted", "signed", "effective")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two acts, one stage.

    Attributes:
        a, b: ids of the acts; a is of the jurisdiction that comes first by code.
        jurisdiction_a, jurisdiction_b, topic: whose they are, and on what.
        stage: adopted, signed, effective, or ``unspecified`` where the two have no stage in common.
        date_a, date_b: as written.
        days: days from a to b, negative where b came first; None where a day is not known.
        days_low, days_high: bounds of its absolute value.
        is_simultaneous: the two lie within the window; None where the precision of a date cannot say.
        is_tested: both are in the record as acts, not as allegations or drafts; only such pairs get a p-value.
        p_value: how often by chance an act of b's jurisdiction lies as close to a; None unless the ledger is complete.
        p_family: how often by chance any two acts of the two jurisdictions lie as close; None likewise.
        p_topics: how often an act of b's jurisdiction would lie as close to a if its acts of every topic kept their
            days and the topics were dealt out anew; None unless the ledger is complete for all topics that it has.
        rival_triggers: acts of others shortly before that both may answer to.
    """

    a: str
    b: str
    jurisdiction_a: str
    jurisdiction_b: str
    topic: str
    stage: str
    date_a: Dated
    date_b: Dated
    days: int | None
    days_low: int
    days_high: int
    is_simultaneous: bool | None
    is_tested: bool
    p_value: float | None
    p_family: float | None
    p_topics: float | None
    rival_triggers: tuple[Trigger, ...]


def stage_pairs(a: Entry, b: Entry) -> Iterator[tuple[str, Dated, Dated]]:
    """Yield each stage that two acts have in common; where there is none, one comparison of whatever dates they have.

    A part of an act has only its first day of effect of its own; it was adopted and signed with the whole.
    """
    stages = ("effective",) if a.part_of or b.part_of else STAGES
    shared = [stage for stage in stages if stage in a.dates and stage in b.dates]
    yield from ((stage, a.dates[stage], b.dates[stage]) for stage in shared)
    if not shared and (first := only_date(a)) and (second := only_date(b)):
        yield "unspecified", first, second


def only_date(entry: Entry) -> Dated | None:
    """Return the date of an act whose stages cannot be compared: its start, else the first date that it has."""
    dates = [when for stage, when in entry.dates.items() if stage not in ("removed", "wind_down_end")]
    return entry.start or min(dates, key=lambda when: when.first, default=None)


def apart(a: Dated, b: Dated) -> tuple[int, int]:
    """Return the least and the greatest number of days between two dates."""
    low = max(0, b.first - a.last, a.first - b.last)
    return low, max(abs(b.last - a.first), abs(a.last - b.first))


def couples(acts: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Yield every two acts of different jurisdictions, in the order of the jurisdictions' codes."""
    ordered = sorted(acts, key=lambda entry: (entry.jurisdiction, entry.entry_id))
    return ((a, b) for a, b in combinations(ordered, 2) if a.jurisdiction != b.jurisdiction)
