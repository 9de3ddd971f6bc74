"""Made people: any size, the same for a seed, every pattern and double there, and nothing of a flag's in them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from entrepot.codes import read_mrz
from entrepot.errors import ConfigError
from entrepot.lake import get_kind
from entrepot.redflags import shipped_flags
from entrepot.world import DOUBLES, PLANTED, PeopleOptions, Population, populate
from entrepot.world.people.columns import COLUMNS

# Of flows and of claims; populations have neither.
ELSEWHERE = {"S01", "S02", "S03", "S14", "Y13", "I01", "I02", "I03", "I04", "I05", "I06", "I07"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Population:
    return populate(tmp_path_factory.mktemp("people"), PeopleOptions(300, 1000, seed=5))


def asked(made: Population, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        for kind, path in (*made.files.items(), ("truth", made.truth)):
            connection.execute(f"CREATE VIEW {kind} AS FROM '{path}'")
        return connection.execute(sql).fetchall()


def test_columns_are_those_of_records() -> None:
    assert {kind: tuple(get_kind(kind).columns) for kind in COLUMNS} == COLUMNS


def test_every_flag_over_records_is_planted() -> None:
    assert {flag for _, flag, _ in PLANTED} == {flag.id for flag in shipped_flags().flags} - ELSEWHERE
    assert {flag for _, flag, _ in DOUBLES} == {None}


def test_every_pattern_and_double_is_there(made: Population) -> None:
    found = dict(asked(made, "SELECT pattern, count(DISTINCT story_id) FROM truth GROUP BY 1"))
    assert set(found) - {"ordinary"} == {name for name, _, _ in (*PLANTED, *DOUBLES)}
    assert min(int(str(count)) for name, count in found.items() if name != "ordinary") >= 3


def test_what_the_truth_names_is_in_the_files(made: Population) -> None:
    for kind in ("person", "account", "payment", "shipment", "contract", "company", "document"):
        key = get_kind(kind).id
        lost = f"record_kind = '{kind}' AND record_id NOT IN (SELECT {key} FROM {kind})"
        assert asked(made, f"SELECT count(*) FROM truth WHERE {lost}") == [(0,)]
        assert asked(made, f"SELECT count(*) - count(DISTINCT {key}) FROM {kind}") == [(0,)]


def test_planted_and_innocent_come_from_everywhere(made: Population) -> None:
    rows = asked(made, "SELECT role, count(DISTINCT citizenship) FROM truth WHERE role <> 'ordinary' GROUP BY 1")
    assert min(int(str(count)) for _, count in rows) >= 5


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    options = PeopleOptions(200, 300, seed=9)
    one, other = populate(tmp_path / "a", options), populate(tmp_path / "b", options)
    assert all(path.read_bytes() == other.files[kind].read_bytes() for kind, path in one.files.items())
    assert one.truth.read_bytes() == other.truth.read_bytes()


def test_another_seed_makes_others(tmp_path: Path, made: Population) -> None:
    other = populate(tmp_path, PeopleOptions(300, 1000, seed=6))
    assert other.files["person"].read_bytes() != made.files["person"].read_bytes()


def test_ordinary_machine_readable_lines_are_right(made: Population) -> None:
    rows = asked(made, "SELECT mrz FROM document WHERE mrz IS NOT NULL AND document_id < 'DO100000000' LIMIT 40")
    assert rows and all(read_mrz(str(mrz)).problems == () for (mrz,) in rows)


def test_shares_of_nothing_make_nothing(tmp_path: Path) -> None:
    plain = populate(tmp_path, PeopleOptions(200, 100, share_planted=0, share_doubles=0))
    assert asked(plain, "SELECT DISTINCT role FROM truth") == [("ordinary",)]


def test_some_cells_are_missing_unless_none_shall_be(tmp_path: Path, made: Population) -> None:
    whole = populate(tmp_path, PeopleOptions(300, 1000, seed=5, missing=0))
    gaps = "SELECT count(*) - count(address) FROM person"
    assert asked(whole, gaps) == [(0,)] and asked(made, gaps) != [(0,)]


@pytest.mark.parametrize("wrong", [{"customers": 3}, {"payments": -1}, {"missing": 0.9}, {"share_planted": 2}])
def test_an_option_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        PeopleOptions(**wrong)  # type: ignore[arg-type]
