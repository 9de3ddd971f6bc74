"""Fit the score, its p-values and the band on planted diversion in quiet trade; write ``evidence.json``.

    python benchmarks/routes/train.py [--out FILE] [--tasks 160] [--seed 1]

Nothing after 2022-02 is read. Tasks are drawn at random: extract, level, partners, placebo date, lengths, sizes.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from planting import Planting, plant
from quiet import Cube, eu_cube, india_cube, panel_of, stretch
from scipy.optimize import minimize

from entrepot.flows.controls import growth_sets
from entrepot.flows.evidence import FILE, band_terms, bent
from entrepot.flows.features import NAMES, features
from entrepot.flows.infer import context_of
from entrepot.flows.noise import noise_of
from entrepot.flows.options import Method

KNOTS = 7
# Features in which more can only be more evidence: their lines may not fall.
RISING = {
    "change_z", "rank_z", "above_past_most", "above_past_second", "low_month_above_past", "origin_z",
    "origin_active_after",
}  # fmt: skip
QUANTILES = {"low": 0.03, "high": 0.97}


@dataclass
class Sample:
    features: np.ndarray
    is_planted: np.ndarray
    terms: np.ndarray  # terms of the band of the quiet series
    target: np.ndarray  # log((money + floor) / (expected + floor)) without what was planted


def cubes(which: str) -> list[Cube]:
    found = [eu_cube(level) for level in (4, 6, 8)]
    return found + [india_cube(4), india_cube(6)] if which == "all" else found


def draw(cube: Cube, g: np.random.Generator) -> tuple | None:
    months = cube.n_months
    n_after = int(g.integers(4, 13))
    n_before = int(g.integers(8, min(60, months - n_after) + 1))
    start = int(g.integers(0, months - n_before - n_after + 1))
    vias = np.arange(len(cube.vias))
    if len(vias) > 2:
        vias = g.choice(vias, int(g.integers(3, len(vias) + 1)), replace=False)
    cut = stretch(
        cube,
        start=start,
        n_before=n_before,
        n_after=n_after,
        least_active=int(g.choice([1, 1, 3, 6, 12])),
        vias=vias,
        shuffle=g if g.random() < 0.2 else None,
    )
    if cut.n < 150:
        return None
    least = float(np.median(cut.value)) * np.exp(g.uniform(-1.5, 1.5))
    planting = Planting(
        share=float(g.uniform(0.0, 0.14)),
        least=least,
        size=tuple(sorted(np.exp(g.uniform(np.log(0.4), np.log(3), 2)))),
        noise=float(g.uniform(0.2, 0.9)),
        patchy=(float(g.uniform(0.4, 0.9)), 1.0),
        ramp=int(g.integers(1, 6)),
        delay=int(g.integers(0, 4)),
        new_origin=float(g.uniform(0, 0.7)),
    )
    return cut, planting


def sample(cut, planting: Planting, seed: int, method: Method) -> Sample:
    cells, truth = plant(cut, planting, seed=seed)
    panel, origins = panel_of(cut, cells)
    noise = noise_of(panel, method)
    growth = growth_sets(panel, noise.change, noise.sampling + noise.drift)["pooled"]
    x = features(panel, context_of(noise, growth), origins)
    after = (~np.isnan(panel.after)).sum(axis=1)
    expected = noise.level * np.exp(growth) * noise.season[:, panel.n_before :].sum(axis=1)
    terms, _, floor = band_terms(expected, noise, after)
    anyway = panel.after.sum(axis=1) - truth
    return Sample(x, truth > 0, terms, np.log((anyway + floor) / (expected + floor)))


def collect(all_cubes: list[Cube], tasks: int, seed: int, method: Method) -> list[Sample]:
    g = np.random.default_rng(seed)
    out: list[Sample] = []
    while len(out) < tasks:
        drawn = draw(all_cubes[int(g.integers(len(all_cubes)))], g)
        if drawn is not None:
            out.append(sample(*drawn, int(g.integers(2**31)), method))
    return out


def fit_score(samples: list[Sample], ridge: float = 3.0) -> tuple[np.ndarray, np.ndarray, float]:
    x = np.concatenate([s.features for s in samples])
    y = np.concatenate([s.is_planted for s in samples]).astype(float)
    quiet = x[y == 0]
    knots = np.stack([spread(np.quantile(x[:, j], np.linspace(0.01, 0.99, KNOTS))) for j in range(x.shape[1])])
    del quiet
    basis = bent(x, knots).reshape(len(x), -1)
    low = np.repeat([0.0 if name in RISING else -np.inf for name in NAMES], KNOTS - 1)

    def loss(w):
        s = w[0] + basis @ w[1:]
        value = np.logaddexp(0, s).sum() - y @ s + 0.5 * ridge * (w[1:] ** 2).sum()
        r = 1 / (1 + np.exp(-s)) - y
        return value, np.concatenate([[r.sum()], basis.T @ r + ridge * w[1:]])

    start = np.zeros(basis.shape[1] + 1)
    bounds = [(None, None)] + [(b if np.isfinite(b) else None, None) for b in low]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 400})
    return knots, found.x[1:].reshape(len(NAMES), KNOTS - 1), float(found.x[0])


def spread(knots: np.ndarray) -> np.ndarray:
    """Knots that rise: ties are moved apart a little."""
    return np.maximum.accumulate(knots + np.arange(len(knots)) * 1e-3)


def fit_null(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points of the share of quiet series that score at least as high."""
    ordered = np.sort(scores)
    n = len(ordered)
    shares = np.concatenate([np.linspace(0.99, 0.1, 30), np.geomspace(0.09, 20 / n, 30)])
    at = np.quantile(ordered, 1 - shares)
    log_p = np.log((1 + n - np.searchsorted(ordered, at, side="left")) / (n + 1))
    keep = np.concatenate([[True], np.diff(at) > 1e-6])
    return at[keep], log_p[keep]


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
    knots, slopes, intercept = fit_score(samples[:half])
    terms = np.concatenate([s.terms for s in samples])
    target = np.concatenate([s.target for s in samples])
    quiet = np.concatenate(
        [
            intercept + np.einsum("nfk,fk->n", bent(s.features, knots), slopes)[..., None].ravel()
            if len(s.features) < 60_000
            else np.zeros(0)
            for s in (Sample(s.features[~s.is_planted], None, None, None) for s in samples[half:])
        ]
    )
    at, log_p = fit_null(quiet)
    return {
        "version": version,
        "trained_on": f"{len(samples)} tasks, {len(target)} series, by benchmarks/routes/train.py",
        "features": {
            name: {"knots": knots[j].round(4).tolist(), "slopes": slopes[j].round(4).tolist()}
            for j, name in enumerate(NAMES)
        },
        "intercept": round(intercept, 4),
        "null": {"score": at.round(4).tolist(), "log_p": log_p.round(4).tolist()},
        "band": {
            "mean": fit_mean(terms, target).round(4).tolist(),
            **{name: fit_quantile(terms, target, q).round(4).tolist() for name, q in QUANTILES.items()},
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--tasks", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--version", default="1")
    options = parser.parse_args()
    started = time.time()
    samples = collect(cubes("all"), options.tasks, options.seed, Method())
    print(f"{len(samples)} tasks, {sum(len(s.features) for s in samples)} series, {time.time() - started:.0f} s")
    options.out.write_text(json.dumps(fit(samples, options.version), indent=1) + "\n")
    print(f"written {options.out}, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
