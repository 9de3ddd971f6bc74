"""Stands: how often a quiet series with a small p-value also shows money that an alert needs.

An alert needs money above the interval and above what every control set expects, besides a small p-value. A row whose
money does not stand so can be no discovery, true or false; of the others fewer quiet ones are left than their p-values
say. How many, ``benchmarks/routes/stands.py`` has counted on quiet trade.

Source: docs/methods/routes.md, section 4.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.flows.panel import Bools, Floats

FILE = Path(__file__).parent / "stands.json"


@cache
def stands_table() -> dict[str, Any]:
    """Return the counts that this version of entrepot ships."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def standing_p(counted: Floats, p: Floats, stands: Bools) -> Floats:
    """Return p-values of the event that a quiet series is as odd *and* its money stands; NaN stays.

    Args:
        counted: n, p-values from which false discoveries are counted.
        p: n, the p-values shown, by which the shares were tabulated.
        stands: n, whether the money allows an alert; where not, the result is one.
    """
    table = stands_table()
    share = np.interp(np.log(np.maximum(p, 1e-300)), np.log(table["p_value"]), table["stands"])
    return np.asarray(np.where(np.isnan(counted), np.nan, np.where(stands, counted * share, 1.0)))
