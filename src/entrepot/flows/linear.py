"""Linear: values of series that are weighted sums of the changes of series, and the weights behind them.

Whatever control sets add, subtract and average is done on these values, so that the weights that can be looked at are
those that were used. A value keeps no matrix: weights are worked out for the rows that somebody asks about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from entrepot.flows.panel import Floats, Ints


@dataclass(frozen=True)
class Linear:
    """One number a series, each a weighted sum of the changes of all series.

    Attributes:
        value: n, the numbers.
        pull: from n coefficients of the numbers to n weights of the changes: what a sum of the numbers, so weighed,
            is as a sum of changes.
    """

    value: Floats
    pull: Callable[[Floats], Floats]

    def __add__(self, other: Linear) -> Linear:
        return Linear(self.value + other.value, lambda a: self.pull(a) + other.pull(a))

    def __sub__(self, other: Linear) -> Linear:
        return Linear(self.value - other.value, lambda a: self.pull(a) - other.pull(a))

    def __rmul__(self, factor: float) -> Linear:
        return Linear(factor * self.value, lambda a: self.pull(factor * a))

    def weights(self, row: int) -> Floats:
        """Return the weight of each series' change in one series' number."""
        one = np.zeros(len(self.value))
        one[row] = 1.0
        return self.pull(one)


def changes(values: Floats) -> Linear:
    """Return the changes themselves."""
    return Linear(values, lambda a: a)


def nothing(n: int) -> Linear:
    """Return no change, for n series."""
    return Linear(np.zeros(n), lambda a: np.zeros(len(a)))


def others(change: Linear, weight: Floats, group: Ints, *, wider: Linear, prior: float) -> Linear:
    """Return the weighted mean over the other members of each series' group, drawn towards the wider group's.

    Args:
        change: what is averaged.
        weight: n, how much each series counts.
        group: n, integer label of the group.
        wider: what thin groups are drawn towards.
        prior: weight of the wider group's number.
    """
    size = int(group.max()) + 1
    total = np.bincount(group, weight, size)[group] - weight + prior
    seen = np.bincount(group, weight * change.value, size)[group] - weight * change.value

    def pull(a: Floats) -> Floats:
        part = a / total
        on_change = weight * (np.bincount(group, part, size)[group] - part)
        return change.pull(on_change) + wider.pull(part * prior)

    return Linear(np.asarray((seen + prior * wider.value) / total), pull)
