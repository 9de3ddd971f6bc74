"""Chance over topics: the acts of one jurisdiction stay on their days, and their topics are dealt out anew.

A season in which both make laws is the same under every deal, so it can not make a pair look close. All deals are
counted, none is drawn: which of the acts get the topic follows the hypergeometric law.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from entrepot.codes import Dated
from entrepot.ledger.coadoption.pairs import only_date
from entrepot.ledger.columns import topic_of
from entrepot.ledger.entry import Entry


class DealtTopics:
    """P-values over topics, from every act of the jurisdictions whatever its topic."""

    def __init__(self, acts: Sequence[Entry], topic: str) -> None:
        self._days: dict[tuple[str, str], list[tuple[int, bool]]] = {}
        self._acts, self._topic = [act for act in acts if act.status is None], topic

    def of(self, day: int, other: str, stage: str, days: int) -> float | None:
        """Return how often one of the other's acts on the topic would lie within some days of a day.

        None where the other has no act with a day at this stage.
        """
        calendar = self._calendar(other, stage)
        dealt, n = sum(on_topic for _, on_topic in calendar), len(calendar)
        near = sum(abs(when - day) <= days for when, _ in calendar)
        return 1 - comb(n - near, dealt) / comb(n, dealt) if dealt else None

    def _calendar(self, jurisdiction: str, stage: str) -> list[tuple[int, bool]]:
        key = (jurisdiction, stage)
        if key not in self._days:
            dated = [(act, stage_date(act, stage)) for act in self._acts if act.jurisdiction == jurisdiction]
            self._days[key] = [
                (date.first, topic_of(act) == self._topic) for act, date in dated if date is not None and date.is_day
            ]
        return self._days[key]


def stage_date(entry: Entry, stage: str) -> Dated | None:
    """Return an act's date of a stage; None for what is only alleged, reported, disputed or proposed."""
    if entry.status is not None:
        return None
    return only_date(entry) if stage == "unspecified" else entry.dates.get(stage)
