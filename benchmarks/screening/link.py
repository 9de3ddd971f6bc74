"""Linking the identities of a customer file: ``python -m benchmarks.screening.link --identities 20000``.

The file is made of Kyrgyz, Kazakh, Uzbek and Russian persons who do not exist. A planted share stands twice, under
another spelling and with another passport: with a phone or a personal number in common, or with nothing but name and
birth date, or with a birth date that has a slip. Beside them stand what is easily joined by mistake: siblings at one
address and phone, twins, fathers and sons with each other's names, strangers of one name and birth date. The truth
is known, so every pair that is shown is right or wrong.

Peak memory is of the whole process, with the file that was made.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.screening.people import Person, documents, draw, spelled
from entrepot.lake import Table
from entrepot.parties import link, profiles

PEOPLES = ("kgz", "kaz", "uzb", "rus")
STATE = {"kgz": "KGZ", "kaz": "KAZ", "uzb": "UZB", "rus": "RUS"}
AS_OF = "2026-01-15"
# Of a hundred persons: how many stand twice, by what the two records share; and how many have somebody beside them.
PLANTED = {"phone": 1, "number": 1, "name": 1, "slip": 1}
BESIDE = {"sibling": 3, "twin": 1, "father_son": 3, "stranger": 1}
Row = dict[str, str | None]


@dataclass
class Made:
    """A made customer file and its truth: whose each identity is, how doubles were planted, who is beside whom."""

    persons: list[Row] = field(default_factory=list)
    papers: list[Row] = field(default_factory=list)
    bearer: list[int] = field(default_factory=list)
    planted: dict[frozenset[str], str] = field(default_factory=dict)
    beside: dict[frozenset[str], str] = field(default_factory=dict)


def made(identities: int, seed: int = 7) -> Made:
    """Return a file of about that many identities."""
    rng, found = np.random.default_rng(seed), Made()
    while len(found.persons) < identities:
        one = draw(rng, PEOPLES[int(rng.integers(len(PEOPLES)))])
        person = _identity(rng, found, one, born=_day(rng))
        place = int(rng.integers(100))
        for way, share in (*PLANTED.items(), *BESIDE.items()):
            if 0 <= place < share:
                _beside(rng, found, one, person, way)
            place -= share
    return found


def _identity(
    rng: np.random.Generator, found: Made, one: Person, *, born: str, bearer: int | None = None, **shared: str | None
) -> Row:
    name, _ = documents(one)[int(rng.integers(len(documents(one))))]
    person_id = f"p{len(found.persons):06}"
    row: Row = {
        "person_id": person_id,
        "name": spelled(rng, name, one.people),
        "birth_date": born,
        "phone": f"+99{rng.integers(10**9):09}",
        "address": f"{rng.integers(1, 200)} {rng.choice(['Abay', 'Lenin', 'Navoi', 'Manas'])} {rng.integers(1, 90)}",
        "citizenships": STATE[one.people],
        **shared,
    }
    found.persons.append(row)
    found.bearer.append(len(found.bearer) if bearer is None else bearer)
    number = f"{chr(65 + int(rng.integers(26)))}{chr(65 + int(rng.integers(26)))}{rng.integers(10**7):07}"
    paper: Row = {"document_id": f"d{person_id}", "person_id": person_id, "kind": "passport", "number": number}
    found.papers.append({**paper, "issuer_country": row["citizenships"], "name_as_printed": row["name"]})
    return row


def _beside(rng: np.random.Generator, found: Made, one: Person, person: Row, way: str) -> None:
    """Add a second identity of the same person, or somebody who is easily taken for them."""
    first, born = str(person["person_id"]), str(person["birth_date"])
    at = {"phone": person["phone"], "address": person["address"]}
    if way in PLANTED:
        second_state = "RUS" if one.people != "rus" else "KGZ"
        shared = {"phone": person["phone"]} if way == "phone" else {}
        day = _slipped(rng, born) if way == "slip" else born
        whose = found.bearer[int(first[1:])]
        other = _identity(rng, found, one, born=day, bearer=whose, citizenships=second_state, **shared)
        if way == "number":
            number = f"{rng.integers(10**11, 10**12)}"
            for person_id in (first, str(other["person_id"])):
                paper: Row = {"document_id": f"n{person_id}", "person_id": person_id, "kind": "id_card"}
                found.papers.append({**paper, "number": number, "issuer_country": STATE[one.people]})
        found.planted[frozenset((first, str(other["person_id"])))] = way
        return
    fresh = draw(rng, one.people)
    if way in ("sibling", "twin"):
        second = replace(one, given=fresh.given, sex=fresh.sex)
        if second.given == one.given:
            return
        other = _identity(rng, found, second, born=born if way == "twin" else _day(rng), **at)
    elif way == "father_son":
        if one.sex != "m":
            return
        other = _identity(rng, found, replace(one, given=one.father, father=one.given), born=_day(rng), **at)
    else:
        other = _identity(rng, found, replace(one, father=fresh.father), born=born)
    found.beside[frozenset((first, str(other["person_id"])))] = way


def _day(rng: np.random.Generator) -> str:
    return f"{rng.integers(1950, 2005)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"


def _slipped(rng: np.random.Generator, day: str) -> str:
    digit = int(day[-1])
    return f"{day[:-1]}{(digit + 1 + int(rng.integers(8))) % 10 or 1}"


def told(file: Made, table: Table) -> str:
    """Return the figures: planted pairs by what was said of them, and pairs of two persons that were joined."""
    said = {frozenset((row["party_id"], row["other_id"])): row["verdict"] for row in table}
    lines = ["| planted | pairs | same | likely | possible | conflict | not shown |", "|---|---|---|---|---|---|---|"]
    for way in PLANTED:
        own = [said.get(pair, "") for pair, planted in file.planted.items() if planted == way]
        seen = Counter(own)
        shown = " | ".join(str(seen[v]) for v in ("same", "likely", "possible", "conflict", ""))
        lines.append(f"| {way} | {len(own)} | {shown} |")
    lines += ["", "| not one person | pairs | same | likely | possible | conflict |", "|---|---|---|---|---|---|"]
    bearer = {str(row["person_id"]): whose for row, whose in zip(file.persons, file.bearer, strict=True)}
    wrong = {pair: v for pair, v in said.items() if len({bearer[one] for one in pair}) == 2}
    for way in (*BESIDE, "others"):
        made_pairs = [pair for pair, beside in file.beside.items() if beside == way]
        pairs = set(made_pairs) if way != "others" else wrong.keys() - file.beside.keys()
        seen = Counter(wrong.get(pair, "") for pair in pairs)
        shown = " | ".join(str(seen[v]) for v in ("same", "likely", "possible", "conflict"))
        lines.append(f"| {way} | {len(made_pairs) if way != 'others' else ''} | {shown} |")
    joined = sum(v in ("same", "likely") for v in said.values())
    right = joined - sum(v in ("same", "likely") for v in wrong.values())
    return "\n".join([*lines, "", f"joined: {joined} pairs, {right} of them of one person"])


def main() -> None:
    """Make, link, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--identities", type=int, default=20_000)
    count = parser.parse_args().identities
    file = made(count)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.process_time()
    own = profiles(file.persons, file.papers, as_of=AS_OF)
    read = time.process_time()
    table = link(own)
    spent, peak = time.process_time() - read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(told(file, table))
    print(f"\n{len(own):,} identities: profiles {read - begun:.0f} CPU s, linked {spent:.0f} CPU s, peak {peak:.0f} MB")
    print(f"({before:.0f} MB before), {1e6 * spent / len(own):.0f} microseconds an identity")


if __name__ == "__main__":
    main()
