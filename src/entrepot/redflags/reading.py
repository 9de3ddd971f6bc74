"""What reading records came to: which were kept, which skipped, which cells could not be used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from entrepot.errors import SourceError
from entrepot.lake import Kind

# A file may be wrong throughout: its first faults say enough.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell or a record that could not be used.

    Attributes:
        row: the record's number in its file, from 1.
        taken: what became of it.
    """

    kind: str
    file: str
    row: int
    column: str
    found: str
    taken: str

    def __str__(self) -> str:
        return f"{self.file}, record {self.row}, {self.column}: {self.found!r} {self.taken}"


@dataclass(slots=True)
class Reading:
    """What reading a file came to: records kept, those skipped, cells unusable, columns that nobody reads."""

    kind: str
    file: str
    records: int = 0
    skipped: int = 0
    unusable: int = 0
    ignored: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def reading_of(kind: Kind, header: Sequence[str], file: str) -> tuple[Reading, list[str]]:
    """Return the reading of a file before its records, and the columns of the kind that it has.

    Raises:
        SourceError: it has no column with the ids of its records.
    """
    if kind.id and kind.id not in header:
        near = ", ".join(header[:12])
        remedy = f"A mapping file (--mapping) can say which column it is; the file has {near}."
        raise SourceError(f"no column {kind.id!r}, which names a {kind.name}", where=file, remedy=remedy)
    ignored = tuple(name for name in header if name not in kind.columns and name != "source_row")
    return Reading(kind.name, file, ignored=ignored), [name for name in kind.columns if name in header]


def note(
    kind: Kind, reading: Reading, faulty: Iterable[tuple[int, str]], skipped: Sequence[tuple[int, str | None, str]]
) -> None:
    """Note what could not be used.

    Args:
        faulty: rows with their faults, as `cells.typed` tells them.
        skipped: rows with their ids, and why they are: ``nameless`` or ``again``.
    """
    for number, text in faulty:
        column, _, found = text.partition("\x1f")
        taken = f"is no {kind.columns[column]} that can be used; taken as unknown"
        found = found.split("\x1e")[0][:80]
        reading.faults.append(Fault(kind.name, reading.file, int(number), column, found, taken))
    for why, taken in (("nameless", "no id; skipped"), ("again", "came before; skipped")):
        for number, record, _ in [one for one in skipped if one[2] == why][:SHOWN]:
            reading.faults.append(Fault(kind.name, reading.file, int(number), str(kind.id), record or "", taken))
    reading.skipped = len(skipped)
