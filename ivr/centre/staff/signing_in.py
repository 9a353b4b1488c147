"""Sign-in: an attempt is counted before it is verified, so that parallel attempts cannot evade the throttle.

What is counted, and where: ivr/centre/staff/attempts.py.

The password is hashed between two transactions, since a hash takes longer than callers may wait for the database:
`begin`, then the hash, then `with_password`; with a second factor, `with_code` follows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from ivr.centre.staff import attempts, credentials, devices, sessions
from ivr.centre.staff.attempts import Origin
from ivr.centre.staff.models import Account, StaffSession
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

STRANGER = Actor("staff", "nobody")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens that nobody knows yet: of the session that may begin, and for a browser that has none of ours."""

    session: str
    device: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt, counted as wrong until verified. `password_hash` is None for an unknown user name."""

    id: int
    account_id: str | None
    password_hash: str | None
    origin: Origin
    tries_left: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """in: signed in, and `device` is what the browser keeps; code: the second factor is asked for; wrong; the others
    are told with the right password alone. expired: a temporary password is too old; shut: the account may not sign
    in; published: it is the demonstration's password, outside of the demonstration."""

    kind: Literal["in", "code", "wrong", "expired", "shut", "published"]
    tries_left: int = 0
    device: str = ""


def begin(db: Session, user_name: str, origin: Origin, now: datetime) -> Attempt:
    """Count an attempt. Raises `Refused` (throttled, with the minutes to wait), also for unknown user names."""
    counted = attempts.count(db, user_name, origin, now)
    account = db.get(Account, user_name)
    known = account is not None and account.password_hash is not None
    return Attempt(
        counted.id,
        account.id if account else None,
        account.password_hash if account and known else None,
        origin,
        counted.tries_left,
    )


def with_password(
    db: Session, attempt: Attempt, is_right: bool, tokens: Tokens, now: datetime, *, is_published: bool = False
) -> Outcome:
    """Settle a try whose password was judged. `is_published`: everybody can read it, and this is no demonstration."""
    account = db.get(Account, attempt.account_id) if attempt.account_id else None
    if account is None or not is_right:
        record(db, STRANGER, "sign_in_refused", account.id if account else "nobody", now, why="password")
        return Outcome("wrong", attempt.tries_left)
    if account.state != "active":
        record(db, account.actor, "sign_in_refused", account.id, now, why=account.state)
        return Outcome("shut")
    if is_published:
        record(db, account.actor, "sign_in_refused", account.id, now, why="demonstration password")
        return Outcome("published")
    if account.password_expires_at is not None and account.password_expires_at <= now:
        record(db, account.actor, "sign_in_refused", account.id, now, why="temporary password too old")
        return Outcome("expired")
    if account.has_second_factor:
        attempts.settle(db, attempt.id, "password")
        sessions.begin(db, account, "code", tokens.session, now)
        return Outcome("code")
    attempts.settle(db, attempt.id, "in")
    return _signed_in(db, account, attempt.origin, tokens, "password", now)


def with_code(db: Session, session_id: int, code: str, origin: Origin, tokens: Tokens, now: datetime) -> Outcome:
    """Verify a TOTP or recovery code; if it is right, the session continues under a new token.

    Raises `Refused` (throttled) as `begin` does: wrong codes count like wrong passwords.
    """
    session = db.get_one(StaffSession, session_id)
    account = db.get_one(Account, session.account_id)
    counted = attempts.count(db, account.id, origin, now)
    how = credentials.take_code(db, account.id, code, now)
    if how is None:
        record(db, account.actor, "sign_in_refused", account.id, now, why="code")
        return Outcome("wrong", counted.tries_left)
    attempts.settle(db, counted.id, "in")
    sessions.end(db, session_id, "code", now)
    return _signed_in(db, account, origin, tokens, f"password and {how}", now)


def _signed_in(db: Session, account: Account, origin: Origin, tokens: Tokens, by: str, now: datetime) -> Outcome:
    sessions.begin(db, account, "open", tokens.session, now)
    device = devices.remember(db, origin.device, tokens.device, account.id, now)
    record(db, account.actor, "signed_in", account.id, now, by=by)
    return Outcome("in", device=device)


def sign_out(db: Session, actor: Actor, session_id: int, now: datetime) -> None:
    """End the session."""
    sessions.end(db, session_id, "sign_out", now)
    record(db, actor, "signed_out", actor.id, now)
