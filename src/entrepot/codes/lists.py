"""Product lists: goods that somebody named, with a version, tiers, dates and partial coverage.

Lists that the project ships are in ``data/list_<id>_<version>.csv`` and named in ``data/lists.csv``. A user's
list is a CSV file read by ``read_product_list``.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from entrepot.codes.facts import rows
from entrepot.codes.hs import find_hs_code, find_revision
from entrepot.errors import CodeError, NotFound, SourceError, UnexpectedLayout, UnknownCode

_ALIASES = {
    "hs_code": "hs_code",
    "hs": "hs_code",
    "hs2": "hs_code",
    "hs4": "hs_code",
    "hs6": "hs_code",
    "hscode": "hs_code",
    "code": "hs_code",
    "cn": "hs_code",
    "cn8": "hs_code",
    "cn_code": "hs_code",
    "tnved": "hs_code",
    "tier": "tier",
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "coverage": "coverage",
    "price_above": "price_above",
    "note": "note",
    "label": "note",
    "product": "note",
    "description": "note",
}
_REMARK = re.compile(r"#\s*(title|version|hs_revision|source)\s*:\s*(.*\S)")


@dataclass(frozen=True)
class ProductItem:
    """One entry of a list.

    Attributes:
        hs_code: 2 to 10 digits; the entry means every finer code below it.
        tier: the list's own class, or None.
        valid_from: first day, ISO 8601; None where the list does not say.
        valid_to: first day on which it no longer holds; None while it lasts.
        coverage: full, part (an ex-code or a price limit), or None where unknown.
        note: what the part is, in words.
        price_above: price of one item above which the entry holds, or None.
    """

    hs_code: str
    tier: str | None
    valid_from: str | None
    valid_to: str | None
    coverage: str | None
    note: str
    price_above: float | None = None


@dataclass(frozen=True)
class ProductList:
    """A version of a list.

    Attributes:
        list_id: short id.
        version: day of the version, or the first digits of a user's file's hash.
        title: name for a reader.
        hs_revision: revision of its codes, or None where unknown.
        source: who published it.
        items: its entries, by code.
    """

    list_id: str
    version: str
    title: str
    hs_revision: str | None
    source: str
    items: tuple[ProductItem, ...]


@cache
def _shipped() -> dict[str, tuple[ProductList, ...]]:
    lists: dict[str, list[ProductList]] = {}
    for row in rows("lists"):
        items = _items(enumerate(rows(f"list_{row['list_id']}_{row['version']}"), start=2), row["list_id"])
        lists.setdefault(row["list_id"], []).append(ProductList(**row, items=items))
    return {name: tuple(sorted(versions, key=lambda v: v.version)) for name, versions in lists.items()}


def product_list_ids() -> tuple[str, ...]:
    """Return the ids of the lists that the project ships."""
    return tuple(sorted({row["list_id"] for row in rows("lists")}))


def product_list(list_id: str, *, on: str | None = None) -> ProductList:
    """Return a shipped list: its newest version, or the one of a day (ISO 8601).

    Raises:
        NotFound: no such list, or no version yet on that day.
    """
    versions = _shipped().get(list_id, ())
    if not versions:
        raise NotFound(f"no product list {list_id!r}", remedy=f"Lists: {', '.join(product_list_ids())}.")
    known = [version for version in versions if on is None or version.version <= on]
    if not known:
        raise NotFound(
            f"product list {list_id!r} has no version of {on} or earlier",
            remedy=f"The oldest version here is of {versions[0].version}.",
        )
    return known[-1]


def product_list_versions(list_id: str) -> tuple[str, ...]:
    """Return the days of a shipped list's versions, oldest first; none where there is no such list."""
    return tuple(version.version for version in _shipped().get(list_id, ()))


def read_product_list(path: Path) -> ProductList:
    """Return a user's list, read from a CSV file.

    Columns: hs_code and, if wanted, tier, valid_from, valid_to, coverage, price_above and note, divided by
    commas, semicolons or tabs. The code column may be called hs6, cn8 or code, too; a column label, product
    or description is read as the note. Lines ``# title:``, ``# version:``, ``# hs_revision:`` and
    ``# source:`` before the header name the list.

    Raises:
        NotFound: no such file.
        SourceError: the file cannot be read as UTF-8 text, or holds no entries.
        UnexpectedLayout: no column of codes, or a column that is not known.
        UnknownCode: a cell that is no code, or a code that lost its leading zero; the row is named.
        CodeError: a date, price or coverage that cannot be read, or conflicting rows; the row is named.
    """
    if not path.is_file():
        raise NotFound("no such file", where=str(path), remedy="Give the path of a CSV file with hs_code.")
    try:
        content = path.read_bytes()
        lines = content.decode("utf-8-sig").splitlines(keepends=True)
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(path), remedy="Make the file readable.") from error
    except UnicodeDecodeError as error:
        raise SourceError("the file is not UTF-8 text", where=str(path), remedy="Save as UTF-8.") from error
    remarks = {match[1]: match[2] for line in lines if (match := _REMARK.fullmatch(line.strip()))}
    try:
        items = _items(_records(lines, str(path)), str(path))
    except csv.Error as error:
        raise SourceError(str(error), where=str(path), remedy="Check the quotes in the file.") from error
    if not items:
        raise SourceError("the list holds no entries", where=str(path), remedy="Add a row for each code.")
    revision = find_revision(remarks["hs_revision"]) if "hs_revision" in remarks else None
    if "hs_revision" in remarks and revision is None:
        raise UnknownCode(
            f"unknown revision {remarks['hs_revision']!r}", where=str(path), remedy="Write HS2022 or CN2022."
        )
    return ProductList(
        list_id=path.stem,
        version=remarks.get("version", hashlib.sha256(content).hexdigest()[:12]),
        title=remarks.get("title", path.stem),
        hs_revision=revision,
        source=remarks.get("source", path.name),
        items=items,
    )


def _records(lines: Sequence[str], where: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each record with the number of its last line, its columns under our names."""
    skipped = next((i for i, line in enumerate(lines) if _is_data(line)), None)
    if skipped is None:
        raise SourceError("the file is empty", where=where, remedy="Write a header and a row for each code.")
    delimiter = max(",;\t", key=lines[skipped].count)
    reader = csv.reader(lines[skipped:], delimiter=delimiter)
    names = _columns(next(reader), where)
    for cells in reader:
        number = skipped + reader.line_num
        if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
            continue
        if len(cells) > len(names):
            raise UnexpectedLayout(
                f"{len(cells)} cells under {len(names)} columns",
                where=f"{where} row {number}",
                remedy="Put cells that hold the separator between quotes.",
            )
        yield number, dict(zip(names, cells, strict=False))


def _columns(header: Sequence[str], where: str) -> list[str]:
    names = [_ALIASES.get(name.strip().casefold(), "") for name in header]
    if "hs_code" in names and "" not in names and len(set(names)) == len(names):
        return names
    wrong = [name for name, ours in zip(header, names, strict=True) if not ours or names.count(ours) > 1]
    raise UnexpectedLayout(
        f"unknown or doubled column {wrong[0]!r}" if "hs_code" in names else "no column hs_code",
        where=where,
        remedy=f"Use {', '.join(dict.fromkeys(_ALIASES.values()))}, separated by commas.",
    )


def _is_data(line: str) -> bool:
    return bool(line.strip(" ,;\t\r\n")) and not line.lstrip().startswith("#")


def _items(records: Iterator[tuple[int, dict[str, str]]], where: str) -> tuple[ProductItem, ...]:
    items: dict[ProductItem, int] = {}
    spans: dict[tuple[str, str | None], tuple[int, ProductItem]] = {}
    for number, record in records:
        item = _item({name: (cell or "").strip() for name, cell in record.items()}, f"{where} row {number}")
        known_number, known = spans.setdefault((item.hs_code, item.valid_from), (number, item))
        if known != item:
            raise CodeError(
                f"code {item.hs_code!r} stands here and in row {known_number} with other values",
                where=f"{where} row {number}",
                remedy="Give each code once for each valid_from.",
            )
        items[item] = number
    return tuple(sorted(items, key=lambda item: (item.hs_code, item.valid_from or "")))


def _item(record: dict[str, str], where: str) -> ProductItem:
    price = _price(record.get("price_above", ""), where)
    coverage = record.get("coverage") or ("part" if price is not None else None)
    if coverage not in ("full", "part", None):
        raise CodeError(f"coverage is {coverage!r}", where=where, remedy="Write full, part or nothing.")
    start, end = (_day(record.get(name, ""), name, where) for name in ("valid_from", "valid_to"))
    if start and end and end <= start:
        raise CodeError(f"valid_to {end} is not after valid_from {start}", where=where, remedy="Swap them.")
    return ProductItem(
        hs_code=_code(record.get("hs_code", ""), where),
        tier=record.get("tier") or None,
        valid_from=start,
        valid_to=end,
        coverage=coverage,
        note=record.get("note", ""),
        price_above=price,
    )


def _code(text: str, where: str) -> str:
    code = find_hs_code(text)
    if text.isascii() and text.isdigit() and len(text) % 2:
        raise UnknownCode(
            f"code {text!r} has {len(text)} digits: a leading zero seems lost",
            where=where,
            remedy=f"Write '0{text}' and keep the column as text.",
        )
    if code is None or code == "TOTAL" or len(code) % 2:
        raise UnknownCode(f"{text!r} is no goods code", where=where, remedy="Write 2, 4, 6, 8 or 10 digits as text.")
    return code


def _day(text: str, name: str, where: str) -> str | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        remedy = "Write a day as YYYY-MM-DD."
        raise CodeError(f"{name} is {text!r}", where=where, remedy=remedy) from error


def _price(text: str, where: str) -> float | None:
    if not text:
        return None
    if not re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        raise CodeError(f"price_above is {text!r}", where=where, remedy="Write a number without separators.")
    return float(text)
