"""Records of a delimited text file with a header, each as columns and cells; a file that was cut is recognised."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.sources.columns import folded
from entrepot.sources.listing import Found, ListFile

DELIMITERS = (",", ";", "\t", "|")
_MOST_CELL = 16 << 20


@dataclass(frozen=True)
class Header:
    """The columns of a file.

    Attributes:
        names: the file's own names.
        delimiter: what stands between cells.
        lines_before: lines above the header.
    """

    names: tuple[str, ...]
    delimiter: str
    lines_before: int = 0

    def place(self, name: str) -> int | None:
        """Return where a column is; case, spaces and marks do not matter."""
        wanted = folded(name)
        return next((place for place, own in enumerate(self.names) if folded(own) == wanted), None)

    def has(self, *names: str) -> bool:
        """Return whether all these columns are there."""
        return all(self.place(name) is not None for name in names)


def header_of(file: ListFile, *, delimiter: str | None = None, encoding: str = "utf-8", before: int = 0) -> Header:
    """Return the header of a file: its first line, or the one after ``before`` others."""
    head = file.head(1 << 20).decode(_with_mark(encoding), "replace")
    lines = head.splitlines()
    line = lines[before] if len(lines) > before else ""
    mark = delimiter or max(DELIMITERS, key=line.count)
    names = next(csv.reader(io.StringIO("\n".join(lines[before:])), delimiter=mark), [])
    return Header(tuple(name.strip() for name in names), mark, before)


def records_of(
    file: ListFile,
    found: Found,
    *,
    needs: Sequence[str],
    knows: Sequence[str] = (),
    header: Header | None = None,
    encodings: Sequence[str] = ("utf-8",),
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each record's number and its cells by the names in ``needs`` and ``knows``.

    Columns that nobody asked for are named in the notes. A record of another width is an issue and skipped; where the
    last one is broken, the file was cut.

    Args:
        encodings: tried in turn; another than UTF-8 is noted.

    Raises:
        UnexpectedLayout: a needed column is not there.
        SourceError: the file ends in the middle of a record, or is in none of the encodings.
    """
    head = header or header_of(file)
    if lacking := [name for name in needs if not head.has(name)]:
        raise UnexpectedLayout(
            f"no column {lacking[0]!r}; the file has {', '.join(head.names[:12])}",
            where=file.name,
            remedy="Check that the file is of this source.",
        )
    places = {name: place for name in (*needs, *knows) if (place := head.place(name)) is not None}
    if others := [name for place, name in enumerate(head.names) if place not in places.values() and name]:
        found.notes.append(f"{file.name}: columns not read: {', '.join(others)}")
    for row, cells in _rows(file, found, head, encodings):
        found.records += 1
        yield row, {name: cells[place].strip() for name, place in places.items()}


def _rows(file: ListFile, found: Found, head: Header, encodings: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_MOST_CELL)
    encoding = _encoding_of(file, encodings)
    if encoding.lower().replace("-", "") not in ("utf8", "utf8sig"):
        found.notes.append(f"{file.name} was read as {encoding}")
    with file.path.open(encoding=_with_mark(encoding), newline="") as text:
        for _ in range(head.lines_before):
            text.readline()
        reader = csv.reader(text, delimiter=head.delimiter, strict=True)
        next(reader, None)
        row, short = 0, None
        try:
            for cells in reader:
                if not cells:
                    continue
                row += 1
                if short is not None:
                    found.records += 1
                    found.issue(file, short[0], "record", head.delimiter.join(short[1]), short[2], skips=True)
                    short = None
                if len(cells) == len(head.names):
                    yield row, cells
                else:
                    short = (row, cells, f"{len(cells)} cells, the header has {len(head.names)}")
        except csv.Error as error:
            raise _cut(file, f"record {row + 1} is broken ({error})") from error
        if short is not None:
            raise _cut(file, f"the last record has {short[2]}")


def _encoding_of(file: ListFile, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        try:
            with file.path.open(encoding=_with_mark(encoding), newline="") as text:
                while text.read(1 << 20):
                    pass
            return encoding
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise SourceError(f"there is no encoding {encoding!r}", where=file.name, remedy="Correct it.") from error
    raise SourceError(
        f"the file is not in {' or '.join(encodings)}",
        where=file.name,
        remedy="Save it as UTF-8, or name its encoding under [read] in a mapping file.",
    )


def _with_mark(encoding: str) -> str:
    return "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding


def _cut(file: ListFile, found: str) -> SourceError:
    return SourceError(
        f"{found}, as in a file that was cut",
        where=file.name,
        remedy="Download it again.",
    )
