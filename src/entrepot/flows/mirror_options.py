"""What a user asks of mirror, and what limits a row of its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.codes import get_territory, month_index
from entrepot.errors import ConfigError, EstimateError

FREQS = ("auto", "M", "A")

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


@dataclass(frozen=True)
class MirrorOptions:
    """One question: do exporter and importer say the same of the goods between them, and since when not?

    Attributes:
        exporter: ISO3.
        importer: ISO3.
        event: first treated month, YYYY-MM; None means that no change is tested.
        products: all, a list id, a file, or HS codes joined by commas.
        level: 4, 6 or 8 digits; coarser where the reports have nothing finer in common.
        cif: margin of cif over fob values, 0 to 1.
        freq: M, A, or auto for months where both sides have them, else years.
    """

    exporter: str
    importer: str
    event: str | None = None
    products: str = "all"
    level: int = 6
    cif: float = 0.07
    freq: str = "auto"

    def __post_init__(self) -> None:
        for name in ("exporter", "importer"):
            territory = get_territory(getattr(self, name), scheme="iso3", where=f"--{name}")
            if territory.is_aggregate:
                raise EstimateError(
                    f"{territory.code} is a group or residual area, not one reporter",
                    where=f"--{name}",
                    remedy="Name a single territory.",
                )
            object.__setattr__(self, name, territory.code)
        if self.exporter == self.importer:
            raise ConfigError(f"exporter and importer are both {self.exporter}", remedy="Name two territories.")
        if self.event is not None and not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", self.event):
            raise ConfigError(f"event is {self.event!r}", remedy="Write a month as YYYY-MM.")
        if self.level not in (4, 6, 8):
            raise ConfigError(f"level is {self.level!r}", remedy="Choose 4, 6 or 8.")
        if not 0 <= self.cif < 1:
            raise ConfigError(f"cif is {self.cif!r}", remedy="Choose a share from 0 to below 1.")
        if self.freq not in FREQS:
            raise ConfigError(f"freq is {self.freq!r}", remedy=f"Choose one of {', '.join(FREQS)}.")

    @property
    def event_month(self) -> int | None:
        return None if self.event is None else month_index(self.event)
