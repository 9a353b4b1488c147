"""Sessions on the server: begun at sign-in under a new token, and over at sign-out, a lock, other roles, idleness."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.centre.staff.models import Account, StaffSession
from ivr.centre.staff.session_life import is_over, should_note
from ivr.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a token. `stage` is code while the second factor is asked for: nothing is open then."""

    session_id: int
    stage: str
    actor: Actor
    name: str
    must_change_password: bool
    should_note: bool


def hashed(token: str) -> bytes:
    """What is kept of a token: who reads the table cannot use it."""
    return hashlib.sha256(token.encode()).digest()


def begin(db: Session, account: Account, stage: str, token: str, now: datetime) -> StaffSession:
    """A session under a token that was never used before."""
    kept = hashed(token)
    session = StaffSession(token_hash=kept, account_id=account.id, stage=stage, started_at=now, seen_at=now)
    db.add(session)
    db.flush()
    return session


def find(db: Session, token: str, now: datetime) -> SignedIn | None:
    """Who signed in with this token; None where the session is over or the account is not active. Only reads."""
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
    """Somebody is there: the idle time begins anew."""
    live = (StaffSession.id == session_id, StaffSession.ended_at.is_(None))
    db.execute(update(StaffSession).where(*live).values(seen_at=now))


def end(db: Session, session_id: int, by: str, now: datetime) -> None:
    """End one session; its token is worth nothing from the commit on."""
    live = (StaffSession.id == session_id, StaffSession.ended_at.is_(None))
    db.execute(update(StaffSession).where(*live).values(ended_at=now, ended_by=by))


def end_all(db: Session, account_id: str, by: str, now: datetime, but: int | None = None) -> None:
    """End every session of an account, except the one that asks for it where `but` is its id."""
    live = [StaffSession.account_id == account_id, StaffSession.ended_at.is_(None)]
    if but is not None:
        live.append(StaffSession.id != but)
    db.execute(update(StaffSession).where(*live).values(ended_at=now, ended_by=by))
