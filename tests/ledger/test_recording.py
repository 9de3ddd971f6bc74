"""The user's own entries: claims, judgements and corrections, each commit with its own bytes."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import EntryRecorded, LakeBusy, LakeError, LedgerError, NoCitation
from entrepot.ledger import Entry, lake_entries, open_ledger, record
from tests.ledger.packs_made import AT, entry, new_lake

LATER = "2026-03-05T10:00:00Z"


def judgement(entry_id: str = "j-1", says: str = "same", **other: Any) -> Entry:
    """An analyst's judgement that two parties are one."""
    pair = {"left": "ofac-1", "right": "kg-7", "judgement": says}
    made = {"kind": "judgement", "instrument": "judgement", "title": "One person", "facts": pair}
    return entry(entry_id, **{**made, "dates": {"announced": "2026-02-01"}, **other})


def test_own_entries_are_added_in_one_commit(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    assert record(lake, [judgement(), judgement("j-2")], at=LATER, command="judge") == 2
    with lake.engine() as engine:
        found = lake_entries(engine)
        assert engine.rows("SELECT name, command FROM snapshots") == [("entries.json", "judge")]
    assert [(one.entry_id, one.recorded_at) for one in found] == [("j-1", LATER), ("j-2", LATER)]
    assert found[0].facts["judgement"] == "same" and lake.version().version == 1


def test_the_same_words_again_change_nothing(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    record(lake, [judgement()], at=AT)
    assert record(lake, [judgement()], at=LATER) == 0
    assert lake.version().version == 1


def test_other_words_under_the_same_id_are_refused(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    record(lake, [judgement()], at=AT)
    with pytest.raises(EntryRecorded, match="'j-1' is recorded already"):
        record(lake, [judgement(says="different")], at=LATER)
    with pytest.raises(EntryRecorded):
        record(lake, [judgement("j-3"), judgement("j-3", says="different")], at=LATER)


def test_a_judgement_is_taken_back_by_a_correction(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    record(lake, [judgement()], at=AT)
    record(lake, [judgement("j-1-back", says="withdrawn", replaces="j-1")], at=LATER)
    ledger = open_ledger(lake=lake)
    early, late = (ledger.standing("j-1", on=day) for day in ("2026-03-04", "2026-03-05"))
    assert early and late and early.entry.entry_id == "j-1"
    assert late.entry.facts["judgement"] == "withdrawn"


def test_a_wrong_entry_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    with pytest.raises(NoCitation):
        record(lake, [judgement(), replace_sources(judgement("j-2"))], at=AT)
    with pytest.raises(LedgerError, match="'nobody', which is no entry"):
        record(lake, [judgement(replaces="nobody")], at=AT)
    assert lake.version().version == 0 and not (lake.path / "data").exists()


def replace_sources(made: Entry) -> Entry:
    from dataclasses import replace

    return replace(made, sources=())


def test_an_entry_of_the_shipped_pack_can_be_corrected(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    corrected = "kaz-20250119-cards"
    record(lake, [entry("mine", replaces=corrected, dates={"effective": "2025-02-01"})], at=LATER)
    ledger = open_ledger(lake=lake)
    assert [found.entry_id for found in ledger.history(corrected)] == [corrected, "mine"]
    found = ledger.standing(corrected, on="2026-03-04")
    assert found and found.entry.entry_id == corrected


def test_own_entries_cannot_be_dropped(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    record(lake, [judgement()], at=AT)
    with pytest.raises(LakeError, match="what is recorded stays"):
        lake.drop("own-entries", at=LATER)


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    done: list[str] = []

    def write(name: str) -> None:
        try:
            record(lake, [judgement(name)], at=AT)
            done.append(name)
        except LakeBusy:
            pass

    threads = [threading.Thread(target=write, args=(f"j-{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with lake.engine() as engine:
        assert [found.entry_id for found in lake_entries(engine)] == sorted(done) and done


def test_nothing_to_record_makes_no_version(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    assert record(lake, [], at=AT) == 0
    assert lake.version().version == 0
