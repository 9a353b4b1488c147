"""Agents, offers, interactions with their legs and wrap-ups, and what is asked of the telephone provider."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

MOMENT = sa.DateTime(timezone=True)
LIVE = sa.text("state in ('ringing','accepted')")
OPEN = sa.text("state <> 'ended'")


def upgrade() -> None:
    op.add_column("queued_calls", sa.Column("rank_at", MOMENT, nullable=True))
    op.add_column("queued_calls", sa.Column("preferred", sa.String(32), nullable=True))
    op.add_column("queued_calls", sa.Column("proven_until", MOMENT, nullable=True))
    op.add_column("queued_calls", sa.Column("failed_step", sa.String(128), nullable=True))
    op.execute("UPDATE queued_calls SET rank_at = entered_at, failed_step = ''")
    with op.batch_alter_table("queued_calls") as table:
        table.alter_column("failed_step", existing_type=sa.String(128), nullable=False)
        table.alter_column("rank_at", existing_type=MOMENT, nullable=False)
    op.drop_index("ix_queued_calls_line", "queued_calls")
    op.create_index("ix_queued_calls_line", "queued_calls", ["queue", "state", "rank_at"])
    _create_agents()
    _create_offers()
    _create_interactions()
    _create_what_an_interaction_has()


def _create_agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("wish", sa.String(16), nullable=True),
        sa.Column("wish_reason", sa.String(32), nullable=False),
        sa.Column("idle_since", MOMENT, nullable=False),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("wrap_up_until", MOMENT, nullable=True),
        sa.Column("device", sa.String(16), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state in ('signed_out','ready','not_ready','ringing','talking','on_hold','wrap_up','not_responding',"
            "'unreachable')",
            name=op.f("ck_agents_state"),
        ),
        sa.CheckConstraint("device in ('browser','telephone')", name=op.f("ck_agents_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
    )
    op.create_index("ix_agents_state", "agents", ["state", "idle_since"])
    op.create_table(
        "agent_skills",
        sa.Column("agent_id", sa.String(32), nullable=False),
        sa.Column("skill", sa.String(64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_agent_skills_level")),
        sa.PrimaryKeyConstraint("agent_id", "skill", name=op.f("pk_agent_skills")),
    )
    op.create_table(
        "agent_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("agent_id", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_changes")),
    )
    op.create_index("ix_agent_changes_agent", "agent_changes", ["agent_id", "at"])


def _create_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("queued_call_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(48), nullable=False),
        sa.Column("agent_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('ringing','accepted','answered','refused','unanswered','unreachable','withdrawn')",
            name=op.f("ck_offers_state"),
        ),
        sa.ForeignKeyConstraint(
            ["queued_call_id"], ["queued_calls.id"], name=op.f("fk_offers_queued_call_id_queued_calls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index("ix_offers_call_id", "offers", ["call_id"])
    op.create_index("ix_offers_agent", "offers", ["agent_id", "offered_at"])
    for name, column in (("uq_offers_live_call", "queued_call_id"), ("uq_offers_live_agent", "agent_id")):
        op.create_index(name, "offers", [column], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)


def _create_interactions() -> None:
    op.create_table(
        "interactions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("call_id", sa.String(48), nullable=False),
        sa.Column("queued_call_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("agent_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=True),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("proven_until", MOMENT, nullable=True),
        sa.Column("conference", sa.String(64), nullable=False),
        sa.Column("conference_id", sa.String(64), nullable=True),
        sa.Column("recording_id", sa.String(64), nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("talked_at", MOMENT, nullable=True),
        sa.Column("held_at", MOMENT, nullable=True),
        sa.Column("held_seconds", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(32), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.CheckConstraint("kind in ('inbound','callback','transfer')", name=op.f("ck_interactions_kind")),
        sa.CheckConstraint(
            "state in ('connecting','joining','talking','on_hold','verifying','reconnecting','ended')",
            name=op.f("ck_interactions_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interactions")),
    )
    op.create_index("ix_interactions_call_id", "interactions", ["call_id"])
    op.create_index("ix_interactions_agent", "interactions", ["agent_id", "accepted_at"])
    op.create_index("ix_interactions_customer", "interactions", ["customer_id", "accepted_at"])
    op.create_index("ix_interactions_conference", "interactions", ["conference"])
    for name, column in (("uq_interactions_open_call", "call_id"), ("uq_interactions_open_agent", "agent_id")):
        op.create_index(name, "interactions", [column], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def _create_what_an_interaction_has() -> None:
    op.create_table(
        "interaction_legs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _interaction(),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=True),
        sa.Column("call_id", sa.String(48), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=True),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.CheckConstraint("role in ('customer','agent','consulted','leader')", name=op.f("ck_interaction_legs_role")),
        sa.CheckConstraint(
            "state in ('ordered','ringing','in','left','failed')", name=op.f("ck_interaction_legs_state")
        ),
        _of_an_interaction("interaction_legs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction_legs")),
    )
    op.create_index("ix_interaction_legs_interaction_id", "interaction_legs", ["interaction_id"])
    op.create_index("ix_interaction_legs_call_id", "interaction_legs", ["call_id"])
    op.create_table(
        "wrap_ups",
        _interaction(),
        sa.Column("agent_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("product", sa.String(32), nullable=False),
        sa.Column("disposition", sa.String(32), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("state in ('open','submitted','timed_out')", name=op.f("ck_wrap_ups_state")),
        _of_an_interaction("wrap_ups"),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_wrap_ups")),
    )
    op.create_index("ix_wrap_ups_agent", "wrap_ups", ["agent_id", "state"])
    op.create_index("ix_wrap_ups_category", "wrap_ups", ["category", "closed_at"])
    op.create_table(
        "provider_orders",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _interaction(),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(200), nullable=False),
        sa.CheckConstraint("state in ('waiting','done','failed')", name=op.f("ck_provider_orders_state")),
        _of_an_interaction("provider_orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_orders")),
    )
    op.create_index("ix_provider_orders_due", "provider_orders", ["state", "due_at"])
    op.create_index("ix_provider_orders_interaction", "provider_orders", ["interaction_id", "state"])


def _interaction() -> sa.Column[int]:
    return sa.Column("interaction_id", sa.Integer(), nullable=False)


def _of_an_interaction(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_interaction_id_interactions")
    return sa.ForeignKeyConstraint(["interaction_id"], ["interactions.id"], name=name)


def downgrade() -> None:
    for table in ("provider_orders", "wrap_ups", "interaction_legs", "interactions", "offers", "agent_changes"):
        op.drop_table(table)
    for table in ("agent_skills", "agents"):
        op.drop_table(table)
    op.drop_index("ix_queued_calls_line", "queued_calls")
    op.create_index("ix_queued_calls_line", "queued_calls", ["queue", "state", "priority", "entered_at"])
    op.drop_column("queued_calls", "failed_step")
    op.drop_column("queued_calls", "proven_until")
    op.drop_column("queued_calls", "preferred")
    op.drop_column("queued_calls", "rank_at")
