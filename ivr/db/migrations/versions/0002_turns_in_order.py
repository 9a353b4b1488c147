"""Turns lie on SQLite in the order in which they were taken, and only their keys in the order of calls.

As rows of the key's own tree they filled four to a page, at a random place for every call: eight pages a turn went
through the log, and twice as many back into the database than now. PostgreSQL has always kept them so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _rebuild(with_rowid=True)


def downgrade() -> None:
    _rebuild(with_rowid=False)


def _rebuild(*, with_rowid: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.rename_table("turns", "turns_before")
    op.create_table(
        "turns",
        sa.Column("call", sa.String(length=34), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("trail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("call", "turn", name=op.f("pk_turns")),
        sqlite_with_rowid=with_rowid,
    )
    names = "call, turn, at, answer, trail"
    op.execute(f"INSERT INTO turns ({names}) SELECT {names} FROM turns_before ORDER BY at")  # noqa: S608 - our words
    op.drop_table("turns_before")
