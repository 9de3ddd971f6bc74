"""Inference: what each series would have been without the event, how sure that is, and how odd what was seen is.

Everything works on arrays of many series at once (``Panel``). Two views of a series are used and kept apart:

- money: level x season x growth of the controls gives the expected total; zeros count as zeros;
- evidence: months on a logarithmic scale, where months below a trifle count alike, be they zero or small.

Source: docs/methods/routes.md, sections 2 to 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.flows.calibrate import calibrated
from entrepot.flows.controls import has_controls, money_factor
from entrepot.flows.evidence import band, evidence_p_value, evidence_score, least_excess
from entrepot.flows.features import OriginSums, context_of, features
from entrepot.flows.noise import Noise
from entrepot.flows.options import Method
from entrepot.flows.panel import Bools, Floats, Panel
from entrepot.flows.sellers import Sellers, Shared, less_drift


@dataclass(frozen=True)
class Inference:
    """Estimates of n series; arrays of length n unless said otherwise.

    Attributes:
        observed: money from the event on.
        expected: control set -> expected money.
        low: control set -> lower end of the interval of the expected money.
        high: control set -> its upper end.
        floor: money that the logarithms of the interval start from.
        growth: control set -> expected change of the level, in logs.
        score: how far the series is above its controls, in standard errors.
        p_value: one-sided probability of a score as high without a cause.
        p_backwards: the same with time reversed, where no rise can stand; NaN where a large table was sampled.
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
    floor: Floats
    growth: dict[str, Floats]
    score: Floats
    p_value: Floats
    p_backwards: Floats
    level: Floats
    season: Floats
    spread_month: Floats
    active_before: Floats
    known_before: Floats
    has_controls: Bools


def infer(
    panel: Panel,
    noise: Noise,
    *,
    growth: dict[str, Floats],
    controls: str,
    method: Method,
    origins: OriginSums | None = None,
    sellers: Sellers | None = None,
    shared: Shared | None = None,
) -> Inference:
    """Return estimates for every series of a panel; see :class:`Inference`.

    Args:
        panel: the series.
        noise: what their past says, from ``noise_of``.
        growth: control set -> expected change in logs, from ``growth_sets``.
        controls: the control set that the score is held against.
        method: parameters of the method.
        origins: each origin's part, where known.
        sellers: what others sell, where ``growth`` counts it.
        shared: what of ``growth`` is theirs.
    """
    score = evidence_score(features(panel, context_of(noise, growth[controls]), origins))
    p = calibrated(
        evidence_p_value(score, months_after=panel.after.shape[1]),
        panel,
        origins,
        method,
        controls=controls,
        sellers=sellers,
    )
    after_known = ~np.isnan(panel.after)
    exposure = np.where(after_known, noise.season[:, panel.n_before :], 0.0).sum(axis=1)
    observed = np.nansum(panel.after, axis=1)
    expected, low, high = {}, {}, {}
    # P-values keep the whole drift: the shares of quiet series behind them were counted with it.
    less = less_drift(noise, shared, method) if shared else None
    for name, change in growth.items():
        naive = noise.level * np.exp(change) * exposure
        ends = band(naive, noise, after_known.sum(axis=1), drift=None if name == "own" else less)
        # Own and unlisted are money already.
        factor = 1.0 if name in ("own", "unlisted") else money_factor(panel, observed, ends[0])
        expected[name], low[name], high[name] = (factor * end for end in ends)
    # Where nothing is above what was expected there is no evidence, whatever the shape of the months.
    p_value = np.where(observed > expected[controls], p.forwards, np.maximum(p.forwards, 0.5))
    # The evidence is held against one control set, so it can speak for that set's money only.
    high[controls] = np.minimum(high[controls], observed - least_excess(observed, expected[controls], p_value, method))
    return Inference(
        observed=observed,
        expected=expected,
        low=low,
        high=high,
        floor=noise.trifle * np.maximum(after_known.sum(axis=1), 1),
        growth=growth,
        score=score,
        p_value=p_value,
        p_backwards=p.backwards,
        level=noise.level,
        season=noise.season,
        spread_month=np.sqrt(np.log1p(noise.relative_variance)),
        active_before=(panel.before > 0).sum(axis=1).astype(float),
        known_before=(~np.isnan(panel.before)).sum(axis=1).astype(float),
        has_controls=has_controls(panel),
    )


def moved(noise: Noise, growth: Floats) -> Floats:
    """Return how far each series moved beyond its controls, in standard errors: a first look."""
    return np.asarray((noise.change - growth * noise.visible) / np.sqrt(noise.sampling + noise.drift))


def q_values(p: Floats) -> Floats:
    """Return false-discovery rates by Benjamini and Hochberg; NaN is not counted."""
    q = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q
