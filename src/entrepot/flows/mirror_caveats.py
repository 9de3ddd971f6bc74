"""Mirror caveats: what limits a row, as stable ids with a sentence each.

An id may be followed by a colon and a detail, as in ``one_source_of_several:export=comext``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from entrepot.flows.mirror_cells import SIDES, Cells, Pair
from entrepot.flows.mirror_noise import Band, Change
from entrepot.flows.mirror_options import MirrorOptions
from entrepot.flows.panel import Bools
from entrepot.flows.scope import customs_union

MIRROR_CAVEATS = {
    "one_sided": "Only one of the two reports in this period; what the other side would say is unknown, so there is no"
    " gap.",
    "value_withheld": "A report has this cell without a value; there is no gap.",
    "partly_withheld": "Some of the records added up here have no value: the sum is at least this much.",
    "confidential_code": "The reporter withholds the code of these goods; the other side has them under their own, so"
    " there is no gap.",
    "partner_never_named": "One side reports, and never names the other at all: either there is no trade, or the file"
    " is an extract without this partner.",
    "only_exporter_records": "The importer never records this product from the exporter in any period: other codes may"
    " be used for the same goods.",
    "only_importer_records": "The exporter never records this product to the importer in any period: other codes may"
    " be used for the same goods.",
    "export_rounded_away": "The exporter's report is rounded, and this cell to zero: something may have been exported.",
    "import_rounded_away": "The importer's report is rounded, and this cell to zero: something may have been imported.",
    "import_by_origin": "The importer names the country of origin, not that of consignment: goods of other origin that"
    " came through the exporter are missing from it, and goods of its origin that came through others are in it.",
    "import_role_unknown": "Whether the importer names origin or consignment is not known.",
    "export_role_unusual": "The exporter names something else than the goods' destination.",
    "valuation_unknown": "Whether the reports are fob or cif is not known for all rows; the usual margin was taken off"
    " the imports.",
    "same_valuation": "Both reports are at the same stage (fob or cif); no margin was taken off the imports.",
    "coarser_level": "The two reports have no finer digit level in common than this.",
    "national_codes": "Codes beyond six digits are national: the same digits may mean other goods on each side.",
    "months_summed": "Years were added up from months; only years with all twelve months count.",
    "event_inside_year": "The event falls inside a year: a year with more months from the event on counts as after, one"
    " with fewer is left out of the test.",
    "no_quiet_time": "The pair has too little quiet time to say what gap is ordinary.",
    "quiet_of_pair": "The product has no quiet period of its own; the range is that of the pair's other products.",
    "too_few_periods": "Too few periods before or after the event to test a change.",
    "drift_unknown": "Too little past, or too few products, to learn how far this pair drifts: p-values may be too"
    " low.",
    "customs_union": "Both belong to one customs union: trade between them is recorded by firms' reports, not"
    " declarations, and is under-recorded.",
    "one_source_of_several": "The reporter is in the lake from several sources; the one named was used.",
}


def caveats_of(pair: Pair, options: MirrorOptions, band: Band, change: Change, at: tuple[Any, Any]) -> list[str]:
    """Return the caveats of each listed cell, ids joined by ``; ``."""
    cells, (row, _) = pair.cells, at
    flags = {**_cell_flags(cells, at), **{k: v[row] for k, v in _product_flags(pair, options, band, change).items()}}
    whole = _pair_caveats(pair, options)
    of_product = ["; ".join(pair.products[i].caveats) for i in cells.product]
    return [
        "; ".join(part for part in (own, of_product[r]) if part)
        for own, r in zip(_texts(flags, whole, len(row)), row, strict=True)
    ]


def _texts(flags: dict[str, Bools], whole: list[str], n: int) -> list[str]:
    """One text a row, built once for each combination of flags that occurs."""
    mask = np.zeros(n, dtype=np.int64)
    for bit, is_on in enumerate(flags.values()):
        mask |= is_on.astype(np.int64) << bit
    combinations, which = np.unique(mask, return_inverse=True)
    texts = ["; ".join([name for bit, name in enumerate(flags) if int(m) >> bit & 1] + whole) for m in combinations]
    return [texts[i] for i in which]


def _cell_flags(cells: Cells, at: tuple[Any, Any]) -> dict[str, Bools]:
    column = at[1]
    either = cells.reports["export"] & cells.reports["import"]
    withheld = [np.isnan(cells.values[side]) & cells.reports[side][None, :] for side in SIDES]
    return {
        "one_sided": ~either[column],
        "value_withheld": (withheld[0] | withheld[1])[at],
        "partly_withheld": (cells.is_partial["export"] | cells.is_partial["import"])[at],
        "export_rounded_away": cells.is_rounded_away["export"][at],
        "import_rounded_away": cells.is_rounded_away["import"][at],
        "valuation_unknown": ~cells.is_margin_sure[at],
        "same_valuation": (cells.margin == 1.0)[at] & cells.is_margin_sure[at],
    }


def _product_flags(pair: Pair, options: MirrorOptions, band: Band, change: Change) -> dict[str, Bools]:
    cells = pair.cells
    recorded = {side: (np.nan_to_num(cells.values[side]) > 0).any(axis=1) for side in SIDES}
    is_double = np.full(len(cells.product), bool(pair.choice.common()))
    has_event = np.full(len(cells.product), options.event is not None)
    return {
        "only_exporter_records": is_double & recorded["export"] & ~cells.has_row["import"].any(axis=1),
        "only_importer_records": is_double & recorded["import"] & ~cells.has_row["export"].any(axis=1),
        "no_quiet_time": is_double & np.isnan(band.low),
        "quiet_of_pair": ~np.isnan(band.low) & (band.own == 0),
        "too_few_periods": is_double & has_event & np.isnan(change.p_value),
        "drift_unknown": ~np.isnan(change.p_value) & np.isnan(change.drift),
    }


def _pair_caveats(pair: Pair, options: MirrorOptions) -> list[str]:
    choice, found = pair.choice, []
    if choice.import_ is not None and choice.import_.partner_role in ("origin", "unknown"):
        found.append({"origin": "import_by_origin", "unknown": "import_role_unknown"}[choice.import_.partner_role])
    if choice.export is not None and choice.export.partner_role in ("consignment", "origin"):
        found.append("export_role_unusual")
    if len(choice.reports) == 2 and not all(report.names_partner(choice.level) for report in choice.reports):
        found.append("partner_never_named")
    if choice.level < options.finest:
        found.append("coarser_level")
    if choice.level > 6:
        found.append("national_codes")
    if any(report.row_freq != report.freq for report in choice.reports):
        found.append("months_summed")
    if options.event is not None and choice.freq == "A" and not options.event.endswith("-01"):
        found.append("event_inside_year")
    if customs_union(options.exporter, options.importer, on=_day(pair, options)):
        found.append("customs_union")
    found += [
        f"one_source_of_several:{report.side}={report.source_id}"
        for report in choice.reports
        if report.side in choice.others
    ]
    return found


def _day(pair: Pair, options: MirrorOptions) -> str:
    """The day on which memberships are looked up: the event's, else the beginning of the last year."""
    return f"{options.event}-01" if options.event else f"{pair.cells.periods[-1][:4]}-01-01"
