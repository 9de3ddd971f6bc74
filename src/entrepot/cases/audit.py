"""The audit log: a chain of entries, each with the hash of the one before and the digests of the rows it recorded.

An entry holds no names, only references and digests of what is sealed, so that erasing does not break the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from entrepot.cases.people import names_of
from entrepot.cases.tables import ALERTS, APPEND_ONLY, AUDIT, AUDIT_HEAD, CASES, DECISIONS
from entrepot.lake import Table

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy import Table as SqlTable

    from entrepot.cases.store import Store

FIRST = "0" * 64
PROBLEMS = {"table": "VARCHAR", "row": "VARCHAR", "problem": "VARCHAR"}
_FIELDS = ("n", "at", "actor", "action", "object_id", "body", "previous")


def canonical(value: Any) -> str:
    """Return the one way in which a value is written as JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def row_digest(row: Mapping[Any, Any]) -> str:
    """Return the digest of a row of a table."""
    return hashlib.sha256(canonical(dict(row)).encode()).hexdigest()


def row_name(table: SqlTable, row: Mapping[Any, Any]) -> str:
    """Return what names a row: its table and its key."""
    return ":".join((table.name, *(str(row[column.name]) for column in table.primary_key)))


def entry_hash(entry: Mapping[Any, Any]) -> str:
    """Return the hash of an entry of the audit log; it covers the hash of the entry before."""
    return hashlib.sha256(canonical({name: entry[name] for name in _FIELDS}).encode()).hexdigest()


def verify_store(store: Store, *, known: tuple[int, str] | None = None) -> Table:
    """Return what does not hold in a store: table, row, problem; no row where all of it does.

    Looks at every entry of the audit log, at every row that it recorded, and at whether each alert and case stands as
    its last decision left it.

    Args:
        known: number and hash of an entry as a case file or a printed page has it; finds a log that was written anew.
    """
    with store.read() as connection:
        problems = list(_problems(connection, known))
    return Table.from_rows([dict(zip(PROBLEMS, one, strict=True)) for one in problems], PROBLEMS)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the audit log: number, UTC instant, name of who did what to which alert, case or user, its hash."""

    n: int
    at: str
    actor: str
    action: str
    object_id: str
    hash: str


def audit_trail(store: Store, object_ids: Sequence[str] = (), *, limit: int | None = None) -> list[AuditEntry]:
    """Return entries of the audit log, the latest first.

    Args:
        object_ids: of these alerts, cases or users alone; empty for all.
        limit: the most entries; None for all.
    """
    wanted = select(AUDIT).order_by(AUDIT.c.n.desc()).limit(limit)
    if object_ids:
        wanted = wanted.where(AUDIT.c.object_id.in_(object_ids))
    with store.read() as connection:
        names = names_of(connection)
        return [
            AuditEntry(row["n"], row["at"], names.get(row["actor"], row["actor"]), *_what_of(row))
            for row in connection.execute(wanted).mappings()
        ]


def _what_of(row: Mapping[Any, Any]) -> tuple[str, str, str]:
    return str(row["action"]), str(row["object_id"]), str(row["hash"])


def entry_problem(entry: Mapping[Any, Any], *, n: int | None = None, previous: str | None = None) -> str:
    """Return what is wrong with one entry, or an empty text."""
    if n is not None and entry["n"] != n:
        return f"entry {n} is missing: number {entry['n']} stands in its place"
    if previous is not None and entry["previous"] != previous:
        return f"names {entry['previous'][:16]} as the hash before it, which is {previous[:16]}"
    if entry_hash(entry) != entry["hash"]:
        return "its fields do not give its hash: when, who, what or the digests were changed"
    return ""


def _problems(connection: Connection, known: tuple[int, str] | None) -> Iterator[tuple[str, str, str]]:
    previous, n = FIRST, 0
    recorded: dict[str, tuple[int, str]] = {}
    is_known = known is None or known[0] == 0
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.n)).mappings():
        if problem := entry_problem(row, n=n + 1, previous=previous):
            yield "audit", str(row["n"]), problem
        n, previous = int(row["n"]), str(row["hash"])
        if known is not None and known[0] == n:
            is_known = known[1] == previous
        recorded.update({name: (n, digest) for name, digest in _rows_of(row["body"]).items()})
    head = connection.execute(select(AUDIT_HEAD)).mappings().one()
    if (head["n"], head["hash"]) != (n, previous):
        yield "audit", str(n), f"the log ends at entry {n}, its head is entry {head['n']}: entries are missing or added"
    if not is_known and known is not None:
        yield "audit", str(known[0]), f"entry {known[0]} does not have the hash {known[1][:16]} that was handed out"
    for table in APPEND_ONLY:
        if table is not AUDIT:
            yield from _rows_that_differ(connection, table, recorded)
    yield from ((name.partition(":")[0], name, f"is gone; entry {n} recorded it") for name, (n, _) in recorded.items())
    yield from _states(connection)


def _rows_that_differ(
    connection: Connection, table: SqlTable, recorded: dict[str, tuple[int, str]]
) -> Iterator[tuple[str, str, str]]:
    """Rows of a table that are not as they were recorded; those that are found are taken out of ``recorded``."""
    for row in connection.execute(select(table)).mappings():
        name = row_name(table, row)
        n, digest = recorded.pop(name, (0, ""))
        if not n:
            yield table.name, name, "no entry of the audit log recorded it"
        elif row_digest(row) != digest:
            yield table.name, name, f"is not as entry {n} recorded it"


def _states(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Alerts and cases that do not stand as their last decision left them."""
    last: dict[str, Any] = {}
    for row in connection.execute(select(DECISIONS).order_by(DECISIONS.c.object_id, DECISIONS.c.version)).mappings():
        if row["version"] != (last[row["object_id"]]["version"] + 1 if row["object_id"] in last else 1):
            yield "decisions", row_name(DECISIONS, row), "the decision before it is missing"
        last[row["object_id"]] = row
    for table in (ALERTS, CASES):
        key = next(iter(table.primary_key)).name
        for row in connection.execute(select(table)).mappings():
            decision = last.get(row[key])
            if decision is None:
                yield table.name, row[key], "no decision made it"
            elif (row["version"], row["status"]) != (decision["version"], decision["status"]):
                found = f"stands as {row['status']!r}, version {row['version']}"
                says = f"{decision['status']!r}, version {decision['version']}"
                yield table.name, row[key], f"{found}; its last decision says {says}"


def _rows_of(body: str) -> dict[str, str]:
    try:
        found = json.loads(body).get("rows", {})
        return {str(name): str(digest) for name, digest in found.items()}
    except (ValueError, AttributeError):
        return {}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
