"""Panel: monthly series of one leg as arrays, the form in which inference works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """Monthly values of many series, all over the same months.

    Attributes:
        values: n x T, money a month; NaN where unknown, zero where no trade was recorded.
        n_before: number of months before the event; the rest are from the event on.
        first_month: month index of the first column.
        via: n, which intermediary (integer label).
        product: n, which product (integer label).
        chapter: n, which HS chapter (integer label).
        is_tested: n, the series that are ranked; the others serve as controls only.
    """

    values: Floats
    n_before: int
    first_month: int
    via: Ints
    product: Ints
    chapter: Ints
    is_tested: Bools

    @property
    def before(self) -> Floats:
        return self.values[:, : self.n_before]

    @property
    def after(self) -> Floats:
        return self.values[:, self.n_before :]

    def __len__(self) -> int:
        return len(self.values)


def only(panel: Panel, keep: Bools) -> Panel:
    """Return a panel of some of the series."""
    return replace(
        panel,
        values=panel.values[keep],
        via=panel.via[keep],
        product=panel.product[keep],
        chapter=panel.chapter[keep],
        is_tested=panel.is_tested[keep],
    )
