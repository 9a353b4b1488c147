"""The floor: alarms, queues closed for a while, how a leader takes part in a talk; days are counted by time."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

MOMENT = sa.DateTime(timezone=True)
LIVE = sa.text("state <> 'ended'")


def upgrade() -> None:
    op.create_table(
        "floor_alarms",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.String(32), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('open','acknowledged','ended')", name=op.f("ck_floor_alarms_state")),
        sa.CheckConstraint("level in ('care','alarm')", name=op.f("ck_floor_alarms_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_alarms")),
    )
    op.create_index(
        "uq_floor_alarms_live", "floor_alarms", ["kind", "subject"], unique=True, sqlite_where=LIVE,
        postgresql_where=LIVE,
    )  # fmt: skip
    op.create_table(
        "queue_closures",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("announcement", sa.String(32), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("closed_by", sa.String(32), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("reopened_by", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_closures")),
    )
    op.create_index("ix_queue_closures_queue", "queue_closures", ["queue", "until"])
    op.add_column("interaction_legs", sa.Column("mode", sa.String(8), server_default="", nullable=False))
    op.create_index("ix_interactions_accepted_at", "interactions", ["accepted_at"])
    op.create_index("ix_agent_changes_at", "agent_changes", ["at"])


def downgrade() -> None:
    op.drop_index("ix_agent_changes_at", "agent_changes")
    op.drop_index("ix_interactions_accepted_at", "interactions")
    op.drop_column("interaction_legs", "mode")
    op.drop_table("queue_closures")
    op.drop_table("floor_alarms")
