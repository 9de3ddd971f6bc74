"""Season: how much of a year's trade falls on each calendar month, by chapter."""

from __future__ import annotations

import numpy as np

from entrepot.flows.panel import Floats, Panel

# A chapter's own season weighs as much as this many series-years of the whole table's.
_PRIOR = 60.0


def season_of(panel: Panel) -> Floats:
    """Return n x T factors with mean one over a year, learned from the whole years before the event.

    With less than two whole years of past a season cannot be told from a trend, and every factor is one.
    """
    n, months = panel.values.shape
    years = panel.n_before // 12
    if years < 2 or n == 0:
        return np.ones((n, months))
    past = panel.before[:, panel.n_before - 12 * years :].reshape(n, years, 12)
    known = np.maximum((~np.isnan(past)).sum(axis=2, keepdims=True), 1)
    yearly = np.nansum(past, axis=2, keepdims=True) / known
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(yearly > 0, past / yearly, np.nan)
    # One large delivery is no season.
    ratio = np.minimum(ratio, 3.0)
    weight = (~np.isnan(ratio)).sum(axis=1)
    total = np.nansum(ratio, axis=1)
    overall = (total.sum(axis=0) + _PRIOR) / (weight.sum(axis=0) + _PRIOR)
    chapters, at = np.unique(panel.chapter, return_inverse=True)
    sums = np.zeros((len(chapters), 12))
    counts = np.zeros((len(chapters), 12))
    np.add.at(sums, at, total)
    np.add.at(counts, at, weight)
    factors = (sums + _PRIOR * overall) / (counts + _PRIOR)
    factors /= factors.mean(axis=1, keepdims=True)
    # Column 0 of `factors` is the calendar month of the first column of `past`.
    offset = panel.n_before - 12 * years
    column = (np.arange(months) - offset) % 12
    return np.asarray(factors[at][:, column])
