"""Recording: the user's own entries are added to a lake's ledger; none is ever changed or taken out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from entrepot.errors import EntryRecorded
from entrepot.lake import Engine, Lake, Snapshot, Stage
from entrepot.ledger.beside import is_same
from entrepot.ledger.checks import refuse_faults
from entrepot.ledger.entry import Entry
from entrepot.ledger.form import fields_of
from entrepot.ledger.opening import shipped_entries
from entrepot.ledger.reading import entry_of
from entrepot.ledger.rows import rows_beside, rows_of
from entrepot.ledger.table import LAKE, TYPES, ledger_rows
from entrepot.origin import Origin

SOURCE = "own-entries"


def record(lake: Lake, entries: Sequence[Entry], *, at: str, command: str = "") -> int:
    """Add entries to a lake's ledger in one commit, with their own JSON as the bytes they came from.

    Those that are recorded already in the same words are left out. A judgement is taken back by a correction: an entry
    that names it in ``replaces``.

    Args:
        at: UTC instant of the recording; what the entries say of theirs is not taken.
        command: what to record as the command.

    Returns:
        How many entries were added.

    Raises:
        EntryRecorded: an id is taken by an entry that says something else.
        LedgerError: an entry is wrong, names an entry that does not exist, or corrections go in a circle.
        LakeBusy: another process writes to the lake.
    """
    checked = [_checked(entry, at) for entry in entries]
    with lake.stage(SOURCE, at=at, command=command or "record") as stage:
        new = unrecorded(checked, recorded(stage.engine))
        if not new:
            return 0
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "entries.json"
            lines = (json.dumps(fields_of(replace(one, recorded_at="")), ensure_ascii=False) for one in new)
            text = "[\n" + ",\n".join(lines) + "\n]\n"
            path.write_text(text, "utf-8")
            snapshot = stage.snapshot(path, Origin("the lake's user", "own entries of the ledger"))
            stage.is_known(snapshot, reading=SOURCE)
            write_entries(stage, new, range(1, len(new) + 1), snapshot=snapshot)
            stage.commit()
    return len(new)


def _checked(entry: Entry, at: str) -> Entry:
    where = entry.where or "own entry"
    return entry_of({**fields_of(entry), "recorded_at": at, "pack": LAKE}, where=where)


class Recorded(Collection[str]):
    """Ids of the entries that stand already: the shipped ones, and those in a session's table ``ledger``.

    The session has to stay open as long as entries are asked for.
    """

    def __init__(self, engine: Engine) -> None:
        shipped = shipped_entries()
        self._rows, moved = rows_beside(rows_of(engine), shipped)
        self._places = {entry_id: place for place, entry_id in enumerate(self._rows.columns.ids)}
        self._entries = {entry.entry_id: entry for entry in (*moved, *shipped)}

    def __len__(self) -> int:
        return len(self._entries) + len(self._places)

    def __iter__(self) -> Iterator[str]:
        return chain(self._entries, self._places)

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._entries or entry_id in self._places

    def of(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Return those of the ids that stand, with their entries."""
        asked = list(dict.fromkeys(ids))
        places = [self._places[entry_id] for entry_id in asked if entry_id in self._places]
        found = {entry.entry_id: entry for entry in self._rows.entries(places)}
        return found | {entry_id: self._entries[entry_id] for entry_id in asked if entry_id in self._entries}

    def add(self, entries: Iterable[Entry]) -> None:
        """Count entries among those that stand."""
        self._entries.update({entry.entry_id: entry for entry in entries})


def recorded(engine: Engine) -> Recorded:
    """Return what stands already: the shipped entries, and those in a session's table ``ledger``."""
    return Recorded(engine)


def unrecorded(entries: Sequence[Entry], standing: Recorded) -> list[Entry]:
    """Return the entries that are to be added to those that stand, each once.

    Raises:
        EntryRecorded: an id is taken by an entry that says something else.
        LedgerError: an entry names one that does not exist, or corrections go in a circle.
    """
    new = list(_new(entries, standing.of(entry.entry_id for entry in entries)).values())
    refuse_faults(new, standing)
    return new


def _new(entries: Sequence[Entry], standing: Mapping[str, Entry]) -> dict[str, Entry]:
    new: dict[str, Entry] = {}
    for entry in entries:
        taken = standing.get(entry.entry_id) or new.get(entry.entry_id)
        if taken is None:
            new[entry.entry_id] = entry
        elif not is_same(taken, entry):
            remedy = "Record a correction: an id of its own, and this id in `replaces`."
            found = f"{entry.entry_id!r} is recorded already and says something else ({taken.where})"
            raise EntryRecorded(found, where=entry.where, remedy=remedy)
    return new


def write_entries(stage: Stage, entries: Sequence[Entry], source_rows: Sequence[int], *, snapshot: Snapshot) -> int:
    """Write entries to a stage's table ``ledger``; return how many."""
    stage.engine.table("entries_to_write", ledger_rows(entries, source_rows), TYPES)
    return stage.write("ledger", "entries_to_write", snapshot=snapshot)
