"""Months: true flows of a month and what each side reports of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.world.draws import Kind, draws
from entrepot.world.options import WorldOptions
from entrepot.world.series import Cohort, Single, Whole

SERIES_MEMORY, SERIES_SPREAD = 0.6, 0.30  # AR(1) of one seller's share, a month
EXPORT_NOISE, IMPORT_NOISE = 0.08, 0.20  # passing log error of a report
PRICE_NOISE = 0.25
# Standard normal draws beyond this lose their weight: 3 % of the reports carry none.
NO_WEIGHT = 1.88


@dataclass(frozen=True)
class Reports:
    """Reports of one cohort in one month, one value a series; 0 means no report. Weights: NaN unknown."""

    export_usd: NDArray[np.float64]
    import_usd: NDArray[np.float64]
    export_kg: NDArray[np.float64]
    import_kg: NDArray[np.float64]


def reports(
    cohort: Cohort,
    log_demand: NDArray[np.float64],
    *,
    supply_trend: NDArray[np.float64],
    does_report: NDArray[np.bool_],
    is_coalition: NDArray[np.bool_],
    month: int,
    is_revised: bool,
    options: WorldOptions,
) -> Reports:
    """Draw a month of the cohort and return both sides' reports, summed over goods that share a code."""
    luck = draws(options.seed, Kind.MONTH, cohort.number, month)
    true = _true_flows(luck, cohort, log_demand, supply_trend, is_coalition, options)
    arriving = _arriving(true, cohort)
    sent, got = np.flatnonzero(true > 0), np.flatnonzero(arriving > 0)
    export_usd, export_kg = _reported(luck, true, sent, cohort, cohort.export_bias, EXPORT_NOISE, options)
    import_usd, import_kg = _reported(luck, arriving, got, cohort, cohort.import_bias, IMPORT_NOISE, options)
    cohort.last_true = true
    silent_exporter = cohort.is_export_hidden | ~does_report[cohort.exporter]
    silent_importer = cohort.is_import_hidden | ~does_report[cohort.importer]
    for values, silent in (
        (export_usd, silent_exporter),
        (export_kg, silent_exporter),
        (import_usd, silent_importer),
        (import_kg, silent_importer),
    ):
        values[silent] = 0.0
        _fold(values, cohort.fold_after if is_revised else cohort.fold_before)
    return Reports(export_usd, import_usd, export_kg, import_kg)


def _true_flows(
    luck: np.random.Generator,
    cohort: Cohort,
    log_demand: NDArray[np.float64],
    supply_trend: NDArray[np.float64],
    is_coalition: NDArray[np.bool_],
    options: WorldOptions,
) -> Single:
    """Return USD FOB of each series: a Poisson number of shipments of heavy-tailed size."""
    n = len(cohort)
    shock = luck.standard_normal(n, dtype=np.float32)
    cohort.wave = np.float32(SERIES_MEMORY) * cohort.wave + np.float32(np.sqrt(1 - SERIES_MEMORY**2)) * shock
    shared = log_demand.astype(np.float32)[is_coalition[cohort.exporter].view(np.int8), cohort.good, cohort.importer]
    log_rate = cohort.intensity + shared + np.float32(SERIES_SPREAD * options.noise) * cohort.wave
    log_rate += supply_trend.astype(np.float32)[cohort.exporter]
    count = luck.poisson(np.exp(np.minimum(log_rate, np.float32(16.0))))
    true = np.zeros(n, dtype=np.float32)
    here = np.flatnonzero(count)
    number = count[here].astype(np.float32)
    variance = np.log1p(cohort.spread[here] / number)
    size = cohort.shipment[here] + np.sqrt(variance) * luck.standard_normal(len(here), dtype=np.float32)
    true[here] = number * np.exp(size - variance / 2)
    return true


def _arriving(true: Single, cohort: Cohort) -> Single:
    """Return what the importer meets in the month: most of it now, the rest of last month's."""
    before = np.where(np.isnan(cohort.last_true), true, cohort.last_true)
    return (1 - cohort.delay) * true + cohort.delay * before


def _reported(
    luck: np.random.Generator,
    true: Single,
    here: Whole,
    cohort: Cohort,
    bias: Single,
    noise: float,
    options: WorldOptions,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return whole USD and kilograms as one side reports them."""
    error = luck.standard_normal((2, len(here)), dtype=np.float32)
    log_true = np.log(true[here])
    usd, kg = np.zeros(len(true)), np.zeros(len(true))
    usd[here] = np.rint(np.exp(log_true + bias[here] + np.float32(noise * options.mirror_noise) * error[0]))
    weight = np.ceil(np.exp(log_true - cohort.price[here] + np.float32(PRICE_NOISE) * error[1]))
    kg[here] = np.where(error[1] > NO_WEIGHT, np.nan, weight)
    return usd, kg


def _fold(values: NDArray[np.float64], folds: tuple[Whole, Whole]) -> None:
    """Add up series whose goods share a code, in place."""
    source, target = folds
    if len(source):
        np.add.at(values, target, values[source])
        values[source] = 0.0
