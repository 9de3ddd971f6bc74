"""Calibration to the table at hand: how far do quiet series of this very table wander?

Played backwards, a planted rise is a fall and scores low, while ordinary noise, breaks and lumps look the same in both
directions. So the scores of the table played backwards show how often chance alone would alarm here. Where they are
rarer than the shipped tables say, p-values below a tenth are drawn down accordingly; they are never drawn up beyond
what was fitted, and never by more than the power ``_MOST``.

Source: docs/methods/routes.md, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.flows.controls import growth_sets
from entrepot.flows.evidence import evidence_p_value, evidence_score
from entrepot.flows.features import OriginSums, context_of, features
from entrepot.flows.noise import noise_of
from entrepot.flows.options import Method
from entrepot.flows.panel import Floats, Panel, only
from entrepot.flows.sellers import Sellers

_TAIL = 0.1
_WIDE_TAIL = 0.2
_MOST = 1.6
# A sample of a large table tells the same.
_ENOUGH = 20_000


@dataclass(frozen=True)
class Calibrated:
    """P-values of n series, and of the same series played backwards (NaN where the sample left them out)."""

    forwards: Floats
    backwards: Floats


def calibrated(
    p: Floats,
    panel: Panel,
    origins: OriginSums | None,
    method: Method,
    *,
    controls: str,
    sellers: Sellers | None = None,
) -> Calibrated:
    """Return p-values in which the table's own noise is taken into account."""
    backwards = _backwards(panel, origins, method, controls, sellers)
    power = _power(backwards, _TAIL)
    return Calibrated(_drawn_down(p, _TAIL, power), _drawn_down(backwards, _TAIL, power))


def both_legs(p: Floats, backwards: Floats) -> Floats:
    """Return p-values of rows with two legs, for the control of false discoveries alone.

    The larger of two p-values is small by chance far less often than one is. How much less, the same rows played
    backwards tell: by the share of them in the tail, one standard error added, and by how it thins out.
    """
    known = backwards[~np.isnan(backwards)]
    if len(known) < 100:
        return p
    count = np.count_nonzero(known < _WIDE_TAIL)
    share = min((count + np.sqrt(count) + 1) / len(known) / _WIDE_TAIL, 1.0)
    drawn = _drawn_down(p, _WIDE_TAIL, _power(backwards, _WIDE_TAIL))
    return np.where(p < _WIDE_TAIL, share * drawn, p)


def _drawn_down(p: Floats, tail: float, power: float) -> Floats:
    return np.asarray(np.where(p < tail, p * (np.maximum(p, 1e-300) / tail) ** (power - 1), p))


def _power(p: Floats, tail: float) -> float:
    """How much faster than uniform the small p-values of the reversed table thin out, less one standard error."""
    small = p[p < tail]
    if len(small) < 10:
        return 1.0
    rate = len(small) / float(np.log(tail / small).sum())
    return float(np.clip(rate * (1 - 1 / np.sqrt(len(small))), 1.0, _MOST))


def _backwards(
    panel: Panel, origins: OriginSums | None, method: Method, controls: str, sellers: Sellers | None
) -> Floats:
    """P-values of the table with time reversed: what came after is taken for the past."""
    step = max(len(panel) // _ENOUGH, 1)
    keep = np.zeros(len(panel), dtype=bool)
    keep[::step] = True
    flipped = only(panel, keep)
    months = panel.values.shape[1]
    flipped = replace(flipped, values=flipped.values[:, ::-1].copy(), n_before=months - panel.n_before)
    noise = noise_of(flipped, method)
    turned = sellers.backwards(keep) if sellers else None
    growth = growth_sets(flipped, noise.change, noise.sampling + noise.drift, sellers=turned)[controls]
    score = evidence_score(features(flipped, context_of(noise, growth), _swapped(origins, keep)))
    p = np.full(len(panel), np.nan)
    p[keep] = evidence_p_value(score, months_after=panel.n_before)
    return p


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
