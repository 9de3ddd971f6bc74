"""Looked: the rows that are looked at closely, and what the legs say of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from entrepot.flows.leg import Leg
from entrepot.flows.legs import Legs
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Floats, Ints
from entrepot.flows.ranking import Ranking

# The cost of the pieces is bounded by the answer, not by the data: an answer with more alerts than this is a list
# that nobody reads to its end.
MOST_ROWS = 1000


@dataclass(frozen=True)
class Looked:
    """Alerts and top rows of a ranking, with the legs they rest on.

    Attributes:
        data: the series of the question.
        legs: leg -> estimates.
        ranking: the ranked rows.
        options: the question.
        rows: places in the ranking that are looked at.
    """

    data: Legs
    legs: dict[str, Leg]
    ranking: Ranking
    options: RoutesOptions
    rows: Ints

    def at(self, row: int, leg: str) -> int:
        """Return the row of a leg's panel, -1 where the leg has no such series that can be tested."""
        place = int(self.ranking.at[leg][row]) if leg in self.legs else -1
        return place if place >= 0 and self.legs[leg].is_testable[place] else -1

    def main(self, row: int) -> tuple[str, int]:
        """Return the leg that a row's estimates describe, and its row there."""
        return ("in", at) if (at := self.at(row, "in")) >= 0 else ("out", self.at(row, "out"))

    def via(self, row: int) -> str:
        """Return the intermediary's ISO3 code."""
        return self.data.via[int(self.ranking.via[row])]

    def product(self, row: int) -> int:
        """Return the index of a row's product."""
        return int(self.ranking.product[row])

    def currency(self, row: int) -> str:
        """Return the currency of a row's estimates."""
        return str(self.ranking.labels["currency"][row])

    def headings(self) -> dict[str, list[int]]:
        """Return HS heading -> products of which it holds the first code."""
        return self._headings

    def heading(self, product: int) -> str:
        """Return a product's HS heading, four digits."""
        return self.data.products[product].codes[0][:4]

    @cached_property
    def _headings(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index in range(len(self.data.products)):
            found.setdefault(self.heading(index), []).append(index)
        return found


def looked_at(data: Legs, legs: dict[str, Leg], ranking: Ranking, options: RoutesOptions) -> Looked:
    """Return the alerts and the first ``method.top`` ranked rows, at most ``MOST_ROWS``."""
    ranked = np.flatnonzero(ranking.is_ranked)
    chosen = ranked[ranking.is_alert[ranked] | (np.arange(len(ranked)) < options.method.top)]
    return Looked(data, legs, ranking, options, chosen[:MOST_ROWS])


def ends(leg: Leg, at: int, control: str) -> tuple[float, float, float]:
    """Return a series' excess and the ends of its interval under a control set."""
    inference = leg.inference
    observed = float(inference.observed[at])
    expected, low, high = (float(part[control][at]) for part in (inference.expected, inference.low, inference.high))
    return observed - expected, observed - high, observed - low


def month_excess(leg: Leg, at: int, control: str) -> Floats:
    """Return observed less expected for each month from the event on; NaN where unknown."""
    values, n = leg.panel.values[at], leg.panel.n_before
    shape = leg.inference.season[at, n:] * ~np.isnan(values[n:])
    total = float(leg.inference.expected[control][at])
    return np.asarray(values[n:] - total * shape / max(float(shape.sum()), 1e-12))
