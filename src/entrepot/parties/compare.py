"""Compare: pairs of names in a file, each with a score and its reasons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from entrepot.errors import ConfigError, SourceError
from entrepot.lake import Table
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
    header = read_header(file)
    places = [_place(header, name, file) for name in (left, right)]
    if taken := sorted(set(header) & set(ADDED)):
        remedy = "Rename it: that column is added."
        raise ConfigError(f"the file has a column {taken[0]!r} already", where=str(path), remedy=remedy)
    rows = list(read_cells(file))
    if not rows:
        raise SourceError("there are no rows below the header", where=str(path), remedy="Give pairs to compare.")
    answers = [compare_texts(row[places[0]] or "", row[places[1]] or "", schema=schema) for row in rows]
    columns: dict[str, list[object]] = {n: list(v) for n, v in zip(header, zip(*rows, strict=True), strict=True)}
    columns["score"] = [answer.score if answer else None for answer in answers]
    columns["reasons"] = [reasons(answer) for answer in answers]
    return Table(columns, {**dict.fromkeys(header, "VARCHAR"), **ADDED})


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
