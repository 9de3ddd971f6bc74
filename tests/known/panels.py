"""Made panels of importers: common movements, seasons, persistent noise, and a planted change of the first one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PanelKind:
    """What a made panel is like.

    Attributes:
        controls, before, after: number of controls, months of past and months from the event on.
        change: planted in the treated series; -0.2 is a fifth less.
        persistence: of the noise from month to month.
        noise: standard deviation of log noise.
        season: of the yearly wave, which each series follows by half to one and a half.
        tail: degrees of freedom of the noise, None for normal.
        drift: standard deviation of a month's step of each series' own random walk.
    """

    controls: int = 15
    before: int = 36
    after: int = 9
    change: float = 0.0
    persistence: float = 0.3
    noise: float = 0.25
    season: float = 0.3
    tail: float | None = None
    drift: float = 0.0


def panel(kind: PanelKind, seed: int) -> tuple[Floats, Floats]:
    """Return the treated series (t) and the controls (t x n) of one made world."""
    luck = np.random.default_rng(seed)
    n, months = kind.controls + 1, kind.before + kind.after
    common = np.cumsum(luck.normal(0, 0.05, months)) + 0.1 * luck.normal(size=months)
    wave = kind.season * np.sin(2 * np.pi * (np.arange(months) / 12 + luck.random()))
    logs = (
        luck.normal(0, 1.5, n) + np.outer(common, luck.uniform(0.5, 1.5, n)) + np.outer(wave, luck.uniform(0.5, 1.5, n))
    )
    values: Floats = np.exp(
        logs + kind.noise * _noise(kind, n, luck) + np.cumsum(luck.normal(0, kind.drift, (months, n)), 0)
    )
    values[kind.before :, 0] *= 1 + kind.change
    return values[:, 0], values[:, 1:]


def _noise(kind: PanelKind, n: int, luck: np.random.Generator) -> Floats:
    months, rho = kind.before + kind.after, kind.persistence
    draws = luck.normal(size=(months, n))
    if kind.tail is not None:
        draws = luck.standard_t(kind.tail, (months, n)) / np.sqrt(kind.tail / (kind.tail - 2))
    for t in range(1, months):
        draws[t] = rho * draws[t - 1] + np.sqrt(1 - rho**2) * draws[t]
    return draws
