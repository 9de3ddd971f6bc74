"""One small Spark for all tests of the engines, and a world that both engines read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from entrepot.lake import Engine, Lake, open_lake
from entrepot.lake.engine import DuckBackend
from entrepot.lake.spark import SparkBackend, SparkOptions
from entrepot.sources import ingest
from entrepot.world import simulate
from tests.engines.mixture import mixture
from tests.factory import AT, ORIGINS, QUESTION, lake_of
from tests.known.worlds import SEEDS, options

# A compiler and a collector for short runs.
FAST = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
# Small and quiet: two threads, loopback only. Compiling each query and planning it anew as it runs pay for large tables
# alone; the test of the command line asks a Spark as users have it.
SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": FAST,
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@dataclass(frozen=True)
class Question:
    """A lake in a folder, and a question about it."""

    folder: Path
    asked: dict[str, Any]

    def lake(self, engine: str) -> Lake:
        return open_lake(self.folder, engine=engine)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A running Spark that the engine finds; tests skip where Java or PySpark is absent."""
    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        pytest.skip("PySpark is not here; run make setup-dev")
    if not shutil.which("java") and not os.access(Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java", os.X_OK):
        pytest.skip("Java is not here; Spark needs version 17 or newer")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("entrepot-tests")
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn."""
    if request.param == "spark":
        request.getfixturevalue("spark")
        opened = Engine(backend=SparkBackend(SparkOptions()))
    else:
        opened = Engine(backend=DuckBackend("500MB", 2, None))
    with opened:
        yield opened


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Question:
    """A simulated world of three years."""
    folder = tmp_path_factory.mktemp("engines")
    changes = {"n_territories": 12, "n_products": 80, "first_month": "2020-01", "last_month": "2022-12"}
    made = simulate(folder / "world", options(SEEDS[0], **changes))
    lake = open_lake(folder / "lake", create=True, memory_limit="500MB")
    ingest(lake, "flows", made.flows, at=AT)
    ingest(lake, "hs-concordance", made.concordance, at=AT)
    return Question(lake.path, {"destination": "RUS", "event": made.options.event, "products": "all"})


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Question:
    """Made reports with everything that makes a step take another way; see ``mixture``."""
    lake = lake_of(tmp_path_factory.mktemp("mixed"), mixture())
    return Question(lake.path, {**QUESTION, "origins": ORIGINS, "products": "all"})
