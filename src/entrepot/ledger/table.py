"""The lake's table ``ledger``: entries as rows of text, and rows as entries again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from entrepot.codes import Dated, parse_dated
from entrepot.errors import EntrepotError, LedgerError
from entrepot.lake import LEDGER, Engine, identifier, no_collection
from entrepot.ledger.columns import Coded, Columns, about, coded, day_of
from entrepot.ledger.entry import RECORDED, STAGES, Citation, Entry, Goods, Suspension
from entrepot.ledger.form import COLUMNS, items_of, row_of
from entrepot.ledger.instruments import get_instrument
from entrepot.ledger.reading import citations_of, goods_of, suspensions_of

T = TypeVar("T")
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


def lake_entries(engine: Engine, ids: Sequence[str] | None = None) -> tuple[Entry, ...]:
    """Return the entries in the table ``ledger`` of a lake's session, by id; all of them, or those of the ids.

    Raises:
        LedgerError: a row is no entry: another program wrote it.
    """
    columns, where = ", ".join(identifier(name) for name in (*_READ, *STAGES)), ""
    if ids is not None:
        engine.table("ledger_wanted", {"entry_id": list(ids)}, {"entry_id": "VARCHAR"})
        where = "WHERE entry_id IN (SELECT entry_id FROM ledger_wanted)"
    rows = engine.rows(f"SELECT {columns} FROM ledger {where} ORDER BY entry_id")
    with no_collection():
        return tuple([_entry(row[: len(_READ)], row[len(_READ) :]) for row in rows])


def lake_columns(engine: Engine) -> Columns:
    """Return the columns of the entries in the table ``ledger`` of a lake's session, by id.

    Raises:
        LedgerError: a row is no entry: another program wrote it.
    """
    stages = ", ".join(identifier(stage) for stage in STAGES)
    found = engine.arrays(
        f"""SELECT entry_id, kind, jurisdiction, instrument, title, scope, targets, {stages}, end_kind, status,
                   recorded_at, part_of, replaces, contradicts, suspended, goods,
                   CASE WHEN facts LIKE '%"topic"%' OR facts LIKE '%"start_known"%' OR facts LIKE '%"end_known"%'
                        THEN facts END AS own_facts
            FROM ledger ORDER BY entry_id"""
    )
    with no_collection():
        try:
            return _columns({name: values.tolist() for name, values in found.items()})
        except (ValueError, TypeError, KeyError, AttributeError, EntrepotError) as error:
            found_, remedy = f"a row is no entry ({error})", "Run `entrepot lake verify`."
            raise LedgerError(found_, where="the lake's table ledger", remedy=remedy) from error


def _columns(rows: dict[str, list[Any]]) -> Columns:
    instruments, named = coded(rows["instrument"]), coded(rows["own_facts"])
    usual = {name: get_instrument(name).topic for name in instruments.values}
    facts = {text: json.loads(text) if text else {} for text in named.values}
    own = {text: by_name.get("topic", "") for text, by_name in facts.items()}
    topics = [own[text] or usual[name] for text, name in zip(rows["own_facts"], rows["instrument"], strict=True)]
    ends, status = coded(rows["end_kind"]), coded(rows["status"])
    spelled = {stage: coded(rows[stage]) for stage in STAGES}
    targets = {text: _joined(text) if text else () for text in set(rows["targets"])}
    return Columns(
        ids=rows["entry_id"],
        kinds=coded(rows["kind"]),
        jurisdictions=coded(rows["jurisdiction"]),
        instruments=instruments,
        topics=coded(topics),
        stages={
            stage: Coded([parse_dated(text) if text else None for text in column.values], column.codes)
            for stage, column in spelled.items()
            if any(column.values)
        },
        recorded=coded(rows["recorded_at"]).made(day_of, np.int32),
        is_end_sure=ends.made(lambda kind: kind != "nominal", bool),
        is_end_set=ends.made(lambda kind: kind == "set", bool),
        start_told=named.made(lambda text: _told(facts[text].get("start_known", "")), np.int32),
        end_told=named.made(lambda text: _told(facts[text].get("end_known", "")), np.int32),
        recorded_status=Coded([_status(name) for name in status.values], status.codes),
        about=[
            about(targets[text], scope or "", title)
            for text, scope, title in zip(rows["targets"], rows["scope"], rows["title"], strict=True)
        ],
        pauses=_few(rows["suspended"], _pauses),
        goods=_few(rows["goods"], lambda text: tuple(item.hs_code for item in _goods(text))),
        replaces=_few(rows["replaces"], str),
        part_of=_few(rows["part_of"], str),
        contradicts=_few(rows["contradicts"], _joined),
    )


def _told(text: str) -> int:
    return parse_dated(text).last if text else 0


def _status(name: str | None) -> str:
    if name and name not in RECORDED:
        raise ValueError(f"status {name!r}")
    return name or ""


def _few(column: list[str | None], function: Callable[[str], T]) -> dict[int, T]:
    return {place: function(text) for place, text in enumerate(column) if text}


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
