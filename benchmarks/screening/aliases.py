"""Names that real lists give one party: Russian pairs of the EU's list across scripts, aliases of OFAC's.

``python -m benchmarks.screening.aliases [--peer PYTHON]``; reads the lists below ENTREPOT_TEST_DATA (or ../shared/data)
and copies nothing of them. Two names of one party are a pair of one bearer, even where they share nothing (noms de
guerre); names of others that are spelled nearly the same are the pairs of two.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.screening.pairs import METHODS, Pairs, auc, ours, peer

DATA = Path(os.environ.get("ENTREPOT_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "lists"
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def eu_russian(draw: random.Random, *, strangers: int = 60_000) -> Pairs:
    """Return a person's first Latin and first Cyrillic name, and such names of two persons."""
    latin, cyrillic = [], []
    for row in _rows(DATA / "eu/consolidated/32014R0269.csv.gz"):
        if row["schema"] == "Person":
            names = [part.strip() for part in [row["name"], *(row["alias"] or "").split(";")] if part.strip()]
            plain = next((name for name in names if not _CYRILLIC.search(name)), "")
            other = next((name for name in names if _CYRILLIC.search(name)), "")
            if plain and other:
                latin.append(plain)
                cyrillic.append(other)
    found: Pairs = [(1, "same", one, other) for one, other in zip(latin, cyrillic, strict=True)]
    for _ in range(strangers):
        i, j = draw.randrange(len(latin)), draw.randrange(len(latin))
        if i != j:
            found.append((0, "stranger", latin[i], cyrillic[j]))
    return found


def ofac_aliases(draw: random.Random, schema: str, *, count: int = 700) -> Pairs:
    """Return primary names with their strong aliases, and names of others spelled nearly the same."""
    kind = "individual" if schema == "Person" else "-0-"
    rows = [row for row in _plain(DATA / "ofac/sdn_2024-05-03.csv.gz") if len(row) > 2 and row[2].strip() == kind]
    primary = {row[0].strip(): _turned(row[1], schema) for row in rows}
    aliases = [row for row in _plain(DATA / "ofac/alt_2025-02.csv.gz") if len(row) > 3 and row[0].strip() in primary]
    strong = [row for row in aliases if row[2].strip() == "aka" and '"' not in row[3]]
    found: Pairs = [(1, "same", primary[row[0].strip()], _turned(row[3], schema)) for row in draw.sample(strong, count)]
    names = list(primary.values())
    for place in draw.sample(range(len(names)), count):
        near = process.extract(names[place], names, scorer=fuzz.token_sort_ratio, limit=4)
        near = [text for text, like, other in near if other != place and like < 97]
        if near:
            found.append((0, "near", names[place], draw.choice(near)))
    return found


def _turned(name: str, schema: str) -> str:
    family, comma, given = name.strip().partition(", ")
    return f"{given} {family}" if comma and schema == "Person" else name.strip()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(1 << 24)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _plain(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="latin-1", newline="") as file:
        yield from csv.reader(file)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--peer", help="an interpreter that has nomenklatura, for its scores beside ours")
    python = asked.parse_args().peer
    draw = random.Random(11)
    several = eu_russian(draw)
    truth, score = np.array([p[0] == 1 for p in several]), np.array([ours(a, b) for _, _, a, b in several])
    line = np.sort(score[~truth])[::-1][int(0.001 * (~truth).sum())]
    print(
        f"EU, Russian pairs: {truth.sum()} of one, {(~truth).sum()} of two;"
        f" recall at 0.1 % {(score[truth] > line).mean():.3f}"
    )
    print(f"at 0.7: recall {(score[truth] >= 0.7).mean():.3f}, false {(score[~truth] >= 0.7).sum()}")
    print(
        "\n| OFAC's aliases of | pairs | method | F1 at 0.7 | precision | recall | AUC |\n|---|---|---|---|---|---|---|"
    )
    for schema in ("Person", "Company"):
        several = ofac_aliases(draw, schema)
        truth = np.array([p[0] == 1 for p in several])
        scores = {"entrepot": np.array([ours(a, b, schema) for _, _, a, b in several])}
        scores["token sort ratio"] = np.array([METHODS["token sort ratio"](a, b) for _, _, a, b in several])
        if python:
            scores["nomenklatura logic-v2"] = peer(python, several, schema)
        for method, score in scores.items():
            match = score >= 0.7
            right = int((match & truth).sum())
            cells = 2 * right / (match.sum() + truth.sum()), right / max(match.sum(), 1), right / truth.sum()
            told = " | ".join(f"{cell:.3f}" for cell in (*cells, auc(truth, score)))
            print(f"| {schema} | {len(several)} | {method} | {told} |")


if __name__ == "__main__":
    main()
