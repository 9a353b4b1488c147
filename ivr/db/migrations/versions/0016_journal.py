"""The journal: calls found by their caller's number, stays in queues by customer and day, and recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("calls", sa.Column("caller_index", sa.LargeBinary(), nullable=True))
    op.add_column("interactions", sa.Column("asked_at", MOMENT, nullable=True))
    op.create_index("ix_calls_caller_index", "calls", ["caller_index", "started_at"])
    op.create_index("ix_queued_calls_customer", "queued_calls", ["customer_id", "entered_at"])
    op.create_index("ix_queued_calls_entered_at", "queued_calls", ["entered_at"])
    op.create_index("ix_queued_calls_state", "queued_calls", ["state", "entered_at"])
    op.create_index("ix_interactions_queued_call", "interactions", ["queued_call_id"])
    op.create_table(
        "recordings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recording_id", sa.String(64), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(48), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("pauses", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('running','paused','processing','ready','absent','deleted')", name=op.f("ck_recordings_state")
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name=op.f("fk_recordings_interaction_id_interactions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_recordings_recording_id")),
    )
    op.create_index("ix_recordings_interaction_id", "recordings", ["interaction_id"])
    op.create_index("ix_recordings_state", "recordings", ["state", "started_at"])


def downgrade() -> None:
    op.drop_table("recordings")
    op.drop_index("ix_interactions_queued_call", "interactions")
    op.drop_index("ix_queued_calls_state", "queued_calls")
    op.drop_index("ix_queued_calls_entered_at", "queued_calls")
    op.drop_index("ix_queued_calls_customer", "queued_calls")
    op.drop_index("ix_calls_caller_index", "calls")
    with op.batch_alter_table("interactions") as table:
        table.drop_column("asked_at")
    with op.batch_alter_table("calls") as table:
        table.drop_column("caller_index")
