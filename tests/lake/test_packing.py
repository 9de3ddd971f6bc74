"""Words as numbers: what waits comes back as it was, in the order of its words."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.errors import CheckFailed, SourceError
from entrepot.lake import FLOWS, Engine, Lake, Stage
from entrepot.lake.packing import BITS, Words, order, pack
from entrepot.lake.waiting import Waiting, write_waiting
from entrepot.origin import Origin
from tests.lake.made import AT, cell, file_of, new_lake, put, relation

WORDS = st.sampled_from(["A", "Ä", "a", "B'B", '"', "{", "Z%Z", "", "10", "9", "\N{SNOWMAN}"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "period": st.sampled_from(["2020-12", "2021-01", "2021", "2022-03", "1999"]),
            "partner_iso3": WORDS,
            "hs_code": WORDS,
            "hs_revision": st.none() | WORDS,
            "quantity_unit": st.none() | WORDS,
            "value": st.none() | st.floats(0, 9),
        }
    ),
    min_size=1,
    max_size=30,
)
GIVEN = [name for name in FLOWS.names if name not in ("source_id", "snapshot_id")]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return new_lake(tmp_path)


def waiting_of(engine: Engine, rows: list[dict[str, Any]], folder: Path) -> Waiting:
    types = {c.name: c.type for c in FLOWS.columns if c.name in GIVEN}
    full = [{**cell(), "source_row": number, **row} for number, row in enumerate(rows, 1)]
    engine.table("given", {name: [row[name] for row in full] for name in GIVEN}, types)
    return write_waiting(engine, FLOWS, "given", file=folder / "w.parquet", name="1")


@settings(max_examples=40)
@given(ROWS)
def test_rows_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> None:
    with Engine(threads=1) as engine:
        waiting = waiting_of(engine, rows, tmp_path_factory.mktemp("w"))
        names = ", ".join(GIVEN)
        found = engine.rows(f"SELECT {names} FROM {waiting.rows_of()} ORDER BY source_row")
        assert found == engine.rows(f"SELECT {names} FROM given ORDER BY source_row")


@settings(max_examples=40)
@given(ROWS)
def test_years_are_sorted_as_words_are(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> None:
    names, by = ", ".join(order(FLOWS)), ", ".join(f"{name} NULLS LAST" for name in order(FLOWS))
    with Engine(threads=1) as engine:
        waiting = waiting_of(engine, rows, tmp_path_factory.mktemp("w"))
        assert waiting.years == tuple(sorted({int(row["period"][:4]) for row in rows}))
        for year in waiting.years:
            found = engine.rows(
                f"SELECT {names} FROM ({waiting.in_order(year, {'source_id': 's', 'snapshot_id': 'i'})})"
            )
            assert found == engine.rows(f"SELECT {names} FROM given WHERE period[:4] = '{year}' ORDER BY {by}")


@settings(max_examples=40)
@given(ROWS)
def test_twins_are_cells_given_twice(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> None:
    cells = [(row["period"], row["partner_iso3"], row["hs_code"], row["hs_revision"]) for row in rows]
    with Engine(threads=1) as engine:
        waiting = waiting_of(engine, rows, tmp_path_factory.mktemp("w"))
        assert any(waiting.has_twins(engine, year) for year in waiting.years) == (len(set(cells)) < len(cells))


def test_words_that_fill_more_than_one_integer_are_sorted_all_the_same(tmp_path: Path) -> None:
    texts = [c.name for c in FLOWS.columns if c.type == "VARCHAR" and c.name in GIVEN and c.name != "period"]
    rows = [{name: f"{name}{random.Random(n).random()}" for name in texts} for n in range(600)]
    with Engine(threads=1) as engine:
        waiting = waiting_of(engine, rows, tmp_path)
        assert waiting.packing is not None and waiting.packing.keys == ("k0", "k1")
        constants = {"source_id": "s", "snapshot_id": "i"}
        found = engine.rows(f"SELECT partner_iso3, source_row FROM ({waiting.in_order(2021, constants)})")
        assert found == sorted((row["partner_iso3"], number) for number, row in enumerate(rows, 1))
        assert not waiting.has_twins(engine, 2021)


def test_no_integer_is_filled_beyond_its_bits() -> None:
    words: dict[str, Words] = {name: [f"{i:09}" for i in range(5000)] for name in order(FLOWS)}
    packing = pack(FLOWS, {**words, "period": ["2020", "2021", "2022-01"]}, name="1")
    places = [*packing.places.values(), packing.year]
    assert all(place.shift + place.bits <= BITS for place in places)
    assert len({(place.field, place.shift) for place in places}) == len(places)


def test_the_order_in_which_rows_come_does_not_show(tmp_path: Path) -> None:
    rows = [cell(f"20{20 + i % 3}-0{1 + i % 9}", float(i), hs_code=f"{i:06}", source_row=i + 1) for i in range(3000)]
    parts = []
    for name, seed in (("a", 1), ("b", 2)):
        lake = new_lake(tmp_path / name)
        version = put(lake, "f", *random.Random(seed).sample(rows, len(rows)))
        parts.append([part.data.sha256 for part in version.parts])
    assert parts[0] == parts[1] and len(parts[0]) == 3


def test_rows_that_change_between_two_looks_are_refused(lake: Lake) -> None:
    with lake.stage("flows", at=AT) as stage:
        snapshot = stage.snapshot(file_of(lake, "a"), Origin("office", "a"))
        name = relation(stage, [cell(hs_code=f"{i:06}") for i in range(2000)])
        stage.engine.connection.execute(
            f"CREATE TEMP VIEW moody AS SELECT * REPLACE (random()::VARCHAR AS quantity_unit) FROM {name}"
        )
        with pytest.raises(SourceError, match="2,000 rows were counted, 0 read"):
            stage.write("flows", "moody", snapshot=snapshot)


def write_twice(stage: Stage, lake: Lake, *values: float) -> Any:
    snapshot = stage.snapshot(file_of(lake, "a"), Origin("office", "a"))
    for number, value in enumerate(values):
        stage.write("flows", relation(stage, [cell(value=value, hs_revision=None)], f"r{number}"), snapshot=snapshot)
    return snapshot


def test_who_asks_before_a_commit_can_take_back_what_was_written(lake: Lake) -> None:
    with lake.stage("flows", at=AT) as stage:
        snapshot = write_twice(stage, lake, 1.0, 2.0)
        assert not stage.is_unique("flows", snapshot=snapshot)
        stage.withdraw("flows", snapshot=snapshot)
        write_twice(stage, lake, 3.0)
        assert stage.is_unique("flows", snapshot=snapshot)
        assert stage.commit().rows_added == 1


def test_a_cell_given_by_two_writes_is_refused_also_after_asking_between(lake: Lake) -> None:
    with lake.stage("flows", at=AT) as stage:
        snapshot = write_twice(stage, lake, 1.0)
        assert stage.is_unique("flows", snapshot=snapshot)
        write_twice(stage, lake, 2.0)
        with pytest.raises(CheckFailed, match="given 2 times"):
            stage.commit()


def test_nothing_written_is_unique(lake: Lake) -> None:
    with lake.stage("flows", at=AT) as stage:
        snapshot = stage.snapshot(file_of(lake, "a"), Origin("office", "a"))
        assert stage.is_unique("flows", snapshot=snapshot)
        stage.write("flows", relation(stage, []), snapshot=snapshot)
        assert stage.is_unique("flows", snapshot=snapshot)
        assert stage.commit().rows_added == 0
