"""Survey evidence: the intervals and p-values of ``routes`` for every destination, one destination at a time.

The onward series of a destination are held against each other, as ``routes`` does; what the origins sell is inferred
once, over all intermediaries. Direct trade is held against its own past alone. False discoveries are counted over the
whole world.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.flows.calibrate import both_legs
from entrepot.flows.features import OriginSums
from entrepot.flows.infer import Inference, infer, moved, q_values
from entrepot.flows.leg import held_against
from entrepot.flows.options import RoutesOptions
from entrepot.flows.origins import is_close
from entrepot.flows.panel import Bools, Floats, Ints, Panel
from entrepot.flows.scope import Scope
from entrepot.flows.survey_series import SurveySeries, months_of, panel_of
from entrepot.lake import Engine

# As in ``legs``: a silent reporter makes a month unknown where it carries more than this share.
_MATTERS = 0.1
_LEG = ("observed", "expected", "excess_low", "excess_high", "excess_min", "p_value", "p_backwards")
EVIDENCE = (
    *(f"{leg}{name}" for leg in ("", "in_") for name in ("excess_low", "excess_high", "excess_min")),
    "p_value",
    "q_value",
)


@dataclass(frozen=True)
class _Bought:
    """What the origins sell, of all destinations: months of m series by importer, then product."""

    values: Floats
    importer: Ints
    product: Ints


def evidence_numbers(engine: Engine, options: RoutesOptions, scope: Scope, series: SurveySeries) -> dict[str, Floats]:
    """Return expected, excess, their intervals, p- and q-values of every series; reads the table ``leg_rows``."""
    out = {name: np.full(len(series), np.nan) for name in _LEG}
    bought = []
    for part in series.by_destination():
        values = months_of(engine, scope, series, part)
        _infer_destination(out, values, part, options, scope, series)
        bought.append(_bought(values, part, series))
    inward = _infer_bought(engine, _joined(bought), options, scope, series)
    return _numbers(out, inward, series)


def _infer_destination(
    out: dict[str, Floats], values: Floats, part: slice, options: RoutesOptions, scope: Scope, series: SurveySeries
) -> None:
    """Onward and direct series of one destination, each in a panel of its own."""
    is_origin = series.is_origin[part]
    for keep, controls in ((~is_origin, options.controls), (is_origin, "own")):
        rows = part.start + np.flatnonzero(keep)
        if not len(rows):
            continue
        panel = panel_of(scope, series.products, values[keep], series.via[rows], series.product[rows])
        noise, growth = held_against(panel, options.method)
        # Of an onward series the one origin is the seller itself.
        own = None if controls == "own" else own_sums(panel, np.arange(len(panel)), noise.trifle)
        found = infer(panel, noise, growth=growth.values(), controls=controls, method=options.method, origins=own)
        for name, numbers in _leg(found, panel, controls, options, series).items():
            out[name][rows] = numbers


def _leg(
    found: Inference, panel: Panel, controls: str, options: RoutesOptions, series: SurveySeries
) -> dict[str, Floats]:
    """The numbers of a leg; NaN where it cannot be tested."""
    has_past = np.array([not product.reason for product in series.products], dtype=bool)[panel.product]
    is_known = found.known_before >= options.method.least_before
    is_testable = panel.is_tested & has_past & is_known & ~np.isnan(panel.after).all(axis=1)
    numbers = {
        "observed": found.observed,
        "expected": found.expected[controls],
        "excess_low": found.observed - found.high[controls],
        "excess_high": found.observed - found.low[controls],
        "excess_min": found.observed - np.max(list(found.expected.values()), axis=0),
        "p_value": found.p_value,
        "p_backwards": found.p_backwards,
    }
    return {name: np.where(is_testable, values, np.nan) for name, values in numbers.items()}


def own_sums(panel: Panel, row: Ints, trifle: float) -> OriginSums:
    """Return each series' own sums as those of an origin, in the form of ``origins``; ``row`` is whose part it is."""
    known = np.nan_to_num(panel.values)
    logs = np.log(np.maximum(known / trifle, 1.0))
    split = panel.n_before
    parts = [(known[:, :split], logs[:, :split]), (known[:, split:], logs[:, split:])]
    log_before, log_after = (part.mean(axis=1) for _, part in parts)
    squares = sum(part.shape[1] * part.var(axis=1) for _, part in parts)
    return OriginSums(
        row=row,
        money_before=parts[0][0].mean(axis=1),
        money_after=parts[1][0].mean(axis=1),
        log_before=np.log(trifle) + log_before,
        log_after=np.log(trifle) + log_after,
        variance=np.asarray(squares) / max(known.shape[1] - 2, 1),
        active_before=(parts[0][0] > 0).mean(axis=1),
        active_after=(parts[1][0] > 0).mean(axis=1),
    )


def _bought(values: Floats, part: slice, series: SurveySeries) -> _Bought:
    """What one destination buys from the origins together, by product."""
    sold = np.flatnonzero(series.is_origin[part])
    products, at = np.unique(series.product[part][sold], return_inverse=True)
    total = np.zeros((len(products), values.shape[1]))
    np.add.at(total, at, np.nan_to_num(values[sold]))
    is_partly = np.isnan(values[sold]).any(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.nansum(values[sold], axis=1) / total.sum(axis=1)[at]
    unknown = np.zeros(total.shape, dtype=bool)
    matters = is_partly & (share > _MATTERS)
    np.logical_or.at(unknown, at[matters], np.isnan(values[sold[matters]]))
    total[unknown] = np.nan
    importer = np.full(len(products), series.destination[part.start])
    return _Bought(total, importer, products)


def _joined(parts: list[_Bought]) -> _Bought:
    return _Bought(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.importer for part in parts]),
        np.concatenate([part.product for part in parts]),
    )


def _infer_bought(
    engine: Engine, bought: _Bought, options: RoutesOptions, scope: Scope, series: SurveySeries
) -> dict[str, Floats]:
    """What the origins sell to each intermediary: numbers of n series, NaN where there is no inward leg."""
    if not len(bought.product):
        return {name: np.full(len(series), np.nan) for name in _LEG}
    panel = panel_of(scope, series.products, bought.values, bought.importer, bought.product)
    noise, growth = held_against(panel, options.method)
    close = is_close(moved(noise, growth.values()[options.controls]))
    origins = _origins(engine, panel, close, noise.trifle, scope=scope, series=series)
    found = infer(
        panel, noise, growth=growth.values(), controls=options.controls, method=options.method, origins=origins
    )
    place = np.full(len(series.pairs.territories) * len(series.products), -1)
    place[_key(bought.importer, bought.product, series)] = np.arange(len(panel))
    at = place[_key(series.via, series.product, series)]
    # Direct trade has no inward leg.
    is_there = (at >= 0) & ~series.is_origin
    numbers = _leg(found, panel, options.controls, options, series)
    return {name: np.where(is_there, values[at], np.nan) for name, values in numbers.items()}


def _origins(
    engine: Engine, panel: Panel, close: Bools, trifle: float, *, scope: Scope, series: SurveySeries
) -> OriginSums:
    """Each origin's part of the close inward series."""
    place = np.full(len(series.pairs.territories) * len(series.products), -1)
    place[_key(panel.via[close], panel.product[close], series)] = np.flatnonzero(close)
    at = np.where(series.is_origin, place[_key(series.destination, series.product, series)], -1)
    sums = []
    for part in series.by_destination():
        keep = at[part] >= 0
        if not keep.any():
            continue
        rows = part.start + np.flatnonzero(keep)
        values = months_of(engine, scope, series, part)[keep]
        own = panel_of(scope, series.products, values, series.via[rows], series.product[rows])
        sums.append(own_sums(own, at[rows], trifle))
    names = OriginSums.__dataclass_fields__
    return OriginSums(**{name: np.concatenate([getattr(one, name) for one in sums]) for name in names})


def _key(territory: Ints, product: Ints, series: SurveySeries) -> Ints:
    return territory.astype(np.int64) * len(series.products) + product


def _numbers(out: dict[str, Floats], inward: dict[str, Floats], series: SurveySeries) -> dict[str, Floats]:
    """Both legs side by side; where both are there the weaker counts. Direct trade is no discovery."""
    p = np.fmax(out["p_value"], inward["p_value"])
    p[np.isnan(out["p_value"])] = np.nan
    counted = np.where(series.is_origin, np.nan, p)
    both = np.flatnonzero(~np.isnan(counted) & ~np.isnan(inward["p_value"]))
    if len(both):
        backwards = np.maximum(out["p_backwards"][both], inward["p_backwards"][both])
        counted[both] = both_legs(counted[both], backwards)
    numbers = {"p_value": p, "q_value": q_values(counted)}
    for leg, values in (("", out), ("in_", inward)):
        for name in ("expected", "excess_low", "excess_high", "excess_min"):
            numbers[f"{leg}{name}"] = values[name]
        numbers[f"{leg}excess"] = values["observed"] - values["expected"]
        with np.errstate(invalid="ignore", divide="ignore"):
            numbers[f"{leg}growth"] = np.where(values["expected"] > 0, values["observed"] / values["expected"], np.nan)
    return numbers


def alerts_of(numbers: dict[str, Floats], alpha: float) -> Bools:
    """Return which series met the threshold: few false discoveries, and every leg surely up under every control set."""
    with np.errstate(invalid="ignore"):
        low = np.fmin(numbers["excess_low"], numbers["in_excess_low"])
        least = np.fmin(numbers["excess_min"], numbers["in_excess_min"])
        return np.asarray((numbers["q_value"] <= alpha) & (low > 0) & (least > 0))
