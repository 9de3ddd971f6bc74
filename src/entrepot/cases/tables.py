"""Tables of the store. Made and changed by the migrations beside; a test holds the two together.

Append-only tables (findings, decisions, case_items, audit) hold no personal data in clear: what names somebody is
sealed with a key of its own in ``subject_keys``, and is unreadable from the day on which that row is destroyed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    select,
)

from entrepot.errors import NotFound

METADATA = MetaData()

META = Table("meta", METADATA, Column("name", String(40), primary_key=True), Column("value", LargeBinary))

USERS = Table(
    "users",
    METADATA,
    Column("user_ref", String(40), primary_key=True),
    Column("name", String(200), unique=True),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(300)),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("version", Integer, nullable=False),
)

USER_KEYS = Table(
    "user_keys",
    METADATA,
    Column("key_hash", String(64), primary_key=True),
    Column("user_ref", String(40), ForeignKey("users.user_ref"), nullable=False),
    Column("created_at", String(40), nullable=False),
)

SUBJECT_KEYS = Table(
    "subject_keys",
    METADATA,
    Column("ref", String(40), primary_key=True),
    Column("lookup", String(64), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("created_at", String(40), nullable=False),
)

ALERTS = Table(
    "alerts",
    METADATA,
    Column("alert_id", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("ref", String(200), nullable=False),
    Column("label", LargeBinary, nullable=False),
    Column("status", String(20), nullable=False),
    Column("owner", String(40), ForeignKey("users.user_ref"), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("severity_rank", Integer, nullable=False),
    Column("certainty", String(20), nullable=False),
    Column("amount", Float(53)),
    Column("currency", String(3)),
    Column("because", Text, nullable=False),
    Column("sources", String(200), nullable=False),
    Column("n_findings", Integer, nullable=False),
    Column("first_at", String(40), nullable=False),
    Column("updated_at", String(40), nullable=False),
    Column("suppressed_until", String(10)),
    Column("pending", String(60)),
    Column("pending_by", String(40)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("kind", "ref", name="uq_alerts_thing"),
    Index("ix_alerts_order", "severity_rank", "updated_at"),
    Index("ix_alerts_status", "status"),
)

FINDINGS = Table(
    "findings",
    METADATA,
    Column("alert_id", String(40), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("source", String(20), nullable=False),
    Column("rule", String(300), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("as_of", String(40), nullable=False),
    Column("recorded_at", String(40), nullable=False),
    Column("certainty", String(20), nullable=False),
    Column("amount", Float(53)),
    Column("currency", String(3)),
    Column("inputs", Text, nullable=False),
    Column("subject", String(40)),
    Column("body", LargeBinary, nullable=False),
    Index("ix_findings_recorded", "recorded_at"),
)

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("object_id", String(40), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("at", String(40), nullable=False),
    Column("subject", String(40)),
    Column("body", LargeBinary, nullable=False),
    Column("request_id", String(80), unique=True),
)

CASES = Table(
    "cases",
    METADATA,
    Column("case_id", String(40), primary_key=True),
    Column("subject", String(40), nullable=False),
    Column("title", LargeBinary, nullable=False),
    Column("status", String(20), nullable=False),
    Column("owner", String(40), ForeignKey("users.user_ref"), nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("updated_at", String(40), nullable=False),
    Column("pending", String(60)),
    Column("pending_by", String(40)),
    Column("version", Integer, nullable=False),
)

CASE_ITEMS = Table(
    "case_items",
    METADATA,
    Column("case_id", String(40), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("target", String(80)),
    Column("actor", String(40), nullable=False),
    Column("at", String(40), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("action", String(40), nullable=False),
    Column("object_id", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_object", "object_id"),
)

AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

APPEND_ONLY = (FINDINGS, DECISIONS, CASE_ITEMS, AUDIT)


def row_of(connection: Connection, column: Column[Any], begins: str, *, what: str, command: str) -> Mapping[Any, Any]:
    """Return the one row whose id is, or begins with, a text.

    Args:
        column: the id of its table.
        begins: the id or its beginning.
        what: the thing in the singular, for messages.
        command: lists all of them.

    Raises:
        NotFound: there is none, or several begin so.
    """
    like = column.startswith(begins, autoescape=True)
    rows = connection.execute(select(column.table).where(like).limit(2)).mappings().all()
    if len(rows) != 1:
        found = f"several {what}s begin with" if rows else f"there is no {what}"
        raise NotFound(f"{found} {begins!r}", remedy=f"See `entrepot {command}`.")
    return rows[0]
