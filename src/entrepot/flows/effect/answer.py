"""The answer to one question of effect: options in, an answer with its intervals, its path and its doubts out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from entrepot.codes import origin_set
from entrepot.errors import ConfigError, EntrepotError
from entrepot.flows.effect.estimate import change, counterfactual, month_band, unit_p_value
from entrepot.flows.effect.others import others_in_window
from entrepot.flows.effect.units import Units, units_of
from entrepot.flows.options import Method, RoutesOptions
from entrepot.flows.panel import Bools, Floats
from entrepot.lake import Lake
from entrepot.ledger import Ledger, event_of

CAVEATS = {
    "too_short": "Fewer than 18 known months before the anticipation window, or fewer than 3 after the date.",
    "no_controls": "Fewer than 3 importers that bought the goods through the whole past are left as controls.",
    "no_trade_before": "The treated importers bought nothing before the date in most months, so there is no level.",
    "unknown_months": "A reporter was silent in some of the months; they are left out.",
    "other_measures": "Other acts bear on the same importers within 30 days of the date; what each did cannot be told.",
    "other_measures_in_window": "Other acts bear on the same importers in the window.",
    "measure_not_in_force": "The ledger has the measure as alleged, reported, disputed or proposed.",
    "pretrend": "The treated series left its controls before the date already.",
    "placebo_units_disagree": "Controls, held against each other, change as much as often as one in five.",
    "few_controls": "Fewer than 8 controls; placebo importers can say little.",
    "window_cut": "More months after the date than before it; those beyond are left out.",
    "no_goods_in_measure": "The ledger does not know the codes of the measure; the products are those asked for.",
    "codes_left_out": "Codes that were born inside the window are left out.",
    "unreadable": "The data do not hold the question.",
}


@dataclass(frozen=True)
class EffectOptions:
    """Parameters of an effect.

    Attributes:
        least_before: months of past, those of anticipation apart.
        least_after: months from the date on.
        anticipation: months before the date in which trade may have been brought forward or held back.
        held_out: months of past, before those, that the pre-trend test holds out.
        most_before: months of past that are read.
        most_controls: importers that serve as controls, the largest ones.
        least_active: share of past months in which a control bought something.
    """

    least_before: int = 18
    least_after: int = 3
    anticipation: int = 3
    held_out: int = 6
    most_before: int = 60
    most_controls: int = 40
    least_active: float = 0.9


@dataclass(frozen=True)
class Effect:
    """The answer; shares are in per cent of what would have been traded, docs/methods/effect.md.

    Attributes:
        effect_pct, low, high, p_value: the change from the date on, its 90 % interval, and how often blocks of months
            at other dates deviate as much.
        p_value_units: rank of the change among those of the controls.
        anticipation_pct, anticipation_low, anticipation_high: the change in the months just before the date.
        persistence_pct: the change in the last third of the months from the date on.
        pretrend_p_value: the same test on held-out months of the past; a small one says that the controls do not fit.
        path: period, estimate_pct, low, high of single months.
        controls: iso3, weight.
        other_measures: ids of acts that bear on the same importers in the window.
        caveats: ids of CAVEATS.
        answered: False where the data cannot answer; the reason is among the caveats.
    """

    exporters: tuple[str, ...]
    importers: tuple[str, ...]
    products: str
    date: str
    measure: str | None = None
    n_treated: int = 0
    n_controls: int = 0
    effect_pct: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    p_value_units: float | None = None
    anticipation_pct: float | None = None
    anticipation_low: float | None = None
    anticipation_high: float | None = None
    persistence_pct: float | None = None
    pretrend_p_value: float | None = None
    currency: str = ""
    observed: float | None = None
    expected: float | None = None
    path: tuple[dict[str, Any], ...] = ()
    controls: tuple[dict[str, Any], ...] = ()
    other_measures: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    answered: bool = False
    reason: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain values."""
        return {**asdict(self), "caveat_texts": {key: CAVEATS[key] for key in self.caveats if key in CAVEATS}}


def effect(
    lake: Lake,
    *,
    exporters: str,
    importers: str,
    products: str | None = None,
    date: str | None = None,
    measure: str | None = None,
    ledger: Ledger | None = None,
    controls: str | None = None,
    until: str | None = None,
    level: int = 6,
    options: EffectOptions | None = None,
) -> Effect:
    """Return whether trade of exporters with importers changed at a date, against other importers.

    Args:
        exporters, importers: groups or ISO3 codes joined by commas; the importers are the treated ones.
        products: all, a list, a file or codes; None means those of the measure, or all where it names none.
        date: YYYY-MM or YYYY-MM-DD; its month is the first treated one.
        measure: id of an entry of the ledger, whose date and codes are taken; needs ``ledger``.
        ledger: for the measure, and for other acts in the window.
        controls: importers to compare with; None means every other one that no act of the window bears on.
        until: last month.

    Raises:
        ConfigError: neither date nor measure, or both; no such importer.
        NotFound: no such measure.
    """
    options = options or EffectOptions()
    if (date is None) == (measure is None):
        raise ConfigError("one of date and measure is needed", remedy="Name a --date or a --measure.")
    caveats: tuple[str, ...] = ()
    if measure is not None:
        if ledger is None:
            raise ConfigError("a measure without a ledger", remedy="Pass ledger=open_ledger().")
        date, products, caveats = event_of(ledger, measure, products)
    products, event = products or "all", str(date)[:7]
    treated = tuple(sorted(origin_set(importers, on=f"{event}-01")))
    asked = {"exporters": exporters, "products": products, "until": until, "level": level}
    answer = Effect(
        exporters=tuple(sorted(origin_set(exporters, on=f"{event}-01") - set(treated))),
        importers=treated,
        products=products,
        date=str(date),
        measure=measure,
        caveats=caveats,
        parameters={**asked, "controls": controls, **asdict(options)},
    )
    try:
        units = _read(lake, treated, event, asked, options)
    except EntrepotError as error:
        return _refused(answer, "unreadable", str(error))
    others = others_in_window(ledger, answer, units) if ledger else ((), False, frozenset())
    answer = replace(answer, other_measures=others[0], currency=units.currency)
    if others[1] and measure:
        return _refused(answer, "other_measures", CAVEATS["other_measures"])
    chosen = origin_set(controls, on=f"{event}-01") if controls else None
    return _answered(_cut(units), answer, options, chosen, shunned=others[2])


def _read(lake: Lake, treated: tuple[str, ...], event: str, asked: dict[str, Any], options: EffectOptions) -> Units:
    question = RoutesOptions(
        destination=treated[0],
        event=event,
        until=asked["until"],
        origins=asked["exporters"],
        products=asked["products"],
        level=asked["level"],
        method=Method(history_months=options.most_before, least_before=6, least_after=1),
    )
    with lake.engine() as engine:
        return units_of(engine, question)


def _cut(units: Units) -> Units:
    """No more months from the date on than before it: the moved blocks need room."""
    n_before = int(units.before.sum())
    if units.values.shape[1] <= 2 * n_before:
        return units
    return replace(units, values=units.values[:, : 2 * n_before], caveats=(*units.caveats, "window_cut"))


def _answered(
    units: Units, answer: Effect, options: EffectOptions, chosen: frozenset[str] | None, *, shunned: frozenset[str]
) -> Effect:
    at = [units.names.index(iso3) for iso3 in answer.importers if iso3 in units.names]
    caveats = [*answer.caveats, *(c for c in units.caveats if c in CAVEATS)]
    if answer.other_measures:
        caveats.append("other_measures_in_window")
    if not at:
        return _refused(answer, "no_trade_before", "none of the importers is in the data")
    known: Bools = np.logical_not(np.isnan(units.values[at]).any(axis=0))
    y = np.nan_to_num(units.values[at]).sum(axis=0)
    donors = _donors(units, answer, known, options, chosen, shunned)
    x = units.values[donors][:, known].T
    y, before = y[known], units.before[known]
    if not known.all():
        caveats.append("unknown_months")
    past = np.flatnonzero(before)
    fit = np.zeros(len(y), dtype=bool)
    fit[past[: max(len(past) - options.anticipation, 0)]] = True
    answer = replace(answer, n_treated=len(at), n_controls=len(donors), caveats=tuple(caveats))
    if fit.sum() < options.least_before or (~before).sum() < options.least_after:
        told = f"{int(fit.sum())} months of past and {int((~before).sum())} from {answer.date[:7]} on are known"
        return _refused(answer, "too_short", told)
    if (y[fit] > 0).mean() < 0.5:
        return _refused(answer, "no_trade_before", "the importers bought nothing in most months of the past")
    if len(donors) < 3:
        return _refused(answer, "no_controls", f"{len(donors)} importers are left as controls")
    periods = [period for period, is_known in zip(units.periods, known, strict=True) if is_known]
    return _estimated(y, x, before, fit, answer, options, periods, [units.names[j] for j in donors])


def _donors(
    units: Units,
    answer: Effect,
    known: Bools,
    options: EffectOptions,
    chosen: frozenset[str] | None,
    shunned: frozenset[str],
) -> list[int]:
    """Controls: importers that bought in nearly every month of the past, are known throughout, and were not hit."""
    values, before = units.values[:, known], units.before[known]
    if not before.any():
        return []
    active = (np.nan_to_num(values[:, before]) > 0).mean(axis=1) >= options.least_active
    whole: Bools = np.array([not np.isnan(row).any() for row in values], dtype=bool)
    is_free = [
        name not in answer.importers and (name in chosen if chosen is not None else name not in shunned)
        for name in units.names
    ]
    fit = [j for j in range(len(units.names)) if active[j] and whole[j] and is_free[j]]
    fit.sort(key=lambda j: -float(values[j, before].mean()))
    return sorted(fit[: options.most_controls])


def _estimated(
    y: Floats,
    x: Floats,
    before: Bools,
    fit: Bools,
    answer: Effect,
    options: EffectOptions,
    periods: list[str],
    names: list[str],
) -> Effect:
    expected, weights = counterfactual(y, x, fit)
    total = change(y, x, ~before, fit=fit)
    fit_before: Bools = np.asarray(fit)[np.flatnonzero(before)]
    ahead = change(y[before], x[before], ~fit_before, fit=fit_before)
    held = np.flatnonzero(fit)[-options.held_out :]
    is_held: Bools = np.isin(np.flatnonzero(fit), held)
    past = change(y[fit], x[fit], is_held, fit=~is_held)
    late = np.flatnonzero(~before)[-max(int((~before).sum()) // 3, 1) :]
    share, low, high = month_band(y, expected, fit)
    p_units = unit_p_value(y, x, ~before, fit=fit)
    caveats = {
        "pretrend": past.p_value <= 0.1,
        "few_controls": len(names) < 8,
        "placebo_units_disagree": total.p_value <= 0.05 and p_units > 0.2 and len(names) >= 8,
    }
    return replace(
        answer,
        answered=True,
        effect_pct=_pct(total.share),
        low=_pct(total.low),
        high=_pct(total.high),
        p_value=total.p_value,
        p_value_units=p_units,
        anticipation_pct=_pct(ahead.share),
        anticipation_low=_pct(ahead.low),
        anticipation_high=_pct(ahead.high),
        persistence_pct=_pct(float(y[late].sum() / expected[late].sum() - 1)),
        pretrend_p_value=past.p_value,
        observed=float(y[~before].sum()),
        expected=float(expected[~before].sum()),
        path=tuple(
            {"period": period, "estimate_pct": _pct(share[i]), "low": _pct(low[i]), "high": _pct(high[i])}
            for i, period in enumerate(periods)
        ),
        controls=tuple(
            {"iso3": name, "weight": round(float(w), 4)}
            for name, w in sorted(zip(names, weights, strict=True), key=lambda pair: -pair[1])
        ),
        caveats=(*answer.caveats, *(key for key, holds in caveats.items() if holds)),
    )


def _pct(share: float | None) -> float | None:
    return None if share is None or not np.isfinite(share) else round(100 * float(share), 2)


def _refused(answer: Effect, caveat: str, reason: str) -> Effect:
    return replace(answer, caveats=(*answer.caveats, caveat), reason=reason)
