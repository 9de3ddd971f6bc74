"""Records into the lake: a table's rows as the file has them, what cannot be named skipped, every fault an issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.lake import Engine, Kind, Snapshot, Stage, identifier, plain_relation, quoted, typed_cell
from entrepot.sources.model import NUMBERS, RECORD_FIELDS, Layout, Read
from entrepot.sources.opening import Raw, open_raw
from entrepot.sources.records.countries import with_countries
from entrepot.sources.records.mapping import RecordMapping
from entrepot.sources.records.telling import PARTIES, columns_of, refuse_nameless

ISSUES = "record_issues"
_ROWS, _LEFT_OUT, _WRITTEN = "records_in", "records_left_out", "records_to_write"
_COLUMNS = "(file VARCHAR, source_row BIGINT, field VARCHAR, value VARCHAR, reason VARCHAR)"
_FEW = 500
# Their cells are few words many times: each is looked up once.
_WORDS = ("country", "countries", "currency", "boolean")
_OURS = {name: [name] for name in RECORD_FIELDS if name not in NUMBERS}


@dataclass(frozen=True)
class Taken:
    """What a table of records gave; its issues are the engine's table :data:`ISSUES` until the next one is taken."""

    rows: int
    skipped: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class RecordTable:
    """A table of records of one kind that came in a snapshot.

    Attributes:
        label: what messages call it.
        mapping: which of its columns is which of ours; None where it has our names.
    """

    kind: Kind
    label: str
    snapshot: Snapshot
    mapping: RecordMapping | None = None


def opened(engine: Engine, path: Path, *, folder: Path, mapping: RecordMapping | None) -> Raw:
    """Return the cells of a table of any form (CSV, Parquet, workbook, JSON) with the number of each record.

    Raises:
        SourceError: it cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if path.suffix in (".json", ".jsonl"):
        path = _as_parquet(engine, path, folder)
    return open_raw(path, engine=engine, layouts=[_layout(mapping)], folder=folder)


def take_records(stage: Stage, raw: Raw, table: RecordTable) -> Taken:
    """Write the rows of a table of records to the stage.

    A row without an id, and a row whose id came before, are skipped. A cell that has not the type of its column stays
    as it is, and is taken as unknown by a check. Each is an issue.

    Raises:
        UnexpectedLayout: no column names the records, or one that the mapping names is missing.
        SourceError: more than half of the records are skipped.
    """
    engine, kind = stage.engine, table.kind
    named, notes = _make_rows(engine, raw, table)
    engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE {ISSUES} {_COLUMNS}")
    engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_LEFT_OUT} (source_row BIGINT)")
    _note_damaged(engine, raw)
    _leave_out_nameless(engine, kind, table.label)
    if kind.id:
        _leave_out_repeated(engine, kind.id, table.label)
    skipped = int(engine.rows(f"SELECT count(*) FROM {ISSUES}")[0][0])
    _refuse_mostly_bad(engine, skipped, raw, table.label)
    rows = stage.write(kind.table, _to_write(engine, kind, named), snapshot=table.snapshot)
    _note_cells(engine, kind, named, table.label)
    return Taken(rows, skipped, tuple(notes))


def _layout(mapping: RecordMapping | None) -> Layout:
    if mapping is None:
        return Layout(columns=_OURS)
    theirs = {ours: [one] if isinstance(one, str) else one for ours, one in mapping.columns.items()}
    return Layout(
        # Numbers stay as they are written: how they are to be read is the mapping's to say.
        columns={ours: names for ours, names in theirs.items() if ours not in NUMBERS} or _OURS,
        read=Read(
            delimiter=mapping.read.delimiter,
            encoding=[mapping.read.encoding],
            header_row=mapping.read.header_row,
            banner_lines=mapping.read.banner_lines,
        ),
    )


def _as_parquet(engine: Engine, path: Path, folder: Path) -> Path:
    target = folder / f"{path.stem}.parquet"
    with engine.in_order():
        engine.connection.execute(f"COPY {plain_relation(path)} TO {quoted(str(target))} (FORMAT parquet)")
    return target


def _make_rows(engine: Engine, raw: Raw, table: RecordTable) -> tuple[list[str], list[str]]:
    """Make the view of our columns as text; return which of them the file has, and what is to be told."""
    kind, mapping, header = table.kind, table.mapping, list(raw.columns)
    notes = list(raw.notes)
    if mapping is None:
        found = columns_of(header, kind)
        refuse_nameless(kind, found, header, where=table.label)
        cells = ", ".join(
            f"CAST({identifier(theirs)} AS VARCHAR) AS {identifier(ours)}" for ours, theirs in found.items()
        )
        relation, named = f"(SELECT {cells}, source_row FROM {raw.view})", list(found)
        others = [name for name in header if name not in found.values() and name != "source_row"]
        # Of persons and companies their list of parties tells it, which reads more.
        if others and kind.name not in PARTIES:
            notes.append(f"{table.label}: columns not read: {', '.join(others)}")
    else:
        number = f"{quoted(table.snapshot.snapshot_id[:8] + '-')} || source_row"
        cells = mapping.projection(kind, header, table.label, number=number)
        said = {**mapping.columns, **mapping.constants}
        named = [ours for ours in kind.columns if ours in said or ours == kind.id]
        refuse_nameless(kind, named, header, where=table.label)
        if kind.id and kind.id not in said:
            told = "no column holds an id; records go by file and number, and no newer file replaces them"
            notes.append(f"{table.label}: {told}")
        relation = with_countries(engine.connection, kind, mapping, f"(SELECT {cells}, source_row FROM {raw.view})")
    trimmed = ", ".join(f"nullif(trim({identifier(name)}), '') AS {identifier(name)}" for name in named)
    engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {_ROWS} AS SELECT {trimmed}, source_row FROM {relation}")
    return named, notes


def _note_damaged(engine: Engine, raw: Raw) -> None:
    if raw.damaged:
        engine.connection.execute(
            f"INSERT INTO {ISSUES} SELECT source_file, source_row, 'record', value, reason FROM {raw.damaged}"
        )


def _leave_out_nameless(engine: Engine, kind: Kind, label: str) -> None:
    lacking = " ".join(f"WHEN {identifier(name)} IS NULL THEN {quoted(name)}" for name in kind.needs)
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE nameless AS SELECT source_row, CASE {lacking} END AS field FROM {_ROWS}
            WHERE {" OR ".join(f"{identifier(name)} IS NULL" for name in kind.needs)}"""
    )
    engine.connection.execute(
        f"INSERT INTO {ISSUES} SELECT {quoted(label)}, source_row, field, '', 'no id' FROM nameless"
    )
    engine.connection.execute(f"INSERT INTO {_LEFT_OUT} SELECT source_row FROM nameless")


def _leave_out_repeated(engine: Engine, key: str, label: str) -> None:
    name = identifier(key)
    twice = f"SELECT {name} FROM {_ROWS} WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) > 1"
    engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE twice AS {twice}")
    if not engine.rows("SELECT 1 FROM twice LIMIT 1"):
        return
    engine.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE again AS SELECT {name} AS value, source_row FROM {_ROWS}
            WHERE {name} IN (SELECT {name} FROM twice)
            QUALIFY row_number() OVER (PARTITION BY {name} ORDER BY source_row) > 1"""
    )
    reason = "the id is given more than once; the first stands"
    engine.connection.execute(
        f"INSERT INTO {ISSUES} SELECT {quoted(label)}, source_row, {quoted(key)}, value, {quoted(reason)} FROM again"
    )
    engine.connection.execute(f"INSERT INTO {_LEFT_OUT} SELECT source_row FROM again")


def _to_write(engine: Engine, kind: Kind, named: Sequence[str]) -> str:
    cells = ", ".join(
        identifier(name) if name in named else f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in kind.columns
    )
    # A few are named one by one: a join would lose the order of the file, and the whole table be sorted again.
    few = engine.rows(f"SELECT source_row FROM {_LEFT_OUT} LIMIT {_FEW + 1}")
    those = ", ".join(str(row) for (row,) in few) if len(few) <= _FEW else f"SELECT source_row FROM {_LEFT_OUT}"
    kept = f" WHERE source_row NOT IN ({those})" if few else ""
    given = f"{quoted(';'.join(named))} AS given_columns"
    engine.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {_WRITTEN} AS SELECT {cells}, {given}, source_row FROM {_ROWS}{kept}"
    )
    return _WRITTEN


def _note_cells(engine: Engine, kind: Kind, named: Sequence[str], label: str) -> None:
    """Cells that have not the type of their column; they stay, and nobody can use them."""
    for name in named:
        type_ = kind.columns[name]
        if type_ in ("text", "list"):
            continue
        cell = identifier(name)
        wrong = f"({typed_cell(cell, type_)}) IS NULL"
        if type_ in _WORDS:
            wrong = f"{cell} IN (SELECT {cell} FROM (SELECT DISTINCT {cell} FROM {_WRITTEN}) WHERE {wrong})"
        reason = quoted(f"is no {type_} that can be used; taken as unknown")
        engine.connection.execute(
            f"INSERT INTO {ISSUES} SELECT {quoted(label)}, source_row, {quoted(name)}, {cell}[:200], {reason}"
            f" FROM {_WRITTEN} WHERE {cell} IS NOT NULL AND {wrong}"
        )


def _refuse_mostly_bad(engine: Engine, skipped: int, raw: Raw, label: str) -> None:
    total = raw.rows + (int(engine.rows(f"SELECT count(*) FROM {raw.damaged}")[0][0]) if raw.damaged else 0)
    if skipped * 2 <= total:
        return
    row, field, value, reason = engine.rows(
        f"SELECT source_row, field, value, reason FROM {ISSUES} ORDER BY source_row LIMIT 1"
    )[0]
    raise SourceError(
        f"{skipped:,} of {total:,} records cannot be used; the first is record {row}, {field} {value!r}: {reason}",
        where=label,
        remedy="Mend the file, or name the right columns in a mapping file.",
    )
