"""Provisions by code: how much of the trade in a product acts cover on the way to a destination, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes import bloc_ids, day_text, members
from entrepot.ledger.beside import uncorrected
from entrepot.ledger.entry import Entry, Goods
from entrepot.ledger.instruments import get_instrument
from entrepot.ledger.opening import shipped_entries

# Codes that share these first digits are looked through together.
_CHAPTER = 2
# Bodies whose acts bind the exporters of a bloc with another name.
_BLOCS = {"EU": "EU27"}
_LAST_DAY = date.max.toordinal()
ByChapter = Mapping[tuple[str, str], tuple["Provision", ...]]


@dataclass(frozen=True)
class Provision:
    """How much of a code an act covers on the way to a destination.

    Attributes:
        jurisdiction: bloc or territory whose exporters the act binds.
        destination: ISO3 of the territory that the goods must not reach.
        hs_code: the code, its finer codes included.
        hs_revision: revision of the code.
        coverage: full or part.
        valid_from: first day on which it may hold, ISO 8601.
        valid_to: first day on which it surely no longer holds; None while it lasts.
        price_above: price of one item above which the act holds, or None.
        currency: ISO 4217 of the price, or None.
        note: what is covered, in words.
        source: the act.
        entry_id: its entry in the ledger.
    """

    jurisdiction: str
    destination: str
    hs_code: str
    hs_revision: str
    coverage: str
    valid_from: str
    valid_to: str | None
    price_above: float | None
    currency: str | None
    note: str
    source: str
    entry_id: str

    def binds(self, *, on: str) -> frozenset[str]:
        """Return the ISO3 codes of the states whose exporters the act binds on a day (ISO 8601)."""
        if self.jurisdiction in bloc_ids():
            return members(self.jurisdiction, on=on)
        return frozenset({self.jurisdiction})


def provisions(hs_code: str, *, destination: str, on: str | None = None) -> tuple[Provision, ...]:
    """Return the shipped provisions that touch a code on the way to a destination.

    Args:
        hs_code: provisions on it, on its headings and on its finer codes come back.
        destination: ISO3 of the sanctioned market, not of the country of transit.
        on: only those in force on this day (ISO 8601); all where None.

    The list is short: a code without an entry is unknown, not free. What is alleged, reported, disputed or a draft is
    left out. Where a day is not known, or an act was suspended or its end is unsure, coverage is at most ``part``.
    """
    near = _by_chapter().get((destination, hs_code[:_CHAPTER]), ())
    return tuple(
        entry
        for entry in near
        if (hs_code.startswith(entry.hs_code) or entry.hs_code.startswith(hs_code))
        and (on is None or (entry.valid_from <= on and (entry.valid_to is None or on < entry.valid_to)))
    )


def provisions_of(entries: Iterable[Entry]) -> tuple[Provision, ...]:
    """Return the provisions that entries state: one for each code that they name and each state that they are aimed at.

    Entries that are corrected by another one of them do not speak; nor do bans on what comes from the state.
    """
    return tuple(
        _provision(entry, goods, target)
        for entry in uncorrected(entries)
        if entry.status is None and entry.start is not None
        if get_instrument(entry.instrument).direction != "import"
        for goods in entry.goods
        if goods.coverage is not None
        for target in entry.targets
        if len(target) == 3 and target.isupper()
    )


def _provision(entry: Entry, goods: Goods, target: str) -> Provision:
    start, end = entry.start, entry.dates.get("removed")
    assert start is not None
    is_sure = start.is_day and (end is None or end.is_day) and entry.is_end_sure and not entry.suspensions
    return Provision(
        jurisdiction=_BLOCS.get(entry.jurisdiction, entry.jurisdiction),
        destination=target,
        hs_code=goods.hs_code,
        hs_revision=goods.hs_revision,
        coverage=goods.coverage if is_sure and goods.coverage else "part",
        valid_from=day_text(max(start.first, 1)),
        valid_to=None if end is None or not entry.is_end_sure else day_text(min(end.last, _LAST_DAY)),
        price_above=goods.price_above,
        currency=goods.currency,
        note=goods.note or entry.scope,
        source=entry.sources[0].title,
        entry_id=entry.entry_id,
    )


@cache
def _by_chapter() -> ByChapter:
    found: dict[tuple[str, str], list[Provision]] = {}
    for entry in provisions_of(shipped_entries()):
        found.setdefault((entry.destination, entry.hs_code[:_CHAPTER]), []).append(entry)
    return {key: tuple(entries) for key, entries in found.items()}
