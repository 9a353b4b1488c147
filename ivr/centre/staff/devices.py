"""Browsers in which somebody signed in before: what strangers key wrongly elsewhere does not lock these out.

A browser keeps a token in a cookie, the table its SHA-256. It opens nothing, and a
wrong password counts there as elsewhere.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.centre.staff.models import StaffDevice
from ivr.centre.staff.sessions import hashed


def is_known(db: Session, token: str, account_id: str) -> bool:
    """Whether this very person signed in with this browser before. An unknown name is looked for likewise."""
    return _of(db, token, account_id) is not None


def remember(db: Session, token: str, fresh: str, account_id: str, now: datetime) -> str:
    """Note that somebody signed in here. Returns the token to keep: the browser's own, or `fresh` where we gave none.

    A token that we never gave is not taken: whoever put it there would know it too.
    """
    device = _of(db, token, account_id)
    if device is not None:
        device.seen_at = now
        return token
    is_ours = db.scalar(select(StaffDevice.id).where(StaffDevice.token_hash == hashed(token)).limit(1)) is not None
    kept = token if is_ours else fresh  # several people share one browser, each with a row of their own
    db.add(StaffDevice(token_hash=hashed(kept), account_id=account_id, seen_at=now))
    db.flush()
    return kept


def forget_all(db: Session, account_id: str) -> None:
    """No browser is known any more: after a reset, and when somebody left."""
    db.execute(delete(StaffDevice).where(StaffDevice.account_id == account_id))


def _of(db: Session, token: str, account_id: str) -> StaffDevice | None:
    known = (StaffDevice.token_hash == hashed(token), StaffDevice.account_id == account_id)
    return db.scalar(select(StaffDevice).where(*known))
