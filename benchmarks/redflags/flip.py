"""The flip test: people of every record come from elsewhere; nothing that a check says may move.

python -m benchmarks.redflags.flip [--customers 5000] [--payments 100000] [--seed 2] [--steps 1,3]

Over the made records of every flag's own file, and over a made population with its planted stories and doubles.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.redflags.population import AS_OF, KINDS
from entrepot.alerts import Check, CheckOptions, Flipped, flip, records_of
from entrepot.lake import get_kind
from entrepot.ledger import Ledger, open_ledger
from entrepot.redflags import Case, Flag, Flags, shipped_flags
from entrepot.world import PeopleOptions, Population, populate

Moves = Counter[tuple[str, str, str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--steps", default="1,3", help="how far along the ring of countries people move")
    parser.add_argument("--kinds", default=",".join(KINDS))
    asked = parser.parse_args()
    steps = [int(one) for one in asked.steps.split(",")]
    ledger, moves = open_ledger(), Moves()
    with tempfile.TemporaryDirectory() as folder:
        made = populate(Path(folder), PeopleOptions(asked.customers, asked.payments, asked.seed))
        print("| records | step | proxies | compared | swapped | moves | of them by a duty | s |")
        print("|---|---|---|---|---|---|---|---|")
        total = 0
        for kind in asked.kinds.split(","):
            for step in steps:
                for has_proxies in (False, True):
                    total += _of_population(made, kind, ledger, step, has_proxies, moves)
    total += _of_files(ledger, steps, moves)
    faults = sum(count for (_, _, _, duty), count in moves.items() if not duty)
    print(f"\nswapped records {total:,}; moves {sum(moves.values())}, without a cited duty {faults}\n")
    print("| flag | what moved | with | moves | duty |\n|---|---|---|---|---|")
    for (flag, what, proxies, duty), count in sorted(moves.items()):
        print(f"| {flag} | {what} | {proxies} | {count} | {duty} |")


def _of_population(made: Population, kind: str, ledger: Ledger, step: int, has_proxies: bool, moves: Moves) -> int:
    start = time.perf_counter()

    def load(check: Check) -> None:
        for name in sorted((check.reads | {"person"}) & made.files.keys()):
            check.read(name, made.files[name])

    found = flip(kind, load, shipped_flags(), ledger, CheckOptions(AS_OF), step=step, has_proxies=has_proxies)
    _count(found, moves)
    n = len(found.moves)
    print(
        f"| {kind} | {step} | {'yes' if has_proxies else 'no'} | {found.compared:,} | {found.swapped:,} | {n} |"
        f" {n - found.faults} | {time.perf_counter() - start:.0f} |",
        flush=True,
    )
    return found.swapped


def _of_files(ledger: Ledger, steps: list[int], moves: Moves) -> int:
    """The made records of every flag's own file."""
    compared = swapped = before = 0
    before = sum(moves.values())
    for flag in shipped_flags().flags:
        for case in flag.tests:
            for step in steps:
                found = _of_case(flag, case, ledger, step)
                _count(found, moves)
                compared, swapped = compared + found.compared, swapped + found.swapped
    n = sum(moves.values()) - before
    print(f"| of the flags' own files | {','.join(map(str, steps))} | yes | {compared} | {swapped} | {n} | | |")
    return swapped


def _of_case(flag: Flag, case: Case, ledger: Ledger, step: int) -> Flipped:
    def load(check: Check) -> None:
        for kind, rows in records_of(flag, case).items():
            check.tables.add(kind, rows, columns=get_kind(kind).columns if not rows else ())

    options = CheckOptions(case.as_of or AS_OF, memory_limit="200MB")
    return flip(flag.kind, load, Flags((flag,)), ledger, options, step=step)


def _count(found: Flipped, moves: Moves) -> None:
    for row in found.moves:
        proxies = "proxies" if row["has_proxies"] else "nationality and name"
        moves[row["flag_id"], row["what"], proxies, row["duty"]] += 1


if __name__ == "__main__":
    main()
