"""Verdicts of invented claims with known answers: macro F1, confusion matrix, and a naive baseline beside it.

    python -m benchmarks.claims.verdicts [--part dev|held|fresh|last] [--show]

The part ``held`` was not looked at while the rules were made; docs/methods/verdicts.md has the figures.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.claims.made import AS_OF, claims, lake_with_lists
from entrepot.alerts import test_claims, verdict_of
from entrepot.codes import find_territory
from entrepot.lake import Lake
from entrepot.ledger import Filters, Ledger, open_ledger

VERDICTS = ("supported", "contradicted", "no_data", "not_checkable")


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return the mean F1 of the verdicts that the gold has."""
    found = []
    for one in sorted(set(gold)):
        hits = sum(g == s == one for g, s in zip(gold, said, strict=True))
        both = gold.count(one) + said.count(one)
        found.append(2 * hits / both if both else 0.0)
    return sum(found) / len(found)


def naive(claim: dict[str, Any], ledger: Ledger, lake: Lake) -> str:
    """Supported where the ledger or the flows have any row of a territory that is named; else no data."""
    words = claim["quote"].replace(",", " ").split()
    codes = {p.code for w in words if (p := find_territory(w.removesuffix("'s"))) is not None}
    codes |= {e["id"] for e in claim["entities"] if len(e["id"]) == 3}
    if claim["quote"].rstrip().endswith("?"):
        return "not_checkable"
    with lake.engine() as engine:
        held = {row[0] for row in engine.rows("SELECT DISTINCT reporter_iso3 FROM flows")}
    in_ledger = bool(codes) and len(ledger.select(Filters(jurisdictions=tuple(codes)), on=AS_OF)) > 0
    return "supported" if codes & held or in_ledger else "no_data"


def table(gold: Sequence[str], said: Sequence[str]) -> str:
    """Return the confusion matrix as text: rows are the known answers."""
    lines = [" " * 14 + "".join(f"{v[:13]:>14}" for v in VERDICTS)]
    for row in VERDICTS:
        cells = [sum(g == row and s == v for g, s in zip(gold, said, strict=True)) for v in VERDICTS]
        lines.append(f"{row:14}" + "".join(f"{n:14}" for n in cells))
    return "\n".join(lines)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["dev", "held", "fresh", "last"])
    parser.add_argument("--show", action="store_true", help="the claims that came out otherwise")
    asked = parser.parse_args()
    ledger = open_ledger()
    with tempfile.TemporaryDirectory() as folder:
        lake = lake_with_lists(Path(folder))
        for part in [asked.part] if asked.part else ["dev", "held", "fresh", "last"]:
            made, gold = claims(part)
            tested = test_claims(made, ledger=ledger, lake=lake, as_of=AS_OF)
            said = [verdict_of(one) for one in tested]
            simple = [naive(one, ledger, lake) for one in made]
            hits = sum(g == s for g, s in zip(gold, said, strict=True))
            print(f"{part}: {len(gold)} claims, macro F1 {macro_f1(gold, said):.3f}, right {hits}")
            print(f"naive baseline: macro F1 {macro_f1(gold, simple):.3f}")
            print(table(gold, said), end="\n\n")
            if asked.show:
                for one, right, mine in zip(tested, gold, said, strict=True):
                    if right != mine:
                        print(f"{right} -> {mine}: {one['quote']}")
                        for check in one["checks"]:
                            print(f"    {check['against']} {check['verdict']}: {check['evidence'][:200]}")


if __name__ == "__main__":
    main()
