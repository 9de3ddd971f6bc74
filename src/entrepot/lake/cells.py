"""Cells of a file as text: CSV, Parquet or JSON as a relation that any engine session can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    """Return what is wrong with a file that the engine cannot read, in our words."""
    try:
        fault = _fault_of(path) if path.suffix.lower() in (".csv", ".gz", ".txt", ".tsv") else None
    except OSError:
        fault = None
    if fault is not None:
        found, remedy = fault
        return SourceError(found, where=str(path), remedy=remedy)
    first = str(error).splitlines()
    text = next((line for line in first if "Error when" in line or "Line:" in line or "utf" in line.lower()), first[0])
    remedy = "Save it as UTF-8 with one header row, and put quotes around cells that hold the delimiter."
    return SourceError(text.strip()[:300], where=str(path), remedy=remedy)


def _fault_of(path: Path) -> tuple[str, str] | None:
    """What is wrong with a CSV file that the engine refused, and the remedy; None where nothing is found."""
    import csv
    import gzip

    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        head = file.read(_SAMPLE)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "the file is UTF-16", "Save it as UTF-8."
        file.seek(0)
        mark = _delimiter(path)

        def lines() -> Iterator[str]:
            for line in file:
                yield line.decode("utf-8-sig")

        rows = csv.reader(lines(), delimiter=mark, strict=True)
        start = 1
        try:
            names = next(rows, [])
            start = rows.line_num + 1
            for row in rows:
                if row and len(row) != len(names):
                    found = f"line {start} has {len(row)} cells, the header has {len(names)}"
                    return found, f"Give every line as many cells, parted by {mark!r}; quote a cell that holds it."
                start = rows.line_num + 1
        except UnicodeDecodeError:
            if b"\x00" in head:
                return "the file is no text", "Name a CSV file saved as UTF-8, or a Parquet file."
            return f"line {rows.line_num + 1} is not UTF-8", "Save it as UTF-8, or name its encoding in a mapping file."
        except csv.Error as error:
            return (
                f"line {start} cannot be read as CSV ({error})",
                "Close every quote, and double a quote inside a cell.",
            )
    return None
