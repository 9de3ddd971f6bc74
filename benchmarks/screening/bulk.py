"""Screening in bulk: speed, recall of candidates, false alerts, memory, start.

python benchmarks/screening/bulk.py LAKE [--against ofac,un] [--people 20000] [--million]

LAKE holds the lists. Nothing is written but a scratch folder. Ten thousand queries are one half customers who do not
exist and one half parties of the lists, spelled with two typos or in Cyrillic. One process, one thread.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from customers import POPULATIONS, people

from entrepot.lake import Lake, open_lake
from entrepot.parties import Party, ScreenOptions, open_index, party_of, screen_file
from entrepot.parties.index.build import parties_with_papers

_CYRILLIC = (
    ("shch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("ya", "я"),
    ("yo", "ё"), ("iy", "ий"), ("a", "а"), ("b", "б"), ("v", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з"),
    ("i", "и"), ("y", "ы"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"),
    ("s", "с"), ("t", "т"), ("u", "у"), ("f", "ф"), ("h", "х"), ("c", "к"), ("j", "дж"), ("q", "к"), ("w", "в"),
    ("x", "кс"),
)  # fmt: skip
_CUSTOMERS = ("id", "name", "schema", "birth_date", "gender")
_START = """
import time; t = time.perf_counter(), time.process_time()
from entrepot.lake import open_lake
from entrepot.parties import open_index, party_of
index = open_index(open_lake({lake!r}), {against!r})
index.search(party_of("q", "Person", {{"name": ["Ivan Petrov"]}}))
print(time.perf_counter() - t[0], time.process_time() - t[1])
"""


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("lake", type=Path)
    parser.add_argument("--against", default="ofac,un")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--million", action="store_true")
    asked = parser.parse_args()
    lake, against = open_lake(asked.lake), asked.against.split(",")
    found: dict[str, Any] = {"opening": _opening(lake, against)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found["start"] = _start(lake, against)
        found["bulk"] = _bulk(lake, against, folder)
        found["recall_at_10"] = _recall(lake, against)
        found["false_alerts"] = _false_alerts(lake, against, asked.people)
        if asked.million:
            found["million"] = _million(lake, against, folder)
    print(json.dumps(found, indent=1))


def _opening(lake: Lake, against: Sequence[str]) -> dict[str, float]:
    began = time.process_time()
    index = open_index(lake, against)
    return {"cpu_s": round(time.process_time() - began, 2), "entities": len(index)}


def _start(lake: Lake, against: Sequence[str]) -> dict[str, float]:
    code = _START.format(lake=str(lake.path), against=list(against))
    times = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        times.append([float(part) for part in done.stdout.split()])
    return {"wall_s": round(min(t[0] for t in times), 3), "cpu_s": round(min(t[1] for t in times), 3)}


def _bulk(lake: Lake, against: Sequence[str], folder: Path) -> dict[str, float]:
    """Speed end to end in a process of its own, so that its memory is its own."""
    path = folder / "customers.csv"
    _write(path, _mixed(lake, against, 10_000))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "entrepot", "screen", str(path), "--against", ",".join(against), "--lake"]
    began = time.perf_counter()
    subprocess.run([*command, str(lake.path), "--out", str(folder / "out.csv")], check=True, capture_output=True)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "queries": 10_000,
        "cpu_s": round(cpu, 2),
        "wall_s": round(wall, 2),
        "queries_per_cpu_s": round(10_000 / cpu),
        "peak_mb": round(after.ru_maxrss / 1024),
    }


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_CUSTOMERS)
        writer.writerows(rows)


def _mixed(lake: Lake, against: Sequence[str], count: int) -> list[list[str]]:
    each = count // 2 // len(POPULATIONS)
    rows = [[p.name, "Person", p.birth_date, p.gender] for q in POPULATIONS for p in people(q, each)]
    draw = random.Random(3)
    listed = parties_with_papers(lake, lake.version().version, against)
    for party in draw.sample(listed, count // 2):
        name = draw.choice(party.names)
        spelled = typed(name, draw) if draw.random() < 0.5 else cyrillic(name)
        rows.append([spelled, party.schema, next(iter(party.values("birthDate")), ""), ""])
    draw.shuffle(rows)
    return [[str(i), *row] for i, row in enumerate(rows)]


def typed(name: str, draw: random.Random) -> str:
    """Return a name with two typos: a letter lost, doubled, exchanged with the next, or another."""
    letters = list(name)
    for _ in range(2):
        place = draw.choice([i for i, letter in enumerate(letters) if letter.isalpha()] or [0])
        kind = draw.randrange(4)
        if kind == 0 and len(letters) > 3:
            del letters[place]
        elif kind == 1:
            letters.insert(place, letters[place])
        elif kind == 2 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            letters[place] = draw.choice("abcdefghijklmnoprstuvyz")
    return "".join(letters)


def cyrillic(name: str) -> str:
    """Return a name in Cyrillic letters, as a Russian form would have it."""
    text = name.lower()
    for latin, letter in _CYRILLIC:
        text = text.replace(latin, letter)
    return text.title()


def _recall(lake: Lake, against: Sequence[str]) -> dict[str, float]:
    index = open_index(lake, against)
    draw = random.Random(5)
    listed = parties_with_papers(lake, lake.version().version, against)
    same: dict[tuple[str, bool], set[str]] = {}
    for party in listed:
        for name in party.names:
            same.setdefault((name.lower(), party.schema == "Person"), set()).add(party.party_id)
    kinds = {"as_listed": lambda name: name, "two_typos": lambda name: typed(name, draw), "cyrillic": cyrillic}
    found = {}
    for kind, spell in kinds.items():
        hits = asked = 0
        for party in draw.sample(listed, 3000):
            name = draw.choice(party.names)
            query = party_of("q", party.schema, {"name": [spell(name)]})
            meant = same[name.lower(), party.schema == "Person"]
            asked += 1
            hits += bool(meant & set(index.candidates(query, limit=10)))
        found[kind] = round(hits / asked, 4)
    return found | {"original_script": _recall_of_scripts(listed)}


def _recall_of_scripts(listed: Sequence[Party]) -> float:
    """Names that the lists give in other scripts, against an index that has only the Latin ones."""
    from entrepot.parties.index import Index
    from entrepot.parties.index.build import build_arrays

    index = Index(build_arrays([_latin_only(party) for party in listed]), "latin")
    hits = asked = 0
    for party in listed:
        for name in party.names:
            if not name.isascii() and not any(c.isascii() and c.isalpha() for c in name) and ord(name[0]) > 0x3FF:
                query = party_of("q", party.schema, {"name": [name]})
                asked += 1
                hits += party.party_id in index.candidates(query, limit=10)
    return round(hits / max(1, asked), 4)


def _latin_only(party: Party) -> Party:
    held = {
        k: tuple(t for t in v if any(c.isascii() and c.isalpha() for c in t)) if k in ("name", "alias") else v
        for k, v in party.properties.items()
    }
    return Party(party.party_id, party.schema, held, party.dataset, party.caption)


def _false_alerts(lake: Lake, against: Sequence[str], count: int) -> dict[str, dict[str, float]]:
    index = open_index(lake, against)
    found: dict[str, dict[str, float]] = {}
    for population in POPULATIONS:
        alerts = {"with_birth_date": 0, "without": 0}
        for person in people(population, count):
            for kind in alerts:
                held = {"name": [person.name], "gender": [person.gender]}
                if kind == "with_birth_date":
                    held["birthDate"] = [person.birth_date]
                alerts[kind] += any(one.is_match for one in index.search(party_of("q", "Person", held), limit=3))
        found[population] = {kind: round(100 * number / count, 3) for kind, number in alerts.items()}
    return found


def _million(lake: Lake, against: Sequence[str], folder: Path) -> dict[str, float]:
    path = folder / "million.csv"
    each = 1_000_000 // len(POPULATIONS)
    rows = ([p.name, "Person", p.birth_date, p.gender] for q in POPULATIONS for p in people(q, each))
    _write(path, [[str(i), *row] for i, row in enumerate(rows)])
    began = time.perf_counter()
    counts = screen_file(lake, path, folder / "million-out.csv", against=against, options=ScreenOptions(), workers=2)
    return {"minutes": round((time.perf_counter() - began) / 60, 1), "with_match": counts.with_match}


if __name__ == "__main__":
    main()
