"""Planting: diversion of known size added to quiet series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from quiet import Stretch


@dataclass(frozen=True)
class Planting:
    """How diversion is planted.

    Attributes:
        share: part of the series that get any.
        least: money a month that a planted flow is measured by where the series' own mean is smaller.
        size: (low, high) of the flow over max(own mean, least), uniform in logs.
        noise: standard deviation, in logs, of a planted month.
        patchy: (low, high) share of months with a planted shipment.
        ramp: longest ramp in months.
        delay: latest start after the event, in months.
        new_origin: probability that an origin without past trade carries it.
    """

    share: float = 0.08
    least: float = 10_000.0
    size: tuple[float, float] = (0.5, 2.0)
    noise: float = 0.5
    patchy: tuple[float, float] = (0.6, 1.0)
    ramp: int = 4
    delay: int = 3
    new_origin: float = 0.3


def plant(cut: Stretch, planting: Planting, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return planted cells (row, origin, month, value) and the total planted in each series."""
    g = np.random.default_rng(seed)
    mean = cut.dense()[:, : cut.n_before].mean(axis=1)
    own = np.zeros((cut.n, cut.n_origins))
    past = cut.month < cut.n_before
    np.add.at(own, (cut.row[past], cut.origin[past]), cut.value[past])
    months = cut.n_months - cut.n_before
    cells, truth = [], np.zeros(cut.n)
    for s in np.flatnonzero(g.random(cut.n) < planting.share):
        flow = max(mean[s], planting.least) * np.exp(g.uniform(*np.log(planting.size)))
        start = g.integers(0, min(planting.delay, months - 2) + 1)
        ramp = np.clip((np.arange(months) - start + 1) / g.integers(1, planting.ramp + 1), 0, 1)
        noise = np.exp(g.normal(-(planting.noise**2) / 2, planting.noise, months))
        shipped = g.random(months) < g.uniform(*planting.patchy)
        value = flow * ramp * noise * shipped
        carriers = g.integers(1, min(2, cut.n_origins) + 1)
        if g.random() < planting.new_origin or own[s].sum() == 0:
            origin = g.choice(cut.n_origins, carriers, replace=False)
        else:
            weight = own[s] + own[s].sum() / 1e6
            origin = g.choice(cut.n_origins, carriers, replace=False, p=weight / weight.sum())
        share = g.dirichlet(np.ones(carriers))
        for o, w in zip(origin, share, strict=True):
            for m in np.flatnonzero(value > 0):
                cells.append((s, o, cut.n_before + m, value[m] * w))
        truth[s] = value.sum()
    return np.array(cells, dtype=float).reshape(-1, 4), truth
