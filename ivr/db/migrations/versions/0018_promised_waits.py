"""The wait promised to a caller beside the one that came; indexes for the offers of a call and the talks of a queue."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

COLUMNS = (
    ("told_staff", sa.Integer()),
    ("told_low", sa.Integer()),
    ("told_high", sa.Integer()),
    ("told_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("queued_calls", sa.Column(name, kind, nullable=True))
    op.create_index("ix_offers_queued_call", "offers", ["queued_call_id"])
    op.create_index("ix_interactions_queue", "interactions", ["queue", "accepted_at"])


def downgrade() -> None:
    op.drop_index("ix_interactions_queue", table_name="interactions")
    op.drop_index("ix_offers_queued_call", table_name="offers")
    for name, _ in reversed(COLUMNS):
        op.drop_column("queued_calls", name)
