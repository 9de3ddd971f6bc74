"""Arabic names of the UN's list: across scripts, and in the Latin spellings of one person.

``python -m benchmarks.screening.arabic``; reads the list below ENTREPOT_TEST_DATA (or ../shared/data) and copies
nothing of it. Pairs of two persons are the hard ones: names that have a word in common across scripts, two words in
Latin letters (fathers, sons and brothers among them). The list was looked at while Arabic names were worked on.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from pathlib import Path

import numpy as np

from benchmarks.screening.aliases import DATA
from benchmarks.screening.pairs import auc, ours
from entrepot.lake import open_lake
from entrepot.parties import Party, listed_parties
from entrepot.parties.names import read_name
from entrepot.sources import ingest

Pair = tuple[str, str]


def is_arabic(text: str) -> bool:
    return any("\u0600" <= sign <= "\u06ff" for sign in text)


def _sounds(text: str) -> set[str]:
    name = read_name(text)
    return {token.sound for token in name.tokens} if name else set()


def across(persons: Sequence[Party]) -> tuple[list[Pair], list[Pair]]:
    """Return each person's Arabic names beside the first Latin one, and Arabic names beside another's Latin one."""
    held = [(name, _latin(party)) for party in persons for name in party.names if is_arabic(name)]
    same = [(name, latin) for name, latin in held if latin]
    two = [(a, other) for (a, latin), (_, other) in combinations(same, 2) if _sounds(latin) & _sounds(other)]
    return same, two


def _latin(party: Party) -> str:
    return next((name for name in party.values("name") if not is_arabic(name)), "")


def spellings(persons: Sequence[Party]) -> tuple[list[Pair], list[Pair]]:
    """Return Latin names of three and more words of one person with one in common, and of two with two in common."""
    held = [[n for n in party.values("name", "alias") if not is_arabic(n) and len(n.split()) > 2] for party in persons]
    same = [pair for names in held for pair in combinations(names, 2) if _sounds(pair[0]) & _sounds(pair[1])]
    return same, list(_of_two(held))


def _of_two(held: Sequence[Sequence[str]]) -> Iterator[Pair]:
    sounds = {name: _sounds(name) for names in held for name in names}
    for mine, theirs in permutations(held, 2):
        yield from ((a, b) for a in mine[:3] for b in theirs[:3] if len(sounds[a] & sounds[b]) > 1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = open_lake(Path(folder), create=True)
        ingest(lake, "un", sorted((DATA / "un").glob("*.xml.gz")), at="2026-03-01T00:00:00Z")
        listed = listed_parties(lake, ["un"], schemas=["Person"])
    persons = [party for party in listed if any(map(is_arabic, party.names))]
    draw = random.Random(4)
    print("| UN's names | of one | of two | AUC | recall at 0.7 | false at 0.7 |\n|---|---|---|---|---|---|")
    for what, (same, two) in (("Arabic and Latin", across(persons)), ("Latin spellings", spellings(persons))):
        sides = [draw.sample(pairs, min(most, len(pairs))) for pairs, most in ((same, 400), (two, 1500))]
        ones, others = (np.array([ours(a, b) for a, b in pairs]) for pairs in sides)
        is_same = np.arange(len(ones) + len(others)) < len(ones)
        found = auc(is_same, np.concatenate([ones, others]))
        print(
            f"| {what} | {len(ones)} | {len(others)} | {found:.3f} | {(ones >= 0.7).mean():.3f} |"
            f" {(others >= 0.7).mean():.4f} |"
        )


if __name__ == "__main__":
    main()
