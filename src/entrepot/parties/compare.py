"""Compare: pairs of names in a file, each with a score and its reasons."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from entrepot.errors import ConfigError, SourceError
from entrepot.lake import Table, copy_lines, harmless
from entrepot.parties.cells import read_cells, read_header
from entrepot.parties.names import NameMatch, compare_names, is_body, read_names

SCHEMAS = ("Person", "Company")
ADDED = {"score": "DOUBLE", "reasons": "VARCHAR"}
NO_NAME = "no usable name"


def compare(path: Path | str, *, left: str, right: str, schema: str | None = None) -> Table:
    """Return the rows of a file of pairs with ``score`` and ``reasons``.

    Args:
        path: CSV, TSV or Parquet with a header.
        left, right: columns that hold the two names; several names in a cell are joined by ``;``, the best pair counts.
        schema: Person or Company; by default what the names look like: a legal form makes a company.

    Returns:
        grain row of the file, in its order. The file's columns as text, ``score`` 0 to 1 (from 0.7 on consistent with
        one bearer; NULL where a side has no usable name), ``reasons``: JSON, a list of feature, detail and weight in
        log-odds.

    Raises:
        SourceError: there is no such file, it cannot be read, or has no rows.
        ConfigError: a column is missing, or the file has a column of a name that is added.
    """
    file = Path(path)
    header, rows = _scored(file, left, right, schema)
    gathered = list(rows)
    types = {**dict.fromkeys(header, "VARCHAR"), **ADDED}
    columns: dict[str, list[object]] = {n: list(v) for n, v in zip(types, zip(*gathered, strict=True), strict=True)}
    return Table(columns, types)


def compare_file(path: Path, out: Path, *, left: str, right: str, schema: str | None = None) -> int:
    """Write what :func:`compare` returns row by row, whole or not at all; return the number of rows.

    Memory does not grow with the file. ``out`` ends in .csv, .jsonl, .json or .parquet.

    Raises:
        SourceError, ConfigError: as :func:`compare`; or ``out`` cannot be written.
    """
    header, rows = _scored(path, left, right, schema)
    names = (*header, *ADDED)
    scratch = out.with_name(f".{out.name}.{os.getpid()}")
    count = 0
    try:
        with scratch.open("w", encoding="utf-8", errors="replace", newline="") as file:
            if out.suffix == ".csv":
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(names)
                for row in rows:
                    writer.writerow(["" if cell is None else harmless(str(cell)) for cell in row])
                    count += 1
            else:
                for row in rows:
                    count += 1
                    file.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")
        if out.suffix in (".csv", ".jsonl"):
            scratch.replace(out)
        else:
            copy_lines(scratch, out, {**dict.fromkeys(header, "VARCHAR"), **ADDED})
    except OSError as error:
        raise SourceError(error.strerror or str(error), where=str(out), remedy="Choose another --out.") from error
    finally:
        scratch.unlink(missing_ok=True)
    return count


def _scored(
    file: Path, left: str, right: str, schema: str | None
) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """A file's header, and its rows with score and reasons as they are asked for; there is one at least."""
    header = read_header(file)
    if twice := [name for name in dict.fromkeys(header) if header.count(name) > 1]:
        raise ConfigError(f"two columns are called {twice[0]!r}", where=str(file), remedy="Rename one of them.")
    places = [_place(header, name, file) for name in (left, right)]
    if taken := sorted(set(header) & set(ADDED)):
        remedy = "Rename it: that column is added."
        raise ConfigError(f"the file has a column {taken[0]!r} already", where=str(file), remedy=remedy)
    cells = read_cells(file)
    first = next(cells, None)
    if first is None:
        raise SourceError("there are no rows below the header", where=str(file), remedy="Give pairs to compare.")

    def rows() -> Iterator[tuple[object, ...]]:
        for row in chain([first], cells):
            answer = compare_texts(row[places[0]] or "", row[places[1]] or "", schema=schema)
            yield (*row, answer.score if answer else None, reasons(answer))

    return header, rows()


def compare_texts(left: str, right: str, *, schema: str | None = None) -> NameMatch | None:
    """Return how far two cells of names agree, or None where one holds no usable name."""
    kind = schema or ("Company" if is_body(left) or is_body(right) else "Person")
    ours, theirs = read_names(left, schema=kind), read_names(right, schema=kind)
    if not ours or not theirs:
        return None
    return max((compare_names(one, other) for one in ours for other in theirs), key=lambda match: match.score)


def reasons(match: NameMatch | None) -> str:
    """Return the reasons of a score as JSON."""
    if match is None:
        return json.dumps([{"feature": "name", "detail": NO_NAME, "weight": None}])
    told = [{"feature": name, "weight": round(weight, 3)} for name, weight in match.features]
    return json.dumps([{"feature": "name", "detail": match.detail, "weight": None}, *told], ensure_ascii=False)


def _place(header: Sequence[str], name: str, path: Path) -> int:
    if name not in header:
        raise ConfigError(
            f"there is no column {name!r}", where=str(path), remedy=f"Its columns are {', '.join(header)}."
        )
    return header.index(name)
