"""What it costs to bring a list of parties into a new lake: CPU seconds of one thread, entities a second, peak memory.

    python -m benchmarks.lists FOLDER

FOLDER holds the publishers' files (see LISTS); the last line is made data. Each list is read by a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from entrepot.lake import open_lake
from entrepot.sources import ingest

LISTS = {
    "OFAC, names, aliases, addresses": ("ofac", ["ofac/sdn_2024*03.csv.gz", "ofac/alt_2025*", "ofac/add_2025*"]),
    "UN, XML": ("un", ["un/*.xml.gz"]),
    "EU Official Journal, 54 tables": ("eu-oj", ["eu/*/*.csv.gz"]),
    "FollowTheMoney, 300,000 made entities": ("ftm", []),
}
MADE = 300_000


def main() -> None:
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        one(folder, sys.argv[2])
        return
    print("| list | parties | rows | CPU s | parties a CPU second | peak MB |")
    print("|---|---|---|---|---|---|")
    for name in LISTS:
        command = [sys.executable, "-m", "benchmarks.lists", str(folder), name]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(told.strip())


def one(folder: Path, name: str) -> None:
    source, patterns = LISTS[name]
    with tempfile.TemporaryDirectory() as scratch:
        paths = [path for pattern in patterns for path in sorted(folder.glob(pattern))] or [made(Path(scratch))]
        lake = open_lake(Path(scratch) / "lake", create=True, threads=1)
        before = time.process_time()
        report = ingest(lake, source, paths)
        spent = time.process_time() - before
        with lake.engine() as engine:
            parties = engine.rows("SELECT count(*) FROM parties WHERE is_target")[0][0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"| {name} | {parties:,} | {report.rows:,} | {spent:.1f} | {parties / spent:,.0f} | {peak:,} |")


def made(folder: Path) -> Path:
    path = folder / "entities.ftm.json"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(MADE):
            names = {
                "name": [f"Made Up {number}", f"Мадеуп {number}"],
                "alias": [f"alias {number} {k}" for k in range(4)],
            }
            others = {"birthDate": ["1971-03-12"], "nationality": ["ru"], "address": ["1 Test Street, Omsk"]}
            entity = {"id": f"mu-{number}", "schema": "Person", "target": True, "properties": {**names, **others}}
            lines.write(json.dumps(entity, ensure_ascii=False) + "\n")
    return path


if __name__ == "__main__":
    main()
