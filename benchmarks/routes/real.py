"""Case (b): diversion planted in a quiet stretch of real trade.

Quiet part of the EU27 extract: placebo event 2021-03, 14 months before, 10 from it on, five partners, planted with
seeds that the weights were not fitted on. Placebos with nothing planted draw whole months anew, all series alike, and
whole intermediaries with replacement; single cells are never mixed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from planting import Planting, plant
from quiet import Stretch, eu_cube, inferred, stretch
from scoring import HEADER, baselines, measured, summary

from entrepot.flows import Method
from entrepot.flows.infer import q_values
from entrepot.flows.selected import selected_low

PARTNERS = ("Armenia", "Georgia", "Kazakhstan", "Kyrgyzstan", "Uzbekistan")
PLANTINGS = {
    "0.5 to 2 x, steady": Planting(size=(0.5, 2.0), noise=0.3, patchy=(0.8, 1.0), ramp=3, delay=1),
    "0.5 to 2 x, patchy": Planting(size=(0.5, 2.0)),
    "1 to 3 x, steady": Planting(size=(1.0, 3.0), noise=0.3, patchy=(0.8, 1.0), ramp=3, delay=1),
    "1 to 3 x, patchy": Planting(size=(1.0, 3.0)),
}
N_BEFORE, N_AFTER = 14, 10
# Digits -> least months with trade before the event; about 1,230 and 2,740 series.
LEVELS = {4: 3, 6: 3}
NOTHING = np.zeros((0, 4))


def asked(cut: Stretch, cells: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Values of a panel, and what the method says of it."""
    panel, found, is_more = inferred(cut, cells)
    low, high = found.observed - found.high["pooled"], found.observed - found.low["pooled"]
    alarm = (q_values(found.p_value) <= 0.1) & (low > 0) & is_more
    excess = found.observed - found.expected["pooled"]
    low = low.copy()
    floor, expected = found.floor[alarm], found.expected["pooled"][alarm]
    low[alarm] = selected_low(found.observed[alarm], expected, low[alarm], floor, picked=alarm.mean(), method=Method())
    money = {"low": low, "high": high, "excess": excess, "observed": found.observed}
    return panel.values, {"score": -found.p_value, "alarm": alarm, **money}


def real(seeds: int) -> None:
    for level, least_active in LEVELS.items():
        cube = eu_cube(level)
        vias = np.array([i for i, via in enumerate(cube.vias) if str(via).startswith(PARTNERS)])
        size = {"start": 0, "n_before": N_BEFORE, "n_after": N_AFTER, "least_active": least_active}
        cut = stretch(cube, **size, vias=vias)
        for label, planting in PLANTINGS.items():
            _planted(cut, planting, seeds, f"HS{level}, {cut.n} series, {planting.share:.0%} planted at {label}")
        draws = [stretch(cube, **size, vias=vias, shuffle=np.random.default_rng(seed)) for seed in range(seeds)]
        _placebos(f"HS{level}, as it was", [cut])
        _placebos(f"HS{level}, whole months drawn anew", draws)
        _placebos(
            f"HS{level}, whole intermediaries drawn anew",
            [_vias_drawn(cut, np.random.default_rng(seed)) for seed in range(seeds)],
        )


def _planted(cut: Stretch, planting: Planting, seeds: int, title: str) -> None:
    print(f"\n#### real, {title} max(own mean, 10,000 EUR) a month\n| method | {HEADER} |")
    print("|---" * (HEADER.count("|") + 2) + "|")
    runs: dict[str, list[dict[str, float]]] = {}
    for seed in range(1000, 1000 + seeds):
        cells, truth = plant(cut, planting, seed=seed)
        values, found = asked(cut, cells)
        runs.setdefault("routes", []).append(measured(is_planted=truth > 0, truth=truth, **found))
        for name, (score, alarm) in baselines(values, cut.n_before).items():
            runs.setdefault(name, []).append(measured(score, truth > 0, truth, alarm))
    for name, rows in runs.items():
        print(f"| {name} | {summary(rows)} |", flush=True)


def _placebos(title: str, cuts: list[Stretch]) -> None:
    """Alerts per 1,200 series where nothing is planted, and how often the interval holds nothing."""
    alerts, held, rules = [], [], []
    for cut in cuts:
        values, found = asked(cut, NOTHING)
        alerts.append(found["alarm"].sum() / cut.n * 1200)
        held.append(((found["low"] <= 0) & (found["high"] >= 0)).mean())
        told = baselines(values, cut.n_before)
        rules.append({name: alarm.sum() / cut.n * 1200 for name, (_, alarm) in told.items() if alarm is not None})
    others = {name: round(float(np.mean([rule[name] for rule in rules])), 1) for name in rules[0]}
    print(
        f"\nnothing planted, {title}, {len(cuts)} draws: routes {np.mean(alerts):.1f} alerts per 1,200 series"
        f" (most {max(alerts):.1f}), interval holds zero {np.mean(held):.3f}; {others}",
        flush=True,
    )


def _vias_drawn(cut: Stretch, g: np.random.Generator) -> Stretch:
    """Whole intermediaries with replacement; the same one twice counts as two."""
    labels = np.unique(cut.via)
    parts, at = [], 0
    for new, via in enumerate(g.choice(labels, len(labels))):
        rows = np.flatnonzero(cut.via == via)
        place = np.full(cut.n, -1)
        place[rows] = at + np.arange(len(rows))
        kept = place[cut.row] >= 0
        parts.append((place[cut.row[kept]], kept, np.full(len(rows), new), rows))
        at += len(rows)
    kept = np.concatenate([np.flatnonzero(part[1]) for part in parts])
    rows = np.concatenate([part[3] for part in parts])
    return replace(
        cut,
        row=np.concatenate([part[0] for part in parts]),
        origin=cut.origin[kept],
        month=cut.month[kept],
        value=cut.value[kept],
        via=np.concatenate([part[2] for part in parts]),
        product=cut.product[rows],
        chapter=cut.chapter[rows],
    )
