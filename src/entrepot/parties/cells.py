"""Cells: a table in a user's file (CSV, TSV, Parquet) as columns of text, whatever its columns are called."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import duckdb

from entrepot.errors import NotFound, SourceError
from entrepot.lake import Engine, identifier, quoted

ENDINGS = (".csv", ".tsv", ".txt", ".parquet")
_BATCH = 20_000
# The longest record that is read: a cell may hold a pasted page, not a library.
_LONGEST = 4_000_000


class Cells:
    """The rows of a file, read block by block.

    Attributes:
        columns: names of the columns, as the file has them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _refuse(path)
        self._engine = Engine()
        self._relation = _relation(path)
        found = self._run(f"DESCRIBE SELECT * FROM {self._relation}")
        self.columns: tuple[str, ...] = tuple(str(row[0]) for row in found)

    def blocks(self) -> Iterator[list[tuple[str | None, ...]]]:
        """Yield the rows in their order, some ten thousand at a time; an empty cell is None.

        Raises:
            SourceError: the file is damaged or in another encoding.
        """
        names = ", ".join(f"nullif(CAST({identifier(name)} AS VARCHAR), '')" for name in self.columns)
        try:
            cursor = self._engine.connection.execute(f"SELECT {names} FROM {self._relation}")
            while block := cursor.fetchmany(_BATCH):
                yield block
        except duckdb.Error as error:
            raise self._damaged(error) from error

    def rows(self) -> Iterator[tuple[str | None, ...]]:
        """Yield the rows in their order."""
        return itertools.chain.from_iterable(self.blocks())

    def close(self) -> None:
        """Give everything back."""
        self._engine.close()

    def _run(self, sql: str) -> list[tuple[object, ...]]:
        try:
            return self._engine.connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise self._damaged(error) from error

    def _damaged(self, error: duckdb.Error) -> SourceError:
        text = str(error)
        if "unicode" in text.lower() or "utf-8" in text.lower():
            return SourceError("the text is not UTF-8", where=str(self.path), remedy="Save it as UTF-8.")
        first = next((line for line in text.splitlines() if line.strip()), "unreadable")
        return SourceError(f"cannot be read ({first})", where=str(self.path), remedy="Check the file.")


def _refuse(path: Path) -> None:
    if not path.exists():
        raise NotFound("there is no such file", where=str(path), remedy="Check the path.")
    if path.is_dir():
        raise SourceError("this is a folder", where=str(path), remedy="Name a file.")
    kind = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix
    if kind.lower().removesuffix(".gz") not in ENDINGS:
        remedy = f"Give a file that ends in one of {', '.join(ENDINGS)}."
        raise SourceError(f"unknown ending {path.suffix!r}", where=str(path), remedy=remedy)
    if path.stat().st_size == 0:
        raise SourceError("the file is empty", where=str(path), remedy="Give a file with a header and rows.")


def _relation(path: Path) -> str:
    if path.suffix == ".parquet":
        return f"read_parquet({quoted(str(path))})"
    delimiter = ", delim = '\t'" if ".tsv" in path.suffixes else ""
    return (
        f"read_csv({quoted(str(path))}, all_varchar = true, header = true, null_padding = true, parallel = false,"
        f" max_line_size = {_LONGEST}{delimiter})"
    )
