"""Calendar: the months of the window and what every series shares in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import month_index, month_text
from entrepot.world.options import WorldOptions

REVISION_MONTH = "2022-01"
BEFORE, AFTER = "HS2017", "HS2022"
# Log deviations by calendar month, January first: short January, August holidays, busy autumn.
SEASON = (-0.18, -0.07, 0.08, 0.02, -0.03, 0.03, 0.02, -0.09, 0.05, 0.07, 0.06, 0.04)
LOCKDOWN = {"2020-03": -0.10, "2020-04": -0.33, "2020-05": -0.30, "2020-06": -0.12, "2020-07": -0.05}


@dataclass(frozen=True)
class Calendar:
    """Months by index, the event's index and the first month of the new revision."""

    months: tuple[str, ...]
    event: int
    revision: int

    def __len__(self) -> int:
        return len(self.months)

    @cached_property
    def shared(self) -> NDArray[np.float64]:
        """Return the log level that all trade shares: season and the spring of 2020."""
        return np.array([SEASON[int(m[5:]) - 1] + LOCKDOWN.get(m, 0.0) for m in self.months])

    def ramp(self, month: int, *, over: float) -> float:
        """Return how much of an effect that builds up over ``over`` months is there, 0 to 1."""
        return float(np.clip((month - self.event + 1) / over, 0.0, 1.0))


def calendar(options: WorldOptions) -> Calendar:
    """Return the months from first to last."""
    first, last = month_index(options.first_month), month_index(options.last_month)
    months = tuple(month_text(i) for i in range(first, last + 1))
    revision = int(np.clip(month_index(REVISION_MONTH) - first, 0, len(months)))
    return Calendar(months=months, event=month_index(options.event) - first, revision=revision)
