"""Scoring: how well a ranking and its intervals recover what was planted, and the baselines it is held against."""

from __future__ import annotations

import warnings

import numpy as np
from scipy import stats

# Bias is a ratio to the planted money where the planting raises a series by at least this share.
LEAST_RAISE = 0.2


def average_precision(score: np.ndarray, is_planted: np.ndarray) -> float:
    """Area under precision over recall of a ranking; ties keep the order given."""
    hit = is_planted[np.argsort(-score, kind="stable")]
    precision = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    return float((precision * hit).sum() / max(hit.sum(), 1))


def precision_at(score: np.ndarray, is_planted: np.ndarray, n: int) -> float:
    return float(is_planted[np.argsort(-score, kind="stable")[:n]].mean())


def benjamini_hochberg(p: np.ndarray, alpha: float) -> np.ndarray:
    order = np.argsort(p)
    passed = np.flatnonzero(p[order] <= alpha * np.arange(1, len(p) + 1) / len(p))
    out = np.zeros(len(p), bool)
    if len(passed):
        out[order[: passed[-1] + 1]] = True
    return out


def baselines(values: np.ndarray, n_before: int) -> dict[str, tuple[np.ndarray, np.ndarray | None]]:
    """Name -> (score that ranks, which rows the rule alarms; None where it has no rule)."""
    before, after = values[:, :n_before], values[:, n_before:]
    a, b = before.mean(1), after.mean(1)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        welch = np.nan_to_num(
            stats.ttest_ind(after, before, axis=1, equal_var=False, alternative="greater").pvalue, nan=1.0
        )
        ranks = stats.mannwhitneyu(after, before, axis=1, alternative="greater").pvalue
        middle = np.median(before, axis=1)
        spread = 1.4826 * np.median(np.abs(before - middle[:, None]), axis=1)
        robust = np.nan_to_num((np.median(after, axis=1) - middle) / spread, nan=0.0, posinf=1e9)
        growth = np.where(a > 0, b / np.where(a > 0, a, 1), np.where(b > 0, 1e9, 0.0))
    # The rule of the EU's list of economically critical goods: over a million a year, and at least doubled.
    rule = (b * 12 > 1e6) & (growth >= 2)
    return {
        "growth ranking": (growth, None),
        "absolute change": (b - a, None),
        "Welch's t": (-welch, benjamini_hochberg(welch, 0.1)),
        "rank sum": (-ranks, benjamini_hochberg(ranks, 0.1)),
        "robust z": (robust, robust > 3.5),
        "1 m and +100 %": (np.where(rule, b - a, -1.0), rule),
    }


def measured(
    score: np.ndarray,
    is_planted: np.ndarray,
    truth: np.ndarray,
    alarm: np.ndarray | None = None,
    low: np.ndarray | None = None,
    high: np.ndarray | None = None,
    excess: np.ndarray | None = None,
    observed: np.ndarray | None = None,
) -> dict[str, float]:
    """Every score of one ranking on one planted data set; NaN where it does not apply.

    Bias is told three ways. Over all planted series the error of the estimates is mostly that of the largest flows,
    of which the planted money may be a hundredth, so the ratio to it has no stable value; over those that the planting
    raises by a fifth and more it has. Held against what the planted series would have come to anyway it always has.
    """
    out = {
        "ap": average_precision(score, is_planted) if is_planted.any() else np.nan,
        "p@20": precision_at(score, is_planted, 20),
        "p@50": precision_at(score, is_planted, 50),
        "p@100": precision_at(score, is_planted, 100),
    }
    if alarm is not None:
        out["alerts"] = float(alarm.sum())
        out["false"] = float((~is_planted[alarm]).mean()) if alarm.any() else 0.0
        out["value found"] = float(truth[alarm].sum() / truth.sum()) if truth.sum() else np.nan
    if low is not None and high is not None and excess is not None:
        if alarm is not None and is_planted.any():
            # Alerts first, by what is at least there; then the rest.
            order = np.lexsort((np.where(alarm, -low, -score), ~alarm))
            out["ap rank"] = average_precision(-np.argsort(order).astype(float), is_planted)
        covered = (low <= truth + 1e-6) & (truth <= high + 1e-6)
        out["cover quiet"] = float(covered[~is_planted].mean())
        if is_planted.any():
            out["cover planted"] = float(covered[is_planted].mean())
            out["bias, all"] = float((excess - truth)[is_planted].sum() / truth.sum())
        if observed is not None and (truth > 0).any():
            anyway = observed - truth
            raised = (truth > 0) & (truth >= LEAST_RAISE * anyway)
            if raised.any():
                out["bias"] = float((excess - truth)[raised].sum() / truth[raised].sum())
                out["middle"] = float(np.median(excess[raised] / truth[raised]) - 1)
            out["error"] = float((excess - truth)[is_planted].sum() / anyway[is_planted].sum())
        if alarm is not None and alarm.any():
            out["cover alerts"] = float(covered[alarm].mean())
    return out


def summary(runs: list[dict[str, float]], *, seed: int = 0) -> str:
    """Means over runs, with bootstrap standard errors over seeds."""
    g = np.random.default_rng(seed)
    cells = []
    for key in KEYS:
        values = np.array([run.get(key, np.nan) for run in runs])
        values = values[~np.isnan(values)]
        if not len(values):
            cells.append("-")
            continue
        error = np.std([g.choice(values, len(values)).mean() for _ in range(200)])
        cells.append(f"{values.mean():.2f} ({error:.2f})" if key != "alerts" else f"{values.mean():.0f} ({error:.0f})")
    return " | ".join(cells)


# Score -> head of its column.
KEYS = {
    "ap": "AP",
    "ap rank": "AP by rank",
    "p@20": "p@20",
    "p@50": "p@50",
    "p@100": "p@100",
    "alerts": "alerts",
    "false": "false",
    "value found": "value found",
    "seen found": "of the value seen",
    "cover quiet": "cover quiet",
    "cover planted": "cover planted",
    "cover alerts": "cover alerts",
    "bias": "bias",
    "middle": "median bias",
    "bias, all": "bias, all",
    "error": "over expected",
}
HEADER = " | ".join(KEYS.values())
