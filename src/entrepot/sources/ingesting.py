"""Ingest: publishers' files become rows of the lake, all of them in one commit or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from entrepot.errors import ConfigError, SourceError
from entrepot.lake import FLOWS, Engine, Lake, Snapshot, Stage, Table
from entrepot.ledger import Recorded, recorded, unrecorded, write_entries
from entrepot.origin import Origin
from entrepot.sources.catalogue import find_reader, get_source, layouts_for, reading_hash
from entrepot.sources.columns import Matched, match_layout, melted_columns
from entrepot.sources.duplicates import settle_duplicates
from entrepot.sources.entries import leave_out_dangling, read_entries
from entrepot.sources.listing import read_lists
from entrepot.sources.melting import melt
from entrepot.sources.model import Layout, Source
from entrepot.sources.normalising import Normalised, normalise
from entrepot.sources.opening import Raw, extracted_date, open_raw, prefer_filled
from entrepot.sources.parts import leave_out_parts
from entrepot.sources.recording import read_records
from entrepot.sources.records.gathering import Gathering, RecordOptions, gathering
from entrepot.sources.records.taking import ISSUES as RECORD_ISSUES

ISSUE_TYPES = {
    "file": "VARCHAR",
    "source_row": "BIGINT",
    "field": "VARCHAR",
    "value": "VARCHAR",
    "reason": "VARCHAR",
}
MOST_SHOWN = 1000
_FLOW_COLUMNS = tuple(name for name in FLOWS.names if name not in ("source_id", "snapshot_id"))


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did.

    Attributes:
        source_id: the source.
        rows: rows written.
        superseded: rows of older extractions that these replaced.
        skipped: records that could not be used; each has an issue.
        issues: file, source_row, field, value, reason; the first thousand, all of them are in the lake.
        notes: what a user should know: columns not read, parts left out, records added up.
        version: the lake's version after it.
        is_unchanged: every file was known already; nothing was written.
    """

    source_id: str
    rows: int
    superseded: int
    skipped: int
    issues: Table
    notes: tuple[str, ...]
    version: int
    is_unchanged: bool


@dataclass
class _Tally:
    rows: int = 0
    skipped: int = 0
    known: int = 0
    issues: list[tuple[object, ...]] = field(default_factory=list)
    ledger: Recorded | None = None
    notes: list[str] = field(default_factory=list)


def ingest(
    lake: Lake,
    source_id: str,
    paths: Sequence[Path | str] | Path | str,
    *,
    mapping: Path | str | None = None,
    at: str | None = None,
    command: str = "",
    records: RecordOptions | None = None,
) -> IngestReport:
    """Read publishers' files into the lake; one commit for all of them, or nothing.

    Args:
        source_id: one of :func:`source_ids`.
        paths: .csv, .tsv, .dat, .txt, .parquet, .xlsx, or these in .gz, .zip or .7z.
        mapping: mapping file, or the name of a shipped one, where the columns have other names.
        at: UTC instant to record, ISO 8601; the clock's by default.
        command: what to record as the command.
        records: how a user's own records are taken; only of sources whose table is records.

    Returns:
        What was written, superseded, skipped and left out.

    Raises:
        NotFound: no such source, mapping or file.
        SourceError: a file is damaged, or more than half of it is unreadable.
        UnexpectedLayout: a column is missing.
        CheckFailed: one cell has two values, or counts outside the declared bounds.
        EntryRecorded: the id of an entry of the ledger is taken by one that says something else.
        LakeError: the lake is busy or cannot be written.
    """
    source = get_source(source_id)
    if records is not None and source.table != "records":
        found = f"{source_id} holds no records of yours"
        raise ConfigError(found, remedy="Leave --kind, --names and --key out, or ingest as `records`.")
    layouts = [] if source.table == "records" else layouts_for(source, mapping)
    files = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not files:
        raise ConfigError("no file to ingest", remedy="Name at least one file.")
    at = at or datetime.now(UTC).isoformat(timespec="seconds")
    tally = _Tally()
    with lake.stage(source_id, at=at, command=command or _command(source_id, files, mapping)) as stage:
        if source.table == "parties":
            _ingest_lists(stage, source, layouts, files, is_mapped=mapping is not None, tally=tally)
        elif source.table == "records":
            _ingest_records(gathering(stage, source, mapping, records or RecordOptions()), files, tally)
        for number, path in enumerate(files if source.table not in ("parties", "records") else ()):
            _ingest_file(stage, source, layouts, path, folder=stage.folder / "reading" / str(number), tally=tally)
        if tally.known == len(files):
            return _report(source_id, tally, superseded=0, version=stage.base.version, is_unchanged=True)
        # Of a file of entries that are all recorded already nothing is left but its issues; a file of changes of a list
        # may only take out, and an annex may name nobody.
        least = min(source.checks.least, tally.rows) if source.table in ("ledger", "parties") else source.checks.least
        counted = f"SELECT {tally.rows}" if source.table == "records" else f"SELECT count(*) FROM staged_{source.table}"
        stage.check("rows", counted, least=least, greatest=source.checks.greatest)
        version = stage.commit()
    return _report(source_id, tally, superseded=version.rows_superseded, version=version.version, is_unchanged=False)


def _ingest_file(
    stage: Stage, source: Source, layouts: list[Layout], path: Path, *, folder: Path, tally: _Tally
) -> None:
    snapshot = stage.snapshot(path, _origin(source, path))
    if stage.is_known(snapshot, reading=reading_hash(source, layouts)):
        tally.known += 1
        tally.notes.append(f"{path.name} was read before in the same way; nothing to do")
        return
    try:
        raw, matched = _open(stage.engine, source, layouts, snapshot, folder, tally)
        if matched is not None and source.table == "ledger":
            _read_ledger(stage, raw, matched, snapshot, tally)
        elif matched is not None:
            _read_flows(stage, raw, matched, snapshot, folder, tally)
        else:
            made = read_records(stage.engine, raw, table=source.table, where=snapshot.path.name)
            _write(stage, source.table, made, snapshot, tally)
    except SourceError as error:
        raise _about(error, path) from error


def _ingest_records(gathered: Gathering, files: list[Path], tally: _Tally) -> None:
    """A user's own tables, one after the other; those of persons and companies then together, as parties."""
    stage = gathered.stage
    kept = [gathered.hidden(path, number) for number, path in enumerate(files)]
    taken_in = [stage.snapshot(own, _origin(gathered.source, path)) for own, path in zip(kept, files, strict=True)]
    snapshots = list({one.snapshot_id: one for one in taken_in}.values())
    try:
        for snapshot, taken in gathered.take(snapshots):
            tally.rows += taken.rows
            tally.skipped += taken.skipped
            tally.notes.extend(taken.notes)
            _write_issues(stage, stage.engine, RECORD_ISSUES, snapshot, tally)
        outcome = gathered.take_parties(snapshots)
    except SourceError as error:
        raise _with_standing(_about(error, _place(error, files)), stage) from error
    tally.notes.extend(gathered.notes)
    tally.known = len(files) if gathered.known == len(snapshots) else 0
    if outcome is not None:
        # One record, though it is a row of two tables.
        tally.skipped += outcome.skipped
        tally.notes.extend(outcome.notes)
        tally.issues += outcome.issues[: max(MOST_SHOWN - len(tally.issues), 0)]


def _place(error: SourceError, files: Sequence[Path]) -> Path:
    return next((path for path in files if path.name in error.where), files[0])


def _ingest_lists(
    stage: Stage, source: Source, layouts: list[Layout], files: list[Path], *, is_mapped: bool, tally: _Tally
) -> None:
    """Files of a list are read together: some hold names, others what belongs to them."""
    snapshots = {one.snapshot_id: one for one in (stage.snapshot(path, _origin(source, path)) for path in files)}
    reading = reading_hash(source, layouts)
    try:
        outcome = read_lists(
            stage, source, list(snapshots.values()), layouts=layouts, reading=reading, is_mapped=is_mapped
        )
    except SourceError as error:
        raise _with_standing(_about(error, _place(error, files)), stage) from error
    tally.known = len(files) if outcome.known else 0
    tally.rows += outcome.rows
    tally.skipped += outcome.skipped
    tally.notes.extend(outcome.notes)
    tally.issues += outcome.issues[:MOST_SHOWN]


def _open(
    engine: Engine, source: Source, layouts: list[Layout], snapshot: Snapshot, folder: Path, tally: _Tally
) -> tuple[Raw, Matched | None]:
    """The cells of a file, its publisher's quirks undone, and the layout that fits them where rows are made by it."""
    where, quirks = snapshot.path.name, find_reader(source.id)
    reads_cells = layouts[0].read.cells

    def needed(header: Sequence[str]) -> Sequence[str]:
        matched = match_layout(header, layouts, table=source.table, where=where)
        wanted = {*matched.needed(), *melted_columns(header, matched.layout)}
        if matched.unknown:
            tally.notes.append(f"{where}: columns not read: {', '.join(matched.unknown)}")
        return [name for name in header if name in wanted]

    raw = open_raw(snapshot.path, engine=engine, layouts=layouts, folder=folder, keep=None if reads_cells else needed)
    tally.notes.extend(raw.notes)
    if quirks:
        before = None if reads_cells else match_layout(list(raw.columns), layouts, table=source.table, where=where)
        raw = quirks(raw, engine=engine, folder=folder, columns={**before.columns, **before.beside} if before else {})
        tally.notes.extend(raw.notes)
        if before and source.table == "ledger":
            return raw, replace(before, columns={name: name for name in raw.columns})
    if source.table == "concordance":
        return raw, None
    matched = match_layout(list(raw.columns), layouts, table=source.table, where=where)
    if matched.unknown and not quirks:
        tally.notes.append(f"{where}: columns not read: {', '.join(matched.unknown)}")
    return raw, prefer_filled(engine, raw, matched)


def _read_flows(stage: Stage, raw: Raw, matched: Matched, snapshot: Snapshot, folder: Path, tally: _Tally) -> None:
    engine, where = stage.engine, snapshot.path.name
    raw = melt(engine, raw, matched)
    raw, left_out = leave_out_parts(engine, raw, matched, folder=folder)
    made = normalise(engine, raw, matched, where=where)
    tally.notes.extend([*left_out, *made.notes])
    rows = _write_flows(stage, made.relation, snapshot)
    skipped = made.skipped
    # Few files give a cell twice, and the lake can tell for little: they are looked through only then.
    if not stage.is_unique("flows", snapshot=snapshot):
        stage.withdraw("flows", snapshot=snapshot)
        relation, repeated, added = settle_duplicates(
            engine,
            made.relation,
            rows=raw.rows,
            rule=matched.layout.duplicates or "stop",
            issues=made.issues,
            where=where,
            columns=(*_FLOW_COLUMNS, "source_file"),
            varying=made.varying,
        )
        tally.notes.extend(added)
        rows = _write_flows(stage, relation, snapshot)
        skipped += repeated
    tally.rows += rows
    tally.skipped += skipped
    _write_issues(stage, engine, made.issues, snapshot, tally)


def _read_ledger(stage: Stage, raw: Raw, matched: Matched, snapshot: Snapshot, tally: _Tally) -> None:
    found = read_entries(stage.engine, raw, matched, at=stage.at, where=snapshot.path.name)
    tally.ledger = tally.ledger if tally.ledger is not None else recorded(stage.engine)
    found = leave_out_dangling(found, tally.ledger)
    new = unrecorded([entry for entry, _ in found.records], tally.ledger)
    if known := len(found.records) - len(new):
        tally.notes.append(f"{known:,} entries are recorded already in the same words")
    if not new and not found.issues:
        tally.known += 1
        return
    rows = {entry.entry_id: row for entry, row in reversed(found.records)}
    if new:
        tally.rows += write_entries(stage, new, [rows[entry.entry_id] for entry in new], snapshot=snapshot)
    tally.ledger.add(new)
    tally.skipped += len(found.issues)
    columns = dict(zip(ISSUE_TYPES, map(list, zip(*found.issues, strict=True)), strict=True)) if found.issues else {}
    stage.engine.table("entry_issues", {name: columns.get(name, []) for name in ISSUE_TYPES}, ISSUE_TYPES)
    _write_issues(stage, stage.engine, "entry_issues", snapshot, tally)


def _write_flows(stage: Stage, relation: str, snapshot: Snapshot) -> int:
    columns = ", ".join(_FLOW_COLUMNS)
    stage.engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW to_write AS SELECT {columns} FROM {relation}")
    return stage.write("flows", "to_write", snapshot=snapshot)


def _write(stage: Stage, table: str, made: Normalised, snapshot: Snapshot, tally: _Tally) -> None:
    tally.rows += stage.write(table, made.relation, snapshot=snapshot)
    tally.skipped += made.skipped
    tally.notes.extend(made.notes)
    _write_issues(stage, stage.engine, made.issues, snapshot, tally)


def _write_issues(stage: Stage, engine: Engine, issues: str, snapshot: Snapshot, tally: _Tally) -> None:
    if not engine.rows(f"SELECT 1 FROM {issues} LIMIT 1"):
        return
    columns = ", ".join(ISSUE_TYPES)
    engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW issues_to_write AS SELECT {columns} FROM {issues}")
    stage.record_issues("issues_to_write", snapshot=snapshot)
    room = MOST_SHOWN - len(tally.issues)
    tally.issues += engine.rows(f"SELECT {columns} FROM issues_to_write ORDER BY file, source_row LIMIT {max(room, 0)}")


def _origin(source: Source, path: Path) -> Origin:
    """The record that a fetch wrote beside the file, else what the source says of itself."""
    record = path.with_name(path.name + ".origin.json")
    plain = Origin(
        publisher=source.publisher,
        title=source.title,
        licence=source.licence,
        extracted_date=extracted_date(path, source.extracted) if source.extracted else None,
    )
    if not record.is_file():
        return plain
    try:
        told = json.loads(record.read_text("utf-8"))
        known = {name: told[name] for name in plain.as_dict() if told.get(name)}
        return replace(plain, **known)
    except (OSError, ValueError, TypeError) as error:
        raise SourceError(
            f"its origin record cannot be read ({error})",
            where=str(record),
            remedy="Download it again, or remove it.",
        ) from error


def _about(error: SourceError, path: Path) -> SourceError:
    """The same error, its place being the user's path instead of the copy's."""
    if str(path) in error.where:
        return error
    where = str(path) if error.where in ("", path.name) else f"{path} ({error.where})"
    return type(error)(error.found, where=where, remedy=error.remedy)


def _with_standing(error: SourceError, stage: Stage) -> SourceError:
    """The same error, saying which list stays current where there is one."""
    days = [entry.ingested_at[:10] for entry in stage.renewal.held()]
    if not days:
        return error
    found = f"{error.found.rstrip('.')}; the version of {max(days)} stays current"
    return type(error)(found, where=error.where, remedy=error.remedy)


def _report(source_id: str, tally: _Tally, *, superseded: int, version: int, is_unchanged: bool) -> IngestReport:
    columns = {name: [row[place] for row in tally.issues] for place, name in enumerate(ISSUE_TYPES)}
    return IngestReport(
        source_id=source_id,
        rows=tally.rows,
        superseded=superseded,
        skipped=tally.skipped,
        issues=Table(columns, ISSUE_TYPES),
        notes=tuple(dict.fromkeys(tally.notes)),
        version=version,
        is_unchanged=is_unchanged,
    )


def _command(source_id: str, files: list[Path], mapping: Path | str | None) -> str:
    named = " ".join(str(path) for path in files)
    return f"ingest {source_id} {named}" + (f" --mapping {mapping}" if mapping else "")
