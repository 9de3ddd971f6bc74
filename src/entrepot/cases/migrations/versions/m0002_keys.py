"""Keys with which programs of a user come in; of each only the hash."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of keys."""
    op.create_table(
        "user_keys",
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("user_ref", sa.String(40), sa.ForeignKey("users.user_ref"), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
    )
