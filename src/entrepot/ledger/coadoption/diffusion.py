"""Diffusion: whether one jurisdiction adopts what another had, with which delay, how often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.ledger.coadoption.chance import Days, every_move, share_of_moves
from entrepot.numerics import beta_quantile


@dataclass(frozen=True, slots=True)
class Diffusion:
    """How often the acts of one jurisdiction were followed by another's.

    Attributes:
        leader, follower: jurisdictions.
        acts: dated acts of the leader that leave the follower the whole horizon to follow.
        followed: those of them after which the follower acted, later than the window and within the horizon.
        share, share_low, share_high: followed / acts, with its 90 % interval (Clopper-Pearson).
        median_days: delay in the middle of those followed; None where none was.
        chance_share: what share chance would give at the follower's pace; None unless the ledger is complete.
        p_value: how often chance gives as much; None likewise.
    """

    leader: str
    follower: str
    acts: int
    followed: int
    share: float | None
    share_low: float | None
    share_high: float | None
    median_days: float | None
    chance_share: float | None
    p_value: float | None


def diffusion(
    leader: str, follower: str, a: Days, b: Days, *, length: int, window: int, horizon: int, is_complete: bool
) -> Diffusion:
    """Return how often acts on days ``a`` (counted from the period's first day) were followed by acts on days ``b``."""
    whole = a[a + horizon < length]
    delays = _delays(whole, b, window, horizon)
    followed, n = int(np.isfinite(delays).sum()), len(whole)
    low, high = _interval(followed, n)
    chance, p_value = None, None
    if is_complete and n and len(b):
        counts = every_move(
            b, length=length, statistic=lambda moved: float(np.isfinite(_delays(whole, moved, window, horizon)).sum())
        )
        chance, p_value = float(counts.mean() / n), share_of_moves(counts, followed, is_small=False)
    return Diffusion(
        leader=leader,
        follower=follower,
        acts=n,
        followed=followed,
        share=followed / n if n else None,
        share_low=low,
        share_high=high,
        median_days=float(np.median(delays[np.isfinite(delays)])) if followed else None,
        chance_share=chance,
        p_value=p_value,
    )


def _interval(followed: int, n: int) -> tuple[float | None, float | None]:
    if not n:
        return None, None
    ends = beta_quantile([0.05, 0.95], [max(followed, 1), followed + 1], [n - followed + 1, max(n - followed, 1)])
    return float(ends[0]) if followed else 0.0, float(ends[1]) if n > followed else 1.0


def _delays(a: Days, b: Days, window: int, horizon: int) -> NDArray[np.float64]:
    """Days from each act to the first later one of the other's that is outside the window; infinite where none is."""
    gaps = (b[None, :] - a[:, None]).astype(float)
    gaps[(gaps <= window) | (gaps > horizon)] = np.inf
    first: NDArray[np.float64] = gaps.min(axis=1, initial=np.inf)
    return first
