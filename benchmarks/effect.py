"""How often the test of ``effect`` rejects, how often its interval covers, and what it finds, on made panels.

    python -m benchmarks.effect [--worlds 200]

Beside it the naive answer: growth of the treated series over growth of the controls' sum, with a t interval of
independent months.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy import stats

from entrepot.flows.effect.estimate import change
from tests.known.panels import Floats, PanelKind, panel

KINDS = {
    "plain": PanelKind(),
    "persistent noise (0.6)": PanelKind(persistence=0.6),
    "5 controls": PanelKind(controls=5),
    "40 controls": PanelKind(controls=40),
    "18 + 6 months": PanelKind(before=21, after=6),
    "60 + 12 months": PanelKind(before=60, after=12),
    "heavy tails (t3)": PanelKind(tail=3),
    "strong noise (0.6)": PanelKind(noise=0.6),
    "random walks (0.05 a month)": PanelKind(drift=0.05),
}
CHANGES = (-0.4, -0.2, 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    worlds = parser.parse_args().worlds
    print(f"{worlds} worlds each, seeds from 50000\n")
    print("| kind | size at 5 % | covers, 90 % | bias, points | naive size | naive covers |")
    print("|---|---|---|---|---|---|")
    every = []
    for number, (name, kind) in enumerate(KINDS.items()):
        found = np.array(list(tried(kind, worlds, 50_000 + 1000 * number)))
        every.append(found)
        print(_line(name, found))
    print(_line("all together", np.concatenate(every)))
    print("\n| planted | found at 5 % | covers | bias, points |\n|---|---|---|---|")
    for planted in CHANGES:
        found = np.array(list(tried(replace(PanelKind(), change=planted), worlds, 90_000)))
        size, covers, bias = found[:, :3].mean(axis=0)
        print(f"| {planted:+.0%} | {size:.3f} | {covers:.3f} | {100 * bias:+.1f} |")


def tried(kind: PanelKind, worlds: int, seed: int) -> Iterator[tuple[float, ...]]:
    """Yield of each world: rejected, covered, error; and rejected, covered of the naive answer."""
    for world in range(worlds):
        y, x = panel(kind, seed + world)
        months = np.arange(len(y))
        block, fit = months >= kind.before, months < kind.before - 3
        found = change(y, x, block, fit=fit)
        low = -1 if found.low is None else found.low
        high = np.inf if found.high is None else found.high
        naive_p, naive_low, naive_high = naive(y, x, block)
        yield (
            found.p_value <= 0.05,
            low <= kind.change <= high,
            found.share - kind.change,
            naive_p <= 0.05,
            naive_low <= kind.change <= naive_high,
        )


def naive(y: Floats, x: Floats, block: np.ndarray) -> tuple[float, float, float]:
    """Difference in differences of logs against the controls' sum, months taken as independent."""
    gap = np.log(y) - np.log(x.sum(axis=1))
    test = stats.ttest_ind(gap[block], gap[~block])
    interval = test.confidence_interval(0.9)
    return float(test.pvalue), float(np.expm1(interval.low)), float(np.expm1(interval.high))


def _line(name: str, found: np.ndarray) -> str:
    size, covers, bias, naive_size, naive_covers = found.mean(axis=0)
    return f"| {name} | {size:.3f} | {covers:.3f} | {100 * bias:+.1f} | {naive_size:.3f} | {naive_covers:.3f} |"


if __name__ == "__main__":
    main()
