"""Rows of the desk: interactions, their legs, wrap-ups, and what is asked of the telephone provider for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant
from ivr.platform.jobs.leases import WorkRow

_OPEN = "state <> 'ended'"


class Interaction(Base):
    """One customer and one agent, from the acceptance to the last word. A call that is transferred has several.

    `conference` is the name of the conference they meet in, and `conference_id` the provider's id of it. `until` is
    the deadline of a state that must not last. `level` is how far the customer is proven: none, query, transaction.
    `held_seconds` are those of holds that are over. `ended_by` is who or
    what ended it: customer, agent, leader, transfer, or the name of a rule.
    """

    __tablename__ = "interactions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16))
    call_id: Mapped[str] = mapped_column(String(48), index=True)
    queued_call_id: Mapped[int | None] = mapped_column(Integer)
    offer_id: Mapped[int | None] = mapped_column(Integer)
    queue: Mapped[str] = mapped_column(String(64))
    agent_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=0)
    customer_id: Mapped[str | None] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(16), default="none")
    proven_until: Mapped[datetime | None] = mapped_column(Instant)
    conference: Mapped[str] = mapped_column(String(64))
    conference_id: Mapped[str | None] = mapped_column(String(64))
    recording_id: Mapped[str | None] = mapped_column(String(64))
    accepted_at: Mapped[datetime] = mapped_column(Instant)
    talked_at: Mapped[datetime | None] = mapped_column(Instant)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    held_seconds: Mapped[int] = mapped_column(Integer, default=0)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str] = mapped_column(String(32), default="")
    until: Mapped[datetime | None] = mapped_column(Instant)
    help_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)  # when the provider was asked whether it goes on

    __table_args__ = (
        CheckConstraint("kind in ('inbound','callback','transfer')", name="kind"),
        CheckConstraint(
            "state in ('connecting','joining','talking','on_hold','verifying','reconnecting','ended')", name="state"
        ),
        Index(
            "uq_interactions_open_call", "call_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)
        ),
        Index(
            "uq_interactions_open_agent",
            "agent_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_interactions_agent", "agent_id", "accepted_at"),
        Index("ix_interactions_queue", "queue", "accepted_at"),
        Index("ix_interactions_accepted_at", "accepted_at"),
        Index("ix_interactions_customer", "customer_id", "accepted_at"),
        Index("ix_interactions_conference", "conference"),
        Index("ix_interactions_queued_call", "queued_call_id"),
    )


class Leg(Base):
    """One telephone in an interaction. `role` is customer, agent, consulted or leader; `call_id` the provider's id.

    `sequence` is that of the newest news of it: what is older is not believed. `outcome` is why it failed: busy,
    no_answer, failed, cancelled, refused. `mode` is how a leader takes part, by the provider's word: listen, whisper
    or barge.
    """

    __tablename__ = "interaction_legs"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[str | None] = mapped_column(String(32))
    call_id: Mapped[str | None] = mapped_column(String(48), index=True)
    state: Mapped[str] = mapped_column(String(16))
    sequence: Mapped[int] = mapped_column(Integer, default=-1)
    mode: Mapped[str] = mapped_column(String(8), server_default="", default="")
    joined_at: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (
        CheckConstraint("role in ('customer','agent','consulted','leader')", name="role"),
        CheckConstraint("state in ('ordered','ringing','in','left','failed')", name="state"),
    )


class WrapUp(Base):
    """What an interaction was about, saved as it is typed. `until` is when the agent's pause for it ends."""

    __tablename__ = "wrap_ups"

    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=0)
    category: Mapped[str] = mapped_column(String(32), default="")
    product: Mapped[str] = mapped_column(String(32), default="")
    disposition: Mapped[str] = mapped_column(String(32), default="")
    notes: Mapped[bytes | None] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime | None] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state in ('open','submitted','timed_out')", name="state"),
        Index("ix_wrap_ups_agent", "agent_id", "state"),
        Index("ix_wrap_ups_category", "category", "closed_at"),
    )


class RecordingKept(Base):
    """A recording of a talk as the provider tells of it. `pauses` are spans of silence while a secret was keyed: JSON
    pairs of moments, the second null while it lasts. `seconds` is known once it is ready.
    """

    __tablename__ = "recordings"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    recording_id: Mapped[str | None] = mapped_column(String(64), unique=True)  # null: none could be begun
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"), index=True)
    call_id: Mapped[str] = mapped_column(String(48))
    state: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[int] = mapped_column(Integer, default=0)
    pauses: Mapped[str] = mapped_column(Text, default="[]")
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("state in ('running','paused','processing','ready','absent','deleted')", name="state"),
        Index("ix_recordings_state", "state", "started_at"),
    )


class ProviderOrder(WorkRow, Base):
    """Something asked of the telephone provider, committed before it is asked. `details` are its arguments, as JSON.

    Orders of one interaction are carried out one after another. `outcome` is what the provider said.
    """

    __tablename__ = "provider_orders"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"))
    kind: Mapped[str] = mapped_column(String(24))
    details: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("state in ('waiting','done','failed')", name="state"),
        Index("ix_provider_orders_due", "state", "due_at"),
        Index("ix_provider_orders_interaction", "interaction_id", "state"),
    )
