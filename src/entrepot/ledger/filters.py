"""Filters of a question: which entries it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.codes import parse_day
from entrepot.ledger.entry import Entry
from entrepot.ledger.instruments import get_instrument


@dataclass(frozen=True)
class Filters:
    """What an entry has to fit; an empty one lets everything through.

    Attributes:
        kinds, jurisdictions, instruments, topics: any of these; a bloc stands for itself, not for its members.
        targets: words of a target or of the scope, or an ISO3 code that is one; any case.
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


def keep(entry: Entry, filters: Filters) -> bool:
    """Return whether an entry fits, its status on a day apart."""
    return (
        (not filters.kinds or entry.kind in filters.kinds)
        and (not filters.jurisdictions or entry.jurisdiction in filters.jurisdictions)
        and (not filters.instruments or entry.instrument in filters.instruments)
        and (not filters.topics or topic_of(entry) in filters.topics)
        and (not filters.targets or any(_names(entry, word) for word in filters.targets))
        and (not filters.products or any(_has_goods(entry, code) for code in filters.products))
        and _has_date(entry, filters.since, filters.until)
    )


def topic_of(entry: Entry) -> str:
    """Return an entry's topic: its own, where its facts name one, else that of its instrument."""
    return entry.facts.get("topic") or get_instrument(entry.instrument).topic


def _names(entry: Entry, word: str) -> bool:
    text = " ; ".join((*entry.targets, entry.scope, entry.title))
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _has_goods(entry: Entry, code: str) -> bool:
    return any(code.startswith(item.hs_code) or item.hs_code.startswith(code) for item in entry.goods)


def _has_date(entry: Entry, since: str | None, until: str | None) -> bool:
    if since is None and until is None:
        return True
    first, last = parse_day(since or "0001-01-01"), parse_day(until or "9999-12-31")
    return any(date.first <= last and date.last >= first for date in entry.dates.values())
