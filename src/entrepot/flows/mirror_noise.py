"""Mirror noise: how much both reports of a pair differ in quiet time, and whether they differ otherwise since an event.

Everything works on log ratios: importer's report without its CIF margin over exporter's report. A zero beside a value
is a ratio beyond all measure; ratios beyond ``REACH`` count alike. The level of a ratio is never evidence: codes,
partners and dates differ between two offices for years. Its spread says what is ordinary, its change is tested.

Source: docs/methods/mirror.md, equations 3 to 8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.flows.mirror_variance import LEAST_VARIANCE, squeezed_of, trend_of
from entrepot.flows.panel import Bools, Floats, Ints
from entrepot.numerics import student_cdf, student_quantile

# Ratios beyond 20 to 1 count alike, be they 30 to 1 or something beside nothing.
REACH = float(np.log(20.0))
# Periods that are added up, at most, before a ratio is taken in the test: goods leave in one month and arrive in the
# next. Either side of the event keeps this many blocks where it can.
_BLOCK = 3
_LEAST_BLOCKS = 3
# Fewer quiet ratios than this, and the band rests on Student's t, not on the ratios' own distribution.
_LEAST_POOL = 40
# Fewer products than this cannot tell how far a pair drifts.
_LEAST_PRODUCTS = 20
# Noise is never believed to be smaller than this share of what single blocks show.
_LEAST_NOISE = 0.4
# Median of a squared standard normal.
_MEDIAN_SQUARE = 0.4549


@dataclass(frozen=True)
class Reports:
    """Both reports of one pair as arrays: products down, periods across; NaN is unknown, zero is recorded as none.

    Attributes:
        exports: exporter's report.
        imports: importer's report without its CIF margin.
        export_unit: the exporter's values are rounded to this; 0 where they are not.
        import_unit: the same of the importer's.
    """

    exports: Floats
    imports: Floats
    export_unit: float = 0.0
    import_unit: float = 0.0


@dataclass(frozen=True)
class Band:
    """Range in which nine in ten quiet log ratios of each product fall; NaN where nothing is known.

    Attributes:
        low: lower end.
        high: upper end; ``inf`` where an exporter's zero beside imports is ordinary.
        own: number of quiet ratios of the product itself.
    """

    low: Floats
    high: Floats
    own: Ints


@dataclass(frozen=True)
class Change:
    """Change of each product's log ratio from before an event to after it; NaN where it cannot be tested.

    Attributes:
        size: mean log ratio after less before.
        p_value: two-sided probability of a change as large without a cause.
        drift: standard deviation of the pair's slow drift over the window; NaN where it could not be learned.
    """

    size: Floats
    p_value: Floats
    drift: float


def quiet_band(reports: Reports, quiet: Bools, *, cover: float = 0.9) -> Band:
    """Return the band of each product's log ratio in a single period.

    Args:
        reports: both reports.
        quiet: the periods that count as quiet.
        cover: share of quiet ratios that the band is to hold.

    A product's own middle and spread are drawn towards those of the pair, the more the fewer ratios it has. How far
    out a ratio may lie is read off the pair's ratios, each held against a band that was formed without it.
    """
    ratio = _ratios(reports, quiet)
    known = ~np.isnan(ratio)
    n = known.sum(axis=1)
    clipped = np.where(known, np.clip(ratio, -REACH, REACH), 0.0)
    if n.sum() < 3:
        nothing = np.full(len(n), np.nan)
        return Band(nothing, nothing, n)
    total, squares = clipped.sum(axis=1), (clipped**2).sum(axis=1)
    prior = _prior(total, squares, n, _sizes(reports))
    at, _ = np.nonzero(known)
    own = clipped[known]
    mean, spread = prior.predictive(at, total[at] - own, squares[at] - own**2, n[at] - 1)
    low, high = _tails((ratio[known] - mean) / spread, prior.freedom + n.mean() - 1, cover)
    mean, spread = prior.predictive(np.arange(len(n)), total, squares, n)
    top = mean + high * spread
    return Band(mean + low * spread, np.where(top >= REACH, np.inf, top), n)


def change_test(reports: Reports, before: Bools, after: Bools) -> Change:
    """Return whether each product's log ratio changed from the periods ``before`` to those ``after``.

    Noise is the product's own, drawn towards that of products of like size. The two halves of the time before say how
    far the pair drifts, and how much of the noise evens out from one block to the next.
    """
    first, last = _blocks(reports, before, after)
    n = np.stack([(~np.isnan(part)).sum(axis=1) for part in (first, last)]).astype(float)
    means = [
        np.where(np.isnan(part), 0.0, part).sum(axis=1) / np.maximum(k, 1)
        for part, k in zip((first, last), n, strict=True)
    ]
    residual = np.concatenate([first - means[0][:, None], last - means[1][:, None]], axis=1)
    freedom = np.maximum(n[0] - 1, 0) + np.maximum(n[1] - 1, 0)
    variance = np.nansum(residual**2, axis=1) / np.maximum(freedom, 1)
    squeezed, extra = squeezed_of(variance, freedom, _sizes(reports))
    shrink, drift = _placebo(first, squeezed)
    noise = squeezed * shrink
    span = (first.shape[1] + last.shape[1]) / max(first.shape[1], 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(noise * (1 / n[0] + 1 / n[1]) + (0.0 if np.isnan(drift) else drift * span))
        size = means[1] - means[0]
        p_value = 2 * student_cdf(-np.abs(size) / error, np.minimum(freedom + extra, 200))
    is_tested = (n[0] >= 2) & (n[1] >= 1) & (freedom + extra >= 3)
    return Change(
        np.where(is_tested, size, np.nan),
        np.where(is_tested, p_value, np.nan),
        float(np.sqrt(drift * span)),
    )


def ratio_summary(reports: Reports, quiet: Bools) -> dict[str, float | int | None]:
    """Return what quiet time is like: cells that both sides record, the median log ratio and the median of its size."""
    exports, imports = np.nan_to_num(reports.exports), np.nan_to_num(reports.imports)
    both = (exports > 0) & (imports > 0) & quiet[None, :]
    if not both.any():
        return {"cells": 0, "median_log_ratio": None, "median_absolute_log_ratio": None}
    ratio = np.log(imports[both] / exports[both])
    return {
        "cells": int(both.sum()),
        "median_log_ratio": float(np.median(ratio)),
        "median_absolute_log_ratio": float(np.median(np.abs(ratio))),
    }


@dataclass(frozen=True)
class _Prior:
    """What the pair says of a product before its own ratios are looked at."""

    middle: float
    between: float
    variance: Floats
    freedom: float

    def predictive(self, at: Ints, total: Floats, squares: Floats, n: Ints) -> tuple[Floats, Floats]:
        """Return middle and spread of one further ratio of the products ``at``, given sums over n others."""
        count = np.maximum(n, 0)
        mean = total / np.maximum(count, 1)
        within = np.maximum(squares - count * mean**2, 0.0)
        freedom = np.maximum(count - 1, 0)
        variance = (self.freedom * self.variance[at] + within) / np.maximum(self.freedom + freedom, 1e-9)
        variance = np.maximum(np.where(self.freedom + freedom > 0, variance, self.variance[at]), LEAST_VARIANCE)
        pull = variance / max(self.between, 1e-9)
        middle = (total + pull * self.middle) / (count + pull)
        return middle, np.sqrt(variance * (1 + 1 / (count + pull)))


def _prior(total: Floats, squares: Floats, n: Ints, size: Floats) -> _Prior:
    mean = total / np.maximum(n, 1)
    freedom = np.maximum(n - 1, 0).astype(float)
    variance = np.maximum(squares - n * mean**2, 0.0) / np.maximum(freedom, 1)
    squeezed, extra = squeezed_of(variance, freedom, size)
    seen = n > 0
    middle = float(np.median(mean[seen]))
    sampling = squeezed[seen] / n[seen]
    spread = (mean[seen] - middle) ** 2
    between = float(np.median(spread)) / _MEDIAN_SQUARE - float(np.median(sampling))
    # Heavy tails between products: the ordinary variance counts too.
    between = max(between, 0.5 * float((spread - sampling).mean()), 0.1 * float(np.median(sampling)), 1e-4)
    trend = trend_of(variance, freedom, size)[0]
    return _Prior(middle, between, np.exp(trend), extra)


def _tails(standard: Floats, freedom: float, cover: float) -> tuple[float, float]:
    """Quantiles of standardised quiet ratios; of Student's t where they are few."""
    outside = (1 - cover) / 2
    if len(standard) < _LEAST_POOL:
        tail = float(student_quantile(1 - outside, max(freedom, 1.0)))
        return -tail, tail
    n = len(standard)
    # One more than counted, so that the next ratio falls inside as often as stated.
    ordered = np.sort(standard)
    return (
        float(ordered[max(int(np.floor(outside * (n + 1))) - 1, 0)]),
        float(ordered[min(int(np.ceil((1 - outside) * (n + 1))) - 1, n - 1)]),
    )


def _ratios(reports: Reports, quiet: Bools) -> Floats:
    """Log ratios of quiet cells with imports; an exporter's zero is the largest ratio."""
    exports, imports = reports.exports, reports.imports
    is_used = ~np.isnan(exports) & (np.nan_to_num(imports) > 0) & quiet[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.where(is_used, imports, 1.0)) - np.log(np.where(is_used, exports, 1.0))
    return np.where(is_used, np.minimum(ratio, REACH), np.nan)


def _sizes(reports: Reports) -> Floats:
    """Typical logarithm of a product's trade, the larger report counting."""
    larger = np.fmax(reports.exports, reports.imports)
    positive = np.nan_to_num(larger) > 0
    logs = np.where(positive, np.log(np.where(positive, larger, 1.0)), 0.0)
    return np.asarray(logs.sum(axis=1) / np.maximum(positive.sum(axis=1), 1))


def _blocks(reports: Reports, before: Bools, after: Bools) -> tuple[Floats, Floats]:
    """Log ratios of blocks of periods before and after, counted away from the event."""
    columns = [np.flatnonzero(before)[::-1], np.flatnonzero(after)]
    length = min(max(min(len(c) for c in columns) // _LEAST_BLOCKS, 1), _BLOCK)
    first, last = (_block_ratios(reports, c, length) for c in columns)
    return first[:, ::-1], last


def _block_ratios(reports: Reports, columns: Ints, length: int) -> Floats:
    number = np.minimum(np.arange(len(columns)) // length, max(len(columns) // length, 1) - 1)
    n = int(number.max()) + 1 if len(columns) else 0
    exports, imports = reports.exports[:, columns], reports.imports[:, columns]
    known = ~np.isnan(exports) & ~np.isnan(imports)
    sums = np.zeros((2, len(exports), n))
    for block in range(n):
        for i, values in enumerate((exports, imports)):
            here = number == block
            sums[i, :, block] = np.where(known[:, here], values[:, here], 0.0).sum(axis=1)
    units = np.array([reports.export_unit, reports.import_unit])[:, None, None]
    is_used = sums.max(axis=0) >= np.maximum(units.max(), 1e-9)
    # What was rounded away is somewhere under half a unit, not nothing.
    sums = np.maximum(sums, units / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.where(is_used, sums[1], 1.0)) - np.log(np.where(is_used, sums[0], 1.0))
    return np.where(is_used, np.clip(ratio, -REACH, REACH), np.nan)


def _placebo(first: Floats, variance: Floats) -> tuple[float, float]:
    """Return what an event in the middle of the time before would have shown: how noise and drift must be set.

    The first number multiplies the noise (below 1 where a block that is too high is followed by one that is too low,
    because goods arrive later than they leave), the second is the variance of a slow drift between both halves, NaN
    where it cannot be learned.
    """
    half = first.shape[1] // 2
    early, late = first[:, :half], first[:, half:]
    n = [(~np.isnan(part)).sum(axis=1) for part in (early, late)]
    usable = (n[0] >= 2) & (n[1] >= 2)
    if usable.sum() < _LEAST_PRODUCTS:
        return 1.0, float("nan")
    # Products of which one side never records anything cannot move.
    usable[usable] = np.nanmax(first[usable], axis=1) > np.nanmin(first[usable], axis=1)
    if usable.sum() < _LEAST_PRODUCTS:
        return 1.0, float("nan")
    moved = np.nanmean(late[usable], axis=1) - np.nanmean(early[usable], axis=1)
    noise = variance[usable] * (1 / n[0][usable] + 1 / n[1][usable])
    ratio = float(np.median(moved**2 / noise)) / _MEDIAN_SQUARE
    # One standard error of the median is not yet a finding.
    margin = 2.33 / float(np.sqrt(len(moved)))
    shrink = min(max(ratio + margin, _LEAST_NOISE), 1.0)
    return shrink, max(ratio - 1 - margin, 0.0) * float(np.median(noise))
