"""Rows of queued calls and of callbacks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant


class QueuedCall(Base):
    """One caller's stay in a queue, with what an agent needs to know. `told_seconds` is the last wait spoken.

    `queue_sid` is the provider's word for the queue. `turn` is the turn that the provider comes back to from it, and
    `left_turn` the one that was taken then. `answers` are the last rounds of company as they were sent, for their
    repeats; see ivr/calls/rounds.py.
    """

    __tablename__ = "queued_calls"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    call: Mapped[str] = mapped_column(String(48), index=True)
    queue: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int] = mapped_column(Integer, default=0)
    language: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))  # none, query or transaction: what the caller has proven
    intent: Mapped[str] = mapped_column(String(64), default="")
    path: Mapped[str] = mapped_column(Text, default="")  # flows walked through, joined by spaces
    customer_id: Mapped[str | None] = mapped_column(String(64))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)  # the last round of waiting
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    rounds: Mapped[int] = mapped_column(Integer, default=0)
    told_seconds: Mapped[int | None] = mapped_column(Integer)
    queue_sid: Mapped[str | None] = mapped_column(String(64))
    turn: Mapped[int | None] = mapped_column(Integer)
    left_turn: Mapped[int | None] = mapped_column(Integer)
    answers: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(
            "state in ('waiting','leaving','answered','callback','timeout','abandoned','failed')", name="state"
        ),
        Index("ix_queued_calls_line", "queue", "state", "priority", "entered_at"),
    )


class CallbackRow(Base):
    """A promise to call back: never without a number, a problem and the caller's consent with its time."""

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
