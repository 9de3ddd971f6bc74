"""Calibration to the table at hand: how far do quiet series of this very table wander?

Played backwards, a planted rise is a fall and scores low, while ordinary noise, breaks and lumps look the same in both
directions. So the scores of the table played backwards show how often chance alone would alarm here. Where they are
rarer than the shipped tables say, p-values below a tenth are drawn down accordingly; they are never drawn up beyond
what was fitted, and never by more than the power ``_MOST``.

Source: docs/methods/routes.md, section 4.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from entrepot.flows.controls import growth_sets
from entrepot.flows.evidence import evidence_p_value, evidence_score
from entrepot.flows.features import OriginSums, context_of, features
from entrepot.flows.noise import noise_of
from entrepot.flows.options import Method
from entrepot.flows.panel import Floats, Panel, only

_TAIL = 0.1
_MOST = 1.6
# A sample of a large table tells the same.
_ENOUGH = 20_000


def calibrated(p: Floats, panel: Panel, origins: OriginSums | None, method: Method, *, controls: str) -> Floats:
    """Return p-values in which the table's own noise is taken into account."""
    power = _power(_backwards(panel, origins, method, controls))
    return np.asarray(np.where(p < _TAIL, p * (np.maximum(p, 1e-300) / _TAIL) ** (power - 1), p))


def _power(p: Floats) -> float:
    """How much faster than uniform the small p-values of the reversed table thin out, less one standard error."""
    small = p[p < _TAIL]
    if len(small) < 10:
        return 1.0
    rate = len(small) / float(np.log(_TAIL / small).sum())
    return float(np.clip(rate * (1 - 1 / np.sqrt(len(small))), 1.0, _MOST))


def _backwards(panel: Panel, origins: OriginSums | None, method: Method, controls: str) -> Floats:
    """P-values of the table with time reversed: what came after is taken for the past."""
    step = max(len(panel) // _ENOUGH, 1)
    keep = np.zeros(len(panel), dtype=bool)
    keep[::step] = True
    flipped = only(panel, keep)
    months = panel.values.shape[1]
    flipped = replace(flipped, values=flipped.values[:, ::-1].copy(), n_before=months - panel.n_before)
    noise = noise_of(flipped, method)
    growth = growth_sets(flipped, noise.change, noise.sampling + noise.drift)[controls]
    score = evidence_score(features(flipped, context_of(noise, growth), _swapped(origins, keep)))
    return evidence_p_value(score, months_after=panel.n_before)


def _swapped(origins: OriginSums | None, keep: np.ndarray) -> OriginSums | None:
    if origins is None:
        return None
    kept = keep[origins.row]
    row = (np.cumsum(keep) - 1)[origins.row[kept]]
    return OriginSums(
        row=row,
        money_before=origins.money_after[kept],
        money_after=origins.money_before[kept],
        log_before=origins.log_after[kept],
        log_after=origins.log_before[kept],
        variance=origins.variance[kept],
        active_before=origins.active_after[kept],
        active_after=origins.active_before[kept],
    )
