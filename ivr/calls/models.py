"""Rows of calls, of the turns they took, and of the bundles they run on."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, SmallInteger, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant


class Call(Base):
    """One call: where it stands (`state` is the sealed session) and what became of it."""

    __tablename__ = "calls"

    call: Mapped[str] = mapped_column(String(48), primary_key=True)
    turn: Mapped[int] = mapped_column(Integer)
    bundle: Mapped[str] = mapped_column(String(16))
    state: Mapped[bytes] = mapped_column(LargeBinary)  # "over" from the end of the call on
    caller: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed E.164
    caller_index: Mapped[bytes | None] = mapped_column(LargeBinary)  # by it calls of a number are found; never erased
    language: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ending: Mapped[str] = mapped_column(String(16), default="")  # how it ended: served, hung_up
    erased: Mapped[bool] = mapped_column(server_default=false())  # what it said and knew is gone

    __table_args__ = (
        Index("ix_calls_started_at", "started_at"),
        Index("ix_calls_caller_index", "caller_index", "started_at"),
        Index(
            "ix_calls_kept", "started_at", sqlite_where=text("erased = 0"), postgresql_where=text("NOT erased"),
        ),
    )  # fmt: skip


class TurnTaken(Base):
    """One webhook answered: the sealed bytes that went out, and the trail of steps. Appended, never changed.

    `at` is milliseconds since 1970; the answer is erased when the call has been over for a while.
    """

    __tablename__ = "turns"

    call: Mapped[str] = mapped_column(String(48), primary_key=True)
    turn: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    trail: Mapped[str] = mapped_column(Text)


class PublishedBundle(Base):
    """A bundle that passed its proofs: the texts it is built from, under their hash."""

    __tablename__ = "bundles"

    hash: Mapped[str] = mapped_column(String(16), primary_key=True)
    sources: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Instant)


class Publication(Base):
    """Which bundle new calls run on: the newest row. A rollback is one more row."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    bundle: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(200), default="")


class CommitTrial(Base):
    """One row that is written again and again, to see whether a turn could be committed."""

    __tablename__ = "commit_trials"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    filling: Mapped[bytes] = mapped_column(LargeBinary)
