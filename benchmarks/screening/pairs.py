"""Names across documents: how well ``compare`` tells one person from two, beside plain string likeness.

``python -m benchmarks.screening.pairs``; ``--part tuning`` shows the half that may be looked at.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from benchmarks.screening.people import GIVEN, pairs
from entrepot.parties import compare_texts
from entrepot.parties.names import read_name

Pairs = list[tuple[int, str, str, str]]
Score = Callable[[str, str], float]


def ours(left: str, right: str, schema: str = "Person") -> float:
    found = compare_texts(left, right, schema=schema)
    return found.score if found else 0.0


def _folded(text: str) -> str:
    name = read_name(text, schema="Company")
    return " ".join(sorted(t.text for t in name.tokens)) if name else ""


METHODS: dict[str, Score] = {
    "entrepot": ours,
    "token sort ratio": lambda a, b: fuzz.token_sort_ratio(_folded(a), _folded(b)) / 100,
    "Jaro-Winkler": lambda a, b: JaroWinkler.normalized_similarity(_folded(a), _folded(b)),
}


def peer(python: str, several: Pairs, schema: str = "Person") -> NDArray[np.float64]:
    """Return logic-v2's scores, worked out by another interpreter."""
    lines = "\n".join(json.dumps([schema, left, right]) for _, _, left, right in several)
    script = Path(__file__).with_name("peer.py")
    told = subprocess.run([python, str(script)], input=lines, capture_output=True, text=True, check=True).stdout
    return np.array([float(line) for line in told.split()])


def auc(truth: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    for value in np.unique(score):
        ranks[score == value] = ranks[score == value].mean()
    n = int(truth.sum())
    return float((ranks[truth].sum() - n * (n + 1) / 2) / (n * (len(truth) - n)))


def recall(truth: NDArray[np.bool_], score: NDArray[np.float64], share: float) -> float:
    """Recall where at most ``share`` of the pairs of two persons score higher."""
    negatives = np.sort(score[~truth])[::-1]
    return float((score[truth] > negatives[int(share * len(negatives))]).mean())


def figures(truth: NDArray[np.bool_], score: NDArray[np.float64]) -> list[float]:
    match = score >= 0.7
    f1 = 2 * (match & truth).sum() / max(match.sum() + truth.sum(), 1)
    one = (score[truth] >= 1).mean()
    return [auc(truth, score), *(recall(truth, score, s) for s in (0.1, 0.01, 0.001)), float(f1), float(one)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--part", choices=("unseen", "tuning"), default="unseen")
    asked.add_argument("--count", type=int, default=500, help="pairs of one person for each population")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--wrong", type=int, default=0, help="print that many pairs on the wrong side of 0.7")
    asked.add_argument("--peer", help="an interpreter that has nomenklatura, for its scores beside ours")
    given = asked.parse_args()
    made = {people: pairs(given.seed, people, given.count, part=given.part) for people in GIVEN}
    made["all"] = [pair for several in made.values() for pair in several]
    print("| people | pairs | method | AUC | recall at 10 % | at 1 % | at 0.1 % | F1 at 0.7 | same at exactly 1 |")
    print("|---|---|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(given.seed)
    for people, several in made.items():
        truth = np.array([label == 1 for label, *_ in several])
        scores = {m: np.array([scorer(a, b) for _, _, a, b in several]) for m, scorer in METHODS.items()}
        if given.peer:
            scores["nomenklatura logic-v2"] = peer(given.peer, several)
        for method, score in scores.items():
            found = figures(truth, score)
            draws = [rng.integers(len(truth), size=len(truth)) for _ in range(40 if people == "all" else 0)]
            errors = np.std([figures(truth[d], score[d]) for d in draws], axis=0) if draws else [None] * len(found)
            cells = (f"{v:.3f}" + (f" ({e:.3f})" if e is not None else "") for v, e in zip(found, errors, strict=True))
            print(f"| {people} | {len(truth)} | {method} | {' | '.join(cells)} |")
            if given.wrong and method == "entrepot" and people != "all":
                wrong = [p for p, s in zip(several, score, strict=True) if (p[0] == 1) != (s >= 0.7)]
                for label, kind, a, b in wrong[: given.wrong]:
                    print("   ", label, kind, a, "|", b, round(ours(a, b), 3))


if __name__ == "__main__":
    main()
