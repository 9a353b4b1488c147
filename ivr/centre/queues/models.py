"""Rows of queued calls, callbacks, agents and offers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant

_LIVE = "state in ('ringing','accepted')"


class QueuedCall(Base):
    """One queue entry, with the facts for the agent. `told_seconds` is the last announced wait, and
    `told_staff` how many served the queue then. `told_low` and `told_high` are the ends of the first announced wait, in
    seconds from `told_at`.

    `queue_sid` is the provider's id of the queue. `turn` is the turn to which the provider returns after it, and
    `left_turn` the one that processed the queue result. `answers` holds the last wait rounds as sent, for repeated
    requests; see ivr/calls/wait_rounds.py.
    """

    __tablename__ = "queued_calls"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    call: Mapped[str] = mapped_column(String(48), index=True)
    queue: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int] = mapped_column(Integer, default=0)
    language: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))  # none, query or transaction: what the caller has proven
    proven_until: Mapped[datetime | None] = mapped_column(Instant)
    intent: Mapped[str] = mapped_column(String(64), default="")
    path: Mapped[str] = mapped_column(Text, default="")  # the flows of the call, joined by spaces
    failed_step: Mapped[str] = mapped_column(String(128), default="")  # flow.step at which the self-service was left
    customer_id: Mapped[str | None] = mapped_column(String(64))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    rank_at: Mapped[datetime] = mapped_column(Instant)  # the smallest is served first: matching.rank_at
    preferred: Mapped[str | None] = mapped_column(String(32))  # the agent who served this customer last
    seen_at: Mapped[datetime] = mapped_column(Instant)  # the last request of the wait loop
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    rounds: Mapped[int] = mapped_column(Integer, default=0)
    told_seconds: Mapped[int | None] = mapped_column(Integer)
    told_staff: Mapped[int | None] = mapped_column(Integer)
    told_low: Mapped[int | None] = mapped_column(Integer)
    told_high: Mapped[int | None] = mapped_column(Integer)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    queue_sid: Mapped[str | None] = mapped_column(String(64))
    turn: Mapped[int | None] = mapped_column(Integer)
    left_turn: Mapped[int | None] = mapped_column(Integer)
    answers: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(
            "state in ('waiting','leaving','answered','callback','timeout','abandoned','failed')", name="state"
        ),
        Index("ix_queued_calls_line", "queue", "state", "rank_at"),
        Index("ix_queued_calls_customer", "customer_id", "entered_at"),
        Index("ix_queued_calls_entered_at", "entered_at"),
        Index("ix_queued_calls_state", "state", "entered_at"),
    )


class QueueClosure(Base):
    """A queue that a leader closed until a moment; nobody joins it meanwhile. `announcement` is what callers hear why.

    It opens by itself: a closure is over once `until` has come, which whoever opens it again brings forward.
    """

    __tablename__ = "queue_closures"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    queue: Mapped[str] = mapped_column(String(64))
    announcement: Mapped[str] = mapped_column(String(32))
    closed_at: Mapped[datetime] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime] = mapped_column(Instant)
    reopened_by: Mapped[str] = mapped_column(String(32), default="")

    __table_args__ = (Index("ix_queue_closures_queue", "queue", "until"),)


class CallbackRow(Base):
    """A promised callback, always with a number, a problem and the time of consent."""

    __tablename__ = "callbacks"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    call: Mapped[str] = mapped_column(String(48), unique=True)
    queue: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    number: Mapped[bytes] = mapped_column(LargeBinary)  # sealed E.164
    number_index: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    problem: Mapped[str] = mapped_column(Text)
    recording: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: the provider's id of a message
    language: Mapped[str] = mapped_column(String(16))
    customer_id: Mapped[str | None] = mapped_column(String(64))
    consented_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("length(problem) > 0", name="problem"),)


class Agent(Base):
    """An agent at work: what they do now, since when, and what they do next. `id` is the account's.

    `wish` is the state asked for while something else goes on; the newest one wins. `idle_since` is when they last
    served somebody. `proved_at` is when their desk last answered that it runs. `device` is browser, or telephone with
    the sealed `number` that is rung.
    """

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=0)
    since: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(32), default="")
    wish: Mapped[str | None] = mapped_column(String(16))
    wish_reason: Mapped[str] = mapped_column(String(32), default="")
    idle_since: Mapped[datetime] = mapped_column(Instant)
    proved_at: Mapped[datetime | None] = mapped_column(Instant)
    wrap_up_until: Mapped[datetime | None] = mapped_column(Instant)
    device: Mapped[str] = mapped_column(String(16), default="browser")
    number: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint(
            "state in ('signed_out','ready','not_ready','ringing','talking','on_hold','wrap_up','not_responding',"
            "'unreachable')",
            name="state",
        ),
        CheckConstraint("device in ('browser','telephone')", name="device"),
        Index("ix_agents_state", "state", "idle_since"),
    )


class AgentSkill(Base):
    """How well an agent serves: a skill and its level, 1 to 5."""

    __tablename__ = "agent_skills"

    agent_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    skill: Mapped[str] = mapped_column(String(64), primary_key=True)
    level: Mapped[int] = mapped_column(Integer)

    __table_args__ = (CheckConstraint("level between 1 and 5", name="level"),)


class AgentChange(Base):
    """A change of an agent's state. `cause` is who wanted it (staff:agent1), or the name of the rule that made it."""

    __tablename__ = "agent_changes"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    agent_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32), default="")
    cause: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_agent_changes_agent", "agent_id", "at"), Index("ix_agent_changes_at", "at"))


class Offer(Base):
    """A caller offered to one agent. `decision` is why this agent, as JSON: enough to make the decision again.

    `consulted_in` is the other agent's interaction, where this one is only to be consulted.
    `until` is the deadline of the present state: to be answered, then for the agent's line to be there. Two live
    offers of one caller, or of one agent, cannot be stored.
    """

    __tablename__ = "offers"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    queued_call_id: Mapped[int] = mapped_column(ForeignKey("queued_calls.id"))
    call_id: Mapped[str] = mapped_column(String(48), index=True)
    agent_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=0)
    offered_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str] = mapped_column(Text)
    consulted_in: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint(
            "state in ('ringing','accepted','answered','refused','unanswered','unreachable','withdrawn')", name="state"
        ),
        Index(
            "uq_offers_live_call", "queued_call_id", unique=True, sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)
        ),
        Index("uq_offers_live_agent", "agent_id", unique=True, sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)),
        Index("ix_offers_agent", "agent_id", "offered_at"),
        Index("ix_offers_queued_call", "queued_call_id"),
    )
