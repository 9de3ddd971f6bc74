"""Fit the score, its p-values and the band on planted diversion in quiet trade; write ``evidence.json``.

    python benchmarks/routes/train.py [--out FILE] [--tasks 160] [--seed 1] [--hold-out Armenia,Kazakhstan,...]

Nothing after 2022-02 is read. Tasks are drawn at random: extract, level, partners, placebo date, lengths, sizes.
With --hold-out the named partners of the EU extract are never seen, so that a benchmark on them is one on new data.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from planting import Planting, plant
from quiet import Cube, Stretch, eu_cube, india_cube, panel_of, stretch, world_cube
from scipy.optimize import minimize

from entrepot.flows.controls import growth_sets
from entrepot.flows.evidence import FILE, band_terms
from entrepot.flows.features import NAMES, context_of, features
from entrepot.flows.noise import noise_of
from entrepot.flows.options import Method

# Size of the hidden layer, and how strongly its weights are held back.
HIDDEN = 20
RIDGE = 5.0
# Lengths of the window after the event for which the scores of quiet series are tabulated.
ANCHORS = (5, 9, 16, 30)
# Wider than a tenth split in two, above most: rows that are looked at were picked for what lies above.
QUANTILES = {"low": 0.03, "high": 0.98}


@dataclass
class Sample:
    features: np.ndarray
    is_planted: np.ndarray
    terms: np.ndarray  # terms of the band of the quiet series
    months_after: int
    target: np.ndarray  # log((money + floor) / (expected + floor)) without what was planted


@dataclass(frozen=True)
class Ground:
    """One kind of quiet trade, and how often it is drawn."""

    cube: Cube
    weight: float
    longest_after: int
    placebo: int | None = None  # month column of a fixed placebo event: a real shock without diversion


def grounds(folder: Path, hold_out: tuple[str, ...] = ()) -> list[Ground]:
    """Real extracts before the event, quiet worlds, and worlds where everything moves but nothing is diverted."""
    real = [Ground(eu_cube(level, without=hold_out), 1.0, 12) for level in (4, 6, 8)]
    real += [Ground(india_cube(level), 0.5, 24) for level in (4, 6)]
    quiet = [
        Ground(world_cube(folder, seed=seed, leg=leg, has_event_effect=False), weight, 34)
        for seed, leg, weight in ((101, "in", 1.0), (102, "in", 1.0), (101, "out", 0.5))
    ]
    moved = [
        Ground(world_cube(folder, seed=seed, leg=leg, has_event_effect=True), weight, 34, placebo=62)
        for seed, leg, weight in ((103, "in", 0.7), (103, "out", 0.5))
    ]
    return real + quiet + moved


def draw(ground: Ground, g: np.random.Generator) -> tuple[Stretch, Planting] | None:
    cube = ground.cube
    n_after = int(np.exp(g.uniform(np.log(4), np.log(min(ground.longest_after, cube.n_months - 9)))))
    longest = min(36, (ground.placebo or cube.n_months - n_after))
    n_before = int(g.integers(8, longest + 1))
    start = int(g.integers(0, cube.n_months - n_before - n_after + 1))
    if ground.placebo is not None:
        start = ground.placebo - n_before
    vias = np.arange(len(cube.vias))
    if len(vias) > 2:
        vias = g.choice(vias, int(g.integers(3, min(len(vias), 16) + 1)), replace=False)
    cut = stretch(
        cube,
        start=start,
        n_before=n_before,
        n_after=n_after,
        least_active=int(g.choice([1, 1, 3, 6, 12])),
        vias=vias,
        shuffle=g if g.random() < 0.15 else None,
    )
    if cut.n < 150:
        return None
    least = float(np.median(cut.value)) * np.exp(g.uniform(-1.5, 1.5))
    planting = Planting(
        share=float(g.uniform(0.0, 0.14)),
        least=least,
        size=tuple(sorted(np.exp(g.uniform(np.log(0.4), np.log(4 if g.random() < 0.6 else 40), 2)))),
        noise=float(g.uniform(0.2, 0.9)),
        patchy=(float(g.uniform(0.4, 0.9)), 1.0),
        ramp=int(g.integers(1, 7)),
        delay=int(g.integers(0, 5)),
        new_origin=float(g.uniform(0, 0.7)),
    )
    return cut, planting


def sample(cut: Stretch, planting: Planting, seed: int, method: Method) -> Sample:
    cells, truth = plant(cut, planting, seed=seed)
    panel, origins = panel_of(cut, cells)
    noise = noise_of(panel, method)
    growth = growth_sets(panel, noise.change, noise.sampling + noise.drift)["pooled"]
    x = features(panel, context_of(noise, growth), origins)
    after = (~np.isnan(panel.after)).sum(axis=1)
    expected = noise.level * np.exp(growth) * noise.season[:, panel.n_before :].sum(axis=1)
    terms, _, floor = band_terms(expected, noise, after)
    observed = panel.after.sum(axis=1)
    target = np.log((observed - truth + floor) / (expected + floor))
    return Sample(x, truth > 0, terms, panel.after.shape[1], target)


def collect(ground: list[Ground], tasks: int, seed: int, method: Method) -> list[Sample]:
    g = np.random.default_rng(seed)
    weight = np.array([kind.weight for kind in ground])
    out: list[Sample] = []
    while len(out) < tasks:
        drawn = draw(ground[int(g.choice(len(ground), p=weight / weight.sum()))], g)
        if drawn is not None:
            out.append(_thinned(sample(*drawn, int(g.integers(2**31)), method), g))
    return out


PER_SERIES = ("features", "is_planted", "terms", "target")


def _thinned(found: Sample, g: np.random.Generator, most: int = 2_500) -> Sample:
    """No task counts for more than a few thousand series."""
    keep = g.permutation(len(found.features))[:most]
    return replace(found, **{name: getattr(found, name)[keep] for name in PER_SERIES})


def fit_score(samples: list[Sample], seed: int = 0) -> dict[str, np.ndarray]:
    """Fit the network by L-BFGS on all series at once; the same seed gives the same weights."""
    x = np.concatenate([s.features for s in samples])
    y = np.concatenate([s.is_planted for s in samples]).astype(float)
    low, high = np.quantile(x, [0.002, 0.998], axis=0)
    x = np.clip(x, low, high)
    centre, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    x = (x - centre) / scale
    n, f = x.shape
    g = np.random.default_rng(seed)
    start = np.concatenate(
        [g.normal(0, 1 / np.sqrt(f), f * HIDDEN), np.zeros(HIDDEN), g.normal(0, 0.3, HIDDEN), [-2.5]]
    )

    def unpack(w):
        a, b = f * HIDDEN, f * HIDDEN + HIDDEN
        return w[:a].reshape(f, HIDDEN), w[a:b], w[b:-1], w[-1]

    def loss(w):
        hidden, bias, out, out_bias = unpack(w)
        rest = np.tanh(x @ hidden + bias)
        s = rest @ out + out_bias
        value = np.logaddexp(0, s).sum() - y @ s + 0.5 * RIDGE * ((hidden**2).sum() + (out**2).sum())
        r = 1 / (1 + np.exp(-s)) - y
        back = r[:, None] * out * (1 - rest**2)
        slope = [(x.T @ back + RIDGE * hidden).ravel(), back.sum(axis=0), rest.T @ r + RIDGE * out, [r.sum()]]
        return value / n, np.concatenate(slope) / n

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "maxfun": 600})
    hidden, bias, out, out_bias = unpack(found.x)
    return {
        "low": low, "high": high, "centre": centre, "scale": scale,
        "hidden": hidden, "hidden_bias": bias, "out": out, "out_bias": out_bias,
    }  # fmt: skip


def scored(net: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    even = (np.clip(x, net["low"], net["high"]) - net["centre"]) / net["scale"]
    return np.tanh(even @ net["hidden"] + net["hidden_bias"]) @ net["out"] + net["out_bias"]


def fit_null(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points of the share of quiet series that score at least as high."""
    ordered = np.sort(scores)
    n = len(ordered)
    shares = np.concatenate([np.linspace(0.99, 0.1, 30), np.geomspace(0.09, 20 / n, 30)])
    at = np.quantile(ordered, 1 - shares)
    log_p = np.log((1 + n - np.searchsorted(ordered, at, side="left")) / (n + 1))
    keep = np.concatenate([[True], np.diff(at) > 1e-6])
    return at[keep], log_p[keep]


def quiet_scores(samples: list[Sample], months: int, net: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Null table from the tasks of about so many months after the placebo event."""
    near = [s for s in samples if abs(np.log(s.months_after / months)) < 0.45]
    return fit_null(scored(net, np.concatenate([s.features[~s.is_planted] for s in near])))


def fit_quantile(terms: np.ndarray, target: np.ndarray, q: float) -> np.ndarray:
    """Quantile regression by a smoothed check loss."""
    w = np.linalg.lstsq(terms, target, rcond=None)[0]
    for eps in (0.3, 0.1, 0.03):

        def loss(w, eps=eps):
            r = target - terms @ w
            root = np.sqrt(r * r + eps * eps)
            value = (0.5 * root + (q - 0.5) * r).mean() + 1e-4 * (w @ w)
            return value, -terms.T @ (0.5 * r / root + q - 0.5) / len(r) + 2e-4 * w

        w = minimize(loss, w, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return w


def fit_mean(terms: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Weights under which money is right on average: a Poisson-like fit of the ratio, single surges drawn in."""
    ratio = np.exp(np.minimum(target, np.quantile(target, 0.995)))

    def loss(w):
        s = terms @ w
        mu = np.exp(s)
        return (mu - ratio * s).mean() + 1e-4 * (w @ w), terms.T @ (mu - ratio) / len(s) + 2e-4 * w

    return minimize(loss, np.zeros(terms.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def fit(samples: list[Sample], version: str) -> dict:
    # Scores for the p-values come from the half that the weights were not fitted on.
    half = len(samples) // 2
    net = fit_score(samples[:half])
    terms = np.concatenate([s.terms for s in samples])
    target = np.concatenate([s.target for s in samples])
    null = {months: quiet_scores(samples[half:], months, net) for months in ANCHORS}
    return {
        "version": version,
        "trained_on": f"{len(samples)} tasks, {len(target)} series, by benchmarks/routes/train.py",
        "features": {
            name: {key: _short(net[key][j]) for key in ("low", "high", "centre", "scale", "hidden")}
            for j, name in enumerate(NAMES)
        },
        **{key: _short(net[key]) for key in ("hidden_bias", "out", "out_bias")},
        "null": {
            months: {"score": at.round(4).tolist(), "log_p": log_p.round(4).tolist()}
            for months, (at, log_p) in null.items()
        },
        "band": {
            "mean": fit_mean(terms, target).round(4).tolist(),
            **{name: fit_quantile(terms, target, q).round(4).tolist() for name, q in QUANTILES.items()},
        },
    }


def _short(values: np.ndarray) -> object:
    return np.round(values, 4).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--tasks", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--version", default="1")
    parser.add_argument("--worlds", type=Path, default=Path("worlds"), help="folder for simulated worlds")
    parser.add_argument("--hold-out", default="", help="partners of the EU extract that are never seen, by commas")
    options = parser.parse_args()
    started = time.time()
    hold_out = tuple(name for name in options.hold_out.split(",") if name)
    samples = collect(grounds(options.worlds, hold_out), options.tasks, options.seed, Method())
    print(f"{len(samples)} tasks, {sum(len(s.features) for s in samples)} series, {time.time() - started:.0f} s")
    options.out.write_text(json.dumps(fit(samples, options.version), indent=1) + "\n")
    print(f"written {options.out}, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
