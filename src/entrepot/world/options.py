"""WorldOptions: every knob of the simulated world, checked once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from entrepot.errors import ConfigError

MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
LEAST_TERRITORIES, MOST_TERRITORIES = 12, 70
LEAST_PRODUCTS, MOST_PRODUCTS = 80, 5600
SHARES = (
    "share_planted",
    "share_two_hop",
    "contaminated_goods",
    "contaminated_destinations",
    "revision_share",
    "break_share",
)


@dataclass(frozen=True)
class WorldOptions:
    """What world to make. The same options give the same bytes.

    Attributes:
        seed: any whole number from 0; another seed is another world.
        n_territories: how many territories trade, 12 to 70; the first ones of ``data/territories.csv``.
        n_products: how many HS 2022 six-digit codes, 80 to 5600; the 50 listed codes come first.
        first_month, last_month: window of the data, ``YYYY-MM``, both included.
        event: first treated month.
        has_event_effect: False makes a world where nothing happens at the event: no fall of direct exports,
            no relocation, no replacement by others and nothing planted.
        share_planted: share of (intermediary, listed good) pairs that carry a planted diversion, 0 to 1. Zero
            makes the null world with event effects but without diversion.
        share_two_hop: share of planted paths that run origin -> hub -> intermediary -> destination.
        contaminated_goods: share of unlisted goods that are diverted as listed ones are, 0 to 1.
        contaminated_destinations: share of territories that are no intermediaries by role, yet divert.
        diversion_scale: multiplies every planted size; 1 puts 5 to 10 % of the lost direct trade in listed
            goods on planted paths at ``share_planted`` 0.15.
        relocation: strength of the growth of all imports of an intermediary after the event; 0 none, 1 as
            in EU exports of unlisted goods in 2022 (x 2.9 Kyrgyzstan, x 2.1 Armenia, x 1.7 Kazakhstan).
        growth: spread of ordinary trends by territory, good and pair of both; 1 resembles real extracts.
        break_share: share of (importer, good) pairs whose level jumps once at a random month, for no reason
            that has to do with the event.
        noise: spread of month-to-month demand; 1 resembles real extracts.
        mirror_noise: spread of both reports around the true flow; 1 gives a median absolute log ratio of a
            month's two reports near 0.6.
        revision_share: share of unlisted goods whose code splits, merges or is renamed with HS 2022.
        is_corridor: True leaves out what the coalition imports and what others than the coalition sell to
            territories that are neither the destination nor intermediaries: four fifths of the rows, of
            little use to a question about routes.
        silent_reporters: True lets the destination, Belarus and others stop or never start reporting.
    """

    seed: int = 1
    n_territories: int = 60
    n_products: int = 1000
    first_month: str = "2017-01"
    last_month: str = "2024-12"
    event: str = "2022-03"
    has_event_effect: bool = True
    share_planted: float = 0.15
    share_two_hop: float = 0.15
    contaminated_goods: float = 0.02
    contaminated_destinations: float = 0.05
    diversion_scale: float = 1.0
    relocation: float = 1.0
    growth: float = 1.0
    break_share: float = 0.03
    noise: float = 1.0
    mirror_noise: float = 1.0
    revision_share: float = 0.08
    is_corridor: bool = False
    silent_reporters: bool = True

    def __post_init__(self) -> None:
        for name in ("first_month", "last_month", "event"):
            _check(bool(MONTH.fullmatch(getattr(self, name))), name, getattr(self, name), "Give YYYY-MM.")
        _check(self.first_month <= self.last_month, "last_month", self.last_month, "Give one after the first.")
        inside = self.first_month < self.event <= self.last_month
        _check(inside, "event", self.event, f"Give a month after {self.first_month}, by {self.last_month}.")
        for name in ("seed", "n_territories", "n_products"):
            _check(type(getattr(self, name)) is int, name, getattr(self, name), "Give a whole number.")
        _within(self, "n_territories", LEAST_TERRITORIES, MOST_TERRITORIES)
        _within(self, "n_products", LEAST_PRODUCTS, MOST_PRODUCTS)
        _within(self, "seed", 0, 2**63 - 1)
        for name in SHARES:
            _within(self, name, 0, 1)
        for name in ("diversion_scale", "relocation", "growth", "noise", "mirror_noise"):
            _within(self, name, 0, 100)


PRESETS: dict[str, dict[str, Any]] = {
    "demo": {"n_territories": 20, "n_products": 90, "is_corridor": True},
    "small": {"n_territories": 40, "n_products": 300, "is_corridor": True},
    "world": {"n_territories": 60, "n_products": 2000, "is_corridor": True},
}


def preset(size: str, **changes: Any) -> WorldOptions:
    """Return the options of a named size, ``demo``, ``small`` or ``world``, with changes.

    Args:
        size: demo about 1 M rows, small about 9 M, world about 90 M.
        changes: fields of WorldOptions to set otherwise.

    Raises:
        ConfigError: no such size, no such field, or a value out of range.
    """
    if size not in PRESETS:
        raise ConfigError(f"no world of size {size!r}", remedy=f"Choose one of {', '.join(PRESETS)}.")
    if unknown := set(changes) - set(WorldOptions.__dataclass_fields__):
        raise ConfigError(
            f"no world option {min(unknown)!r}",
            remedy=f"Known options: {', '.join(WorldOptions.__dataclass_fields__)}.",
        )
    return replace(WorldOptions(**PRESETS[size]), **changes)


def _within(options: WorldOptions, name: str, low: float, high: float) -> None:
    value = getattr(options, name)
    is_right = isinstance(value, int | float) and low <= value <= high
    _check(is_right, name, value, f"Give a number from {low:g} to {high:g}.")


def _check(is_right: bool, name: str, value: object, remedy: str) -> None:
    if not is_right:
        raise ConfigError(f"{name} is {value!r}", where="world options", remedy=remedy)
