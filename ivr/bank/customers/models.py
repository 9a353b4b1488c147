"""Tables of customers, lockouts, counted attempts, and one-time codes."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, composite, mapped_column

from ivr.bank.customers.lockout import FailureCount
from ivr.db import Base, Instant


class Customer(Base):
    """A customer. Name, mobile and identity card are sealed; mobile and identity card have a blind index."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    mobile: Mapped[bytes] = mapped_column(LargeBinary)
    mobile_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    identity: Mapped[bytes] = mapped_column(LargeBinary)
    identity_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    language: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Lockout(Base):
    """Failure counters and lock of one password of a subject (a customer, or an unknown number)."""

    __tablename__ = "lockouts"

    subject: Mapped[str] = mapped_column(String(96), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[str] = mapped_column(String(10))
    failures_day: Mapped[int] = mapped_column(Integer, default=0)
    failures_row: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    branch_only: Mapped[bool] = mapped_column(Boolean, default=False)
    count: Mapped[FailureCount] = composite("day", "failures_day", "failures_row", "locked_until", "branch_only")


class Attempt(Base):
    """One attempt that is counted for its call and its calling number. Rows are appended and never changed."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant)
    call: Mapped[str] = mapped_column(String(48), index=True)
    caller_index: Mapped[bytes] = mapped_column(LargeBinary)  # one for all withheld numbers together
    subject: Mapped[str] = mapped_column(String(96))
    kind: Mapped[str] = mapped_column(String(16))  # identify, query, transaction, loss, callback
    right: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index("ix_attempts_caller", "caller_index", "at"),
        Index("ix_attempts_subject", "subject", "at"),
    )


class OneTimeCode(Base):
    """A code sent by text for one purpose in one call; only a keyed digest of it is stored."""

    __tablename__ = "one_time_codes"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    call: Mapped[str] = mapped_column(String(48), index=True)
    customer_id: Mapped[str] = mapped_column(String(64))
    binding: Mapped[bytes] = mapped_column(LargeBinary)  # what it may be used for, as a digest
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    checks: Mapped[int] = mapped_column(Integer, default=0)
    judged: Mapped[int] = mapped_column(Integer, default=0)  # new passwords that were checked under it
    state: Mapped[str] = mapped_column(String(16))

    __table_args__ = (
        CheckConstraint("state in ('sent','replaced','proven','used','spent')", name="state"),
        Index("ix_one_time_codes_customer", "customer_id", "sent_at"),
    )
