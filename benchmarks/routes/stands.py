"""Count on quiet trade how often money stands above what is expected where the p-value is small; write ``stands.json``.

    python benchmarks/routes/stands.py [--out FILE] [--draws 10] [--seed 5001] [--worlds FOLDER]

An alert needs money above the interval and above what every control set expects, besides a small p-value. The share of
quiet series that have both is what false discoveries are counted from. Stretches are drawn from the quiet extracts and
worlds that the score was fitted on, nothing after 2022-02. To be run again whenever the score or the band changes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from looks import one_look
from train import Ground, draw, grounds

from entrepot.flows.stands import FILE

MARKS = np.array([0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4])


def collect(ground: list[Ground], draws: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Series at or below each mark, and those of them whose money stands; one entry a stretch."""
    out = []
    for place, kind in enumerate(ground):
        g = np.random.default_rng([seed, place])
        done = 0
        while done < draws:
            drawn = draw(kind, g)
            if drawn is None:
                continue
            p, stands = one_look(drawn[0])
            below = p[:, None] <= MARKS
            out.append((below.sum(axis=0), (below & stands[:, None]).sum(axis=0)))
            done += 1
    return out


def fit(found: list[tuple[np.ndarray, np.ndarray]], version: str) -> dict:
    """Shares over all stretches, one standard error added, never rising with the p-value."""
    below, standing = (np.sum(part, axis=0) for part in zip(*found, strict=True))
    share = np.minimum((standing + np.sqrt(standing) + 1) / np.maximum(below, 1), 1.0)
    return {
        "version": version,
        "counted_on": f"{len(found)} stretches, {int(below[-1])} series at or below the largest mark,"
        " by benchmarks/routes/stands.py",
        "p_value": MARKS.tolist(),
        "stands": [round(float(x), 3) for x in np.maximum.accumulate(share[::-1])[::-1]],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--draws", type=int, default=10, help="stretches a kind of ground")
    parser.add_argument("--seed", type=int, default=5001)
    parser.add_argument("--version", default="1")
    parser.add_argument("--worlds", type=Path, default=Path("worlds"), help="folder for simulated worlds")
    options = parser.parse_args()
    found = collect(grounds(options.worlds), options.draws, options.seed)
    options.out.write_text(json.dumps(fit(found, options.version), indent=1) + "\n")
    print(f"written {options.out}, {len(found)} stretches")


if __name__ == "__main__":
    main()
