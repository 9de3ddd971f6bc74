"""Trade: which goods, prices, weights and routes the records of a population have; all from the simulated world."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import goods_name
from entrepot.world.calendar import calendar
from entrepot.world.goods import Goods, goods
from entrepot.world.options import WorldOptions
from entrepot.world.paths import Path, paths
from entrepot.world.places import Places, places
from entrepot.world.series import cohorts

LISTED_SHARE = 0.15  # of ordinary shipments
PRICE_SPREAD = 0.22
Floats = NDArray[np.float64]
# Lines of business by chapter of goods: a trader's, a maker's.
_LINES = {
    "84": ("46.69", "28.99", "wholesale of machinery"),
    "85": ("46.52", "26.11", "wholesale of electronics"),
    "90": ("46.69", "26.51", "wholesale of instruments"),
    "88": ("46.69", "33.16", "aircraft parts and repair"),
    "87": ("45.31", "29.32", "vehicle parts"),
    "52": ("46.41", "13.20", "textiles"),
    "62": ("46.42", "14.13", "clothes"),
    "08": ("46.31", "10.39", "fruit and nuts"),
    "29": ("46.75", "20.14", "chemicals"),
    "73": ("46.72", "25.11", "metal"),
}
_ANY_LINE = ("46.90", "32.99", "general wholesale")
# From this day sellers of the Union send no machine tools or telecom equipment to Kyrgyzstan, if they keep the law.
STOP_DATE = "2026-04-23"
_STOPPED = ("845", "8460", "8461", "8462", "8463", "8464", "8465", "8466", "8517", "8525", "8526", "8529")
UNION = frozenset(("DEU", "ITA", "POL", "FRA", "NLD"))
SENDERS = ("DEU", "CHN", "ITA", "TUR", "POL", "USA", "JPN", "KOR", "FRA", "NLD")


@dataclass(frozen=True)
class Trade:
    """Goods, places and planted paths of a simulated world."""

    made: Goods
    where: Places
    routes: tuple[Path, ...]

    @cached_property
    def weight(self) -> Floats:
        """How often each good is shipped in ordinary trade; listed goods have a fixed share."""
        weight = self.made.size**0.8
        listed = self.made.is_listed
        out: Floats = np.where(
            listed, LISTED_SHARE * weight / weight[listed].sum(), (1 - LISTED_SHARE) * weight / weight[~listed].sum()
        )
        whole: Floats = out / out.sum()
        return whole

    @cached_property
    def listed(self) -> NDArray[np.int64]:
        """Listed goods, those most shipped first."""
        order = np.argsort(-self.weight)
        out: NDArray[np.int64] = order[self.made.is_listed[order]]
        return out

    @cached_property
    def plain(self) -> NDArray[np.int64]:
        """Goods that are not listed, those most shipped first."""
        order = np.argsort(-self.weight)
        return order[~self.made.is_listed[order]]

    @cached_property
    def piece_kg(self) -> Floats:
        """Kilograms of a piece of each good."""
        out: Floats = np.round(np.clip(self.made.shipment / self.made.price / 50, 0.02, 2000.0), 3).astype(np.float64)
        return out

    @cached_property
    def density(self) -> Floats:
        """Kilograms in a cubic metre of each good, packed."""
        out: Floats = 120 + 500 * (self.made.phase / 12)
        return out

    def code(self, good: int) -> str:
        """Return the six-digit code of a good."""
        return self.made.after[good]

    def name(self, good: int) -> str:
        """Return what a declaration calls a good."""
        return goods_name(self.made.after[good]) or "other goods"

    def line(self, good: int, *, is_maker: bool = False) -> tuple[str, str]:
        """Return activity code and words of a firm that deals in (or makes things of) a good."""
        trader, maker, words = _LINES.get(self.code(good)[:2], _ANY_LINE)
        return (maker if is_maker else trader), words

    def is_stopped(self, good: int, seller: str, buyer: str) -> bool:
        """Return whether a good falls under the Union's export stop, as broadly as it can be read."""
        return seller in UNION and buyer == "KGZ" and self.code(good).startswith(_STOPPED)

    def sisters(self, good: int) -> list[int]:
        """Return unlisted goods of the same heading."""
        head = self.code(good)[:4]
        return [i for i, one in enumerate(self.made.after) if one[:4] == head and not self.made.is_listed[i]]


def trade(options: WorldOptions) -> Trade:
    """Return the trade of a simulated world."""
    where, made, when = places(options.n_territories), goods(options), calendar(options)
    direct = np.concatenate([one.direct for one in cohorts(made, where, options)])
    return Trade(made, where, tuple(paths(made, direct, where, when, options)))
