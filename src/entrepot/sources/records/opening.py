"""A file of records as a relation of the engine: CSV, Parquet or JSON lines, mapped or not, and payment messages."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from entrepot.codes import Territory, find_territory
from entrepot.errors import SourceError
from entrepot.lake import Kind, csv_relation, plain_relation
from entrepot.sources.records.mapping import RecordMapping
from entrepot.sources.records.messages import write_payments

# What the engine decodes itself.
_NATIVE = ("utf-8", "utf8", "utf-8-sig", "utf-16", "latin-1", "iso-8859-1")
_BLOCK = 1 << 20


def header_of(path: Path) -> list[str]:
    """Return a file's own names of its columns.

    Raises:
        SourceError: the file cannot be read.
    """
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {plain_relation(path)}").fetchall()
    except duckdb.Error as error:
        raise SourceError(str(error).splitlines()[0], where=str(path), remedy="Check the file.") from error
    finally:
        connection.close()
    return [str(row[0]) for row in rows]


@contextmanager
def relation_of(
    connection: duckdb.DuckDBPyConnection, kind: Kind, path: Path, mapping: RecordMapping | None = None
) -> Iterator[str]:
    """Yield the SQL of a file's records with our columns, as text; scratch files go when it ends.

    Raises:
        SourceError: the file cannot be read.
        UnexpectedLayout: it lacks a column that the mapping names.
        ConfigError: the mapping names a column that the kind does not have.
    """
    with tempfile.TemporaryDirectory() as folder:
        if path.suffix == ".xml":
            scratch = Path(folder) / "payments.csv"
            write_payments(path, scratch, kind)
            yield csv_relation(scratch)
            return
        if mapping is None:
            yield plain_relation(path)
            return
        read = mapping.read
        source = path
        if path.suffix not in (".parquet", ".json", ".jsonl"):
            if read.encoding.lower() not in _NATIVE:
                source = _in_utf8(path, Path(folder) / "utf8.csv", read.encoding)
            relation = csv_relation(source, delimiter=read.delimiter, skip=read.lines_before_header)
        else:
            relation = plain_relation(path)
        header = [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
        projected = f"(SELECT {mapping.projection(kind, header, path.name)} FROM {relation})"
        yield _with_countries(connection, kind, mapping, projected)


def _in_utf8(path: Path, to: Path, encoding: str) -> Path:
    try:
        codecs.lookup(encoding)
        with path.open(encoding=encoding, newline="") as source, to.open("w", encoding="utf-8", newline="") as target:
            while block := source.read(_BLOCK):
                target.write(block)
    except (LookupError, UnicodeDecodeError) as error:
        remedy = "Say under [read] which encoding it is."
        raise SourceError(f"not in {encoding}: {error}", where=str(path), remedy=remedy) from error
    return to


def _with_countries(connection: duckdb.DuckDBPyConnection, kind: Kind, mapping: RecordMapping, relation: str) -> str:
    """Names and two-letter codes of countries become alpha-3; what is neither stays, and the check tells it."""
    columns = [name for name in mapping.columns if kind.columns[name] == "country"]
    if not columns:
        return relation
    said: set[str] = set()
    for name in columns:
        said.update(
            row[0] for row in connection.execute(f'SELECT DISTINCT "{name}" FROM {relation}').fetchall() if row[0]
        )
    found = {text: place.code for text in said if (place := find_territory(text) or _two_letters(text)) is not None}
    connection.execute("CREATE OR REPLACE TEMP TABLE places (said VARCHAR, code VARCHAR)")
    if found:
        connection.executemany("INSERT INTO places VALUES (?, ?)", [list(pair) for pair in sorted(found.items())])
    replaced = ", ".join(
        f'coalesce((SELECT code FROM places WHERE said = "{name}"), "{name}") AS "{name}"' for name in columns
    )
    return f"(SELECT * REPLACE ({replaced}) FROM {relation})"


def _two_letters(text: str) -> Territory | None:
    """Two letters are ISO's here: the cell is one that the user says holds a country."""
    return find_territory(text.upper(), scheme="iso2") if len(text) == 2 else None
