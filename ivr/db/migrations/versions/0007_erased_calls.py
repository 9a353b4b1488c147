"""Calls say whether they were erased: an index on what their state looks like was written anew at every turn.

SQLite wrote one page of five for it, and PostgreSQL could not move a row within its page.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.drop_index("ix_calls_kept", "calls")
    op.add_column("calls", sa.Column("erased", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE calls SET erased = :yes WHERE length(state) = 0").bindparams(yes=True))
    op.create_index(
        "ix_calls_kept",
        "calls",
        ["started_at"],
        unique=False,
        sqlite_where=sa.text("erased = 0"),
        postgresql_where=sa.text("NOT erased"),
    )


def downgrade() -> None:
    op.drop_index("ix_calls_kept", "calls")
    op.drop_column("calls", "erased")
    op.create_index(
        "ix_calls_kept",
        "calls",
        ["started_at"],
        unique=False,
        sqlite_where=sa.text("length(state) > 0"),
        postgresql_where=sa.text("length(state) > 0"),
    )
