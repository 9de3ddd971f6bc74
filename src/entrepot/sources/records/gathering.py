"""The files of one command as tables of records and, of persons, companies and their links, as parties."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from entrepot.errors import ConfigError, NotFound, UnexpectedLayout
from entrepot.lake import Kind, Snapshot, Stage, kinds, quoted
from entrepot.sources.archive import Member, unpack
from entrepot.sources.catalogue import layouts_for, reading_hash
from entrepot.sources.listing import Found, ListFile, Outcome, read_lists
from entrepot.sources.model import RECORD_FIELDS, Layout, Source
from entrepot.sources.opening import Raw
from entrepot.sources.records import read as parties
from entrepot.sources.records.converting import convert
from entrepot.sources.records.mapping import RecordMapping
from entrepot.sources.records.opening import header_of, message_tables
from entrepot.sources.records.taking import RecordTable, Taken, opened, take_records
from entrepot.sources.records.telling import PARTIES, kind_named, kind_of, named

_TABLES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class RecordOptions:
    """How a user's own records are ingested.

    Attributes:
        kind: of all files of the command; None where their columns tell it.
        names: ``hash`` keeps an HMAC under ``key`` in place of every name, ``drop`` keeps none. The bytes that the lake
            keeps are then those of the table without names, not those of the file.
        key: at least 16 bytes.
    """

    kind: str | None = None
    names: Literal["keep", "hash", "drop"] = "keep"
    key: bytes = b""


@dataclass
class Gathering:
    """One command's files of records on their way into a stage.

    Attributes:
        known: how many of the files were read before in the same way.
        notes: what a user should know.
    """

    stage: Stage
    source: Source
    options: RecordOptions
    mapping: RecordMapping | None = None
    layouts: list[Layout] = field(default_factory=list)
    known: int = 0
    notes: list[str] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _kinds: dict[tuple[str, str], str] = field(default_factory=dict)
    _tables: dict[tuple[str, str], Path] = field(default_factory=dict)

    @property
    def reading(self) -> str:
        """A hash of all that decides how bytes become rows."""
        own = self.mapping.model_dump(mode="json") if self.mapping else None
        told = [reading_hash(self.source, self.layouts), own, self._forced, _columns_told()]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def _forced(self) -> str | None:
        return self.options.kind or (self.mapping.kind if self.mapping else None) or self.source.kind

    def hidden(self, path: Path, number: int) -> Path:
        """Return the file to be kept: itself, or the same table with its names hashed or left out.

        Raises:
            ConfigError: hashing without a key.
            UnexpectedLayout: a file of several kinds, whose tables have to be named one by one.
        """
        if self.options.names == "keep":
            return path
        folder = self.stage.folder / "hidden" / str(number)
        folder.mkdir(parents=True)
        kind = self._forced or (next(iter(self._messages(path, folder)), None)) or self._told(path)
        target = folder / f"{path.name.partition('.')[0]}.csv"
        given = {"names": self.options.names, "key": self.options.key}
        convert(kind, [path], target, mapping=self.mapping, **given)  # type: ignore[arg-type]
        for scratch in folder.iterdir():
            if scratch != target:
                scratch.unlink()
        return target

    def take(self, snapshots: Sequence[Snapshot]) -> Iterator[tuple[Snapshot, Taken]]:
        """Write the tables of records to the stage, one after the other; yield what each gave.

        The issues of a table are read before the next one is taken.
        """
        self._known = {one.snapshot_id for one in snapshots if self.stage.is_known(one, reading=self.reading)}
        self.notes += [f"{one.path.name} was read before in the same way" for one in snapshots if self._is_known(one)]
        roles = {entry.snapshot_id: entry.role for entry in self.stage.renewal.held()}
        fresh = [one for one in snapshots if not self._is_known(one)]
        for number, snapshot in enumerate(fresh):
            yield from self._of(snapshot, number)
        if self._kinds:
            # The lists of parties are read together, and what is read again is written again as a whole.
            again = [one for one in snapshots if self._is_known(one) and roles.get(one.snapshot_id)]
            for number, snapshot in enumerate(again, len(fresh)):
                yield from self._of(snapshot, number)
        self.known = len(self._known)

    def _is_known(self, snapshot: Snapshot) -> bool:
        return snapshot.snapshot_id in self._known

    def take_parties(self, snapshots: Sequence[Snapshot]) -> Outcome | None:
        """Write persons, companies and their links as parties; None where the files hold none, or names are hidden."""
        mine = {snapshot_id for snapshot_id, _ in self._kinds}
        chosen = [one for one in snapshots if one.snapshot_id in mine]
        if not chosen or self.options.names != "keep":
            return None
        is_mapped = self.mapping is not None
        return read_lists(
            self.stage,
            self.source,
            chosen,
            layouts=self.layouts,
            reading=self.reading,
            is_mapped=is_mapped,
            reader=_Parties(self._kinds, self._tables),
            known=[self._is_known(one) for one in chosen],
        )

    def _of(self, snapshot: Snapshot, number: int) -> Iterator[tuple[Snapshot, Taken]]:
        folder = self.stage.folder / "records" / str(number)
        for place, member in enumerate(unpack(snapshot.path, folder=folder / "unpacked")):
            own = folder / str(place)
            own.mkdir(parents=True)
            messages = self._messages(member.path, own)
            for kind_name, path in messages.items():
                if self._forced in (None, kind_name):
                    yield snapshot, self._table(snapshot, member, path, own / kind_name, kind_named(kind_name))
            if not messages:
                yield snapshot, self._table(snapshot, member, member.path, own)

    def _table(self, snapshot: Snapshot, member: Member, path: Path, folder: Path, kind: Kind | None = None) -> Taken:
        is_message, mapping = kind is not None, self.mapping if kind is None else None
        raw = opened(self.stage.engine, path, folder=folder, mapping=mapping)
        kind = kind or (kind_named(self._forced) if self._forced else self._kind_of(raw, member))
        if mapping is not None:
            mapping = mapping.of(kind, member.label)
        is_party = kind.name in PARTIES and not is_message and self.options.names == "keep"
        if is_party:
            self._kinds[snapshot.snapshot_id, member.label] = kind.name
            if member.path.suffix.lower() not in _TABLES:
                self._tables[snapshot.snapshot_id, member.label] = self._as_csv(raw, folder / "parties.csv")
        elif kind.name in PARTIES:
            told = "the names are hidden" if not is_message else "`ingest ftm` reads entities as parties"
            self.notes.append(f"{member.label}: not among the parties that can be screened: {told}")
        taken = take_records(self.stage, raw, RecordTable(kind, member.label, snapshot, mapping))
        if is_party:
            # The list of parties tells the faults of the columns that it reads, and counts what it skips.
            fields = ", ".join(map(quoted, (*parties.FIELDS, "record")))
            self.stage.engine.connection.execute(f"DELETE FROM record_issues WHERE field IN ({fields})")
            taken = replace(taken, skipped=0)
        return taken

    def _kind_of(self, raw: Raw, member: Member) -> Kind:
        return kind_of(self._named(list(raw.columns)), where=member.label)

    def _named(self, header: list[str]) -> list[str]:
        """The columns of a file by our names, mapped ones first."""
        if self.mapping is None:
            return named(header)
        several = [[one] if isinstance(one, str) else one for one in self.mapping.columns.values()]
        theirs = {name for names in several for name in names}
        mapped = [*self.mapping.columns, *self.mapping.constants]
        return list(dict.fromkeys([*mapped, *named(name for name in header if name not in theirs)]))

    def _messages(self, path: Path, folder: Path) -> dict[str, Path]:
        return {} if self.mapping is not None else message_tables(path, folder)

    def _told(self, path: Path) -> str:
        return kind_of(self._named(header_of(path)), where=str(path)).name

    def _as_csv(self, raw: Raw, target: Path) -> Path:
        cells = ", ".join(f'"{name}"' for name in raw.columns)
        sql = f"SELECT {cells} FROM {raw.view} ORDER BY source_row"
        self.stage.engine.connection.execute(f"COPY ({sql}) TO {quoted(str(target))} (FORMAT csv, HEADER)")
        return target


class _Parties:
    """Reads files whose kind is known already as lists of parties."""

    def __init__(self, kinds: dict[tuple[str, str], str], tables: dict[tuple[str, str], Path]) -> None:
        self._kinds, self._tables = kinds, tables

    def role_of(self, file: ListFile) -> str:
        """Return the kind of a table."""
        key = (file.snapshot.snapshot_id, file.name)
        if key not in self._kinds:
            raise UnexpectedLayout(
                "an archive with tables of persons or companies beside others",
                where=file.name,
                remedy="Ingest its members one by one.",
            )
        return self._kinds[key]

    def read(self, files: Sequence[ListFile], found: Found) -> None:
        """Take every record; tables that are no text from the text they were written out as."""
        tables = self._tables
        keys = {str(file.path): (file.snapshot.snapshot_id, file.name) for file in files}
        parties.read([replace(file, path=tables.get(keys[str(file.path)], file.path)) for file in files], found)


def gathering(stage: Stage, source: Source, mapping: Path | str | None, options: RecordOptions) -> Gathering:
    """Return what takes a command's files of records.

    Raises:
        ConfigError: the mapping is not valid, or names a column that no record has.
        NotFound: no such mapping or kind.
    """
    if options.kind is not None:
        kind_named(options.kind)
    if mapping is None:
        return Gathering(stage, source, options, None, layouts_for(source, None))
    own, layout = read_both(Path(mapping))
    return Gathering(stage, source, options, own, layouts_for(source, layout) or [layout])


def read_both(path: Path) -> tuple[RecordMapping, Layout]:
    """Return a mapping file as that of records, and as the layout by which lists of parties are read.

    Raises:
        NotFound: no such file.
        ConfigError: no TOML, or a word that mappings do not know.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        read = told.get("read", {})
        encoding = read.get("encoding", "utf-8")
        for part in ("columns", "values", "constants"):
            if unknown := [name for name in told.get(part, {}) if name not in RECORD_FIELDS]:
                remedy = "docs/records.md has the columns of every kind."
                raise ConfigError(f"no record has a column {unknown[0]!r}", where=str(path), remedy=remedy)
        own = {name: value for name, value in told.items() if name in RecordMapping.model_fields}
        if read:
            own["read"] = {**read, "encoding": encoding if isinstance(encoding, str) else encoding[0]}
        listed: dict[str, Any] = {name: value for name, value in told.items() if name != "kind"}
        if read:
            listed["read"] = {name: value for name, value in read.items() if name != "date_format"}
        if isinstance(listed.get("constants"), dict):
            listed["constants"] = {k: v for k, v in listed["constants"].items() if k in parties.FIELDS}
        return RecordMapping.model_validate(own), Layout.model_validate({"name": path.stem, **listed})
    except OSError as error:
        raise NotFound(f"no mapping {str(path)!r}", remedy="`entrepot records propose` writes one.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"no TOML: {error}", where=str(path), remedy="Correct the mapping file.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        raise ConfigError(f"{place}: {said}", where=str(path), remedy="Correct the mapping file.") from error


def _columns_told() -> list[list[str]]:
    """The columns of every kind: a kind that gains one reads the same bytes anew."""
    return [[kind.name, *kind.columns] for kind in kinds().values() if kind.table]
