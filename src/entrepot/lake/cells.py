"""Cells of a file as text: CSV, Parquet or JSON as a relation that any engine session can read."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from entrepot.errors import SourceError

_ENDINGS = (".csv", ".tsv", ".txt", ".gz", ".parquet", ".json", ".jsonl")
_SAMPLE = 65_536
_HAS_ID = re.compile(r'STRUCT\(.*(?<![\w"])"?id"? VARCHAR.*\)\[\]')


def plain_relation(path: Path) -> str:
    """Return the SQL of a file's cells as text: CSV, Parquet or JSON.

    Raises:
        SourceError: no such file, an empty one, or an unknown ending.
    """
    if not path.is_file() or not path.stat().st_size:
        found = "this is a folder" if path.is_dir() else "the file is empty" if path.is_file() else "no such file"
        raise SourceError(found, where=str(path), remedy="Name a file of records.")
    if path.suffix not in _ENDINGS:
        raise SourceError(f"unknown ending {path.suffix!r}", where=str(path), remedy=f"Use {', '.join(_ENDINGS)}.")
    name = str(path).replace("'", "''")
    if path.suffix == ".parquet":
        return f"(SELECT COLUMNS(*)::VARCHAR FROM read_parquet('{name}'))"
    if path.suffix in (".json", ".jsonl"):
        return f"(SELECT {_json_cells(name)} FROM read_json('{name}'))"
    return csv_relation(path)


def _json_cells(name: str) -> str:
    """Columns of a JSON file as text: lists joined by ``;``, objects as JSON."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        types = connection.execute(f"DESCRIBE SELECT * FROM read_json('{name}')").fetchall()
    except duckdb.Error as error:
        raise unreadable(Path(name), error) from error
    finally:
        connection.close()
    cells = []
    for column, type_, *_ in types:
        quoted = '"' + str(column).replace('"', '""') + '"'
        if type_ == "VARCHAR[]":
            cells.append(f"array_to_string({quoted}, ';') AS {quoted}")
        elif _HAS_ID.match(type_):
            # Objects that have an id, as the entities of a claim: the list is of their ids.
            cells.append(f"array_to_string(list_transform({quoted}, lambda one: one.id), ';') AS {quoted}")
        elif type_.startswith(("STRUCT", "MAP")) or type_.endswith("[]") or type_ == "JSON":
            cells.append(f"to_json({quoted})::VARCHAR AS {quoted}")
        else:
            cells.append(f"{quoted}::VARCHAR AS {quoted}")
    return ", ".join(cells)


def csv_relation(path: Path, *, delimiter: str | None = None, skip: int = 0) -> str:
    """Return the SQL of a CSV file's cells as text, with its header below ``skip`` lines."""
    name = str(path).replace("'", "''")
    mark = (delimiter or _delimiter(path, skip)).replace("'", "''")
    return (
        f"read_csv('{name}', all_varchar = true, header = true, delim = '{mark}', quote = '\"', escape = '\"',"
        f" skip = {skip}, strict_mode = true, auto_detect = true, sample_size = 1)"
    )


def _delimiter(path: Path, skip: int = 0) -> str:
    import gzip

    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        lines = file.read(_SAMPLE).split(b"\n")
    head = lines[min(skip, len(lines) - 1)].decode("utf-8", "replace")
    return max(",;\t|", key=head.count)


def unreadable(path: Path, error: duckdb.Error) -> SourceError:
    """Return what the engine says of a file that it cannot read, in our words."""
    first = str(error).splitlines()
    text = next((line for line in first if "Error when" in line or "Line:" in line or "utf" in line.lower()), first[0])
    remedy = "Save it as UTF-8 with one header row, and put quotes around cells that hold the delimiter."
    return SourceError(text.strip()[:300], where=str(path), remedy=remedy)
