"""Whatever an entry says comes back from CSV, from a pack's file and from a lake as it was."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.ledger import Entry, entry_of, fields_of, fields_of_row, lake_entries, ledger_csv, record
from tests.ledger.packs_made import AT, entry, new_lake, taken_in

# What no text file can hold is left out: control signs, halves of signs.
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t'=+-@;,\"[]{}\\")
TEXT = st.text(LETTERS, max_size=30)
WORDS = st.text(LETTERS, min_size=1, max_size=20).filter(str.strip)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """A valid entry whose texts are anything."""
    return entry(
        "a",
        title=draw(WORDS),
        summary=draw(TEXT),
        scope=draw(TEXT),
        binds=draw(TEXT),
        targets=draw(st.lists(WORDS, max_size=3)),
        doubts=draw(st.lists(WORDS, max_size=2)),
        exemptions=draw(st.lists(WORDS, max_size=2)),
        facts=draw(st.dictionaries(WORDS, TEXT, max_size=2)),
        sources=[{"title": draw(WORDS), "language": draw(TEXT)}],
        dates={"published": draw(st.sampled_from(["2024", "2024-03~", "../2024-09", "2024-03-15?"]))},
        status=draw(st.sampled_from([None, "alleged", "disputed"])),
    )


def plain(found: Entry) -> Entry:
    return replace(found, pack="", where="", recorded_at="")


@given(entries())
def test_csv_gives_back_what_it_was_given(made: Entry) -> None:
    (row,) = csv.DictReader(io.StringIO(ledger_csv([made]), newline=""))
    assert plain(entry_of(fields_of_row(row) | {"recorded_at": AT}, where="x")) == plain(made)


@given(entries())
def test_fields_of_a_data_file_give_back_the_entry(made: Entry) -> None:
    assert plain(entry_of(fields_of(made), where="x")) == plain(made)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(entries())
def test_a_lake_gives_back_what_was_recorded_and_what_was_taken_in(made: Entry) -> None:
    for way in ("record", "ingest"):
        with tempfile.TemporaryDirectory() as folder:
            lake = new_lake(Path(folder))
            if way == "record":
                record(lake, [made], at=AT)
            else:
                taken_in(lake, ledger_csv([made]))
            with lake.engine() as engine:
                (found,) = lake_entries(engine)
        assert plain(found) == plain(made)
