"""A queue closed by a leader until a moment: nobody joins it meanwhile, and whoever waits hears why."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.queues.models import QueueClosure
from ivr.db.locks import Lock, advisory_lock
from ivr.foundation.errors import Refused
from ivr.platform import live
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

ANNOUNCEMENTS = ("busy", "fault", "drill")  # each a prompt queue.closed_<announcement>
LONGEST = timedelta(hours=12)


def closure_of(db: Session, queue: str, now: datetime) -> QueueClosure | None:
    """The closure of a queue that lasts; None where it is open."""
    closed = select(QueueClosure).where(QueueClosure.queue == queue, QueueClosure.until > now)
    return db.scalar(closed.order_by(QueueClosure.id.desc()).limit(1))


def lasting(db: Session, now: datetime) -> dict[str, QueueClosure]:
    """Queue -> its closure, of every queue that is closed."""
    found = db.scalars(select(QueueClosure).where(QueueClosure.until > now).order_by(QueueClosure.id))
    return {each.queue: each for each in found}


def close(db: Session, actor: Actor, queue: str, announcement: str, until: datetime, now: datetime) -> QueueClosure:
    """Close a queue until a moment, at which it opens by itself; closing it again moves the end.

    Raises `Refused`: unknown_announcement, closure_end.
    """
    if announcement not in ANNOUNCEMENTS:
        raise Refused("unknown_announcement", "announcement")
    if not now < until <= now + LONGEST:
        raise Refused("closure_end", "minutes", hours=int(LONGEST.total_seconds() // 3600))
    advisory_lock(db, Lock.QUEUE, queue)
    _end(db, actor, queue, now)
    made = QueueClosure(
        queue=queue, announcement=announcement, closed_at=now, closed_by=actor.id, until=until
    )  # fmt: skip
    db.add(made)
    db.flush()
    live.changed(db, "queues")
    record(db, actor, "queue_closed", queue, now, why=announcement, until=until.isoformat())
    return made


def reopen(db: Session, actor: Actor, queue: str, now: datetime) -> None:
    """Open a queue before its end. Raises `Refused`: not_closed."""
    advisory_lock(db, Lock.QUEUE, queue)
    if not _end(db, actor, queue, now):
        raise Refused("not_closed", "queue")
    live.changed(db, "queues")
    record(db, actor, "queue_opened", queue, now)


def _end(db: Session, actor: Actor, queue: str, now: datetime) -> bool:
    closure = closure_of(db, queue, now)
    if closure is None:
        return False
    closure.until, closure.reopened_by = now, actor.id
    db.flush()
    return True
