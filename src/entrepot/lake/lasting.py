"""Tables that are only added to: their rows are neither superseded, nor dropped, nor read again in their place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from entrepot.errors import LakeError
from entrepot.lake.manifest import Part, SnapshotEntry
from entrepot.lake.schema import SCHEMAS

_REMEDY = "Record a correction: an entry with an id of its own that names the other in `replaces`."


def is_lasting(item: Part | SnapshotEntry) -> bool:
    """Return whether a part is of a table that is only added to."""
    return isinstance(item, Part) and item.table in SCHEMAS and SCHEMAS[item.table].is_append_only


def refuse_dropping(parts: Iterable[Part], *, lake: Path) -> None:
    """Refuse to drop parts of a table that is only added to.

    Raises:
        LakeError: rows of such a table are among them.
    """
    if rows := _rows(parts):
        found = f"{rows:,} entries of the ledger came from it, and what is recorded stays"
        raise LakeError(found, where=str(lake), remedy=_REMEDY)


def refuse_superseding(before: Iterable[Part], after: Iterable[Part], *, lake: Path) -> None:
    """Refuse a version in which rows of a table that is only added to gave way to others.

    Raises:
        LakeError: some did.
    """
    if _rows(after) < _rows(before):
        raise LakeError("an entry of that id is recorded already", where=str(lake), remedy=_REMEDY)


def refuse_dropping_pieces(entries: Iterable[SnapshotEntry], dropped: frozenset[str], *, lake: Path) -> None:
    """Refuse to drop a snapshot by itself where its rows were joined from several, or changed by a later one.

    Raises:
        LakeError: the source has to be dropped as a whole.
    """
    entries = tuple(entries)
    sources = {entry.source_id for entry in entries if entry.snapshot_id in dropped}
    for source_id in sorted(sources):
        if any(entry.source_id == source_id and "/" in entry.role for entry in entries):
            raise LakeError(
                f"the list of {source_id} is joined from several files, of which this is one",
                where=str(lake),
                remedy=f"Drop the source (`entrepot lake drop {source_id}`), and ingest the others again.",
            )


def _rows(parts: Iterable[Part]) -> int:
    return sum(part.data.rows for part in parts if is_lasting(part))
