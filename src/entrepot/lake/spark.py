"""Spark as the engine of estimates, where the lake's tables outgrow one machine (extra ``entrepot[spark]``).

The portable SQL is carried over by sqlglot; a step is worked out once and kept, spilling to disk, as DuckDB keeps a
temporary table. Numbers come back through Arrow. Spark runs in the Java process that PySpark starts, or in the
session that is already running, as on a cluster or in a notebook; nothing of ours runs in Python on the workers.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from entrepot.errors import ConfigError, EntrepotError, LakeDamaged, LakeError
from entrepot.lake.engine import Arrays, Columns, as_array

_TYPES = {"VARCHAR": "string", "DOUBLE": "double", "BOOLEAN": "boolean", "INTEGER": "int", "BIGINT": "bigint"}
# Tables brought in from Python are sent to every worker when they are joined, unless they are larger than this.
_BROADCAST_ROWS = 200_000
# A comment, a string literal, or a parameter; only the last has a group.
_PARAMETER = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\$(\w+)")
_GLOB = re.compile(r"([\[\]*?{}\\])")
_SIZES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZES |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}


@dataclass(frozen=True)
class SparkOptions:
    """Where Spark runs and where it finds the lake's files.

    Attributes:
        master: as Spark spells it; only for a session that is started here.
        folder: the lake's folder as Spark's workers see it, such as ``s3a://bucket/lake``; None where they see the
            same path as this process.
    """

    master: str = "local[*]"
    folder: str | None = None


class SparkBackend:
    """One Spark SQL session of its own, with its own temporary views, over the running Spark application."""

    dialect: ClassVar[str] = "spark"

    def __init__(self, options: SparkOptions, *, memory_limit: str = "2GB", threads: int | None = None) -> None:
        _check_installed()
        self._session = _application(options, memory_limit, threads).newSession()
        # The same answers on clusters that were set up otherwise: wrong casts and division by zero stop.
        self._session.conf.set("spark.sql.ansi.enabled", "true")
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
        self._shown: set[str] = set()

    def close(self) -> None:
        for name in self._shown:
            with contextlib.suppress(Exception):  # The application may have been stopped by its owner.
                self._session.catalog.dropTempView(name)
        self._shown.clear()

    def native(self, sql: str) -> str:
        return spark_sql(sql)

    def table(self, name: str, columns: Columns, types: Mapping[str, str]) -> None:
        import pyarrow as pa
        from pyspark.sql.functions import broadcast

        fields = pa.schema([(column, _arrow_type(kind)) for column, kind in types.items()])
        arrays = [_arrow(as_array(columns[field.name], types[field.name]), field.type) for field in fields]
        table = pa.Table.from_arrays(arrays, schema=fields)
        with _told(name), _without_warnings():
            frame = self._session.createDataFrame(table)
            self._show(name, broadcast(frame) if len(table) <= _BROADCAST_ROWS else frame)

    def files(self, name: str, files: Sequence[str], types: Mapping[str, str]) -> None:
        layout = ", ".join(f"`{column}` {_TYPES[kind]}" for column, kind in types.items())
        with _told(name):
            if not files:
                self._show(name, self._session.createDataFrame([], layout))
                return
            # Read by exact name; a folder called a=1 is no column.
            reader = self._session.read.schema(layout).option("recursiveFileLookup", "true")
            self._show(name, reader.parquet(*(_GLOB.sub(r"\\\1", file) for file in files)))

    def view(self, name: str, sql: str) -> None:
        with _told(name):
            self._show(name, self._session.sql(sql))

    def make(self, name: str, sql: str, parameters: Mapping[str, object]) -> None:
        from pyspark.sql.functions import broadcast

        with _told(name):
            # Cut off from how it was made: Spark would else carry the whole history of steps into each later plan.
            frame = self._sql(sql, parameters).localCheckpoint(eager=True)
            self._show(name, broadcast(frame) if frame.count() <= _BROADCAST_ROWS else frame)

    def rows(self, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        with _told("a query"):
            return [tuple(row) for row in self._sql(sql, parameters).collect()]

    def arrays(self, sql: str, parameters: Mapping[str, object]) -> Arrays:
        with _told("a query"), _without_warnings():
            table = self._sql(sql, parameters).toArrow()
        return {name: _numpy(table.column(name)) for name in table.column_names}

    def _sql(self, sql: str, parameters: Mapping[str, object]) -> Any:
        return self._session.sql(sql, args={key: _plain(value) for key, value in parameters.items()})

    def _show(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._shown.add(name)


@lru_cache(maxsize=512)
def spark_sql(sql: str) -> str:
    """Return a query of the portable subset in Spark's dialect; parameters are written ``:name`` there.

    Raises:
        LakeError: the query is no single statement, or Spark has no such construct.
    """
    import sqlglot

    # sqlglot takes the text between two dollar signs for a string.
    portable = _PARAMETER.sub(lambda found: f":{found[1]}" if found[1] else found[0], sql)
    try:
        statements = sqlglot.parse(portable, read="duckdb")
        if len(statements) != 1 or statements[0] is None:
            raise LakeError("a step is one statement", where=sql[:60], remedy="Write one query a file.")
        return statements[0].sql(dialect="spark", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as error:
        remedy = "Write it in the portable subset, or put the step's Spark SQL into a folder 'spark' beside it."
        raise LakeError(f"cannot be carried to Spark ({error})", where=sql[:60], remedy=remedy) from error


def _check_installed() -> None:
    if missing := [name for name in ("pyspark", "sqlglot", "pyarrow") if find_spec(name) is None]:
        remedy = "Install them with `pip install 'entrepot[spark]'`, or use engine 'duckdb'."
        raise ConfigError(f"the Spark engine needs {' and '.join(missing)}", remedy=remedy)


def _application(options: SparkOptions, memory_limit: str, threads: int | None) -> Any:
    """The session that is running, else one that is started."""
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    builder = SparkSession.builder.appName("entrepot").master(_master(options, threads))
    for key, value in _settings(options, memory_limit).items():
        builder = builder.config(key, value)
    # Each failed query would be logged as JSON beside the error that is raised.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    with _log_elsewhere() as last_line:
        try:
            return builder.getOrCreate()
        except (PySparkException, RuntimeError, OSError) as error:
            found = last_line() or str(error).strip().splitlines()[0]
            remedy = "Spark needs Java 17 or newer (JAVA_HOME) and a master that answers (ENTREPOT_SPARK_MASTER)."
            raise ConfigError(f"Spark did not start: {found}", remedy=remedy) from error


def _master(options: SparkOptions, threads: int | None) -> str:
    return f"local[{threads}]" if options.master == "local[*]" and threads else options.master


def _settings(options: SparkOptions, memory_limit: str) -> dict[str, str]:
    settings = {"spark.ui.showConsoleProgress": "false", "spark.driver.maxResultSize": "0"}
    if options.master.startswith("local"):
        settings |= {
            "spark.driver.memory": f"{_mebibytes(memory_limit)}m",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            # Two hundred, the default, is for clusters: a machine would spend its time on empty parts.
            "spark.sql.shuffle.partitions": "16",
        }
    return settings


def _mebibytes(memory_limit: str) -> int:
    found = re.fullmatch(r"\s*([0-9.]+)\s*([A-Za-z]*)\s*", memory_limit)
    size = _SIZES.get(found[2].upper() or "B") if found else None
    if found is None or size is None:
        raise ConfigError(f"memory_limit is {memory_limit!r}", remedy="Write it as 2GB.")
    # Java does not start with less than half a gigabyte for Spark.
    return max(int(float(found[1]) * size / 2**20), 512)


@contextlib.contextmanager
def _log_elsewhere() -> Iterator[Any]:
    """Let the Java process that is started write its log to a file without a name; yield what reads the last line.

    Its greetings would stand among the messages of a command. Errors come back as exceptions.
    """
    with tempfile.TemporaryFile() as log:
        kept = os.dup(2)
        os.dup2(log.fileno(), 2)

        def last_line() -> str:
            log.seek(0)
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
            return lines[-1] if lines else ""

        try:
            yield last_line
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn what Spark says into one of our errors."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise _error(str(error), what) from error


def _error(text: str, what: str) -> EntrepotError:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = next((found for found in lines if re.search(r"\[[A-Z_.]+\]|Exception:|Error:", found)), lines[0])
    line = re.sub(r"^.*?(\[[A-Z_.]+\] |(?:Exception|Error): )", "", line).removesuffix(".")
    if re.search(r"FAILED_READ_FILE|PATH_NOT_FOUND|CANNOT_READ_FILE|FileNotFoundException", text):
        return LakeDamaged(line, where=what, remedy="Run `entrepot lake verify` to see every damaged file.")
    if "OutOfMemoryError" in text:
        return LakeError("Spark ran out of memory", where=what, remedy="Raise ENTREPOT_MEMORY_LIMIT, or use a cluster.")
    return LakeError(f"Spark failed: {line}", where=what, remedy="Look at it with engine 'duckdb'.")


def _plain(value: object) -> object:
    """NumPy's scalars as Python's own, which is what Spark takes."""
    return value.item() if isinstance(value, np.generic) else value


def _arrow_type(kind: str) -> Any:
    import pyarrow as pa

    found = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "BOOLEAN": pa.bool_()}
    return {**found, "INTEGER": pa.int32(), "BIGINT": pa.int64()}[kind]


def _arrow(values: NDArray[Any], kind: Any) -> Any:
    import pyarrow as pa

    if values.dtype.kind == "O":
        return pa.array(values.tolist(), type=kind)
    return pa.array(values, from_pandas=True).cast(kind)


def _numpy(column: Any) -> NDArray[Any]:
    import pyarrow as pa

    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    if column.null_count and (pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)):
        column = column.cast(pa.int64()).cast(pa.float64())
    found = column.to_numpy()
    return np.asarray(found, dtype=object) if pa.types.is_string(column.type) else np.asarray(found)
