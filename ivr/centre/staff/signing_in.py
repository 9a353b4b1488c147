"""Sign-in: an attempt is counted before it is verified, so that parallel attempts cannot evade the throttle.

The password is hashed between two transactions, since a hash takes longer than callers may wait for the database:
`begin`, then the hash, then `with_password`; with a second factor, `with_code` follows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.centre.staff import credentials, sessions, throttle
from ivr.centre.staff.models import Account, SignInAttempt, StaffSession
from ivr.db.locks import Lock, advisory_lock
from ivr.foundation.errors import Refused
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record
from ivr.platform.keyring import keyring_of

STRANGER = Actor("staff", "nobody")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt, counted as wrong until verified. `password_hash` is None for an unknown user name."""

    id: int
    account_id: str | None
    password_hash: str | None
    tries_left: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """in: signed in; code: the second factor is required; wrong; expired: the temporary password is too old;
    shut: the account is not active, which is revealed only after the right password."""

    kind: Literal["in", "code", "wrong", "expired", "shut"]
    tries_left: int = 0


def begin(db: Session, user_name: str, now: datetime) -> Attempt:
    """Count an attempt. Raises `Refused` (throttled, with the minutes to wait), also for unknown user names."""
    subject = keyring_of(db).blind_index("staff_sign_in", user_name.casefold())
    left = _counted(db, subject, now)
    attempt = SignInAttempt(subject=subject, at=now, outcome="wrong")
    db.add(attempt)
    db.flush()
    account = db.get(Account, user_name)
    known = account is not None and account.password_hash is not None
    return Attempt(
        attempt.id, account.id if account else None, account.password_hash if account and known else None, left
    )


def with_password(db: Session, attempt: Attempt, is_right: bool, token: str, now: datetime) -> Outcome:
    """Conclude an attempt whose password was verified; if it was right, begin a session with `token`."""
    account = db.get(Account, attempt.account_id) if attempt.account_id else None
    if account is None or not is_right:
        record(db, STRANGER, "sign_in_refused", account.id if account else "nobody", now, why="password")
        return Outcome("wrong", attempt.tries_left)
    if account.state != "active":
        record(db, account.actor, "sign_in_refused", account.id, now, why=account.state)
        return Outcome("shut")
    if account.password_expires_at is not None and account.password_expires_at <= now:
        record(db, account.actor, "sign_in_refused", account.id, now, why="temporary password too old")
        return Outcome("expired")
    if account.has_second_factor:
        _settle(db, attempt.id, "password")
        sessions.begin(db, account, "code", token, now)
        return Outcome("code")
    _settle(db, attempt.id, "in")
    sessions.begin(db, account, "open", token, now)
    record(db, account.actor, "signed_in", account.id, now, by="password")
    return Outcome("in")


def with_code(db: Session, session_id: int, code: str, token: str, now: datetime) -> Outcome:
    """Verify a TOTP or recovery code; if it is right, the session continues under a new token.

    Raises `Refused` (throttled) as `begin` does: wrong codes count like wrong passwords.
    """
    session = db.get_one(StaffSession, session_id)
    account = db.get_one(Account, session.account_id)
    subject = keyring_of(db).blind_index("staff_sign_in", account.id.casefold())
    left = _counted(db, subject, now)
    how = credentials.take_code(db, account.id, code, now)
    db.add(SignInAttempt(subject=subject, at=now, outcome="in" if how else "wrong"))
    if how is None:
        record(db, account.actor, "sign_in_refused", account.id, now, why="code")
        return Outcome("wrong", left)
    sessions.end(db, session_id, "code", now)
    sessions.begin(db, account, "open", token, now)
    record(db, account.actor, "signed_in", account.id, now, by=f"password and {how}")
    return Outcome("in")


def sign_out(db: Session, actor: Actor, session_id: int, now: datetime) -> None:
    """End the session."""
    sessions.end(db, session_id, "sign_out", now)
    record(db, actor, "signed_out", actor.id, now)


def _counted(db: Session, subject: bytes, now: datetime) -> int:
    """The remaining wrong attempts after this one; locks the name until the commit. Raises `Refused`."""
    advisory_lock(db, Lock.SIGN_IN, subject)
    newest = (
        select(SignInAttempt.at, SignInAttempt.outcome)
        .where(SignInAttempt.subject == subject, SignInAttempt.at > now - throttle.LOOK_BACK)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
    )
    failures: list[datetime] = []
    for at, outcome in db.execute(newest):
        if outcome == "in":
            break
        if outcome == "wrong":
            failures.append(at)
    until = throttle.locked_until(failures, now)
    if until is not None:
        minutes = -int((now - until).total_seconds() // 60)
        raise Refused("throttled", minutes=minutes)
    return max(0, throttle.tries_left(failures, now) - 1)


def _settle(db: Session, attempt_id: int, outcome: str) -> None:
    db.execute(update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(outcome=outcome))
