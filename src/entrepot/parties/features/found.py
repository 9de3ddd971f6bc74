"""Found: the answer of one feature."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """What a feature found: 1 agrees in full, -1 differs in full; one sentence; the two values."""

    score: float
    detail: str
    query: str
    candidate: str
