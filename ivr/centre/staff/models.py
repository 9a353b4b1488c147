"""Rows of staff: accounts, roles, certificates, sessions, codes for recovery, known browsers, tries to sign in."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.centre.staff.roles import Role
from ivr.db import Base, Instant
from ivr.platform.actor import Actor


class RoleHeld(Base):
    """One role of one account."""

    __tablename__ = "staff_roles"

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class Account(Base):
    """One account of a person. `id` is the user name, which is never reused.

    `totp_secret` is sealed; it is in use once `totp_since` is set. `totp_step` is the last used time step.
    """

    __tablename__ = "staff_accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer, default=0)
    password_hash: Mapped[str | None] = mapped_column(Text)
    password_is_temporary: Mapped[bool] = mapped_column(Boolean, default=False)
    password_expires_at: Mapped[datetime | None] = mapped_column(Instant)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_since: Mapped[datetime | None] = mapped_column(Instant)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Instant)

    held: Mapped[list[RoleHeld]] = relationship(lazy="selectin", cascade="all, delete-orphan", order_by=RoleHeld.role)

    __table_args__ = (CheckConstraint("state in ('inactive','active','locked','closed')", name="state"),)

    @property
    def roles(self) -> frozenset[str]:
        """The codes of the roles that this account holds."""
        return frozenset(each.role for each in self.held)

    @property
    def actor(self) -> Actor:
        """The account as an actor."""
        return Actor("staff", self.id, self.roles, self.unit)

    @hybrid_property
    def is_agent(self) -> bool:
        """Whether this is an agent's account."""
        return Role.AGENT in self.roles

    @is_agent.inplace.expression
    @classmethod
    def _is_agent(cls) -> ColumnElement[bool]:
        return select(RoleHeld).where(RoleHeld.account_id == cls.id, RoleHeld.role == Role.AGENT).exists()

    @property
    def has_second_factor(self) -> bool:
        """Whether sign-in requires a code besides the password."""
        return self.totp_since is not None


class Certificate(Base):
    """A recorded Putonghua certificate. `level` is 1A (一级甲等) to 3B (三级乙等)."""

    __tablename__ = "staff_certificates"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    level: Mapped[str] = mapped_column(String(2))
    issued_on: Mapped[date] = mapped_column(Date)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("level in ('1A','1B','2A','2B','3A','3B')", name="level"),)


class StaffSession(Base):
    """One session in one browser; `stage` is "code" until the second factor is verified."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"))
    stage: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (
        CheckConstraint("stage in ('code','open')", name="stage"),
        Index("ix_staff_sessions_account", "account_id", "ended_at"),
    )


class RecoveryCode(Base):
    """The digest of a single-use recovery code."""

    __tablename__ = "staff_recovery_codes"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffDevice(Base):
    """A browser in which somebody signed in, last at `seen_at`."""

    __tablename__ = "staff_devices"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("token_hash", "account_id"),)


class SignInAttempt(Base):
    """A try to sign in, wrong until it proves right.

    `subject` and `origin` are digests: of the user name (people type passwords there), and of the address, or of the
    browser where `is_known_device`.
    """

    __tablename__ = "staff_sign_in_attempts"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary)
    origin: Mapped[bytes] = mapped_column(LargeBinary)
    is_known_device: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(8))

    __table_args__ = (
        CheckConstraint("outcome in ('wrong','password','in')", name="outcome"),
        Index("ix_staff_sign_in_attempts_subject", "subject", "at"),
        Index("ix_staff_sign_in_attempts_origin", "origin", "at"),
    )
