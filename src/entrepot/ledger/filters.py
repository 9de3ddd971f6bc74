"""Filters of a question: which entries it is about."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entrepot.codes import find_hs_code, parse_day
from entrepot.errors import CodeError, NotFound
from entrepot.ledger.columns import Columns, Mask
from entrepot.ledger.entry import KINDS
from entrepot.ledger.instruments import instruments, topics
from entrepot.ledger.reading import ACTORS, is_actor
from entrepot.ledger.standing import STATUSES


@dataclass(frozen=True)
class Filters:
    """What an entry has to fit; an empty one lets everything through.

    Attributes:
        kinds, jurisdictions, instruments, topics: any of these; a bloc stands for itself, not for its members.
        targets: words of a target, the scope or the title, or an ISO3 code that is a target; any case.
        products: HS codes; entries with goods under one of them, or over it. Unknown goods do not fit.
        statuses: any of these on the day asked for.
        since, until: some date of the entry that was known lies in these days, both included.
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


def kept(columns: Columns, filters: Filters, *, known: int) -> Mask:
    """Return which entries fit as known on a day (day number), their status apart."""
    mask = np.ones(len(columns), dtype=bool)
    for name in ("kinds", "jurisdictions", "instruments", "topics"):
        if wanted := getattr(filters, name):
            mask &= getattr(columns, name).any_of(wanted)
    if filters.since or filters.until:
        first, last = parse_day(filters.since or "0001-01-01"), parse_day(filters.until or "9999-12-31")
        mask &= columns.dated(first, last, known=known)
    if filters.products:
        mask &= _selling(columns, filters.products)
    if filters.targets:
        mask &= _naming(columns, filters.targets)
    return mask


def refuse_unknown(columns: Columns, filters: Filters) -> None:
    """Refuse words that no entry can have, which would look like an empty answer.

    Raises:
        NotFound: no such kind, jurisdiction, instrument, topic or status.
        CodeError: a product that is no code.
    """
    legal = {
        "kind": (filters.kinds, KINDS),
        "instrument": (filters.instruments, [item.instrument for item in instruments()]),
        "topic": (filters.topics, {*topics(), *columns.topics.values}),
        "status": (filters.statuses, STATUSES),
    }
    for name, (asked, known) in legal.items():
        for word in set(asked) - set(known):
            near = difflib.get_close_matches(word, known, n=3) or sorted(known)
            raise NotFound(f"no {name} {word!r}", where="ledger", remedy=f"Use one of {', '.join(near)}.")
    for code in filters.jurisdictions:
        if not is_actor(code):
            raise NotFound(f"no jurisdiction {code!r}", where="ledger", remedy=f"Use {ACTORS}.")
    for code in filters.products:
        if find_hs_code(code) != code:
            raise CodeError(f"{code!r} is no code of goods", where="ledger", remedy="Write 2 to 10 digits.")


def _selling(columns: Columns, codes: Sequence[str]) -> Mask:
    found = np.zeros(len(columns), dtype=bool)
    for place, goods in columns.goods.items():
        found[place] = any(c.startswith(g) or g.startswith(c) for g in goods for c in codes)
    return found


def _naming(columns: Columns, words: Sequence[str]) -> Mask:
    """Whole words only; the plain search before the expression is what makes it quick."""
    found = np.zeros(len(columns), dtype=bool)
    for word in (word.casefold() for word in words):
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        found |= np.array([word in text and bool(whole.search(text)) for text in columns.about], dtype=bool)
    return found
