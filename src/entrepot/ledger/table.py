"""The lake's table ``ledger``: entries as rows of text, and rows as entries again."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any

from entrepot.codes import Dated, parse_dated
from entrepot.errors import EntrepotError, LedgerError
from entrepot.lake import LEDGER, Engine, identifier
from entrepot.ledger.entry import STAGES, Citation, Entry, Goods, Suspension
from entrepot.ledger.form import COLUMNS, items_of, row_of
from entrepot.ledger.reading import citations_of, goods_of, suspensions_of

LAKE = "lake"
# Names in the table that differ from those of a CSV file: `id` and `end` are taken there, or words of SQL.
_RENAMED = {"id": "entry_id", "end": "end_kind"}
_NAMES = {name: _RENAMED.get(name, name) for name in COLUMNS}
_TEXTS = ("scope", "summary", "part_of", "replaces", "binds", "regime", "speaker", "stance")
_READ = (
    *("entry_id", "kind", "jurisdiction", "instrument", "title", "recorded_at", "end_kind", "status", "confidence"),
    *("snapshot_id", "source_row", "suspended", "targets", "contradicts", "doubts", "exemptions", "goods", "sources"),
    *("facts", *_TEXTS),
)
TYPES = {column.name: column.type for column in LEDGER.columns if column.name != "snapshot_id"}


def ledger_rows(entries: Sequence[Entry], source_rows: Iterable[int]) -> dict[str, list[str | int | None]]:
    """Return the columns of the lake's table for entries, each with its record's number in the bytes it came from."""
    rows = [row_of(entry) for entry in entries]
    columns: dict[str, list[str | int | None]] = {
        ours: [row[name] or None for row in rows] for name, ours in _NAMES.items()
    }
    return columns | {"source_row": list(source_rows)}


def lake_entries(engine: Engine) -> tuple[Entry, ...]:
    """Return the entries in the table ``ledger`` of a lake's session, by id.

    Raises:
        LedgerError: a row is no entry: another program wrote it.
    """
    columns = ", ".join(identifier(name) for name in (*_READ, *STAGES))
    rows = engine.rows(f"SELECT {columns} FROM ledger ORDER BY entry_id")
    with no_collection():
        return tuple([_entry(row[: len(_READ)], row[len(_READ) :]) for row in rows])


@contextmanager
def no_collection() -> Iterator[None]:
    """Let Python not look for rings of objects meanwhile: entries make none, and looking takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _entry(row: Sequence[Any], stages: tuple[str | None, ...]) -> Entry:
    """A row as an entry. It was checked when it was written, so that a hundred thousand are read in a second."""
    entry_id, kind, actor, instrument, title, recorded_at, end, status, confidence, snapshot, number, *rest = row
    suspended, targets, contradicts, doubts, exemptions, goods, sources, facts, *rest = rest
    scope, summary, part_of, replaces, binds, regime, speaker, stance = rest
    try:
        return Entry(
            entry_id,
            kind,
            actor,
            instrument,
            title,
            _dates(stages),
            _cited(sources),
            recorded_at,
            LAKE,
            _pauses(suspended) if suspended else (),
            end != "nominal",
            end == "set",
            status,
            confidence,
            _joined(targets) if targets else (),
            scope or "",
            summary or "",
            _listed(doubts) if doubts else (),
            _joined(contradicts) if contradicts else (),
            part_of or "",
            replaces or "",
            _goods(goods) if goods else (),
            binds or "",
            _listed(exemptions) if exemptions else (),
            regime or "",
            speaker or "",
            stance or "",
            json.loads(facts) if facts else {},
            f"lake snapshot {snapshot} record {number}",
        )
    except (ValueError, TypeError, KeyError, AttributeError, EntrepotError) as error:
        where, remedy = f"lake snapshot {snapshot} ({entry_id})", "Run `entrepot lake verify`."
        raise LedgerError(f"the row is no entry ({error})", where=where, remedy=remedy) from error


# The same dates and texts stand in many rows.
@lru_cache(maxsize=65536)
def _dates(stages: tuple[str | None, ...]) -> dict[str, Dated]:
    return {stage: parse_dated(text) for stage, text in zip(STAGES, stages, strict=True) if text}


@lru_cache(maxsize=4096)
def _cited(text: str) -> tuple[Citation, ...]:
    return citations_of({"sources": json.loads(text)}, where="lake")


@lru_cache(maxsize=4096)
def _goods(text: str) -> tuple[Goods, ...]:
    return goods_of({"goods": json.loads(text)}, where="lake")


@lru_cache(maxsize=4096)
def _pauses(text: str) -> tuple[Suspension, ...]:
    return suspensions_of({"suspended": json.loads(text)}, where="lake")


@lru_cache(maxsize=4096)
def _joined(text: str) -> tuple[str, ...]:
    return tuple(items_of(text, "list", "lake"))


@lru_cache(maxsize=4096)
def _listed(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def uncorrected(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries that no other one of them corrects."""
    given = tuple(entries)
    corrected = {entry.replaces for entry in given}
    return tuple(entry for entry in given if entry.entry_id not in corrected)


def is_same(entry: Entry, other: Entry) -> bool:
    """Return whether two entries say the same, whenever and wherever they were entered."""
    return _content(entry) == _content(other)


def _content(entry: Entry) -> Entry:
    return replace(entry, recorded_at="", pack="", where="")


def beside(lasting: Sequence[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Return a lake's entries as they can stand beside those of packs, which may have come later.

    Nothing can be taken out of a lake. So an entry that a pack holds, too, is left to the pack; one whose id a pack
    took for something else keeps its words under ``ID@lake``; a link to what is nowhere becomes a doubt.
    """
    packed = {entry.entry_id: entry for entry in others}
    kept = [e for e in lasting if e.entry_id not in packed or not is_same(e, packed[e.entry_id])]
    moved = {entry.entry_id: f"{entry.entry_id}@{LAKE}" for entry in kept if entry.entry_id in packed}
    known = {*packed, *(entry.entry_id for entry in kept)} - set(moved)
    return [_standing_alone(entry, moved, known) if _is_touched(entry, known) else entry for entry in kept]


def _is_touched(entry: Entry, known: set[str]) -> bool:
    links = (entry.entry_id, entry.replaces, entry.part_of, *entry.contradicts)
    return any(link and link not in known for link in links)


def _standing_alone(entry: Entry, moved: dict[str, str], known: set[str]) -> Entry:
    doubts = list(entry.doubts)
    if entry.entry_id in moved:
        doubts.append(f"A pack has another entry under the id {entry.entry_id}.")
    given = (entry.replaces, entry.part_of, *entry.contradicts)
    lost = [link for link in given if link and link not in known and link not in moved]
    doubts += [f"It names {link}, which is not in the ledger." for link in lost]
    return replace(
        entry,
        entry_id=moved.get(entry.entry_id, entry.entry_id),
        replaces="" if entry.replaces in lost else moved.get(entry.replaces, entry.replaces),
        part_of="" if entry.part_of in lost else moved.get(entry.part_of, entry.part_of),
        contradicts=tuple(moved.get(link, link) for link in entry.contradicts if link not in lost),
        doubts=tuple(doubts),
    )
