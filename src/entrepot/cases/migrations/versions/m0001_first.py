"""The first tables: people and keys, alerts with findings and decisions, cases, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = ("findings", "decisions", "case_items", "audit")


def upgrade() -> None:
    """Make the tables, and refuse every change of rows that are there to stay."""
    _people()
    _alerts()
    _findings()
    _cases()
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'rows of this table are never changed'; END $$"
        )
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            name = f"{table}_no_{change.lower()}"
            body = "BEGIN SELECT RAISE(ABORT, 'rows of this table are never changed'); END"
            each = f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW"
            op.execute(f"{each} {body if sqlite else 'EXECUTE FUNCTION refuse_change()'}")


def _people() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.LargeBinary()),
    )
    op.create_table(
        "users",
        sa.Column("user_ref", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), unique=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(300)),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "subject_keys",
        sa.Column("ref", sa.String(40), primary_key=True),
        sa.Column("lookup", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("ref", sa.String(200), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(40), sa.ForeignKey("users.user_ref"), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("severity_rank", sa.Integer(), nullable=False),
        sa.Column("certainty", sa.String(20), nullable=False),
        sa.Column("amount", sa.Float(53)),
        sa.Column("currency", sa.String(3)),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("sources", sa.String(200), nullable=False),
        sa.Column("n_findings", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.String(40), nullable=False),
        sa.Column("updated_at", sa.String(40), nullable=False),
        sa.Column("suppressed_until", sa.String(10)),
        sa.Column("pending", sa.String(60)),
        sa.Column("pending_by", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("kind", "ref", name="uq_alerts_thing"),
    )
    op.create_index("ix_alerts_order", "alerts", ["severity_rank", "updated_at"])
    op.create_index("ix_alerts_status", "alerts", ["status"])


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("alert_id", sa.String(40), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("rule", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("as_of", sa.String(40), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.Column("certainty", sa.String(20), nullable=False),
        sa.Column("amount", sa.Float(53)),
        sa.Column("currency", sa.String(3)),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(40)),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_findings_recorded", "findings", ["recorded_at"])
    op.create_table(
        "decisions",
        sa.Column("object_id", sa.String(40), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(40)),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.String(80), unique=True),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(40), primary_key=True),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(40), sa.ForeignKey("users.user_ref"), nullable=False),
        sa.Column("opened_at", sa.String(40), nullable=False),
        sa.Column("updated_at", sa.String(40), nullable=False),
        sa.Column("pending", sa.String(60)),
        sa.Column("pending_by", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "case_items",
        sa.Column("case_id", sa.String(40), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(80)),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("object_id", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_object", "audit", ["object_id"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
