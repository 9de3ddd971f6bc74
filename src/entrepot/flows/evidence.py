"""Evidence: from features to a score, a p-value and the band of what would have happened anyway.

The score is a sum of one bent line a feature, each with its own weights, fitted once by ``benchmarks/routes/train.py``
on planted diversion in quiet and simulated trade, and kept in ``evidence.json`` with its version. Its p-value is the
share of quiet series that score as high there. Nothing is fitted when a question is asked.

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
from entrepot.flows.panel import Floats, Ints

FILE = Path(__file__).parent / "evidence.json"


@dataclass(frozen=True)
class Weights:
    """What was fitted.

    Attributes:
        version: changes whenever a number changes.
        knots: F x K, where each feature's line may bend.
        slopes: F x (K-1), what each stretch between knots adds to the score when it is passed.
        intercept: score of a series below every knot.
        null_score: rising scores of quiet series.
        null_log_p: logarithm of the share of quiet series that score at least as high.
        band: mean, low, high -> weights of the band's terms.
    """

    version: str
    knots: Floats
    slopes: Floats
    intercept: float
    null_score: Floats
    null_log_p: Floats
    band: dict[str, Floats]


@cache
def weights() -> Weights:
    """Return the fitted weights that this version of entrepot ships."""
    return weights_of(json.loads(FILE.read_text("utf-8")))


def weights_of(data: dict[str, Any]) -> Weights:
    """Return weights from their file's content."""
    lines = [data["features"][name] for name in NAMES]
    return Weights(
        version=data["version"],
        knots=np.array([line["knots"] for line in lines], dtype=float),
        slopes=np.array([line["slopes"] for line in lines], dtype=float),
        intercept=float(data["intercept"]),
        null_score=np.array(data["null"]["score"], dtype=float),
        null_log_p=np.array(data["null"]["log_p"], dtype=float),
        band={name: np.array(values, dtype=float) for name, values in data["band"].items()},
    )


def bent(values: Floats, knots: Floats) -> Floats:
    """Return n x F x (K-1): how far each feature has passed each stretch between its knots, 0 to 1."""
    start, end = knots[None, :, :-1], knots[None, :, 1:]
    return np.clip((values[:, :, None] - start) / np.maximum(end - start, 1e-9), 0, 1)


def evidence_score(values: Floats, *, fitted: Weights | None = None) -> Floats:
    """Return the score of n series from n x F features; higher is more like planted diversion."""
    fitted = fitted or weights()
    out = np.empty(len(values))
    for start in range(0, len(values), 50_000):
        part = slice(start, start + 50_000)
        out[part] = fitted.intercept + np.einsum("nfk,fk->n", bent(values[part], fitted.knots), fitted.slopes)
    return out


def evidence_p_value(score: Floats, *, fitted: Weights | None = None) -> Floats:
    """Return the share of quiet series that score at least as high; never zero, falling with the score."""
    fitted = fitted or weights()
    x, y = fitted.null_score, fitted.null_log_p
    inside = np.interp(score, x, y)
    # Beyond the highest quiet score the tail falls as its last stretch does.
    slope = (y[-1] - y[-2]) / max(x[-1] - x[-2], 1e-9)
    return np.exp(np.where(score > x[-1], y[-1] + np.minimum(slope, -0.5) * (score - x[-1]), inside))


def band_terms(expected: Floats, noise: Noise, months_after: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the terms of the band (n x B), a scale (n) and a floor of money (n).

    The band is on the scale of log((money + floor) / (expected + floor)); the floor, a trifle a month, lets a
    series without a past have some trade.
    """
    floor = noise.trifle * np.maximum(months_after, 1)
    sampling = noise.relative_variance * (1 / np.maximum(noise.months, 1) + 1 / np.maximum(months_after, 1))
    # Where the expected total is a trifle its relative error says nothing.
    weight = expected / (expected + floor)
    scale = np.sqrt(np.log1p(sampling) + noise.drift) * weight
    above = np.log1p(expected / floor)
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
        ],
        axis=1,
    )
    return terms, scale, floor


def band(
    naive: Floats, noise: Noise, months_after: Ints, *, fitted: Weights | None = None
) -> tuple[Floats, Floats, Floats]:
    """Return mean, lower and upper end of what would have happened anyway, in money.

    Args:
        naive: n, level x growth x season, summed over the months from the event on.
        noise: what the past says of the series.
        months_after: n, known months from the event on.
    """
    fitted = fitted or weights()
    terms, _, floor = band_terms(naive, noise, months_after)
    mean, low, high = (
        np.maximum((naive + floor) * np.exp(terms @ fitted.band[name]) - floor, 0.0) for name in ("mean", "low", "high")
    )
    return mean, np.minimum(low, mean), np.maximum(high, mean)
