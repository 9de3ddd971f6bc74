"""What a user asks of routes, and the parameters of the method, each with its meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from entrepot.codes import bloc_ids, get_territory, memberships, month_index, month_text, origin_set
from entrepot.errors import ConfigError

CONTROL_SETS = {
    "own": "the series' own past and season, nothing else",
    "destination": "the same product to other destinations",
    "sister": "other goods of the same chapter to the same intermediary, unlisted ones where a list is given",
    "via": "everything else that goes to the same intermediary",
    "pooled": "the sister goods and the other destinations together, each weighed by what it can tell",
    "unlisted": "the intermediary's total less the goods asked about; only where monthly totals are in the lake",
}
# Sets that the headline can be held against; ``all`` shows every set side by side, under the usual headline.
HEADLINES = ("pooled", "own", "destination", "sister", "via")
ALL_SETS = "all"


@dataclass(frozen=True)
class Method:
    """Parameters of the estimate. None was chosen on the window after the event.

    Attributes:
        history_months: months of past that the level is learned from, the nearest ones.
        least_before: fewer months of past than this and a series is not ranked.
        short_before: fewer than this and the row says ``short_history``.
        least_after: fewer months from the event on than this and nothing is estimated.
        half_life: age in months at which a past month counts half.
        trifle_share: monthly trade below this share of the table's median month counts alike, be it zero or
            small; it bears on the evidence only, never on money.
        prior_months: weight, in months, of what series of like size say about a series' noise.
        least_drift: least standard deviation, in logs, of a level's slow drift.
        interval: probability that the interval is to cover.
        certain: at or below this p-value the months of a series are taken to show a rise, whatever its total says.
        least_share: share of an excess that is then taken to be there; 99 in a hundred plantings detected so held
            twice as much and more.
        largest_product: a group of codes larger than this is cut at its headings.
        top: rows for which paths, origins and mirror are kept for the report.
    """

    history_months: int = 36
    least_before: int = 6
    short_before: int = 24
    least_after: int = 3
    half_life: float = 24.0
    trifle_share: float = 0.05
    prior_months: float = 10.0
    least_drift: float = 0.15
    interval: float = 0.90
    certain: float = 0.01
    least_share: float = 0.1
    largest_product: int = 40
    top: int = 40


@dataclass(frozen=True)
class RoutesOptions:
    """One question: origins -> via -> destination, before and after an event.

    Attributes:
        destination: ISO3 of the sanctioned market.
        event: first treated month, YYYY-MM.
        until: last month; None means the last month that the reports have in common.
        origins: a group id or ISO3 codes joined by commas.
        via: intermediaries, ISO3 joined by commas; None means every partner.
        products: all, a list id, a file, or HS codes joined by commas.
        level: 4, 6 or 8 digits.
        as_of: YYYY-MM; nothing later is looked at.
        alpha: false-discovery rate, between 0 and 1.
        controls: control set of the headline estimates, see ``CONTROL_SETS``; ``all`` is the usual one with every
            set's own estimates in further columns.
        has_sellers: whether every control set but own also follows what sellers outside the origins did in the same
            good and intermediary, as far as the table shows that the origins share it.
        method: parameters of the estimate.
        is_side_by_side: whether every set's own estimates are given; set by ``controls="all"``.
    """

    destination: str
    event: str
    until: str | None = None
    origins: str = "COALITION"
    via: str | None = None
    products: str = "all"
    level: int = 6
    as_of: str | None = None
    alpha: float = 0.1
    controls: str = "pooled"
    has_sellers: bool = False
    method: Method = field(default_factory=Method)
    is_side_by_side: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "destination", self.destination.upper())
        if get_territory(self.destination, scheme="iso3", where="--destination").is_aggregate:
            raise ConfigError(f"destination is the group {self.destination}", remedy="Choose one state or territory.")
        for name in ("event", "until", "as_of"):
            if (value := getattr(self, name)) is not None:
                check_month(name, value)
        if self.until is not None and self.until < self.event:
            raise ConfigError(f"until {self.until} is before event {self.event}", remedy="Choose a later month.")
        if self.level not in (4, 6, 8):
            raise ConfigError(f"level is {self.level!r}", remedy="Choose 4, 6 or 8.")
        if not 0 < self.alpha < 1:
            raise ConfigError(f"alpha is {self.alpha!r}", remedy="Choose a number above 0 and below 1.")
        if self.controls == ALL_SETS:
            object.__setattr__(self, "controls", HEADLINES[0])
            object.__setattr__(self, "is_side_by_side", True)
        if self.controls not in HEADLINES:
            known = ", ".join((*HEADLINES, ALL_SETS))
            raise ConfigError(f"controls is {self.controls!r}", remedy=f"Choose one of {known}.")

    @property
    def event_month(self) -> int:
        return month_index(self.event)

    def group_day(self) -> str:
        """Return the day on which groups are read: the last of the event month.

        A placebo event may lie before a group of origins existed; the group is then read as it first was complete.
        """
        day = _last_day(self.event)
        if origin_set(self.origins, on=day):
            return day
        known = [entry for part in self.origins.split(",") if part in bloc_ids() for entry in memberships(part)]
        return max((entry.valid_from for entry in known), default=day)

    def origin_codes(self) -> frozenset[str]:
        """Return the origins as ISO3 codes, without the destination.

        Raises:
            ConfigError: nobody is left.
        """
        codes = origin_set(self.origins, on=self.group_day()) - {self.destination}
        if not codes:
            raise ConfigError(f"origins {self.origins!r} name nobody", remedy="Give a group or ISO3 codes.")
        return codes

    def via_codes(self) -> frozenset[str] | None:
        """Return the intermediaries asked for, or None for every partner.

        Raises:
            ConfigError: all of them are origins or the destination.
        """
        if self.via is None:
            return None
        codes = origin_set(self.via, on=self.group_day()) - {self.destination} - self.origin_codes()
        if not codes:
            raise ConfigError(
                f"via {self.via!r} names origins or the destination alone",
                remedy="Name others as --via, or name the --origins without them.",
            )
        return codes

    def product_file(self) -> Path | None:
        """Return the products option as a file, where it names one."""
        path = Path(self.products)
        return path if path.suffix.lower() in (".csv", ".txt", ".tsv") or _is_file(path) else None


def _last_day(month: str) -> str:
    following = date.fromisoformat(f"{month_text(month_index(month) + 1)}-01")
    return (following - timedelta(days=1)).isoformat()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        # A long row of codes is longer than a file's name may be.
        return False


def check_month(name: str, value: str) -> None:
    """Raise ConfigError where an option's value is no month."""
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value):
        raise ConfigError(f"{name} is {value!r}", remedy="Write a month as YYYY-MM.")
