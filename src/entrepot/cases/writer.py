"""The one writer of a store: adds rows that stay, changes what stands now, and records both in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from entrepot.cases.audit import canonical, entry_hash, row_digest, row_name
from entrepot.cases.keys import Keys
from entrepot.cases.tables import AUDIT, AUDIT_HEAD, DECISIONS, USERS
from entrepot.errors import ConfigError, Conflict, DeskError, NotFound

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy import Table as SqlTable

SYSTEM = "u-system"


class Writer:
    """What one transaction writes. Made by :meth:`entrepot.cases.Store.write`."""

    def __init__(self, connection: Connection, *, by: str, at: str) -> None:
        check_instant(at)
        self.connection = connection
        self.at = at
        # Held to the end of the transaction: whoever else wants to write waits here.
        head = connection.execute(select(AUDIT_HEAD).with_for_update()).mappings().one()
        self._n, self._hash = int(head["n"]), str(head["hash"])
        self.keys = Keys(connection)
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._tables: dict[str, SqlTable] = {}
        self._digests: dict[str, str] = {}
        self._entries: list[dict[str, Any]] = []
        self.name = by
        self.actor, self.role = self._user(by)

    def _user(self, name: str) -> tuple[str, str]:
        row = self.connection.execute(select(USERS).where(USERS.c.name == name)).mappings().first()
        if row is None:
            has_any = self.connection.execute(select(USERS.c.user_ref).limit(1)).first() is not None
            if has_any:
                raise NotFound(f"there is no user {name!r}", remedy="An admin adds users: `entrepot case user NAME`.")
            return SYSTEM, "admin"
        if not row["is_active"]:
            raise DeskError(f"user {name!r} is not active any more", remedy="Decide as another user.")
        return str(row["user_ref"]), str(row["role"])

    def require(self, *roles: str) -> None:
        """Refuse what the user's role does not allow.

        Raises:
            DeskError: the role is none of ``roles``.
        """
        if self.role not in roles:
            wanted = " or ".join(roles)
            raise DeskError(f"{self.name!r} is {self.role}, this takes {wanted}", remedy="Ask somebody who may.")

    def add(self, table: SqlTable, row: Mapping[Any, Any]) -> None:
        """Add a row that stays; the next entry of the audit log records its digest."""
        # Every column is there, as it is when the row is read again.
        whole = {column.name: row.get(column.name) for column in table.columns}
        self._rows.setdefault(table.name, []).append(whole)
        self._tables[table.name] = table
        self._digests[row_name(table, whole)] = row_digest(whole)

    def make(self, table: SqlTable, row: Mapping[str, Any]) -> None:
        """Add a row that may change later; a decision says how it stands."""
        self._rows.setdefault(table.name, []).append(dict(row))
        self._tables[table.name] = table

    def decide(
        self,
        object_id: str,
        *,
        version: int,
        kind: str,
        status: str,
        subject: str | None = None,
        request_id: str | None = None,
        **body: Any,
    ) -> None:
        """Add a decision that makes version ``version`` of an alert or a case.

        Args:
            subject: whose key seals the body; None where it names nobody.
            request_id: a caller's own id: a request that is sent twice is decided once.
        """
        text = canonical(body)
        sealed = text.encode() if subject is None else self.keys.seal(subject, text)
        self.add(
            DECISIONS,
            {
                "object_id": object_id,
                "version": version,
                "kind": kind,
                "status": status,
                "actor": self.actor,
                "at": self.at,
                "subject": subject,
                "body": sealed,
                "request_id": request_id,
            },
        )
        self.record(kind, object_id, version=version, status=status)

    def change(self, table: SqlTable, key: str, *, version: int, **values: Any) -> None:
        """Change what stands now, from ``version`` to the next.

        Raises:
            Conflict: it does not stand at that version any more.
        """
        column = next(iter(table.primary_key))
        statement = update(table).where(column == key, table.c.version == version)
        values = {"version": version + 1, "updated_at": self.at, **values}
        done = self.connection.execute(statement.values(**values))
        if done.rowcount != 1:
            remedy = "Look again, and decide on what stands now."
            raise Conflict(f"{key} is not at version {version} any more", remedy=remedy)

    def record(self, action: str, object_id: str, **body: Any) -> None:
        """Add an entry to the audit log, with the digests of the rows that were added since the last one."""
        self._n += 1
        entry = {
            "n": self._n,
            "at": self.at,
            "actor": self.actor,
            "action": action,
            "object_id": object_id,
            "body": canonical({**body, "rows": self._digests}),
            "previous": self._hash,
        }
        entry["hash"] = self._hash = entry_hash(entry)
        self._digests = {}
        self._entries.append(entry)

    def finish(self) -> None:
        """Write what was added, and the new head of the audit log."""
        if self._digests:
            self.record("add", "-")
        self.keys.flush()
        for name, rows in self._rows.items():
            self.connection.execute(insert(self._tables[name]), rows)
        if self._entries:
            self.connection.execute(insert(AUDIT), self._entries)
            self.connection.execute(update(AUDIT_HEAD).values(n=self._n, hash=self._hash))


def check_instant(at: str) -> None:
    """Raise ConfigError where a text is no UTC instant."""
    try:
        is_instant = "T" in at and bool(datetime.fromisoformat(at))
    except ValueError:
        is_instant = False
    if not is_instant:
        raise ConfigError(f"{at!r} is no instant", remedy="Write it as 2024-03-01T12:00:00Z.")
