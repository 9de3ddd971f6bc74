"""Lists of parties: the files of one command become one state of a source, or nothing changes.

A full list takes the place of the same list as it was: who is gone from it is gone from the current version, and still
in the older ones. Files that belong together (OFAC's names, aliases and addresses) are read together, the ones given
before from the bytes that the lake keeps. What a reader does not understand is named and counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from entrepot.errors import CheckFailed, ConfigError, SourceError
from entrepot.lake import Snapshot, Stage, quoted
from entrepot.sources.archive import unpack
from entrepot.sources.entities import Entity
from entrepot.sources.model import Layout, Source

# A list of more than LARGE entities that loses more than this share of them at once is taken for a part of a file.
MOST_LOST = 0.3
LARGE = 100
BATCH = 20_000
WAY_THROUGH = "If the publisher has really cut it, run `entrepot lake drop {source_id}` first and ingest again."
_COLUMNS = {
    "entity_id": "VARCHAR",
    "schema": "VARCHAR",
    "caption": "VARCHAR",
    "is_target": "BOOLEAN",
    "properties": "VARCHAR",
    "first_seen": "VARCHAR",
    "last_seen": "VARCHAR",
    "last_change": "VARCHAR",
    "source_row": "BIGINT",
}
_ISSUE_COLUMNS = {
    "file": "VARCHAR", "source_row": "BIGINT", "field": "VARCHAR", "value": "VARCHAR", "reason": "VARCHAR",
}  # fmt: skip
_MOST_NAMED = 12
_COUNTED = {
    "entities": "count(*) FILTER (coalesce(is_target, true))",
    "aliases": "coalesce(sum(json_array_length(properties, '$.alias')), 0)",
    "addresses": "coalesce(sum(json_array_length(properties, '$.address')), 0)",
}
_BESIDE = frozenset({"Sanction", "Passport", "Identification", "CryptoWallet"})


@dataclass(frozen=True)
class ListFile:
    """One file of a list, unpacked.

    Attributes:
        path: the bytes to read.
        name: what messages call it.
        snapshot: the bytes as they were brought.
        role: which list of the source it is, and which piece of it.
        layouts: how columns may be called; only where a source has any.
        is_new: given by the command, not held by the lake.
    """

    path: Path
    name: str
    snapshot: Snapshot
    role: str = ""
    layouts: tuple[Layout, ...] = ()
    is_new: bool = True

    def head(self, size: int = 65_536) -> bytes:
        """Return the first bytes."""
        with self.path.open("rb") as file:
            return file.read(size)

    @property
    def first_line(self) -> str:
        """The first line, without a byte-order mark."""
        return self.head().partition(b"\n")[0].decode("utf-8-sig", "replace").strip()


class ListReader(Protocol):
    """What the ``read.py`` of a list has."""

    def role_of(self, file: ListFile) -> str:
        """Return which list of the source a file is, and after a ``/`` which piece of it."""

    def read(self, files: Sequence[ListFile], found: Found) -> None:
        """Put what the files hold into ``found``."""


@dataclass
class Found:
    """What readers find: entities by file, faults, and counts of what they left over.

    Attributes:
        records: records that were looked at.
        skipped: records that could not be used.
        counts: what was left over or not understood, by words that a user can read.
        removed: ids that the files say are gone.
    """

    write: Callable[[ListFile, list[Entity]], None]
    records: int = 0
    skipped: int = 0
    issues: list[tuple[ListFile, tuple[object, ...]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Counter[str]] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)
    _waiting: dict[str, tuple[ListFile, list[Entity]]] = field(default_factory=dict)

    def add(self, file: ListFile, *entities: Entity | None) -> None:
        """Take entities of a file; an id that was given already is an issue, and the first one stands."""
        for entity in entities:
            if entity is None:
                continue
            if entity.entity_id in self._seen:
                if entity.schema in _BESIDE:
                    continue  # The same document twice in one record.
                reason = "the id is given more than once; the first stands"
                self.issue(file, entity.row, "id", entity.entity_id, reason, skips=entity.is_target is not False)
                continue
            self._seen.add(entity.entity_id)
            waiting = self._waiting.setdefault(str(file.path), (file, []))[1]
            waiting.append(entity)
            if len(waiting) >= BATCH:
                self._flush(str(file.path))

    def has(self, entity_id: str) -> bool:
        """Return whether an entity of that id was taken."""
        return entity_id in self._seen

    def issue(self, file: ListFile, row: int, name: str, value: str, reason: str, *, skips: bool = False) -> None:
        """Record a fault of one record; ``skips`` where the record is left out for it."""
        self.issues.append((file, (file.name, row, name, value[:500], reason)))
        self.skipped += skips

    def left_over(self, what: str, example: str) -> None:
        """Count something that was not understood, and keep its words for the report."""
        self.counts[what] += 1
        words = self.examples.setdefault(what, Counter())
        if example in words or len(words) < 10_000:
            words[example] += 1

    def finish(self) -> None:
        """Hand over what waits."""
        for path in list(self._waiting):
            self._flush(path)

    def told(self) -> list[str]:
        """Return the notes, with one for each kind of leftovers."""
        told = list(self.notes)
        for what, count in self.counts.items():
            common = self.examples[what].most_common(_MOST_NAMED)
            words = ", ".join(f"{word} ({times:,})" if times > 1 else word for word, times in common if word)
            told.append(f"{count:,} {what}" + (f": {words}" if words else ""))
        return told

    def _flush(self, path: str) -> None:
        file, waiting = self._waiting.pop(path)
        if waiting:
            self.write(file, waiting)


@dataclass
class Outcome:
    """What :func:`read_lists` did; ``known`` where every file was read before."""

    known: bool = False
    rows: int = 0
    skipped: int = 0
    issues: list[tuple[object, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_lists(
    stage: Stage,
    source: Source,
    snapshots: Sequence[Snapshot],
    *,
    layouts: Sequence[Layout],
    reading: str,
    is_mapped: bool,
    reader: ListReader | None = None,
    known: Sequence[bool] | None = None,
) -> Outcome:
    """Write what lists say of parties to the stage.

    Args:
        reader: what reads them; the source's own by default.
        known: which of the snapshots were read before in the same way; the stage is asked by default.

    Raises:
        ConfigError: a mapping file for a list that has no columns to map.
        SourceError: a file is no list of this source, ends early, or most of it is unreadable.
        CheckFailed: a list lost more of its entities than is likely.
    """
    if is_mapped and not source.layouts:
        raise ConfigError(f"{source.id} has a layout of its own and takes no mapping", remedy="Leave --mapping out.")
    known = known or [stage.is_known(snapshot, reading=reading) for snapshot in snapshots]
    names = [snapshot.path.name for snapshot, is_known in zip(snapshots, known, strict=True) if is_known]
    outcome = Outcome(notes=[f"{name} was read before in the same way" for name in names])
    if all(known):
        return Outcome(known=True, notes=outcome.notes)
    reader = reader or import_module(f"entrepot.sources.{source.id.replace('-', '_')}.read")
    assert reader is not None
    files = _opened(stage, reader, snapshots, known, layouts)
    writer = _Writer(stage)
    found = Found(writer.write)
    reader.read(files, found)
    found.finish()
    _refuse_mostly_bad(found, source)
    _keep_bytes(stage, files, written=writer.snapshots)
    _check_losses(stage, source, files)
    outcome.rows, outcome.skipped = writer.rows, found.skipped
    outcome.issues = [issue for _, issue in found.issues]
    outcome.notes += [*found.told(), *_removals(stage, found), *_overlaps(stage, source, files)]
    _write_issues(stage, found)
    return outcome


def _opened(
    stage: Stage, reader: ListReader, snapshots: Sequence[Snapshot], known: Sequence[bool], layouts: Sequence[Layout]
) -> list[ListFile]:
    """The files to read: those given, and those of the lake that are read together with them."""
    held = {entry.snapshot_id: entry for entry in stage.renewal.held()}
    given: dict[str, ListFile] = {}
    for snapshot, is_known in zip(snapshots, known, strict=True):
        entry = held.get(snapshot.snapshot_id)
        same = stage.renewal.hold(entry) if entry and is_known else snapshot
        for file in _members(stage, reader, same, snapshot.path.name, layouts):
            given[f"{file.snapshot.snapshot_id}/{file.name}"] = file
    roles: dict[str, set[str]] = {}
    for file in given.values():
        roles.setdefault(file.snapshot.snapshot_id, set()).add(file.role)
    changes = [file for file in given.values() if file.role.endswith("/change")]
    if changes and (len(given) > 1 or not any(entry.role.endswith("/whole") for entry in held.values())):
        raise SourceError(
            "a file of changes can be read only by itself, on top of a full file that the lake holds",
            where=changes[0].name,
            remedy="Ingest the full file first, then the changes in their order, one by one.",
        )
    new = {role for several in roles.values() for role in several}
    is_joined = any("/" in role and not role.endswith("/change") for role in new)
    files = list(given.values())
    for entry in held.values():
        if entry.snapshot_id in roles:
            continue
        left = {role for role in entry.role.split(";") if not _is_replaced(role, new)}
        if not left:
            stage.renewal.replace([entry.snapshot_id])
        elif is_joined and any("/" in role for role in left):
            again = _members(stage, reader, stage.renewal.hold(entry), entry.name, layouts, is_new=False)
            files += [file for file in again if file.role in left]
    for file in files:
        if file.is_new:
            stage.renewal.roles[file.snapshot.snapshot_id] = _role_of(file.snapshot, files)
    return files


def _role_of(snapshot: Snapshot, files: Sequence[ListFile]) -> str:
    """The role of a snapshot; an archive may hold several pieces."""
    same = {file.role for file in files if file.snapshot.snapshot_id == snapshot.snapshot_id}
    return ";".join(sorted(same))


def _is_replaced(role: str, new: set[str]) -> bool:
    """Whether new files take the place of a held one: the same piece, or a list in one piece for one in several."""
    name, _, piece = role.partition("/")
    if piece == "change":
        return f"{name}/whole" in new
    if piece == "whole":
        return any(other.startswith(f"{name}/") and other != f"{name}/change" for other in new)
    return role in new or f"{name}/whole" in new


def _members(
    stage: Stage,
    reader: ListReader,
    snapshot: Snapshot,
    name: str,
    layouts: Sequence[Layout],
    *,
    is_new: bool = True,
) -> list[ListFile]:
    folder = stage.folder / "reading" / snapshot.snapshot_id
    files = []
    for member in unpack(snapshot.path, folder=folder):
        if member.path.stat().st_size == 0:
            raise SourceError("the file is empty", where=member.label, remedy="Download it again.")
        label = member.label if member.path != snapshot.path else name
        file = ListFile(member.path, label.replace("bytes", name, 1), snapshot, "", tuple(layouts), is_new)
        files.append(ListFile(file.path, file.name, snapshot, reader.role_of(file), file.layouts, is_new))
    return files


@dataclass
class _Writer:
    stage: Stage
    rows: int = 0
    snapshots: set[str] = field(default_factory=set)

    def write(self, file: ListFile, entities: list[Entity]) -> None:
        columns: dict[str, list[Any]] = {
            "entity_id": [entity.entity_id for entity in entities],
            "schema": [entity.schema for entity in entities],
            "caption": [entity.shown for entity in entities],
            "is_target": [_flag(entity.is_target) for entity in entities],
            "properties": [json.dumps(entity.properties, ensure_ascii=False, sort_keys=True) for entity in entities],
            "first_seen": [entity.first_seen for entity in entities],
            "last_seen": [entity.last_seen for entity in entities],
            "last_change": [entity.last_change for entity in entities],
            "source_row": [entity.row for entity in entities],
        }
        self.stage.engine.table("entity_batch", columns, {**_COLUMNS, "is_target": "VARCHAR"})
        self.rows += self.stage.write("parties", "entity_batch", snapshot=file.snapshot)
        self.snapshots.add(file.snapshot.snapshot_id)


def _flag(value: bool | None) -> str | None:
    return None if value is None else "true" if value else "false"


def _keep_bytes(stage: Stage, files: Iterable[ListFile], *, written: set[str]) -> None:
    """Keep the bytes of files whose rows were written under another one, or that hold no row."""
    stage.engine.table("entity_batch", {name: [] for name in _COLUMNS}, _COLUMNS)
    for snapshot in {file.snapshot.snapshot_id: file.snapshot for file in files}.values():
        if snapshot.snapshot_id not in written:
            stage.write("parties", "entity_batch", snapshot=snapshot)


def _check_losses(stage: Stage, source: Source, files: Sequence[ListFile]) -> None:
    """Refuse a list that lost too many of its entities, aliases or addresses: any of its files may have been cut."""
    held = {entry.snapshot_id: entry for entry in stage.renewal.held()}
    given = {file.snapshot.snapshot_id: _role_of(file.snapshot, files) for file in files}
    counts = ", ".join(_COUNTED.values())
    sql = f"SELECT snapshot_id, {counts} FROM {{}} WHERE source_id = {quoted(source.id)} GROUP BY 1"
    before, now = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for snapshot_id, *numbers in stage.ask(sql.format("parties")):
        before.update({(held[snapshot_id].role, what): n for what, n in zip(_COUNTED, numbers, strict=True)})
    for snapshot_id, *numbers in stage.ask(sql.format("staged_parties")):
        now.update({(given[snapshot_id], what): n for what, n in zip(_COUNTED, numbers, strict=True)})
    for role, what in sorted(before, key=lambda key: (key[0], list(_COUNTED).index(key[1]))):
        had, has = before[role, what], now[role, what]
        if role not in given.values() or role.endswith("/change") or had <= LARGE or has >= had * (1 - MOST_LOST):
            continue
        day = max(entry.ingested_at[:10] for entry in held.values() if entry.role == role)
        raise CheckFailed(
            f"the list has {has:,} {what}, {had:,} before: more than {MOST_LOST:.0%} are gone, as in a file"
            f" that was cut; the version of {day} stays current",
            where=", ".join(file.name for file in files if file.is_new),
            remedy="Download it again. " + WAY_THROUGH.format(source_id=source.id),
        )


def _refuse_mostly_bad(found: Found, source: Source) -> None:
    if not found.records:
        raise SourceError("no record", where=source.id, remedy="Check that the file is of this source.")
    if found.skipped * 2 > found.records:
        file, (_, row, name, value, reason) = found.issues[0]
        raise SourceError(
            f"{found.skipped:,} of {found.records:,} records cannot be used; the first is record {row}, {name}"
            f" {value!r}: {reason}",
            where=file.name,
            remedy="Check that the file is of this source.",
        )


def _removals(stage: Stage, found: Found) -> list[str]:
    if not found.removed:
        return []
    stage.engine.table("removed_entities", {"entity_id": sorted(found.removed)}, {"entity_id": "VARCHAR"})
    gone = stage.renewal.remove("parties", "removed_entities")
    lost = len(found.removed) - gone
    return [f"{gone:,} entities were taken out" + (f"; {lost:,} more that the lake did not hold" if lost else "")]


def _overlaps(stage: Stage, source: Source, files: Sequence[ListFile]) -> list[str]:
    if any(file.role.endswith("/change") for file in files):
        return []
    given = {file.snapshot.snapshot_id for file in files}
    gone = ", ".join(quoted(one) for one in sorted(given | stage.renewal.replaced))
    sql = f"""SELECT count(*) FROM parties AS p SEMI JOIN staged_parties AS s ON p.entity_id = s.entity_id
              WHERE p.source_id = {quoted(source.id)} AND p.snapshot_id NOT IN ({gone})"""
    count = stage.ask(sql)[0][0]
    return [f"{count:,} entities have the id of one in another list of {source.id}; the later counts"] if count else []


def _write_issues(stage: Stage, found: Found) -> None:
    by_snapshot: dict[str, tuple[Snapshot, list[tuple[object, ...]]]] = {}
    for file, issue in found.issues:
        by_snapshot.setdefault(file.snapshot.snapshot_id, (file.snapshot, []))[1].append(issue)
    for snapshot, issues in by_snapshot.values():
        columns = {name: [issue[place] for issue in issues] for place, name in enumerate(_ISSUE_COLUMNS)}
        stage.engine.table("list_issues", columns, _ISSUE_COLUMNS)
        stage.record_issues("list_issues", snapshot=snapshot)
