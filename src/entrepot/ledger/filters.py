"""Filters of a question: which entries it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import parse_day
from entrepot.ledger.columns import Mask
from entrepot.ledger.entry import Entry
from entrepot.ledger.instruments import get_instrument

Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Filters:
    """What an entry has to fit; an empty one lets everything through.

    Attributes:
        kinds, jurisdictions, instruments, topics: any of these; a bloc stands for itself, not for its members.
        targets: words of a target, the scope or the title, or an ISO3 code that is a target; any case.
        products: HS codes; entries with goods under one of them, or over it. Unknown goods do not fit.
        statuses: any of these on the day asked for.
        since, until: some date of the entry lies in these days, both included.
    """

    kinds: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


class Labels:
    """What filters look at, of a sequence of entries, as arrays."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._labels = {
            "kinds": _texts([entry.kind for entry in entries]),
            "jurisdictions": _texts([entry.jurisdiction for entry in entries]),
            "instruments": _texts([entry.instrument for entry in entries]),
            "topics": _texts([topic_of(entry) for entry in entries]),
        }
        self._about = [about(entry).casefold() for entry in entries]
        self._with_goods = np.flatnonzero([bool(entry.goods) for entry in entries])
        dates = [(i, when.first, when.last) for i, entry in enumerate(entries) for when in entry.dates.values()]
        self._dates = np.array(dates, dtype=np.int64).reshape(-1, 3)

    def keep(self, filters: Filters) -> Mask:
        """Return which entries fit, their status on a day apart."""
        mask = np.ones(len(self._entries), dtype=bool)
        for name, labels in self._labels.items():
            if wanted := getattr(filters, name):
                mask &= np.isin(labels, wanted)
        if filters.since or filters.until:
            mask &= self._dated(filters.since, filters.until)
        if filters.products:
            mask &= self._selling(filters.products)
        if filters.targets:
            mask &= self._naming(filters.targets)
        return mask

    def _dated(self, since: str | None, until: str | None) -> Mask:
        first, last = parse_day(since or "0001-01-01"), parse_day(until or "9999-12-31")
        found = np.zeros(len(self._entries), dtype=bool)
        found[self._dates[(self._dates[:, 1] <= last) & (self._dates[:, 2] >= first), 0]] = True
        return found

    def _selling(self, codes: Sequence[str]) -> Mask:
        found = np.zeros(len(self._entries), dtype=bool)
        for place in self._with_goods:
            goods = [item.hs_code for item in self._entries[int(place)].goods]
            found[place] = any(c.startswith(g) or g.startswith(c) for g in goods for c in codes)
        return found

    def _naming(self, words: Sequence[str]) -> Mask:
        """Whole words only; the plain search before the expression is what makes it quick."""
        found = np.zeros(len(self._entries), dtype=bool)
        for word in (word.casefold() for word in words):
            whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
            found |= np.array([word in text and bool(whole.search(text)) for text in self._about], dtype=bool)
        return found


def topic_of(entry: Entry) -> str:
    """Return an entry's topic: its own, where its facts name one, else that of its instrument."""
    return entry.facts.get("topic") or get_instrument(entry.instrument).topic


def about(entry: Entry) -> str:
    """Return what an entry is about, in words: targets, scope and title."""
    return " ; ".join((*entry.targets, entry.scope, entry.title))


def _texts(values: list[str]) -> Texts:
    return np.array(values, dtype=np.str_)
