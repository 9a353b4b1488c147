"""Server-side sessions: begun at sign-in with a new token, ended by sign-out, lock, role change or expiry."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.centre.staff.models import Account, StaffSession
from ivr.centre.staff.session_lifetime import is_over, should_note
from ivr.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The session of a token. `stage` "code": the second factor is not verified yet, and no page may be opened."""

    session_id: int
    stage: str
    actor: Actor
    name: str
    must_change_password: bool
    should_note: bool


def hashed(token: str) -> bytes:
    """The hash that is stored instead of the token."""
    return hashlib.sha256(token.encode()).digest()


def begin(db: Session, account: Account, stage: str, token: str, now: datetime) -> StaffSession:
    """Begin a session with a new token."""
    kept = hashed(token)
    session = StaffSession(token_hash=kept, account_id=account.id, stage=stage, started_at=now, seen_at=now)
    db.add(session)
    db.flush()
    return session


def find(db: Session, token: str, now: datetime) -> SignedIn | None:
    """The session of this token; None when it is over or the account is not active. Only reads."""
    found = db.execute(
        select(StaffSession, Account)
        .join(Account, Account.id == StaffSession.account_id)
        .where(StaffSession.token_hash == hashed(token), StaffSession.ended_at.is_(None), Account.state == "active")
    ).one_or_none()
    if found is None:
        return None
    session, account = found
    if is_over(session.stage, session.started_at, session.seen_at, now):
        return None
    note = should_note(session.seen_at, now)
    return SignedIn(session.id, session.stage, account.actor, account.name, account.password_is_temporary, note)


def note_seen(db: Session, session_id: int, now: datetime) -> None:
    """Record activity, which restarts the idle time."""
    live = (StaffSession.id == session_id, StaffSession.ended_at.is_(None))
    db.execute(update(StaffSession).where(*live).values(seen_at=now))


def end(db: Session, session_id: int, by: str, now: datetime) -> None:
    """End one session; its token is invalid after the commit."""
    live = (StaffSession.id == session_id, StaffSession.ended_at.is_(None))
    db.execute(update(StaffSession).where(*live).values(ended_at=now, ended_by=by))


def end_all(db: Session, account_id: str, by: str, now: datetime, but: int | None = None) -> None:
    """End every session of an account, except the one with the id `but`."""
    live = [StaffSession.account_id == account_id, StaffSession.ended_at.is_(None)]
    if but is not None:
        live.append(StaffSession.id != but)
    db.execute(update(StaffSession).where(*live).values(ended_at=now, ended_by=by))
