"""How long a ledger of 100,000 entries takes to open from a lake and to answer.

python -m benchmarks.ledger [--entries 100000]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.codes import day_text, parse_dated
from entrepot.lake import open_lake
from entrepot.ledger import Entry, Filters, Ledger, coadoption, open_ledger, record, rule_on

AT = "2026-11-24T00:00:00Z"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    n = parser.parse_args().entries
    entries = made(n)
    with tempfile.TemporaryDirectory() as folder:
        lake = open_lake(Path(folder) / "lake", create=True)
        record(lake, entries, at=AT)
        open_ledger()  # The shipped pack is read once a process.
        opened, seconds = timed(lambda: open_ledger(lake=lake))
        print(f"{n:,} entries and the shipped ones\n\n| what | first, ms | after it, ms |\n|---|---|---|")
        before = time.process_time()
        again = min(timed(lambda: open_ledger(lake=lake))[1] for _ in range(5))
        processor = (time.process_time() - before) / 5
        print(f"| open from a lake | {1000 * seconds:.0f} | {1000 * again:.0f} |")
        print(f"| open from a lake, processor time | | {1000 * processor:.0f} |")
        for name, question in questions(opened, entries[n // 2].entry_id).items():
            first = timed(question)[1]
            print(f"| {name} | {1000 * first:.1f} | {1000 * min(timed(question)[1] for _ in range(5)):.1f} |")


def questions(ledger: Ledger, entry_id: str) -> dict[str, Callable[[], object]]:
    """The questions that are timed."""
    on = "2027-06-01"
    return {
        "one act on a day": lambda: ledger.standing(entry_id, on=on),
        "history of an act": lambda: ledger.history(entry_id),
        "everything on a day": lambda: ledger.select(on=on),
        "in force on a day": lambda: ledger.select(Filters(statuses=("in_force",)), on=on),
        "of one jurisdiction": lambda: ledger.select(Filters(jurisdictions=("KAZ",)), on=on),
        "on one topic in a year": lambda: ledger.select(
            Filters(topics=("bank_cards",), since="2024-01-01", until="2024-12-31"), on=on
        ),
        "that name a target": lambda: ledger.select(Filters(targets=("Bank 17",)), on=on),
        "the first hundred on a day, in words": lambda: [one.why for one in ledger.select(on=on)[:100]],
        "who says so": lambda: ledger.sources(entry_id),
        "what a shipped rule amounts to": lambda: rule_on(ledger, "kaz-20250119-cards", on=on),
        "what contradicts an act": lambda: ledger.contradicting(entry_id),
        "co-adoption of two in three months": lambda: coadoption(
            ledger, topic="bank_cards", jurisdictions=("KGZ", "KAZ"), since="2025-01-01", until="2025-03-31", known=on
        ),
    }


def made(n: int) -> list[Entry]:
    """Entries like the shipped ones, with other dates, jurisdictions and targets."""
    luck = np.random.default_rng(4)
    models = [entry for entry in open_ledger() if entry.kind == "measure" and entry.instrument != "product_list"]
    days = luck.integers(738_000, 740_500, n)
    places = luck.choice(["KAZ", "KGZ", "UZB", "ARM", "TUR", "RUS", "GEO"], n)
    return [
        replace(
            models[i % len(models)],
            entry_id=f"made-{i}",
            jurisdiction=str(places[i]),
            dates={
                "published": parse_dated(day_text(int(days[i]))),
                "effective": parse_dated(day_text(int(days[i]) + 5)),
            },
            suspensions=(),
            is_end_sure=True,
            is_end_set=False,
            targets=(f"Bank {i % 500}",),
            contradicts=(),
            part_of="",
            recorded_at=AT,
            pack="lake",
        )
        for i in range(n)
    ]


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return an answer and the seconds it took."""
    start = time.perf_counter()
    return call(), time.perf_counter() - start


if __name__ == "__main__":
    main()
