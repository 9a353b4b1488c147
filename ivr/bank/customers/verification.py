"""Password verification: which tries are allowed, how failures count, and which calling numbers are blocked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from ivr.bank.customers.lockout import FailureCount, LockoutRules, LockState, after_failure, after_success, lock_state
from ivr.bank.customers.models import Attempt, Lockout
from ivr.db.locks import Lock, advisory_lock
from ivr.foundation.config import CallerNumberRules, CallRules, Verification

Kind = Literal["query", "transaction"]
PROOFS = ("identify", *get_args(Kind))  # attempts to identify or verify; other kinds have their own limits


@dataclass(frozen=True, slots=True)
class VerificationAttempt:
    """One verification attempt: call, calling number, subject, kind. All withheld numbers share one `caller_index`."""

    call: str
    caller_index: bytes
    subject: str
    kind: Kind
    now: datetime


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The outcome of an attempt: right, wrong, call_limit, locked (with its end), branch."""

    outcome: Literal["right", "wrong", "call_limit", "locked", "branch"]
    tries_left: int = 0
    until: datetime | None = None


def rules_of(rules: Verification, kind: Kind) -> LockoutRules:
    """The lockout rules for a kind of password."""
    return rules.query if kind == "query" else rules.transaction


def locked(db: Session, subject: str, kind: Kind, now: datetime) -> tuple[LockState, datetime | None]:
    """Whether a password may be tried now; its row stays locked until the transaction ends."""
    count = _row(db, subject, kind).count
    return lock_state(count, now), count.locked_until


def unlock(db: Session, subject: str, kind: Kind, now: datetime) -> FailureCount | None:
    """Reset the failure counters of a password and lift its lock; returns the old counters, None without any."""
    row = _row(db, subject, kind)
    count = row.count
    if lock_state(count, now) == "open" and not count.failures_row and not count.failures_day:
        return None
    row.count = FailureCount(count.day)
    db.flush()
    return count


def has_tried(db: Session, subject: str) -> bool:
    """Whether a password of this customer was ever tried."""
    return db.scalars(select(Lockout.subject).where(Lockout.subject == subject)).first() is not None


def failures_in_call(db: Session, call: str, kind: Kind) -> int:
    """Wrong passwords of a kind in this call."""
    wrong = select(func.count()).where(Attempt.call == call, Attempt.kind == kind, Attempt.right.is_(False))
    return db.scalar(wrong) or 0


def record(
    db: Session, rules: Verification, tried: VerificationAttempt, right: bool, zone: ZoneInfo
) -> VerificationResult:
    """FailureCount a checked password. While the password is locked, a right one is refused too."""
    row = _row(db, tried.subject, tried.kind)
    count = row.count
    if (now_is := lock_state(count, tried.now)) != "open":
        return VerificationResult("branch" if now_is == "branch" else "locked", until=count.locked_until)
    if tried.kind == "query" and failures_in_call(db, tried.call, "query") >= rules.query.failures_in_call:
        return VerificationResult("call_limit")
    note(db, tried, tried.kind, right)
    if right:
        row.count = after_success(count)
        return VerificationResult("right")
    own = rules_of(rules, tried.kind)
    row.count = after_failure(count, own, tried.now, zone)
    return _after_wrong(db, rules, tried, own, row.count)


def _after_wrong(
    db: Session, rules: Verification, tried: VerificationAttempt, own: LockoutRules, count: FailureCount
) -> VerificationResult:
    if (now_is := lock_state(count, tried.now)) != "open":
        return VerificationResult("branch" if now_is == "branch" else "locked", until=count.locked_until)
    left = min(own.failures_a_day - count.failures_day, own.failures_in_row - count.failures_row)
    if tried.kind == "query":
        db.flush()
        left = min(left, rules.query.failures_in_call - failures_in_call(db, tried.call, "query"))
        if left <= 0:
            return VerificationResult("call_limit")
    return VerificationResult("wrong", left)


def note(db: Session, tried: VerificationAttempt, kind: str, right: bool) -> None:
    """Store an attempt."""
    db.add(
        Attempt(
            at=tried.now,
            call=tried.call,
            caller_index=tried.caller_index,
            subject=tried.subject,
            kind=kind,
            right=right,
        )
    )


def caller_blocked(db: Session, rules: CallerNumberRules, tried: VerificationAttempt) -> bool:
    """True when this number failed too often within an hour, or names too many customers."""
    advisory_lock(db, Lock.CALLER, tried.caller_index)
    since = tried.now - timedelta(hours=1)
    recent = (Attempt.caller_index == tried.caller_index, Attempt.at > since, Attempt.kind.in_(PROOFS))
    failures = db.scalar(select(func.count()).where(*recent, Attempt.right.is_(False))) or 0
    if failures >= rules.failures_an_hour:
        return True
    subjects = set(db.scalars(select(Attempt.subject).where(*recent).distinct()))
    return len(subjects | {tried.subject}) > rules.customers_an_hour


def call_blocked(db: Session, rules: CallRules, tried: VerificationAttempt) -> bool:
    """True when this call named too many unknown numbers or too many customers."""
    named = (Attempt.call == tried.call, Attempt.kind == "identify")
    missed = db.scalar(select(func.count()).where(*named, Attempt.right.is_(False))) or 0
    if missed >= rules.not_found:
        return True
    subjects = set(db.scalars(select(Attempt.subject).where(*named, Attempt.right).distinct()))
    return len(subjects | {tried.subject}) > rules.customers


def _row(db: Session, subject: str, kind: Kind) -> Lockout:
    advisory_lock(db, Lock.LOCKOUT, f"{kind}|{subject}")
    found = db.scalar(select(Lockout).where(Lockout.subject == subject, Lockout.kind == kind).with_for_update())
    if found is None:
        found = Lockout(subject=subject, kind=kind, count=FailureCount())
        db.add(found)
        db.flush()
    return found


def by_caller(db: Session, kind: str, caller_index: bytes, since: datetime) -> int:
    """How many attempts of a kind this number made; takes a lock, so concurrent calls are counted one by one."""
    advisory_lock(db, Lock.CALLER, caller_index)
    return _done(db, kind, since, Attempt.caller_index == caller_index)


def losses_of(db: Session, subject: str, since: datetime) -> int:
    """How many losses were reported for this customer; takes a lock, so concurrent reports are counted one by one."""
    advisory_lock(db, Lock.LOSS, subject)
    return _done(db, "loss", since, Attempt.subject == subject)


def _done(db: Session, kind: str, since: datetime, whose: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).where(whose, Attempt.kind == kind, Attempt.at > since)) or 0
