"""Evidence: from features to a score, a p-value and the band of what would have happened anyway.

The score is a small network of one hidden layer, fitted once by ``benchmarks/routes/train.py`` on planted diversion in
quiet and simulated trade, and kept in ``evidence.json`` with its version. Its p-value is the share of quiet series
that score as high there. Nothing is fitted when a question is asked.

Source: docs/methods/routes.md, section 4.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.flows.features import NAMES
from entrepot.flows.noise import Noise
from entrepot.flows.options import Method
from entrepot.flows.panel import Floats, Ints

FILE = Path(__file__).parent / "evidence.json"


@dataclass(frozen=True)
class Weights:
    """What was fitted, for F features and H hidden units.

    Attributes:
        version: changes whenever a number changes.
        low, high: F, bounds outside which a feature says no more.
        centre, scale: F, by which features are brought to one size.
        hidden: F x H weights into the hidden layer.
        hidden_bias: H.
        out: H weights of the score.
        out_bias: score of a series whose hidden units are at rest.
        null: months from the event on -> rising scores of quiet series over about so many months, and the
            logarithm of the share that scores at least as high.
        band: mean, low, high -> weights of the band's terms.
    """

    version: str
    low: Floats
    high: Floats
    centre: Floats
    scale: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: float
    null: dict[int, tuple[Floats, Floats]]
    band: dict[str, Floats]


@cache
def weights() -> Weights:
    """Return the fitted weights that this version of entrepot ships."""
    return weights_of(json.loads(FILE.read_text("utf-8")))


def weights_of(data: dict[str, Any]) -> Weights:
    """Return weights from their file's content."""
    lines = [data["features"][name] for name in NAMES]
    columns = {name: np.array([line[name] for line in lines], dtype=float) for name in _PER_FEATURE}
    return Weights(
        version=data["version"],
        **columns,
        hidden_bias=np.array(data["hidden_bias"], dtype=float),
        out=np.array(data["out"], dtype=float),
        out_bias=float(data["out_bias"]),
        null={
            int(months): (np.array(table["score"], dtype=float), np.array(table["log_p"], dtype=float))
            for months, table in data["null"].items()
        },
        band={name: np.array(values, dtype=float) for name, values in data["band"].items()},
    )


_PER_FEATURE = ("low", "high", "centre", "scale", "hidden")


def evidence_score(values: Floats, *, fitted: Weights | None = None) -> Floats:
    """Return the score of n series from n x F features; higher is more like planted diversion."""
    fitted = fitted or weights()
    out = np.empty(len(values))
    for start in range(0, len(values), 50_000):
        part = slice(start, start + 50_000)
        even = (np.clip(values[part], fitted.low, fitted.high) - fitted.centre) / fitted.scale
        out[part] = np.tanh(even @ fitted.hidden + fitted.hidden_bias) @ fitted.out + fitted.out_bias
    return out


def evidence_p_value(score: Floats, *, months_after: int, fitted: Weights | None = None) -> Floats:
    """Return the share of quiet series that score at least as high; never zero, falling with the score.

    Quiet series wander farther over more months, so the tables nearest to ``months_after`` are blended.
    """
    tables = (fitted or weights()).null
    anchors = np.array(sorted(tables))
    place = np.interp(np.log(months_after), np.log(anchors), np.arange(len(anchors)))
    below = int(place)
    above = min(below + 1, len(anchors) - 1)
    share = place - below
    blended = (1 - share) * _log_p(score, *tables[int(anchors[below])])
    if share > 0:
        blended = blended + share * _log_p(score, *tables[int(anchors[above])])
    return np.exp(blended)


def _log_p(score: Floats, x: Floats, y: Floats) -> Floats:
    # Beyond the highest quiet score the tail falls as its last stretch does, and no slower than by e in two.
    slope = min((y[-1] - y[-4]) / max(x[-1] - x[-4], 1e-9), -0.5)
    return np.asarray(np.where(score > x[-1], y[-1] + slope * (score - x[-1]), np.interp(score, x, y)))


def band_terms(
    expected: Floats, noise: Noise, months_after: Ints, *, drift: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Return the terms of the band (n x B), a scale (n) and a floor of money (n).

    The band is on the scale of log((money + floor) / (expected + floor)); the floor, a trifle a month, lets a
    series without a past have some trade.
    """
    floor = noise.trifle * np.maximum(months_after, 1)
    sampling = noise.relative_variance * (1 / np.maximum(noise.months, 1) + 1 / np.maximum(months_after, 1))
    # Where the expected total is a trifle its relative error says nothing.
    weight = expected / (expected + floor)
    scale = np.sqrt(np.log1p(sampling) + (noise.drift if drift is None else drift)) * weight
    above = np.log1p(expected / floor)
    ahead = np.log(np.maximum(months_after, 1) / 10)
    terms = np.stack(
        [
            np.ones(len(expected)),
            scale,
            scale**2,
            weight,
            scale * np.minimum(above, 8) / 8,
            np.minimum(above, 8) / 8,
            np.minimum(noise.relative_variance, 20) / 20,
            noise.active,
            weight * ahead,
            scale * ahead,
            weight * np.minimum(noise.spread, 4),
        ],
        axis=1,
    )
    return terms, scale, floor


def band(
    naive: Floats, noise: Noise, months_after: Ints, *, drift: Floats | None = None, fitted: Weights | None = None
) -> tuple[Floats, Floats, Floats]:
    """Return mean, lower and upper end of what would have happened anyway, in money.

    Args:
        naive: n, level x growth x season, summed over the months from the event on.
        noise: what the past says of the series.
        months_after: n, known months from the event on.
        drift: n, each series' own variance of slow drift, where it is not that of the noise.
    """
    fitted = fitted or weights()
    terms, _, floor = band_terms(naive, noise, months_after, drift=drift)
    mean, low, high = (
        np.maximum((naive + floor) * np.exp(terms @ fitted.band[name]) - floor, 0.0) for name in ("mean", "low", "high")
    )
    # What level, season and growth alone give is never outside.
    return mean, np.minimum(low, np.minimum(mean, naive)), np.maximum(high, np.maximum(mean, naive))


def least_excess(observed: Floats, expected: Floats, p_value: Floats, method: Method) -> Floats:
    """Return, in money, how much of the excess is surely there where the months themselves say that something is.

    A sharp and lasting rise can be beyond doubt while its size is not, as total money also drifts over the years.
    Where the p-value is above ``method.certain`` this is minus infinity, and the band alone speaks.
    """
    excess = observed - expected
    return np.where((p_value <= method.certain) & (excess > 0), method.least_share * excess, -np.inf)
