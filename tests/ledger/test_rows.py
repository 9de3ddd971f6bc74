"""Entries of a lake that are made when they are looked at answer as the same entries in memory do."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import LedgerError
from entrepot.ledger import Entry, Filters, Ledger, lake_entries, open_ledger, record
from entrepot.ledger.beside import beside
from entrepot.ledger.opening import shipped_entries
from entrepot.ledger.rows import rows_of
from tests.ledger.packs_made import AT, entry, fields, new_lake, pack

MADE = [
    entry("kaz-1", targets=["Some Bank", "RUS"], scope="cards", summary="long"),
    entry("kaz-2", replaces="kaz-1", dates={"effective": "2025-02", "removed": "2026-01-01"}, end="set"),
    entry("kaz-3", replaces="kaz-2", dates={"published": "2025-03-01~", "effective": "2025-03-05"}),
    entry("part-1", kind="provision", part_of="kaz-1", goods=[{"hs_code": "8703", "hs_revision": "HS2022"}]),
    entry("said", jurisdiction="KGZ", status="alleged", contradicts=["kaz-1"], facts={"topic": "own topic"}),
    entry("paused", suspended=[{"from": "2025-03-01", "to": "2025-06-01", "afterwards": "unknown"}]),
    entry(
        "told",
        dates={"effective": "2025-01-10", "removed": "2025-06-01"},
        facts={"end_known": "2026-02"},
        suspended=[{"from": "2025-02-01", "to": "2025-04-01", "known": "2025-01-15", "to_known": "2025-02-20"}],
    ),
    entry("late", dates={"signed": "2025-01-10", "effective": "2025-03-01"}, facts={"start_known": "2026-02"}),
    entry("early", dates={"announced": "../2024-09", "signed": "2024", "date": "2024-10-01"}, end=""),
]
QUESTIONS = [
    None,
    *(Filters(**{name: (value,)}) for name, value in {"kinds": "provision", "jurisdictions": "KGZ"}.items()),
    *(Filters(topics=("own topic",)), Filters(targets=("some bank",)), Filters(products=("870323",))),
    *(Filters(statuses=("unverified", "ended")), Filters(since="2025-03-01", until="2025-03-31")),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, Ledger]:
    """The ledger of a lake, and one of the same entries in memory."""
    lake = new_lake(tmp_path_factory.mktemp("rows"))
    record(lake, MADE, at=AT)
    with lake.engine() as engine:
        entries = lake_entries(engine)
    return open_ledger(lake=lake), Ledger([*shipped_entries(), *entries])


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize(("on", "known"), [("2025-02-10", None), ("2025-07-01", "2026-03-01"), ("2026-03-01", None)])
def test_questions_have_the_answers_of_entries_in_memory(
    both: tuple[Ledger, Ledger], asked: Filters | None, on: str, known: str | None
) -> None:
    lazy, eager = (ledger.select(asked, on=on, known=known) for ledger in both)
    assert list(lazy) == list(eager)
    assert len(lazy) == len(eager) and lazy.statuses == eager.statuses


def test_acts_have_the_history_parts_and_sources_of_entries_in_memory(both: tuple[Ledger, Ledger]) -> None:
    lazy, eager = both
    assert list(lazy) == list(eager) and len(lazy) == len(eager)
    for made in MADE:
        assert lazy.history(made.entry_id) == eager.history(made.entry_id)
        assert lazy.parts(made.entry_id) == eager.parts(made.entry_id)
        assert lazy.get(made.entry_id) == eager.get(made.entry_id)
        assert lazy.standing(made.entry_id, on="2026-03-01") == eager.standing(made.entry_id, on="2026-03-01")


def test_days_of_knowledge_count_for_rows_of_a_lake(both: tuple[Ledger, Ledger]) -> None:
    # Recorded on 2026-02-01; the end became known in that month, so surely by its last day.
    for made in both:
        found = [made.standing("told", on="2027-01-01", known=day) for day in ("2026-02-10", "2026-02-28")]
        assert [one.status for one in found if one] == ["in_force", "ended"]


def test_a_piece_of_an_answer_is_an_answer(both: tuple[Ledger, Ledger]) -> None:
    found = both[0].select(on="2026-03-01")
    assert list(found[-5:-2]) == list(found)[-5:-2] and found[-1] == list(found)[-1]
    assert list(found.entries[3:6]) == list(found.entries)[3:6]


@pytest.mark.parametrize("word", ["long", "another"])
def test_beside_a_pack_that_came_later_a_lake_reads_as_its_entries_would(tmp_path: Path, word: str) -> None:
    """Once the pack's entry says the same as the lake's, and once something else."""
    lake = new_lake(tmp_path)
    record(lake, MADE, at=AT)
    folder = pack(tmp_path, fields("kaz-1", targets=["Some Bank", "RUS"], scope="cards", summary=word), fields("x"))
    lazy = open_ledger([folder], lake=lake)
    packed = [one for one in lazy if one.pack != "lake"]
    with lake.engine() as engine:
        eager = Ledger([*packed, *beside(lake_entries(engine), packed)])
    assert list(lazy) == list(eager)
    assert list(lazy.select(on="2026-03-01")) == list(eager.select(on="2026-03-01"))


@pytest.mark.parametrize(
    ("column", "value"),
    [("effective", "'2025-13'"), ("instrument", "'none'"), ("status", "'in_force'"), ("goods", "'['")],
)
def test_a_row_that_is_no_entry_is_refused_when_the_lake_is_opened(tmp_path: Path, column: str, value: str) -> None:
    lake = new_lake(tmp_path)
    record(lake, [entry("a")], at=AT)
    with lake.engine() as engine:
        engine.connection.execute(f"CREATE TEMP TABLE spoilt AS SELECT * REPLACE ({value} AS {column}) FROM ledger")
        engine.connection.execute("CREATE OR REPLACE TEMP VIEW ledger AS FROM spoilt")
        with pytest.raises(LedgerError, match=r"no entry.*entrepot lake verify"):
            rows_of(engine)


def test_entries_are_made_once_they_are_asked_for(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    record(lake, MADE, at=AT)
    found: list[Entry] = rows_of(lake.engine()).entries([2, 0])
    assert [one.entry_id for one in found] == sorted(one.entry_id for one in MADE)[2::-2]
