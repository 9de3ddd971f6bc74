"""An entry as a question to the trade data: its month and its goods."""

from __future__ import annotations

from entrepot.codes import day_text
from entrepot.errors import EstimateError
from entrepot.ledger.ledger import Ledger


def event_of(ledger: Ledger, measure: str, products: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """Return the month, the products and the caveats of a question about a measure.

    The event month is the month of the measure's start. Its codes are the products unless ``products`` says which, be
    it ``all``; where the ledger does not know its codes, all are.

    Raises:
        NotFound: no such entry.
        EstimateError: its start is not known to the month.
    """
    entry = ledger.history(measure)[-1]
    start = entry.start
    if start is None or day_text(start.first)[:7] != day_text(start.last)[:7]:
        raise EstimateError(
            f"{entry.entry_id} starts {start or 'on no known date'}, which is no month",
            where="ledger",
            remedy="Name the month with --date or --event.",
        )
    caveats = ("measure_not_in_force",) if entry.status else ()
    codes = sorted({item.hs_code for one in (entry, *ledger.parts(measure)) for item in one.goods})
    if products is None and codes:
        return day_text(start.first)[:7], ",".join(codes), caveats
    return day_text(start.first)[:7], products or "all", caveats if codes else (*caveats, "no_goods_in_measure")
