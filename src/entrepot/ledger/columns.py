"""Entries as columns, so that a question about a hundred thousand of them is a few comparisons.

What questions look at is here, by position; an entry itself is made when somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import Dated
from entrepot.ledger.entry import STAGES, Entry, Suspension
from entrepot.ledger.instruments import get_instrument

Days = NDArray[np.int32]
Mask = NDArray[np.bool_]
T = TypeVar("T", bound=Hashable)
SHIPPED = "entrepot"
# A date that an entry does not have: later than every day, so it never comes.
_ABSENT = 5_000_000
# Columns by form: labels, arrays, and those that few entries have.
_LABELS = ("kinds", "jurisdictions", "instruments", "topics", "recorded_status")
_ARRAYS = ("recorded", "is_end_sure", "is_end_set", "start_told", "end_told")
_FEW = ("pauses", "goods", "replaces", "part_of", "contradicts")


@dataclass(frozen=True)
class Coded(Generic[T]):
    """A column in which few values stand many times.

    Attributes:
        values: each value once.
        codes: position of each row's value among them.
    """

    values: Sequence[T]
    codes: Days

    def any_of(self, wanted: Collection[object]) -> Mask:
        """Return in which rows one of these values stands."""
        return self.made(lambda value: value in wanted, bool)

    def made(self, function: Callable[[T], Any], dtype: type) -> NDArray[Any]:
        """Return the column of what a function makes of each value; it is called once a value."""
        made: NDArray[Any] = np.empty(len(self.values), dtype=dtype)
        made[:] = [function(value) for value in self.values]
        return np.asarray(made[self.codes])


def coded(column: Sequence[T]) -> Coded[T]:
    """Return a column by its values."""
    index = {value: code for code, value in enumerate(dict.fromkeys(column))}
    codes = np.fromiter(map(index.__getitem__, column), np.int32, len(column))
    return Coded(list(index), codes)


@dataclass(frozen=True)
class Columns:
    """What decides the status of each entry, and what filters look at.

    Attributes:
        ids: of the entries.
        kinds, jurisdictions, instruments, topics: labels.
        stages: stage to date, for the stages that any entry has.
        recorded: day from which an entry of the user's own counts; 0 for the shipped pack.
        is_end_sure, is_end_set: as in Entry.
        start_told: last possible day on which the first day of effect became known, where it is recorded; else 0.
        end_told: the same of the end.
        recorded_status: as in Entry, empty where derived.
        about: what each is about, in words without case: targets, scope and title.
        pauses: suspensions of the few that have any, by position.
        goods: codes of the few that name any, by position.
        replaces, part_of, contradicts: ids of the entries that the few correct, belong to or contradict, by position.
    """

    ids: Sequence[str]
    kinds: Coded[str]
    jurisdictions: Coded[str]
    instruments: Coded[str]
    topics: Coded[str]
    stages: Mapping[str, Coded[Dated | None]]
    recorded: Days
    is_end_sure: Mask
    is_end_set: Mask
    start_told: Days
    end_told: Days
    recorded_status: Coded[str]
    about: Sequence[str]
    pauses: Mapping[int, tuple[Suspension, ...]]
    goods: Mapping[int, tuple[str, ...]]
    replaces: Mapping[int, str]
    part_of: Mapping[int, str]
    contradicts: Mapping[int, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.ids)

    def bounds(self, *stages: str) -> Days:
        """Return first and last possible day (n, 2) of the first of these stages that each entry has."""
        found = np.full((len(self), 2), _ABSENT, dtype=np.int32)
        for stage in reversed(stages):
            if stage in self.stages:
                has, first, last = _spans(self.stages[stage])
                found[has, 0], found[has, 1] = first[has], last[has]
        return found

    @cached_property
    def start(self) -> Days:
        """First and last possible day (n, 2) of taking effect, as ``Entry.start``."""
        return self.bounds("effective", "date")

    def start_as_known(self, known: int) -> Days:
        """Return ``start``, with no day where the world did not know of it on a day."""
        return np.where((self.start_told > known)[:, None], _ABSENT, self.start).astype(np.int32)

    @cached_property
    def end(self) -> Days:
        """First and last possible day (n, 2) of ending."""
        return self.bounds("removed")

    @cached_property
    def end_knew(self) -> Days:
        """Day from which the end was surely known: with the act, on a recorded day, else on its own day."""
        told = np.where(self.end_told > 0, self.end_told, self.end[:, 1])
        return np.where(self.is_end_set, 0, told).astype(np.int32)

    @cached_property
    def knew(self) -> Days:
        """First and last possible day (n, 2) of the world's knowing, as ``Entry.world_knew``."""
        effective = np.where(self.start_told[:, None] > 0, _ABSENT, self.bounds("effective"))
        others = np.stack([self.bounds("signed"), self.bounds("date"), effective])
        earliest = np.take_along_axis(others, others[:, :, :1].argmin(axis=0)[None], axis=0)[0]
        told = self.bounds("published", "announced", "adopted")
        return np.where(told[:, :1] < _ABSENT, told, earliest)

    def first_day(self) -> Days:
        """Return the earliest day of any date of each entry; 0 where none has a beginning."""
        day = np.full(len(self), _ABSENT, dtype=np.int32)
        for date in self.stages.values():
            has, first, _ = _spans(date)
            day = np.where(has & (first > 0), np.minimum(day, first), day)
        return np.where(day < _ABSENT, day, 0).astype(np.int32)

    def dated(self, first: int, last: int, *, known: int) -> Mask:
        """Return which entries have a date between two days, of those that the world knew on a day."""
        found = np.zeros(len(self), dtype=bool)
        is_told = {"effective": self.start_told <= known, "removed": self.end_knew <= known}
        for stage, date in self.stages.items():
            has, begins, ends = _spans(date)
            found |= has & (begins <= last) & (ends >= first) & is_told.get(stage, True)
        return found

    def beside(self, other: Columns) -> Columns:
        """Return these columns with those of another sequence of entries behind them."""
        if not len(other):
            return self
        n, m = len(self), len(other)

        def few(name: str) -> dict[int, Any]:
            return {**getattr(self, name), **{n + place: value for place, value in getattr(other, name).items()}}

        joined: dict[str, Any] = {
            **{name: _behind(getattr(self, name), getattr(other, name), n, m) for name in _LABELS},
            **{name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in _ARRAYS},
            **{name: few(name) for name in _FEW},
        }
        return Columns(
            ids=[*self.ids, *other.ids],
            about=[*self.about, *other.about],
            stages={
                stage: _behind(self.stages.get(stage), other.stages.get(stage), n, m)
                for stage in STAGES
                if stage in self.stages or stage in other.stages
            },
            **joined,
        )

    def left(self, keep: Mask) -> Columns:
        """Return the columns of the entries that are kept, in their order."""
        at = np.flatnonzero(keep).tolist()
        place = {old: new for new, old in enumerate(at)}

        def few(by: Mapping[int, Any]) -> dict[int, Any]:
            return {place[old]: value for old, value in by.items() if old in place}

        def many(column: Coded[Any]) -> Coded[Any]:
            return Coded(column.values, column.codes[keep])

        left: dict[str, Any] = {
            **{name: many(getattr(self, name)) for name in _LABELS},
            **{name: getattr(self, name)[keep] for name in _ARRAYS},
            **{name: few(getattr(self, name)) for name in _FEW},
        }
        return Columns(
            ids=[self.ids[place] for place in at],
            about=[self.about[place] for place in at],
            stages={stage: many(column) for stage, column in self.stages.items()},
            **left,
        )


def columns_of(entries: Sequence[Entry]) -> Columns:
    """Return the columns of a sequence of entries."""
    present = {stage for entry in entries for stage in entry.dates}
    return Columns(
        ids=[entry.entry_id for entry in entries],
        kinds=coded([entry.kind for entry in entries]),
        jurisdictions=coded([entry.jurisdiction for entry in entries]),
        instruments=coded([entry.instrument for entry in entries]),
        topics=coded([topic_of(entry) for entry in entries]),
        stages={stage: coded([entry.dates.get(stage) for entry in entries]) for stage in STAGES if stage in present},
        recorded=np.array([0 if e.pack == SHIPPED else day_of(e.recorded_at) for e in entries], dtype=np.int32),
        is_end_sure=np.array([entry.is_end_sure for entry in entries], dtype=bool),
        is_end_set=np.array([entry.is_end_set for entry in entries], dtype=bool),
        start_told=np.array([one.start_known.last if one.start_known else 0 for one in entries], dtype=np.int32),
        end_told=np.array([one.end_known.last if one.end_known else 0 for one in entries], dtype=np.int32),
        recorded_status=coded([entry.status or "" for entry in entries]),
        about=[about(entry.targets, entry.scope, entry.title) for entry in entries],
        pauses={i: entry.suspensions for i, entry in enumerate(entries) if entry.suspensions},
        goods={i: tuple(item.hs_code for item in entry.goods) for i, entry in enumerate(entries) if entry.goods},
        replaces={i: entry.replaces for i, entry in enumerate(entries) if entry.replaces},
        part_of={i: entry.part_of for i, entry in enumerate(entries) if entry.part_of},
        contradicts={i: entry.contradicts for i, entry in enumerate(entries) if entry.contradicts},
    )


def topic_of(entry: Entry) -> str:
    """Return an entry's topic: its own, where its facts name one, else that of its instrument."""
    return entry.facts.get("topic") or get_instrument(entry.instrument).topic


def about(targets: Sequence[str], scope: str, title: str) -> str:
    """Return what an entry is about, in words without case: targets, scope and title."""
    return " ; ".join((*targets, scope, title)).casefold()


def day_of(instant: str) -> int:
    """Return the number of the day of a UTC instant."""
    return datetime.fromisoformat(instant).toordinal()


def _spans(column: Coded[Dated | None]) -> tuple[Mask, Days, Days]:
    """Which rows have a date, and its first and last possible day."""
    first = column.made(lambda date: date.first if date else _ABSENT, np.int32)
    last = column.made(lambda date: date.last if date else _ABSENT, np.int32)
    return column.made(lambda date: date is not None, bool), first, last


def _behind(a: Coded[Any] | None, b: Coded[Any] | None, n_a: int, n_b: int) -> Coded[Any]:
    a = a or Coded([None], np.zeros(n_a, dtype=np.int32))
    b = b or Coded([None], np.zeros(n_b, dtype=np.int32))
    index = {value: code for code, value in enumerate(a.values)}
    moved = np.array([index.setdefault(value, len(index)) for value in b.values], dtype=np.int32)
    return Coded(list(index), np.concatenate([a.codes, moved[b.codes]]))
