"""Routes against baselines on planted diversion, in the same run.

    python benchmarks/routes/run.py [--case real|worlds|legs|contaminated|all] [--seeds 5] [--weights FILE]

``--weights`` takes a file of ``train.py --hold-out`` in place of the shipped weights: the real case is then one on
partners that the weights have never seen.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from quiet import EU
from real import real
from worlds import contaminated, legs, worlds

from entrepot.flows import evidence

CASES: dict[str, Callable[[int], None]] = {
    "real": real,
    "worlds": worlds,
    "legs": legs,
    "contaminated": contaminated,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--case", choices=[*CASES, "all"], default="all")
    parser.add_argument("--weights", type=Path, default=evidence.FILE)
    options = parser.parse_args()
    evidence.FILE = options.weights
    for name in CASES if options.case == "all" else [options.case]:
        if name == "real" and not EU.is_file():
            print(f"case real skipped: {EU.name} is not here; set ENTREPOT_TEST_DATA")
            continue
        CASES[name](options.seeds)


if __name__ == "__main__":
    main()
