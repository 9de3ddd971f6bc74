"""PeopleOptions: every knob of a made population, checked once."""

from __future__ import annotations

from dataclasses import dataclass, field

from entrepot.errors import ConfigError
from entrepot.world.options import WorldOptions, preset

FIRST_DAY, LAST_DAY = "2023-07-01", "2026-06-30"


def _trade() -> WorldOptions:
    return preset("demo", n_products=400, last_month="2026-06")


@dataclass(frozen=True)
class PeopleOptions:
    """What population to make. The same options give the same records.

    Attributes:
        customers: persons and companies of the ordinary population, 200 to 5 million.
        payments: ordinary payments; those of stories come on top.
        seed: any whole number from 0.
        share_planted: planted stories over customers; every pattern is planted at least three times.
        share_doubles: innocent stories over customers; every kind at least three times.
        missing: share of cells that are empty though somebody knows them, 0 to 0.5.
        least_deals: contracts with their payment and shipment, at least: peers that a price can be held against.
        trade: the simulated trade whose goods, places and paths shipments follow.
    """

    customers: int = 5000
    payments: int = 200_000
    seed: int = 1
    share_planted: float = 0.04
    share_doubles: float = 0.12
    missing: float = 0.01
    least_deals: int = 8000
    trade: WorldOptions = field(default_factory=_trade)

    def __post_init__(self) -> None:
        _within(self, "customers", 200, 5_000_000)
        _within(self, "payments", 0, 200_000_000)
        _within(self, "seed", 0, 2**63 - 1)
        _within(self, "share_planted", 0, 1)
        _within(self, "share_doubles", 0, 1)
        _within(self, "missing", 0, 0.5)
        _within(self, "least_deals", 100, 100_000_000)


def _within(options: PeopleOptions, name: str, low: float, high: float) -> None:
    value = getattr(options, name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise ConfigError(
            f"{name} is {value!r}", where="people options", remedy=f"Give a number from {low:g} to {high:g}."
        )
