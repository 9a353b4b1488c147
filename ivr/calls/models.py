"""Tables of calls, their turns, and published bundles."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, SmallInteger, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant


class Call(Base):
    """One call: its sealed session (`state`), its next turn, and how it ended."""

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
    ending: Mapped[str] = mapped_column(String(16), default="")  # served or hung_up
    erased: Mapped[bool] = mapped_column(server_default=false())  # retention erased session, number and answers

    __table_args__ = (
        Index("ix_calls_started_at", "started_at"),
        Index("ix_calls_caller_index", "caller_index", "started_at"),
        Index(
            "ix_calls_kept", "started_at", sqlite_where=text("erased = 0"), postgresql_where=text("NOT erased"),
        ),
    )  # fmt: skip


class TurnRecord(Base):
    """One answered webhook: the sealed answer and the trail of steps. Appended, never changed.

    `at` is in milliseconds since 1970. Retention erases the answer.
    """

    __tablename__ = "turns"

    call: Mapped[str] = mapped_column(String(48), primary_key=True)
    turn: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    trail: Mapped[str] = mapped_column(Text)


class PublishedBundle(Base):
    """A published bundle: its sources under their hash."""

    __tablename__ = "bundles"

    hash: Mapped[str] = mapped_column(String(16), primary_key=True)
    sources: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Instant)


class Publication(Base):
    """The history of publications; new calls run on the bundle of the newest row. A rollback adds a row."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    bundle: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(200), default="")


class CommitTrial(Base):
    """One row that the readiness check rewrites, to see whether a turn could be committed."""

    __tablename__ = "commit_trials"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    filling: Mapped[bytes] = mapped_column(LargeBinary)
