"""Ranking: one row a via and product, from the legs' estimates, with caveats, q-values, alerts and ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.codes import month_text
from entrepot.flows.calibrate import both_legs
from entrepot.flows.caveats import CAVEATS
from entrepot.flows.covered import covered_shares
from entrepot.flows.infer import q_values
from entrepot.flows.leg import Leg
from entrepot.flows.legs import Legs
from entrepot.flows.looks import SPENT, p_over_looks
from entrepot.flows.options import RoutesOptions
from entrepot.flows.panel import Bools, Floats, Ints
from entrepot.flows.scope import customs_union
from entrepot.flows.selected import selected_low

_MONEY = ("observed", "expected", "excess", "excess_low", "excess_high")
_NUMBERS = (
    *_MONEY,
    "share_of_lost_direct",
    "excess_min",
    "excess_max",
    "covered_share_low",
    "covered_share_high",
    "p_value",
    "q_value",
    *(f"out_{name}" for name in _MONEY),
)


@dataclass(frozen=True)
class Ranking:
    """The ranked rows as arrays, in order of rank.

    Attributes:
        via: index of the intermediary.
        product: index of the product.
        at: leg -> row of its panel, -1 where the leg has no such series.
        is_ranked: whether the row could be tested.
        is_alert: whether it met the threshold.
        numbers: the contract's numeric columns; NaN is NULL.
        labels: the contract's text columns.
    """

    via: Ints
    product: Ints
    at: dict[str, Ints]
    is_ranked: Bools
    is_alert: Bools
    numbers: dict[str, Floats]
    labels: dict[str, NDArray[np.object_]]

    def __len__(self) -> int:
        return len(self.via)

    def columns(self, *, top_origins: list[str | None]) -> dict[str, list[Any]]:
        """Return the columns of the contract as lists, None where unknown."""
        rank = [i + 1 if ranked else None for i, ranked in enumerate(self.is_ranked.tolist())]
        numbers = {
            name: [None if value != value else value for value in values.tolist()]
            for name, values in self.numbers.items()
        }
        labels = {name: values.tolist() for name, values in self.labels.items()}
        return {
            "rank": rank,
            "is_alert": self.is_alert.tolist(),
            "top_origins": top_origins,
            # Filled in later, for the rows that are looked at closely.
            "counter_explanation": [None] * len(self),
            "would_change": [None] * len(self),
            **numbers,
            **labels,
        }


def ranked(
    data: Legs,
    legs: dict[str, Leg],
    options: RoutesOptions,
    *,
    is_watched: bool = False,
) -> Ranking:
    """Return the ranking: alerts first by what is at least there, then by p-value, untestable rows last.

    ``is_watched`` says that the question is asked every month; an alert then needs a p-value over all looks of at most
    alpha, too.
    """
    keys = np.unique(
        np.concatenate(
            [np.zeros(0, dtype=np.int64)]
            + [legs[name].key[legs[name].panel.is_tested] for name in ("in", "out") if name in legs]
        )
    )
    size = max(len(data.products), 1)
    via, product = keys // size, keys % size
    at = {name: legs[name].rows_of(keys) if name in legs else np.full(len(keys), -1) for name in ("in", "out")}
    numbers = {name: np.full(len(keys), np.nan) for name in _NUMBERS}
    is_in = at["in"] >= 0
    for name, rows in (("in", np.flatnonzero(is_in)), ("out", np.flatnonzero(~is_in))):
        if name in legs:
            _fill(numbers, legs[name], at[name], rows, options)
    _add_onward(numbers, legs, at, np.flatnonzero(is_in & (at["out"] >= 0)), options)
    is_ranked = ~np.isnan(numbers["p_value"])
    _add_lost_share(numbers, legs, product, is_in, len(data.products))
    covered_shares(numbers, data, legs, at, product, options)
    is_alert = _alerts(numbers, legs, at, options, is_watched)
    picked = float(is_alert.sum() / max(is_ranked.sum(), 1))
    for name, prefix, there in (("in", "", is_in), ("out", "", ~is_in), ("out", "out_", is_in & (at["out"] >= 0))):
        picks = np.flatnonzero(there & is_alert)
        _lower_ends(numbers, legs, at, picks, options, leg=name, prefix=prefix, picked=picked)
    labels = _labels(data, legs, via, product, at, is_ranked, numbers, options)
    names = np.array([f"{v}|{p}" for v, p in zip(labels["via_iso3"], labels["product_id"], strict=True)])
    group = np.where(is_alert, 0, np.where(is_ranked, 1, 2))
    within = np.where(is_alert, -numbers["excess_low"], np.nan_to_num(numbers["p_value"]))
    order = np.lexsort((names, within, group))
    return Ranking(
        via=via[order],
        product=product[order],
        at={name: rows[order] for name, rows in at.items()},
        is_ranked=is_ranked[order],
        is_alert=is_alert[order],
        numbers={name: values[order] for name, values in numbers.items()},
        labels={name: values[order] for name, values in labels.items()},
    )


def _fill(numbers: dict[str, Floats], leg: Leg, at: Ints, rows: Ints, options: RoutesOptions) -> None:
    """The estimates of one leg for the rows it describes."""
    rows = rows[leg.is_testable[at[rows]]]
    source = at[rows]
    for name, values in _money(leg, options.controls).items():
        numbers[name][rows] = values[source]
    by_set = np.stack([leg.excess(control)[source] for control in leg.inference.expected])
    # A set that cannot speak of an intermediary says nothing; the own past always does.
    numbers["excess_min"][rows] = np.nanmin(by_set, axis=0)
    numbers["excess_max"][rows] = np.nanmax(by_set, axis=0)
    if options.is_side_by_side:
        for name, values in side_by_side(leg).items():
            numbers.setdefault(name, np.full(len(at), np.nan))[rows] = values[source]
    numbers["p_value"][rows] = leg.inference.p_value[source]


def side_by_side(leg: Leg) -> dict[str, Floats]:
    """Return each control set's own estimates, as columns that begin with the set's name."""
    found: dict[str, Floats] = {}
    for control in leg.inference.expected:
        money = _money(leg, control)
        found |= {f"{control}_{name}": money[name] for name in ("excess", "excess_low", "excess_high")}
        # A total less the listed goods has no series of its own whose past could be tested.
        found[f"{control}_pretrend_p"] = leg.pretrend.get(control, np.full(len(leg.key), np.nan))
    return found


def _money(leg: Leg, control: str) -> dict[str, Floats]:
    inference = leg.inference
    return {
        "observed": inference.observed,
        "expected": inference.expected[control],
        "excess": leg.excess(control),
        "excess_low": inference.observed - inference.high[control],
        "excess_high": inference.observed - inference.low[control],
    }


def _add_onward(
    numbers: dict[str, Floats], legs: dict[str, Leg], at: dict[str, Ints], rows: Ints, options: RoutesOptions
) -> None:
    """Where both legs exist the onward one is added, and the weaker of the two counts."""
    if not len(rows):
        return
    out = legs["out"]
    rows = rows[out.is_testable[at["out"][rows]] & ~np.isnan(numbers["p_value"][rows])]
    source = at["out"][rows]
    for name, values in _money(out, options.controls).items():
        numbers[f"out_{name}"][rows] = values[source]
    numbers["p_value"][rows] = np.maximum(numbers["p_value"][rows], out.inference.p_value[source])


def _alerts(
    numbers: dict[str, Floats],
    legs: dict[str, Leg],
    at: dict[str, Ints],
    options: RoutesOptions,
    is_watched: bool,
) -> Bools:
    """Fill in q-values, and p-values where several looks are taken, and return which rows are alerts."""
    discovery = _for_discovery(numbers["p_value"], legs, at)
    with np.errstate(invalid="ignore"):
        stands = (numbers["excess_low"] > 0) & (numbers["excess_min"] > 0)
        q = q_values(discovery)
        is_rare = np.ones(len(stands), dtype=bool)
        if is_watched:
            q = np.minimum(SPENT * q, 1.0)
            is_rare = p_over_looks(discovery) <= options.alpha
            numbers["p_value"] = p_over_looks(numbers["p_value"])
        numbers["q_value"] = q
        return np.asarray((numbers["q_value"] <= options.alpha) & stands & is_rare)


def _lower_ends(
    numbers: dict[str, Floats],
    legs: dict[str, Leg],
    at: dict[str, Ints],
    rows: Ints,
    options: RoutesOptions,
    *,
    leg: str,
    prefix: str,
    picked: float,
) -> None:
    """Alerts were picked for what lies above: their lower ends allow for that."""
    if not len(rows):
        return
    source = at[leg][rows]
    inference = legs[leg].inference
    # The headline's columns, and beside them those of every set where they are wanted.
    columns = {f"{prefix}excess_low": options.controls}
    if options.is_side_by_side and not prefix:
        columns |= {f"{control}_excess_low": control for control in inference.expected}
    for name, control in columns.items():
        numbers[name][rows] = selected_low(
            inference.observed[source],
            inference.expected[control][source],
            numbers[name][rows],
            inference.floor[source],
            picked=picked,
            method=options.method,
        )


def _for_discovery(p: Floats, legs: dict[str, Leg], at: dict[str, Ints]) -> Floats:
    """P-values among which false discoveries are counted: those of two legs are cautious by construction."""
    rows = np.flatnonzero((at["in"] >= 0) & (at["out"] >= 0) & ~np.isnan(p))
    if not len(rows):
        return p
    backwards = np.maximum(*(legs[name].inference.p_backwards[at[name][rows]] for name in ("in", "out")))
    out = p.copy()
    out[rows] = both_legs(p[rows], backwards)
    return out


def _add_lost_share(
    numbers: dict[str, Floats], legs: dict[str, Leg], product: Ints, is_in: Bools, n_products: int
) -> None:
    """Excess over the fall of the origins' direct trade in the same product."""
    if "direct" not in legs:
        return
    direct = legs["direct"]
    lost = np.full(n_products, np.nan)
    lost[direct.panel.product] = np.where(direct.is_testable, -direct.excess("own"), np.nan)
    fall = lost[product]
    good = is_in & (np.nan_to_num(fall) > 0)
    numbers["share_of_lost_direct"][good] = numbers["excess"][good] / fall[good]


def _labels(
    data: Legs,
    legs: dict[str, Leg],
    via: Ints,
    product: Ints,
    at: dict[str, Ints],
    is_ranked: Bools,
    numbers: dict[str, Floats],
    options: RoutesOptions,
) -> dict[str, NDArray[np.object_]]:
    n, scope = len(via), data.scope
    is_in, is_out = at["in"] >= 0, at["out"] >= 0
    whole = {
        "destination_iso3": options.destination,
        "window_start": month_text(scope.event_month),
        "window_end": month_text(scope.last_month),
        "control_set": options.controls,
    }
    return {
        "via_iso3": _texts(data.via)[via],
        "product_id": _texts([p.product_id for p in data.products])[product],
        "hs_codes": _texts([";".join(p.codes) for p in data.products])[product],
        "evidence": np.where(is_in & is_out, "both", np.where(is_in, "in", "out")).astype(object),
        "currency": np.where(is_in, scope.currency.get("in", ""), scope.currency.get("out", "")).astype(object),
        "caveats": _caveats(data, legs, via, product, at, is_ranked, numbers, options),
        **{name: np.full(n, text, dtype=object) for name, text in whole.items()},
    }


def _caveats(
    data: Legs,
    legs: dict[str, Leg],
    via: Ints,
    product: Ints,
    at: dict[str, Ints],
    is_ranked: Bools,
    numbers: dict[str, Floats],
    options: RoutesOptions,
) -> NDArray[np.object_]:
    n, scope = len(via), data.scope
    flags = {name: np.zeros(n, dtype=bool) for name in CAVEATS}
    for name in scope.caveats:
        flags[name][:] = True
    for name in flags:
        marked = np.array([name == p.reason or name in p.caveats for p in data.products], dtype=bool)
        if marked.any():
            flags[name] |= marked[product]
    both = {"in", "out"} <= set(legs)
    flags["in_leg_only"][:] = not both and "in" in legs
    flags["out_leg_only"][:] = not both and "in" not in legs
    union = np.array(
        [customs_union(iso3, options.destination, on=options.group_day()) for iso3 in data.via], dtype=bool
    )
    flags["customs_union"] |= union[via] if n else False
    for name, rows in (("in", at["in"] >= 0), ("out", (at["in"] < 0) & (at["out"] >= 0))):
        if rows.any():
            _leg_flags(flags, legs[name], at[name], rows, options)
    with np.errstate(invalid="ignore"):
        flags["controls_disagree"] |= (numbers["excess_min"] < 0) & (numbers["excess_max"] > 0)
    return _joined(flags, n)


def _leg_flags(flags: dict[str, Bools], leg: Leg, at: Ints, rows: Bools, options: RoutesOptions) -> None:
    where = np.flatnonzero(rows)
    source = at[where]
    inference, panel = leg.inference, leg.panel
    active, known = inference.active_before[source], inference.known_before[source]
    reasoned = np.zeros(len(where), dtype=bool)
    for name in ("code_born", "code_ended", "no_past_anywhere"):
        reasoned |= flags[name][where]
    flags["too_few_months"][where] |= ~reasoned & (known < options.method.least_before)
    flags["withheld_after_event"][where] |= np.isnan(panel.after[source]).all(axis=1)
    flags["new_route"][where] |= (active == 0) & leg.is_testable[source]
    flags["few_active_months"][where] |= (active > 0) & (active < known / 4)
    flags["unknown_months"][where] |= np.isnan(panel.values[source]).any(axis=1)
    flags["no_controls"][where] |= ~inference.has_controls[source]


def _joined(flags: dict[str, Bools], n: int) -> NDArray[np.object_]:
    """One text a row, built once for each combination that occurs."""
    names = list(flags)
    mask = np.zeros(n, dtype=np.int64)
    for bit, name in enumerate(names):
        mask |= flags[name].astype(np.int64) << bit
    combinations, which = np.unique(mask, return_inverse=True)
    texts = ["; ".join(name for bit, name in enumerate(names) if m >> bit & 1) for m in combinations.tolist()]
    return _texts(texts)[which] if n else np.zeros(0, dtype=object)


def _texts(values: list[str]) -> NDArray[np.object_]:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out
