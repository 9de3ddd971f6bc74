"""Features: what a series shows of a lasting rise, free of units.

Every feature is the same whatever the currency, and none reads more than the panel and the origins' sums. They feed
the score of ``evidence``; docs/methods/routes.md, section 4, says in words what each one asks.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from entrepot.flows.noise import Noise
from entrepot.flows.panel import Floats, Ints, Panel
from entrepot.numerics import row_ranks

NAMES = (
    "change_z",
    "rank_z",
    "change",
    "above_past_most",
    "above_past_second",
    "low_month_above_past",
    "active_more",
    "active_before",
    "one_month_share",
    "late_less_early",
    "past_momentum",
    "spread_before",
    "spread_after",
    "size",
    "origin_change",
    "origin_z",
    "origin_active_before",
    "origin_active_after",
    "origin_concentration",
    "rest_change",
)


@dataclass(frozen=True)
class OriginSums:
    """Sums over months of each origin's part of each series; arrays of length m, one entry an origin and series.

    Attributes:
        row: row of the series in the panel.
        money_before: mean money a month before the event.
        money_after: mean money a month from the event on.
        log_before: mean logarithm of months before the event, trifles alike.
        log_after: the same from the event on.
        variance: pooled variance of those logarithms.
        active_before: share of months with trade before the event.
        active_after: the same from the event on.
    """

    row: Ints
    money_before: Floats
    money_after: Floats
    log_before: Floats
    log_after: Floats
    variance: Floats
    active_before: Floats
    active_after: Floats


@dataclass(frozen=True)
class Context:
    """What is known of n series before features are formed.

    Attributes:
        flat: n x T, months without season; NaN unknown.
        logs: n x T, their logarithms with trifles alike.
        trifle: money a month below which months count alike.
        growth: n, expected change in logs.
        visible: n, share of a change that shows on the truncated scale.
        change: n, change of the mean logarithm.
        error: n, its standard error with drift.
        drift: variance of slow drift.
    """

    flat: Floats
    logs: Floats
    trifle: float
    growth: Floats
    visible: Floats
    change: Floats
    error: Floats
    drift: float


def context_of(noise: Noise, growth: Floats) -> Context:
    """Return what features need beside the panel."""
    return Context(
        flat=noise.flat,
        logs=noise.logs,
        trifle=noise.trifle,
        growth=growth,
        visible=noise.visible,
        change=noise.change,
        error=np.sqrt(noise.sampling + noise.drift),
        drift=noise.drift,
    )


def features(panel: Panel, context: Context, origins: OriginSums | None) -> Floats:
    """Return n x len(NAMES) features; a feature that cannot be formed is zero."""
    n_before = panel.n_before
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        # Rows without any known month come out as NaN, and as zero at the end.
        warnings.simplefilter("ignore", RuntimeWarning)
        before = context.flat[:, :n_before] * np.exp(context.growth * context.visible)[:, None]
        after = context.flat[:, n_before:]
        logs_before, logs_after = context.logs[:, :n_before], context.logs[:, n_before:]
        log_trifle = np.log(context.trifle)
        ordered = -np.sort(-np.nan_to_num(before, nan=-1.0), axis=1)
        late = max(after.shape[1] // 2, 1)
        third = max(n_before // 3, 1)
        active_before, active_after = _share(before), _share(after)
        columns = {
            "change_z": (context.change - context.growth * context.visible) / context.error,
            "rank_z": _rank_z(before, after),
            "change": context.change - context.growth * context.visible,
            "above_past_most": _share_above(after, np.maximum(ordered[:, :1], context.trifle)),
            "above_past_second": _share_above(after, np.maximum(ordered[:, 1:2], context.trifle)),
            "low_month_above_past": _log(_quantile(after, 0.25), context) - _log(_quantile(before, 0.75), context),
            "active_more": active_after - active_before,
            "active_before": active_before,
            "one_month_share": np.nanmax(after, axis=1) / np.nansum(after, axis=1),
            "late_less_early": np.nanmean(logs_after[:, -late:], axis=1)
            - np.nanmean(logs_after[:, : after.shape[1] - late], axis=1),
            "past_momentum": np.nanmean(logs_before[:, -third:], axis=1) - np.nanmean(logs_before[:, :-third], axis=1),
            "spread_before": np.nanstd(logs_before, axis=1),
            "spread_after": np.nanstd(logs_after, axis=1),
            "size": np.nanmean(logs_before, axis=1) - log_trifle,
            **_origin_columns(panel, context, origins),
        }
    stacked = np.stack([columns[name] for name in NAMES], axis=1)
    return np.asarray(np.nan_to_num(stacked, nan=0.0, posinf=0.0, neginf=0.0))


def _origin_columns(panel: Panel, context: Context, origins: OriginSums | None) -> dict[str, Floats]:
    """The origin whose money rose most, and what the others did."""
    n = len(panel)
    names = [name for name in NAMES if name.startswith("origin_")]
    out: dict[str, Floats] = {name: np.zeros(n) for name in (*names, "rest_change")}
    if origins is None or not len(origins.row):
        return out
    rise = origins.money_after - origins.money_before
    order = np.lexsort((rise, origins.row))
    last = np.flatnonzero(np.diff(np.append(origins.row[order], -1)))
    top = order[last]
    row = origins.row[top]
    months_before, months_after = panel.n_before, panel.values.shape[1] - panel.n_before
    # What the controls did is no merit of the origin.
    anyway = (context.growth * context.visible)[row]
    change = origins.log_after[top] - origins.log_before[top] - anyway
    error = np.sqrt(origins.variance[top] * (1 / months_before + 1 / months_after) + context.drift + 0.02)
    up = np.bincount(origins.row, np.maximum(rise, 0), n)
    whole_before = np.bincount(origins.row, origins.money_before, n)[row]
    whole_after = np.bincount(origins.row, origins.money_after, n)[row]
    out["origin_change"][row] = change
    out["origin_z"][row] = change / error
    out["origin_active_before"][row] = origins.active_before[top]
    out["origin_active_after"][row] = origins.active_after[top]
    out["origin_concentration"][row] = np.maximum(rise[top], 0) / np.maximum(up[row], context.trifle / 1e3)
    rest_before = np.maximum(whole_before - origins.money_before[top], 0) * np.exp(anyway)
    rest_after = np.maximum(whole_after - origins.money_after[top], 0)
    out["rest_change"][row] = np.log(rest_after + context.trifle) - np.log(rest_before + context.trifle)
    return out


def _rank_z(before: Floats, after: Floats) -> Floats:
    """Standardised rank sum of the known months from the event on; equal months share a rank."""
    both = np.concatenate([before, after], axis=1)
    unknown = np.isnan(both)
    # Unknown months are put beyond all others, where they move nobody's rank.
    ranks = np.where(unknown, np.nan, row_ranks(np.where(unknown, np.inf, both)))
    n_before = before.shape[1]
    a, b = (~unknown[:, :n_before]).sum(axis=1), (~unknown[:, n_before:]).sum(axis=1)
    mean_rank = np.nansum(ranks[:, n_before:], axis=1) / b
    return np.asarray((mean_rank - (a + b + 1) / 2) / np.sqrt(a * (a + b + 1) / (12 * b)))


def _share_above(after: Floats, mark: Floats) -> Floats:
    """Share of the known months from the event on that lie above a mark."""
    return np.asarray((after > mark).sum(axis=1) / (~np.isnan(after)).sum(axis=1))


def _share(values: Floats) -> Floats:
    return np.asarray((values > 0).sum(axis=1) / np.maximum((~np.isnan(values)).sum(axis=1), 1))


def _quantile(values: Floats, share: float) -> Floats:
    """Each row's quantile over its known months, as ``np.nanquantile``, which takes the rows one by one."""
    ordered = np.sort(values, axis=1)
    last = np.maximum((~np.isnan(values)).sum(axis=1) - 1, 0)
    place = share * last
    rows, low = np.arange(len(values)), np.floor(place).astype(np.int64)
    below, above = ordered[rows, low], ordered[rows, np.minimum(low + 1, last)]
    return np.asarray(below + (above - below) * (place - low))


def _log(values: Floats, context: Context) -> Floats:
    return np.log(np.maximum(values, context.trifle))
