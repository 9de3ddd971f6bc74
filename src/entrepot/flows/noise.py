"""Noise: what the past says of each series, with strength borrowed from series of like size.

Source: docs/methods/routes.md, section 3.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from entrepot.flows.options import Method
from entrepot.flows.panel import Floats, Panel
from entrepot.flows.season import season_of


@dataclass(frozen=True)
class Noise:
    """What the past says of a series: arrays of length n unless said otherwise.

    Attributes:
        season: n x T factors with mean one.
        flat: n x T, months without season.
        logs: n x T, their logarithms, trifles alike.
        trifle: money a month below which months count alike as evidence.
        level: mean money a month, deseasonalised, near months weighing more.
        variance: variance of a month on the logarithmic scale, shrunk to series of like size.
        relative_variance: variance of a month over its squared mean, shrunk likewise.
        change: change of the mean logarithm from before to after the event.
        sampling: variance of that change from monthly noise alone.
        drift: variance of slow drift of a level over the window, one number.
        months: effective number of months before the event.
        visible: share of a change in level that shows on the truncated scale, 0 to 1.
        active: share of the months before the event with trade.
        spread: standard deviation of the logarithms before the event, as seen.
    """

    season: Floats
    flat: Floats
    logs: Floats
    trifle: float
    level: Floats
    variance: Floats
    relative_variance: Floats
    change: Floats
    sampling: Floats
    drift: float
    months: Floats
    visible: Floats
    active: Floats
    spread: Floats


def noise_of(panel: Panel, method: Method) -> Noise:
    """Return level, noise and drift of each series, learned from its own past and from series like it."""
    season = season_of(panel)
    flat = panel.values / np.maximum(season, 0.1)
    before, after = flat[:, : panel.n_before], flat[:, panel.n_before :]
    weights = age_weights(panel, method)
    trade = before[before > 0]
    trifle = method.trifle_share * float(np.median(trade)) if trade.size else 1.0
    logs = np.log(np.maximum(flat, trifle))
    mean_before, var_before, months = _moments(logs[:, : panel.n_before], weights)
    mean_after, var_after, months_after = _moments(logs[:, panel.n_before :], (~np.isnan(after)).astype(float))
    variance = _pooled(var_before, months, var_after, months_after)
    variance = _shrunk(variance, months + months_after, size=mean_before, prior=method.prior_months)
    level, money_var, _ = _moments(before, weights)
    relative = money_var / np.maximum(level, trifle / 10) ** 2
    relative = _shrunk(relative, months, size=np.log(np.maximum(level, trifle / 10)), prior=method.prior_months)
    sampling = variance * (1 / np.maximum(months, 1) + 1 / np.maximum(months_after, 1))
    return Noise(
        season=season,
        flat=flat,
        logs=logs,
        trifle=trifle,
        level=level,
        variance=variance,
        relative_variance=relative,
        change=mean_after - mean_before,
        sampling=sampling,
        drift=max(_drift(logs[:, : panel.n_before], variance), method.least_drift**2),
        months=months,
        visible=np.clip(mean_before - np.log(trifle), 0, 1),
        active=(before > 0).sum(axis=1) / np.maximum((~np.isnan(before)).sum(axis=1), 1),
        spread=np.sqrt(var_before),
    )


def age_weights(panel: Panel, method: Method) -> Floats:
    """Return n x T weights of the months before the event: half for each half-life of age, none where unknown."""
    age = np.arange(panel.n_before)[::-1]
    return np.where(np.isnan(panel.before), 0.0, 0.5 ** (age / method.half_life))


def _moments(values: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted mean, unbiased variance and effective number of months, unknown months left out."""
    filled = np.where(weights > 0, values, 0.0)
    total = np.maximum(weights.sum(axis=1), 1e-12)
    months = total**2 / np.maximum((weights**2).sum(axis=1), 1e-12)
    mean = (weights * filled).sum(axis=1) / total
    spread = (weights * (filled - mean[:, None]) ** 2).sum(axis=1) / total
    return mean, spread * months / np.maximum(months - 1, 0.5), months


def _pooled(var_a: Floats, months_a: Floats, var_b: Floats, months_b: Floats) -> Floats:
    a, b = np.maximum(months_a - 1, 0), np.maximum(months_b - 1, 0)
    return np.asarray((var_a * a + var_b * b) / np.maximum(a + b, 1))


def _shrunk(variance: Floats, months: Floats, *, size: Floats, prior: float) -> Floats:
    """Variance pulled, in logs, towards what series of like size show; ``prior`` is its weight in months."""
    floor = 0.02
    x = np.clip(size, *np.quantile(size, [0.01, 0.99])) if len(size) else size
    logs = np.log(variance + floor)
    if len(size) < 10 or np.ptp(x) == 0:
        like = np.full(len(size), np.median(logs) if len(size) else 0.0)
    else:
        like = np.polyval(np.polyfit(x, logs, 2), x)
    return np.asarray(np.exp((logs * months + like * prior) / (months + prior)))


def _drift(logs: Floats, variance: Floats) -> float:
    """Variance between the older and the newer half of the past beyond what monthly noise explains."""
    half = logs.shape[1] // 2
    if half < 3 or len(logs) < 20:
        return 0.0
    with warnings.catch_warnings():
        # A series without a known month in one half has no drift to show.
        warnings.simplefilter("ignore", RuntimeWarning)
        moved = np.nanmean(logs[:, half:], axis=1) - np.nanmean(logs[:, :half], axis=1)
    good = ~np.isnan(moved) & (np.median(logs, axis=1) > np.min(logs, initial=np.inf, where=~np.isnan(logs)))
    if good.sum() < 20:
        return 0.0
    centred = moved[good] - np.median(moved[good])
    noise = np.median(variance[good]) * (1 / half + 1 / (logs.shape[1] - half))
    return float((1.48 * np.median(np.abs(centred))) ** 2 - noise)
