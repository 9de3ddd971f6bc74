"""Random draws that depend on what is drawn, never on the order or the size of the work.

Every generator is counter-based (Philox) and keyed by the seed, the kind of draw and two indices, so a block
can be made alone, first or last and comes out the same.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Kind(IntEnum):
    """What a stream of draws is for."""

    GOODS = 1
    FAMILIES = 2
    SERIES = 3
    SHARED = 4
    MONTH = 5
    PLANTING = 6
    PATH = 7
    REPORTERS = 8
    MONTH_SHARED = 9
    PEOPLE = 10
    STORY = 11


def draws(seed: int, kind: Kind, first: int = 0, second: int = 0) -> np.random.Generator:
    """Return the generator of one block, named by kind and two indices below 2**24."""
    key = np.array([seed, (int(kind) << 48) | (first << 24) | second], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
