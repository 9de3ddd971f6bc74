"""Every flag over a made population: planted cases found, innocent doubles alerted, alert rates by group, time, memory.

python -m benchmarks.redflags.population [--customers 5000] [--payments 200000] [--seed 1] [--folder DIR]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from entrepot.alerts import Check, CheckOptions
from entrepot.alerts.rates import ratio_interval, wilson
from entrepot.ledger import open_ledger
from entrepot.redflags import shipped_flags
from entrepot.world import PeopleOptions, Population, populate

AS_OF = "2026-06-30"
# What no person or agent is judged by, and what no file of records holds.
KINDS = (
    "person", "document", "account", "card", "sim", "application", "offer", "company", "contract", "trade_paper",
    "shipment", "payment",
)  # fmt: skip
NAIVE_CITIZENS, NAIVE_PLACES, NAIVE_USD = ("RUS", "BLR"), ("RUS", "BLR"), 10_000


@dataclass
class Found:
    """What the checks said of one kind of story."""

    red_flag: str | None
    stories: set[str] = field(default_factory=set)
    fired: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    naive: set[str] = field(default_factory=set)
    records: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)


@dataclass
class Tally:
    """Everything that is printed at the end."""

    stories: dict[str, Found] = field(default_factory=dict)
    groups: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    ordinary: dict[str, tuple[int, int, Counter[str]]] = field(default_factory=dict)
    seconds: dict[str, tuple[float, float, int]] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--payments", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--planted", type=float, default=0.04, help="planted stories over customers")
    parser.add_argument("--doubles", type=float, default=0.12, help="innocent stories over customers")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--memory", default="1500MB", help="of the engine")
    parser.add_argument("--folder", type=Path, help="keeps the files there")
    asked = parser.parse_args()
    options = PeopleOptions(
        asked.customers, asked.payments, asked.seed, share_planted=asked.planted, share_doubles=asked.doubles
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        start = time.perf_counter()
        made = populate(folder, options)
        seconds = time.perf_counter() - start
        total = sum(made.counts.values()) - made.counts["truth"]
        print(f"{options.customers:,} customers, {options.payments:,} ordinary payments, seed {options.seed}:")
        print(f"{total:,} records made in {seconds:.0f} s, peak {peak():.2f} GB\n")
        tally = stories_of(made)
        naive(made, tally)
        for kind in asked.kinds.split(","):
            check(made, kind, tally, asked.memory)
    tell(tally)


def stories_of(made: Population) -> Tally:
    """Return the tally with every story and its group, and nothing said of them yet."""
    tally = Tally()
    rows = duckdb.execute(
        "SELECT pattern, red_flag, story_id, count_if(role = 'planted'), any_value(citizenship),"
        f" any_value(name_origin), any_value(script) FROM '{made.truth}'"
        " WHERE role <> 'ordinary' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for pattern, flag, story, planted, citizenship, origin, script in rows:
        found = tally.stories.setdefault(pattern, Found(flag))
        found.stories.add(story)
        found.records += planted
        tally.groups[story] = (citizenship, origin, script)
    return tally


def check(made: Population, kind: str, tally: Tally, memory: str) -> None:
    """Check one kind of record with all the tables that its flags read."""
    start = time.perf_counter()
    with Check(kind, shipped_flags(), open_ledger(), CheckOptions(AS_OF, memory_limit=memory)) as of:
        for name in sorted(of.reads & made.files.keys()):
            of.read(name, made.files[name])
        read = time.perf_counter() - start
        of.outcomes()
        ask = of.tables.connection.execute
        of.answer()  # Makes the decisions.
        ask(f"CREATE TEMP TABLE truth AS FROM '{made.truth}' WHERE record_kind = '{kind}' AND role <> 'ordinary'")
        places = {flag.id: place for place, flag in enumerate(of.flags)}
        ask("CREATE TEMP TABLE flag_places (red_flag VARCHAR, place SMALLINT)")
        ask("INSERT INTO flag_places SELECT unnest(?), unnest(?)", [list(places), list(places.values())])
        for pattern, story, outcome, missing in ask(
            "SELECT t.pattern, t.story_id, o.outcome, o.missing FROM truth t JOIN flag_places p USING (red_flag)"
            " JOIN outcomes o ON o.record_id = t.record_id AND o.flag = p.place WHERE t.role = 'planted'"
        ).fetchall():
            found = tally.stories[pattern]
            found.outcomes[outcome] += 1
            if outcome == "fired":
                found.fired.add(story)
            for name in (missing or "").split(";"):
                found.missing[name] += name != ""
        for pattern, story, fired in ask(
            "SELECT t.pattern, t.story_id, list(DISTINCT f.red_flag) FROM truth t JOIN outcomes o USING (record_id)"
            " JOIN decisions d USING (_row) JOIN flag_places f ON f.place = o.flag"
            " WHERE d.decision <> 'pass' AND o.outcome = 'fired' GROUP BY ALL"
        ).fetchall():
            found = tally.stories[pattern]
            if story not in found.asked:
                found.asked.add(story)
            found.flags.update(fired)
        tally.ordinary[kind] = _ordinary(of)
        tally.seconds[kind] = (read, time.perf_counter() - start - read, of.tables.count(kind))


def _ordinary(of: Check) -> tuple[int, int, Counter[str]]:
    """Records that belong to no story, those of them that are asked or stopped, and the flags behind it."""
    ask = of.tables.connection.execute
    ask(
        "CREATE TEMP TABLE plain AS SELECT DISTINCT o._row FROM outcomes o LEFT JOIN truth t USING (record_id)"
        " WHERE t.record_id IS NULL"
    )
    counts = ask(
        "SELECT count(*), count(*) FILTER (WHERE d.decision <> 'pass') FROM plain LEFT JOIN decisions d USING (_row)"
    ).fetchone() or (0, 0)
    flags = ask(
        "SELECT f.red_flag, count(*) FROM plain JOIN decisions d USING (_row) JOIN outcomes o USING (_row)"
        " JOIN flag_places f ON f.place = o.flag WHERE d.decision <> 'pass' AND o.outcome = 'fired' GROUP BY 1"
    ).fetchall()
    return int(counts[0]), int(counts[1]), Counter(dict(flags))


def naive(made: Population, tally: Tally) -> None:
    """What a list of nationalities, places and one amount would alert: a story counts when any of its records does."""
    people, places = str(NAIVE_CITIZENS), str(NAIVE_PLACES)
    file = made.files
    rows = duckdb.execute(
        f"""
        WITH hits AS (
          SELECT 'person' AS kind, person_id AS id FROM '{file["person"]}'
          WHERE list_has_any(string_split(citizenships, ';'), {list(NAIVE_CITIZENS)})
          UNION ALL SELECT 'payment', payment_id FROM '{file["payment"]}'
          WHERE CAST(amount AS DOUBLE) >= {NAIVE_USD} OR payer_country IN {places} OR beneficiary_country IN {places}
          UNION ALL SELECT 'shipment', shipment_id FROM '{file["shipment"]}'
          WHERE destination_country IN {places} OR contains(coalesce(transit_countries, ''), 'RUS')
          UNION ALL SELECT 'document', document_id FROM '{file["document"]}' WHERE issuer_country IN {people}
        )
        SELECT DISTINCT t.pattern, t.story_id FROM '{made.truth}' t
        JOIN hits h ON h.kind = t.record_kind AND h.id = t.record_id WHERE t.role <> 'ordinary'
        """
    ).fetchall()
    for pattern, story in rows:
        tally.stories[pattern].naive.add(story)


def tell(tally: Tally) -> None:
    planted = {name: one for name, one in tally.stories.items() if one.red_flag}
    doubles = {name: one for name, one in tally.stories.items() if not one.red_flag}
    print(
        "| flag | planted as | cases | found | found, % | asked or stopped | records | found | clear | n.a. | missing |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name, one in sorted(planted.items(), key=lambda item: str(item[1].red_flag)):
        out = one.outcomes
        print(
            f"| {one.red_flag} | {name.replace('_', ' ')} | {len(one.stories)} | {len(one.fired)} |"
            f" {_percent(len(one.fired), len(one.stories))} | {len(one.asked)} | {one.records} | {out['fired']} |"
            f" {out['clear']} | {out['not_applicable']} | {_missing(one)} |"
        )
    cases, found = _sum(planted.values(), "stories"), _sum(planted.values(), "fired")
    asked = _sum(planted.values(), "asked")
    low, high = wilson(found, cases)
    print(f"\nplanted cases found: {found} of {cases}, {_percent(found, cases)} % ({_interval(low, high)});", end=" ")
    print(f"asked or stopped: {asked}, {_percent(asked, cases)} %\n")
    print("| innocent double | stories | asked or stopped | % | flags behind it |\n|---|---|---|---|---|")
    for name, one in sorted(doubles.items()):
        behind = ", ".join(f"{flag} {count}" for flag, count in one.flags.most_common(4))
        print(
            f"| {name.replace('_', ' ')} | {len(one.stories)} | {len(one.asked)} |"
            f" {_percent(len(one.asked), len(one.stories))} | {behind} |"
        )
    _tell_innocent(tally, doubles)
    _tell_groups(tally, doubles)
    _tell_naive(planted, doubles)
    print("| kind | records | reading, s | outcomes, s |\n|---|---|---|---|")
    for kind, (read, worked, count) in tally.seconds.items():
        print(f"| {kind} | {count:,} | {read:.1f} | {worked:.1f} |")
    print(f"\npeak memory of the whole process {peak():.2f} GB")


def _tell_innocent(tally: Tally, doubles: Mapping[str, Found]) -> None:
    stories, asked = _sum(doubles.values(), "stories"), _sum(doubles.values(), "asked")
    low, high = wilson(asked, stories)
    print(
        f"\ninnocent doubles asked or stopped: {asked} of {stories},"
        f" {_percent(asked, stories)} % ({_interval(low, high)})\n"
    )
    print("| ordinary records | records | asked or stopped | % | flags behind it |\n|---|---|---|---|---|")
    for kind, (count, hits, flags) in tally.ordinary.items():
        behind = ", ".join(f"{flag} {n}" for flag, n in flags.most_common(4))
        print(f"| {kind} | {count:,} | {hits:,} | {_percent(hits, count, 3)} | {behind} |")
    print()


def _tell_groups(tally: Tally, doubles: Mapping[str, Found]) -> None:
    alerted = {story for one in doubles.values() for story in one.asked}
    for place, title in enumerate(("citizenship", "name origin", "script")):
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for one in doubles.values():
            for story in one.stories:
                counts[tally.groups[story][place]][0] += 1
                counts[tally.groups[story][place]][1] += story in alerted
        all_n, all_hits = sum(n for n, _ in counts.values()), sum(hits for _, hits in counts.values())
        print(f"| doubles by {title} | stories | false alerts | % | 90 % interval | ratio to others, 90 % interval |")
        print("|---|---|---|---|---|---|")
        for group, (n, hits) in sorted(counts.items(), key=lambda item: -item[1][0]):
            low, high = wilson(hits, n)
            ratios = ratio_interval(hits, n, all_hits - hits, all_n - n)
            shown = "" if ratios[0] is None else f"{ratios[0]:.2f} to {ratios[1]:.2f}"
            print(f"| {group} | {n} | {hits} | {_percent(hits, n)} | {_interval(low, high)} | {shown} |")
        print()


def _tell_naive(planted: Mapping[str, Found], doubles: Mapping[str, Found]) -> None:
    cases, stories = _sum(planted.values(), "stories"), _sum(doubles.values(), "stories")
    print("| rule | planted cases alerted, % | innocent doubles alerted, % |\n|---|---|---|")
    for name, what in (
        ("flags, fired", "fired"),
        ("flags, asked or stopped", "asked"),
        ("nationality and amount", "naive"),
    ):
        hits, false = _sum(planted.values(), what), _sum(doubles.values(), what)
        shown = "" if what == "fired" else _percent(false, stories)
        print(f"| {name} | {_percent(hits, cases)} | {shown} |")
    print()


def _missing(one: Found) -> str:
    named = ", ".join(name for name, _ in one.missing.most_common(3))
    count = one.outcomes["missing_fields"]
    return f"{count} ({named})" if named else str(count)


def _sum(of: Iterable[Found], what: str) -> int:
    return sum(len(getattr(one, what)) for one in of)


def _percent(hits: int, of: int, digits: int = 1) -> str:
    return f"{100 * hits / of:.{digits}f}" if of else ""


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f}"


def peak() -> float:
    """Return the most memory that the process has held, in GB."""
    usage: Any = resource.getrusage(resource.RUSAGE_SELF)
    return float(usage.ru_maxrss) / 1e6


if __name__ == "__main__":
    main()
