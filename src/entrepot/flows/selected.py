"""Selected: lower ends of the rows that were picked out as alerts.

Rows picked from many for what lies above are, more often than others, rows where chance lies above. An interval that
covers nine series in ten covers fewer of those picked; at the level 1 - (1 - interval) x picked / tested it covers nine
in ten of them again, whatever the rule of picking. Only the lower end is moved: nothing is picked for lying low.

Source: Benjamini and Yekutieli 2005; docs/methods/routes.md, section 5.
"""

from __future__ import annotations

import numpy as np

from entrepot.flows.options import Method
from entrepot.flows.panel import Floats
from entrepot.numerics import normal_quantile


def selected_low(
    observed: Floats, expected: Floats, low: Floats, floor: Floats, *, picked: float, method: Method
) -> Floats:
    """Return lower ends of the excess of n picked rows; never above ``low``, and above zero where that is.

    Args:
        observed: n, money from the event on.
        expected: n, what would have been there anyway.
        low: n, lower ends at the usual level.
        floor: n, the money that the band's logarithms start from.
        picked: share of the tested rows that were picked.
        method: parameters of the method.
    """
    tail = (1 - method.interval) / 2
    factor = float(normal_quantile(1 - tail * picked) / normal_quantile(1 - tail))
    # The band is one of logarithms, so there it is stretched.
    usual = (observed - low + floor) / (expected + floor)
    stretched = observed + floor - (expected + floor) * np.maximum(usual, 1.0) ** factor
    sure = np.minimum(low, method.least_share * (observed - expected))
    return np.asarray(np.maximum(stretched, sure))
