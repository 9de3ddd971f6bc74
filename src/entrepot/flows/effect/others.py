"""Which other acts of the ledger bear on the same importers, and whom they hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entrepot.codes import day_text, month_text, parse_day
from entrepot.ledger import Entry, Filters, Ledger, get_instrument

if TYPE_CHECKING:
    from entrepot.flows.effect.answer import Effect
    from entrepot.flows.effect.units import Units

# Acts on these topics can move trade in goods.
_TRADE = (
    "export_monitoring",
    "circumvention_channels",
    "sanctions_pressure",
    "payment_system",
    "financial_restrictions",
    "alignment",
)
_SAME_TIME = 30


def others_in_window(ledger: Ledger, answer: Effect, units: Units) -> tuple[tuple[str, ...], bool, frozenset[str]]:
    """Return other acts on the importers in the window, whether one is within 30 days, and whom all acts hit."""
    first = parse_day(f"{month_text(units.event_month - 3)}-01")
    last = parse_day(f"{units.periods[-1]}-28")
    event = parse_day(f"{month_text(units.event_month)}-01")
    named, close, hit = [], False, set[str]()
    filters = Filters(kinds=("measure",), topics=_TRADE, since=day_text(first), until=day_text(last))
    for entry in ledger.select(filters, on=day_text(last)).entries:
        if not _binds(entry) or not first <= (start := _start(entry)) <= last:
            continue
        bears_on = {target for target in entry.targets if len(target) == 3 and target.isupper()}
        hit |= bears_on
        is_about = bears_on & set(answer.importers) or entry.jurisdiction in answer.importers
        if is_about and not _is_same_act(ledger, entry, answer.measure):
            named.append(entry.entry_id)
            close |= abs(start - event) <= _SAME_TIME
    return tuple(sorted(named)), close, frozenset(hit)


def _binds(entry: Entry) -> bool:
    return entry.status is None and entry.start is not None and get_instrument(entry.instrument).is_binding


def _start(entry: Entry) -> int:
    assert entry.start is not None
    return entry.start.first


def _is_same_act(ledger: Ledger, entry: Entry, measure: str | None) -> bool:
    """An act and its parts, or an entry and its correction, are one act."""
    if measure is None:
        return False
    history = {one.entry_id for one in ledger.history(measure)}
    whole = ledger.get(measure).part_of
    return entry.entry_id in history or entry.part_of in history or (bool(whole) and entry.entry_id == whole)
