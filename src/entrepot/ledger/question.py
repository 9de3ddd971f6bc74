"""An entry as a question to the trade data: its month and its goods."""

from __future__ import annotations

from entrepot.codes import day_text
from entrepot.errors import EstimateError
from entrepot.ledger.entry import Entry
from entrepot.ledger.ledger import Ledger


def event_of(
    ledger: Ledger, measure: str, products: str | None = None, *, known: str | None = None
) -> tuple[str, str, tuple[str, ...]]:
    """Return the month, the products and the caveats of a question about a measure.

    The event month is the month of the measure's start. Its codes are the products unless ``products`` says which, be
    it ``all``; where the ledger does not know its codes, all are. With ``known`` (YYYY-MM-DD) only what the world knew
    on that day speaks, so that a back-test does not look ahead.

    Raises:
        NotFound: no such entry.
        EstimateError: its start is not known to the month, or nobody could know of it.
    """
    entry = ledger.history(measure)[-1] if known is None else _as_known(ledger, measure, known)
    if entry is None:
        raise EstimateError(
            f"nobody could know of {measure} on {known}",
            where="ledger",
            remedy="Name a later --as-of, or the month with --date or --event.",
        )
    start = entry.start
    if start is None or day_text(start.first)[:7] != day_text(start.last)[:7]:
        raise EstimateError(
            f"{entry.entry_id} starts {start or 'on no known date'}, which is no month",
            where="ledger",
            remedy="Name the month with --date or --event.",
        )
    caveats = ("measure_not_in_force",) if entry.status else ()
    parts = ledger.parts(measure)
    if known is not None:
        parts = tuple(part for part in parts if _as_known(ledger, part.entry_id, known) is not None)
    codes = sorted({item.hs_code for one in (entry, *parts) for item in one.goods})
    if products is None and codes:
        return day_text(start.first)[:7], ",".join(codes), caveats
    return day_text(start.first)[:7], products or "all", caveats if codes else (*caveats, "no_goods_in_measure")


def _as_known(ledger: Ledger, entry_id: str, known: str) -> Entry | None:
    found = ledger.standing(entry_id, on=known, known=known)
    return found.entry if found else None
