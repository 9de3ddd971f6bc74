"""A file of records as a relation of the engine: CSV, Parquet or JSON lines, mapped or not, and payment messages."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from entrepot.errors import SourceError
from entrepot.lake import Kind, csv_relation, get_kind, plain_relation
from entrepot.sources.records.countries import with_countries
from entrepot.sources.records.edifact import is_edifact, write_shipments
from entrepot.sources.records.entities import is_ftm, write_entities
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
        if messages := message_tables(path, Path(folder)):
            if kind.name not in messages:
                remedy = f"Use --kind {' or '.join(messages)}."
                found = f"it is read as {', '.join(get_kind(name).table for name in messages)}, not as {kind.name}"
                raise SourceError(found, where=str(path), remedy=remedy)
            yield csv_relation(messages[kind.name], delimiter=",")
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
        yield with_countries(connection, kind, mapping, projected)


def message_tables(path: Path, folder: Path) -> dict[str, Path]:
    """Write what a file of messages or entities holds as CSV with our columns; return kind -> file.

    ISO 20022 gives payments, UN/EDIFACT CUSDEC shipments, FollowTheMoney several kinds. Empty for a table.

    Raises:
        SourceError: it is broken, hostile, or holds nothing that is read.
    """
    if path.suffix == ".xml":
        write_payments(path, payments := folder / "payments.csv")
        return {"payment": payments}
    if is_edifact(path):
        write_shipments(path, shipments := folder / "shipments.csv")
        return {"shipment": shipments}
    return write_entities(path, folder) if is_ftm(path) else {}


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
