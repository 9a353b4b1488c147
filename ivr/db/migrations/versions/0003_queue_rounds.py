"""A stay in a queue keeps the provider's queue, the turns that lead into it and out of it, and its last rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("queued_calls", sa.Column("queue_sid", sa.String(length=64), nullable=True))
    op.add_column("queued_calls", sa.Column("turn", sa.Integer(), nullable=True))
    op.add_column("queued_calls", sa.Column("left_turn", sa.Integer(), nullable=True))
    op.add_column("queued_calls", sa.Column("answers", sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("answers", "left_turn", "turn", "queue_sid"):
        op.drop_column("queued_calls", name)
