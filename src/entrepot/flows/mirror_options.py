"""What a user asks of mirror."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.codes import get_territory, month_index
from entrepot.errors import ConfigError, EstimateError

FREQS = ("auto", "M", "A")


@dataclass(frozen=True)
class MirrorOptions:
    """One question: do exporter and importer say the same of the goods between them, and since when not?

    Attributes:
        exporter: ISO3.
        importer: ISO3.
        event: first treated month, YYYY-MM; None means that no change is tested.
        products: all, TOTAL, a list id, a file, or HS codes joined by commas.
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
    def finest(self) -> int:
        """Return the finest level to look at: 0, the total, where only that is asked for."""
        return 0 if self.products.upper() == "TOTAL" else self.level

    @property
    def event_month(self) -> int | None:
        return None if self.event is None else month_index(self.event)
