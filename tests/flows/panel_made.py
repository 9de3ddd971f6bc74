"""Panels of a few series, for the steps that work on arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from entrepot.flows.panel import Floats, Panel


def panel(
    values: ArrayLike,
    n_before: int,
    *,
    via: Sequence[int] | None = None,
    product: Sequence[int] | None = None,
    chapter: Sequence[int] | None = None,
    is_tested: Sequence[bool] | None = None,
) -> Panel:
    """Return a panel of an intermediary's products unless said otherwise."""
    given = np.array(values, dtype=float)
    n = len(given)
    return Panel(
        values=given,
        n_before=n_before,
        first_month=2019 * 12,
        via=np.zeros(n, dtype=int) if via is None else np.array(via),
        product=np.arange(n) if product is None else np.array(product),
        chapter=np.zeros(n, dtype=int) if chapter is None else np.array(chapter),
        is_tested=np.ones(n, dtype=bool) if is_tested is None else np.array(is_tested),
    )


def noisy(n: int, months: int, *, seed: int = 1, spread: float = 0.4, level: float = 9.0) -> Floats:
    """Return n series of lognormal months around levels of their own."""
    luck = np.random.default_rng(seed)
    return np.exp(luck.normal(level, 1, n)[:, None] + luck.normal(0, spread, (n, months)))
