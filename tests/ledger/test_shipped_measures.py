"""The shipped measures as a collection: cited, with their doubts, and in step with the table of members."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from entrepot.ledger import Entry, Ledger, get_instrument, open_ledger

# Blocs whose accessions the pack has as measures, too.
BLOCS = ("EAEU", "CSTO", "OTS")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return open_ledger()


@pytest.fixture(scope="module")
def measures(ledger: Ledger) -> list[Entry]:
    return [entry for entry in ledger if "measures/" in entry.where]


def test_titles_are_one_line_and_tell_the_acts_apart(measures: list[Entry]) -> None:
    titles = [(entry.jurisdiction, entry.title) for entry in measures]
    assert len(measures) >= 137 and len(set(titles)) == len(titles)
    assert max(len(title) for _, title in titles) <= 120


def test_doubts_are_sentences(measures: list[Entry]) -> None:
    assert [e.entry_id for e in measures for doubt in e.doubts if not re.fullmatch(r"[A-Z0-9].*\.", doubt)] == []


def test_a_stage_that_is_not_known_is_doubted(measures: list[Entry]) -> None:
    unsure = [entry for entry in measures if "date" in entry.dates and entry.status is None]
    assert [entry.entry_id for entry in unsure if not entry.doubts] == []


def test_a_source_that_nobody_opened_is_doubted(measures: list[Entry]) -> None:
    unopened = [entry for entry in measures if not any(citation.read_date for citation in entry.sources)]
    assert [entry.entry_id for entry in unopened if not entry.doubts] == []


def test_what_the_table_calls_read_names_a_day_on_which_it_was_read(shared_data: Path, ledger: Ledger) -> None:
    with (shared_data / "measures" / "measures.csv").open(encoding="utf-8") as file:
        opened = {row["id"] for row in csv.DictReader(file) if row["source"].startswith("F ")}
    assert [name for name in sorted(opened) if not any(c.read_date for c in ledger.get(name).sources)] == []


def test_addresses_of_sources_are_whole(measures: list[Entry]) -> None:
    cited = [citation for entry in measures for citation in entry.sources if citation.url]
    assert [citation.url for citation in cited if not re.fullmatch(r"https?://[^\s/]+/\S*", citation.url)] == []


def test_what_was_read_in_a_page_names_its_language_almost_always(measures: list[Entry]) -> None:
    read = [citation for entry in measures for citation in entry.sources if citation.read_date and citation.url]
    assert sum(not citation.language for citation in read) <= len(read) // 20


def test_words_alone_are_never_in_force(ledger: Ledger, measures: list[Entry]) -> None:
    spoken = [e for e in measures if e.instrument in ("claim", "statement", "envoy_visit", "proposal")]
    found = [ledger.standing(entry.entry_id, on="2026-11-23") for entry in spoken]
    assert spoken and not any(one.may_block for one in found if one)


def test_accessions_name_the_dated_memberships_that_say_the_same(ledger: Ledger, measures: list[Entry]) -> None:
    for entry in measures:
        for name in filter(None, entry.facts.get("memberships", "").split("; ")):
            member = ledger.get(name)
            is_same_day = member.start in entry.dates.values()
            assert is_same_day or entry.entry_id == "csto-20240222-arm", f"{entry.entry_id}: {member.start}"


def test_accessions_of_blocs_name_a_membership_or_say_why_not(measures: list[Entry]) -> None:
    acceded = [e for e in measures if get_instrument(e.instrument).topic == "membership"]
    silent = [e for e in acceded if e.jurisdiction in BLOCS and "memberships" not in e.facts]
    assert [e.entry_id for e in silent if not any("table of members" in doubt for doubt in e.doubts)] == []


def test_contradictions_of_one_act_are_named(measures: list[Entry]) -> None:
    pairs = {(entry.entry_id, other) for entry in measures for other in entry.contradicts}
    assert ("kaz-20231019-106-denial", "kaz-20231019-106-goods") in pairs
    assert ("kgz-20240403-mir-stop", "kgz-20240402-mir-announce") in pairs
    assert ("kgz-20250124-citizenship-claim", "kgz-20250301-citizenship-report") in pairs


def test_disputed_and_alleged_measures_name_their_doubts(measures: list[Entry]) -> None:
    shaky = [entry for entry in measures if entry.status in ("alleged", "disputed")]
    assert len(shaky) >= 5 and [entry.entry_id for entry in shaky if not entry.doubts] == []
