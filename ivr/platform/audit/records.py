"""One line of the audit log for a deed of an actor, written last in the deed's own transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.platform.actor import Actor
from ivr.platform.audit import log
from ivr.platform.keyring import keyring_of


def record(db: Session, actor: Actor, deed: str, subject: str, now: datetime, **details: object) -> None:
    """Write who did what to whom. `details`: why, and which field; never a secret, never a value that is masked.

    It is written when everything else of the unit of work is done: the head of the log is locked last of all.
    """
    log.append_last(db, keyring_of(db), at=now, actor=str(actor), deed=deed, subject=subject, details=details)
