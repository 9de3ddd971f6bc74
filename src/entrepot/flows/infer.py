"""Inference: what each series would have been without the event, how sure that is, and how odd what was seen is.

Everything works on arrays of many series at once (``Panel``). Two views of a series are used and kept apart:

- money: level x season x growth of the controls gives the expected total; zeros count as zeros;
- evidence: months on a logarithmic scale, where months below a trifle count alike, be they zero or small.

Source: docs/methods/routes.md, sections 2 to 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from entrepot.flows.controls import growth_sets, has_controls
from entrepot.flows.options import Method
from entrepot.flows.panel import Bools, Floats, Panel
from entrepot.flows.season import season_of


@dataclass(frozen=True)
class Inference:
    """Estimates of n series; arrays of length n unless said otherwise.

    Attributes:
        observed: money from the event on.
        expected: control set -> expected money.
        low: control set -> lower end of the interval of the expected money.
        high: control set -> its upper end.
        growth: control set -> expected change of the level, in logs.
        score: how far the series is above its controls, in standard errors.
        p_value: one-sided probability of a score as high without a cause.
        level: expected money a month before season and growth.
        season: n x T factors with mean one.
        spread_month: standard deviation, in logs, of a single month.
        active_before: months with trade before the event.
        known_before: months before the event in which the value is known.
        has_controls: whether other series of its kind are there to compare with.
    """

    observed: Floats
    expected: dict[str, Floats]
    low: dict[str, Floats]
    high: dict[str, Floats]
    growth: dict[str, Floats]
    score: Floats
    p_value: Floats
    level: Floats
    season: Floats
    spread_month: Floats
    active_before: Floats
    known_before: Floats
    has_controls: Bools


@dataclass(frozen=True)
class Noise:
    """What the past says of a series: all arrays of length n.

    Attributes:
        level: mean money a month, deseasonalised, near months weighing more.
        variance: variance of a month on the logarithmic scale, shrunk to series of like size.
        relative_variance: variance of a month over its squared mean, shrunk likewise.
        change: change of the mean logarithm from before to after the event.
        sampling: variance of that change from monthly noise alone.
        drift: variance of slow drift of a level over the window, one number.
        months: effective number of months before the event.
        visible: share of a change in level that shows on the truncated scale, 0 to 1.
    """

    level: Floats
    variance: Floats
    relative_variance: Floats
    change: Floats
    sampling: Floats
    drift: float
    months: Floats
    visible: Floats


def infer(panel: Panel, method: Method, *, controls: str = "pooled") -> Inference:
    """Return estimates for every series of a panel; see :class:`Inference`."""
    season = season_of(panel)
    noise = noise_of(panel, season, method)
    growth = growth_sets(panel, noise.change, noise.sampling + noise.drift)
    after_known = ~np.isnan(panel.after)
    exposure = np.where(after_known, season[:, panel.n_before :], 0.0).sum(axis=1)
    observed = np.nansum(panel.after, axis=1)
    spread = _spread(noise, after_known.sum(axis=1))
    expected, low, high = {}, {}, {}
    tail = special.ndtri(0.5 + method.interval / 2)
    for name, change in growth.items():
        mean = noise.level * np.exp(change) * exposure
        expected[name] = mean
        # A lognormal with this mean; its interval is not centred on the mean, as trade is skewed.
        middle = mean * np.exp(-(spread**2) / 4)
        low[name], high[name] = middle * np.exp(-tail * spread), middle * np.exp(tail * spread)
    score = (noise.change - growth[controls] * noise.visible) / np.sqrt(noise.sampling + noise.drift)
    return Inference(
        observed=observed,
        expected=expected,
        low=low,
        high=high,
        growth=growth,
        score=score,
        p_value=p_values(score, panel.is_tested),
        level=noise.level,
        season=season,
        spread_month=np.sqrt(np.log1p(noise.relative_variance)),
        active_before=(panel.before > 0).sum(axis=1).astype(float),
        known_before=(~np.isnan(panel.before)).sum(axis=1).astype(float),
        has_controls=has_controls(panel),
    )


def noise_of(panel: Panel, season: Floats, method: Method) -> Noise:
    """Return level, noise and drift of each series, learned from its own past and from series like it."""
    flat = panel.values / np.maximum(season, 0.1)
    before, after = flat[:, : panel.n_before], flat[:, panel.n_before :]
    weights = _age_weights(panel, method)
    trade = before[before > 0]
    trifle = method.trifle_share * float(np.median(trade)) if trade.size else 1.0
    logs = np.log(np.maximum(flat, trifle))
    mean_before, var_before, months = _moments(logs[:, : panel.n_before], weights)
    mean_after, var_after, months_after = _moments(
        logs[:, panel.n_before :], (~np.isnan(after)).astype(float)
    )
    variance = _pooled(var_before, months, var_after, months_after)
    variance = _shrunk(variance, months + months_after, size=mean_before, prior=method.prior_months)
    level, money_var, _ = _moments(before, weights)
    relative = money_var / np.maximum(level, trifle / 10) ** 2
    relative = _shrunk(relative, months, size=np.log(np.maximum(level, trifle / 10)), prior=method.prior_months)
    sampling = variance * (1 / np.maximum(months, 1) + 1 / np.maximum(months_after, 1))
    return Noise(
        level=level,
        variance=variance,
        relative_variance=relative,
        change=mean_after - mean_before,
        sampling=sampling,
        drift=max(_drift(logs[:, : panel.n_before], variance), method.least_drift**2),
        months=months,
        visible=np.clip(mean_before - np.log(trifle), 0, 1),
    )


def p_values(score: Floats, is_tested: Bools) -> Floats:
    """Return one-sided p-values, with heavy tails and a width learned from the lower half of the table.

    What lies below the middle is quiet or falling; its spread says how much the scores of this table vary without a
    rise. A width below one is not believed.
    """
    tested = score[is_tested] if is_tested.any() else score
    middle = float(np.median(tested)) if tested.size else 0.0
    below = middle - float(np.quantile(tested, 0.16)) if tested.size >= 20 else 1.0
    width = min(max(below, 1.0), 2.5)
    return np.asarray(stats.t.sf(score / width, 8))


def q_values(p: Floats) -> Floats:
    """Return Benjamini-Hochberg adjusted p-values; NaN stays NaN and is not counted."""
    q = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q


def _age_weights(panel: Panel, method: Method) -> Floats:
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
    return (var_a * a + var_b * b) / np.maximum(a + b, 1)


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
    with np.errstate(invalid="ignore"):
        moved = np.nanmean(logs[:, half:], axis=1) - np.nanmean(logs[:, :half], axis=1)
    good = ~np.isnan(moved) & (np.median(logs, axis=1) > np.min(logs, initial=np.inf, where=~np.isnan(logs)))
    if good.sum() < 20:
        return 0.0
    centred = moved[good] - np.median(moved[good])
    noise = np.median(variance[good]) * (1 / half + 1 / (logs.shape[1] - half))
    return float((1.48 * np.median(np.abs(centred))) ** 2 - noise)


def _spread(noise: Noise, months_after: NDArray[np.integer]) -> Floats:
    """Standard deviation, in logs, of the expected total."""
    sampling = noise.relative_variance * (1 / np.maximum(noise.months, 1) + 1 / np.maximum(months_after, 1))
    return np.sqrt(np.log1p(sampling) + noise.drift)
