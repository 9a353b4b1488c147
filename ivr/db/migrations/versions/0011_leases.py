"""Work rows keep when they were due beside their lease; a customer's id is called so in every table.

A lease was the row's next time until now. It is carried over as that time, from which on the row may be taken.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

RENAMED = (
    ("callbacks", "customer", "customer_id"),
    ("queued_calls", "customer", "customer_id"),
    ("one_time_codes", "customer", "customer_id"),
    ("core_orders", "next_at", "due_at"),
    ("core_orders", "claims", "tries"),
    ("outgoing_texts", "next_at", "due_at"),
)
WORK = tuple(
    sa.table(name, sa.column("due_at"), sa.column("lease_until")) for name in ("core_orders", "outgoing_texts")
)


def upgrade() -> None:
    for table, old, new in RENAMED:
        _rename(table, old, new)
    for rows in WORK:
        op.add_column(rows.name, sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for rows in WORK:
        op.execute(rows.update().where(rows.c.lease_until > rows.c.due_at).values(due_at=rows.c.lease_until))
        op.drop_column(rows.name, "lease_until")
    for table, old, new in RENAMED:
        _rename(table, new, old)


def _rename(table: str, old: str, new: str) -> None:
    """The indexes on the column follow it; SQLite would copy the table for Alembic's own way of saying so."""
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
