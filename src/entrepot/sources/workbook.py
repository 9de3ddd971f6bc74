"""Workbooks (.xlsx, .xls, .ods): sheets as CSV, read with calamine, which holds one sheet at a time."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

from entrepot.errors import NotFound, SourceError
from entrepot.sources.archive import check_workbook


def sheet_as_csv(path: Path, *, target: Path, sheet: str | None, where: str) -> Path:
    """Write one sheet as CSV: the named one, else the first.

    Raises:
        SourceError: not a workbook, damaged, or too large once unpacked.
        NotFound: no sheet of that name.
    """
    book = _open(path, where)
    names = book.sheet_names
    if sheet is not None and sheet not in names:
        raise NotFound(f"no sheet {sheet!r}", where=where, remedy=f"Sheets are {', '.join(map(repr, names[:20]))}.")
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for row in _rows(book, sheet or names[0], where):
            if any(cell != "" for cell in row):
                writer.writerow([_text(cell) for cell in row])
    return target


def cells_as_csv(path: Path, *, target: Path, where: str) -> Path:
    """Write every sheet's filled cells as CSV with columns sheet, row, col (from 0) and text."""
    book = _open(path, where)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["sheet", "row", "col", "text"])
        for name in book.sheet_names:
            for number, row in enumerate(_rows(book, name, where)):
                writer.writerows((name, number, place, _text(cell)) for place, cell in enumerate(row) if cell != "")
    return target


def workbook_head(path: Path, *, sheets: int = 4, rows: int = 8) -> str:
    """Return the text of the first rows of the first sheets."""
    book = _open(path, path.name)
    heads = [_rows(book, name, path.name)[:rows] for name in book.sheet_names[:sheets]]
    return "\n".join(" ".join(_text(cell) for cell in row) for head in heads for row in head)


def _open(path: Path, where: str) -> Any:
    import python_calamine

    try:
        check_workbook(path)
        return python_calamine.load_workbook(str(path))
    except SourceError:
        raise
    except Exception as error:
        if not type(error).__module__.startswith(("python_calamine", "zipfile", "builtins", "_python_calamine")):
            raise
        raise _damaged(where, error) from error


def _rows(book: Any, name: str, where: str) -> list[list[Any]]:
    try:
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except Exception as error:
        raise _damaged(f"{where} sheet {name!r}", error) from error
    return rows


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def _damaged(where: str, error: Exception) -> SourceError:
    return SourceError(f"the workbook cannot be read ({error})", where=where, remedy="Download it again.")
