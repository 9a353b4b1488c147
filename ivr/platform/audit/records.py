"""Write the audit entry of an actor's operation, last in the operation's transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.platform.actor import Actor
from ivr.platform.audit import log
from ivr.platform.keyring import keyring_of


def record(db: Session, actor: Actor, deed: str, subject: str, now: datetime, **details: object) -> None:
    """Write who did what to whom. `details`: reason and field names; never a secret or a masked value.

    It is written at the end of the unit of work: the head of the log is locked last.
    """
    log.append_last(db, keyring_of(db), at=now, actor=str(actor), deed=deed, subject=subject, details=details)
