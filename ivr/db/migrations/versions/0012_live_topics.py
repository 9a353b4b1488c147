"""Live pages: how often each topic was changed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "live_topics",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_topics")),
    )
    op.create_index("ix_live_topics_topic", "live_topics", ["topic"], unique=False)


def downgrade() -> None:
    op.drop_table("live_topics")
