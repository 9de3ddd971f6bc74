"""What both engines promise those who ask them, and what the Spark engine does where something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.errors import ConfigError, LakeDamaged, LakeError
from entrepot.flows import mirror
from entrepot.lake import Engine, Lake, SparkOptions, open_lake
from entrepot.lake.spark import SparkBackend, spark_sql
from tests.engines.conftest import FAST
from tests.flows.mirror_made import PAIR, export, imported, lake_of

TYPES = {"name": "VARCHAR", "n": "INTEGER", "value": "DOUBLE", "is_new": "BOOLEAN"}
COLUMNS = {"name": ["a", None, "c"], "n": [1, 2, None], "value": [1.5, None, 2.5], "is_new": [True, None, False]}


@pytest.fixture
def small(tmp_path: Path) -> Lake:
    return lake_of(tmp_path, export("2021-01", 80.0), imported("2021-01", 107.0))


def on_spark(lake: Lake, folder: str | None = None) -> Lake:
    return open_lake(lake.path, engine="spark", spark=SparkOptions(folder=folder))


def test_unknown_comes_back_as_unknown(engine: Engine) -> None:
    engine.table("given", COLUMNS, TYPES)
    assert engine.rows("SELECT * FROM given ORDER BY value") == [
        ("a", 1, 1.5, True),
        ("c", None, 2.5, False),
        (None, 2, None, None),
    ]
    found = engine.arrays("SELECT * FROM given ORDER BY value")
    assert found["name"].tolist() == ["a", "c", None] and found["name"].dtype == object
    assert np.isnan([found["n"][1], found["value"][2], found["is_new"][2]]).all()


def test_numbers_without_gaps_keep_their_kind(engine: Engine) -> None:
    engine.table("given", {"n": np.arange(3), "b": [True, False, True]}, {"n": "BIGINT", "b": "BOOLEAN"})
    found = engine.arrays("SELECT n, b, CAST(n AS DECIMAL(38, 4)) AS d FROM given ORDER BY n")
    assert [found[name].dtype.kind for name in ("n", "b", "d")] == ["i", "b", "f"]


def test_a_table_without_rows_has_its_columns(engine: Engine) -> None:
    engine.table("given", {name: [] for name in TYPES}, TYPES)
    engine.files("nothing", [], TYPES)
    assert engine.rows("SELECT * FROM given UNION ALL SELECT * FROM nothing") == []
    assert list(engine.arrays("SELECT * FROM nothing")) == list(TYPES)


def test_parameters_are_bound_and_text_with_signs_is_left_alone(engine: Engine) -> None:
    engine.table("given", COLUMNS, TYPES)
    sql = "SELECT 'it''s $n' AS said FROM given -- the file's $own\nWHERE n BETWEEN $least AND $most AND name = $name"
    assert engine.rows(sql, least=1, most=2, name="a") == [("it's $n",)]


def test_a_step_made_again_takes_the_place_of_the_first(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "doubled.sql").write_text("SELECT 2 * n AS n FROM given WHERE n < $most")
    for most in (2, 9):
        engine.table("given", {"n": range(1, most)}, {"n": "INTEGER"})
        engine.step(tmp_path, "doubled", most=most)
    assert engine.rows("SELECT count(*), max(n) FROM doubled") == [(8, 16)]


def test_sums_of_decimals_are_exact(engine: Engine) -> None:
    engine.table("given", {"value": [0.1] * 1000 + [1e15]}, {"value": "DOUBLE"})
    found = engine.rows("SELECT sum(CAST(value AS DECIMAL(38, 4))) FROM given")
    assert found == [(Decimal("1000000000000100.0000"),)]


def test_a_file_beside_the_steps_takes_their_place_on_spark_alone(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "spark").mkdir()
    (tmp_path / "who.sql").write_text("SELECT 'duckdb' AS who")
    (tmp_path / "spark" / "who.sql").write_text("SELECT 'spark' AS who")
    engine.step(tmp_path, "who")
    assert engine.rows("SELECT who FROM who") == [(engine.backend.dialect,)]


def test_sessions_do_not_see_each_others_tables(spark: Any) -> None:
    with Engine(backend=SparkBackend(SparkOptions())) as one, Engine(backend=SparkBackend(SparkOptions())) as other:
        one.table("given", COLUMNS, TYPES)
        with pytest.raises(LakeError, match="given"):
            other.rows("SELECT * FROM given")


def test_division_by_zero_stops_on_spark(spark: Any) -> None:
    with Engine(backend=SparkBackend(SparkOptions())) as engine, pytest.raises(LakeError, match="Division by zero"):
        engine.rows("SELECT n / (n - n) FROM (SELECT 1 AS n) AS t")


def test_estimates_have_no_connection_on_spark(spark: Any) -> None:
    with Engine(backend=SparkBackend(SparkOptions())) as engine, pytest.raises(ConfigError, match="DuckDB"):
        _ = engine.connection


def test_files_are_read_where_the_workers_see_them(small: Lake, tmp_path: Path, spark: Any) -> None:
    there = tmp_path / "buc ket=1" / "[x]"
    shutil.move(small.path / "data", there / "data")
    found = mirror(on_spark(small, f"file://{there}/"), **PAIR)
    assert found["gap"] == [pytest.approx(20.0)]


def test_a_folder_with_odd_letters_is_read(small: Lake, tmp_path: Path, spark: Any) -> None:
    odd = tmp_path / "x=1 [a]*{b}% ü"
    small.path.rename(odd)
    assert len(mirror(open_lake(odd, engine="spark"), **PAIR)) == 1


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"no rows" * 50)])
def test_a_damaged_file_is_named_as_such(small: Lake, damage: Any, spark: Any) -> None:
    for file in (small.path / "data" / "flows").rglob("*.parquet"):
        damage(file)
    with pytest.raises(LakeDamaged, match="lake verify"):
        mirror(on_spark(small), **PAIR)


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="duckdb, spark"):
        open_lake(tmp_path, create=True, engine="polars")


def test_a_query_that_spark_has_no_words_for_is_refused() -> None:
    for sql in ("SELECT 1; SELECT 2", "SELECT ( FROM t"):
        with pytest.raises(LakeError):
            spark_sql(sql)


def test_the_command_line_asks_the_engine_that_is_set(small: Lake, spark: Any) -> None:
    command = ["mirror", "--exporter", "DEU", "--importer", "KAZ", "--lake", str(small.path), "--json"]
    given = {**os.environ, "ENTREPOT_ENGINE": "spark", "ENTREPOT_SPARK_MASTER": "local[1]", "JAVA_TOOL_OPTIONS": FAST}
    runs = [
        subprocess.run(
            [sys.executable, "-m", "entrepot", *command], env=env, capture_output=True, text=True, check=False
        )
        for env in (given, {**os.environ, "ENTREPOT_ENGINE": "duckdb"})
    ]
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr
    assert runs[0].stdout == runs[1].stdout and runs[0].stderr == runs[1].stderr


@pytest.mark.parametrize(
    ("line", "variables", "told"),
    [
        ("sys.modules['pyspark'] = None", {}, "entrepot[spark]"),
        ("", {"JAVA_HOME": "/nowhere", "PATH": "/nowhere"}, "Java 17"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    tmp_path: Path, line: str, variables: dict[str, str], told: str, spark: Any
) -> None:
    open_lake(tmp_path / "lake", create=True)
    code = f"import sys\n{line}\nfrom entrepot.cli import main\nsys.exit(main(['lake', 'status']))"
    env = {**os.environ, "ENTREPOT_ENGINE": "spark", "ENTREPOT_LAKE": str(tmp_path / "lake"), **variables}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and told in run.stderr and run.stderr.count("\n") == 1
