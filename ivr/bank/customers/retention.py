"""Retention: delete attempts and codes that no limit counts any more, and the counters of unknown numbers."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from ivr.bank.customers.directory import NOBODY
from ivr.bank.customers.models import Attempt, Lockout, OneTimeCode
from ivr.db import Database
from ivr.platform.jobs.retention import AT_ONCE, TRACES, DeleteAfter, Retention, in_batches

CODES = timedelta(days=30)


@in_batches
def forget_nobodies(database: Database, now: datetime) -> int:
    """Delete the failure counters of unknown numbers once no lock can depend on them."""
    day = (now - TRACES).date().isoformat()
    with database.begin(durable=False) as connection:
        stale = select(Lockout.subject).where(Lockout.subject.startswith(NOBODY), Lockout.day < day).limit(AT_ONCE)
        found = list(connection.scalars(stale))
        if found:
            connection.execute(delete(Lockout).where(Lockout.subject.in_(found), Lockout.day < day))
    return len(found)


RETENTION: tuple[Retention, ...] = (
    DeleteAfter(TRACES, Attempt.id, Attempt.at),
    DeleteAfter(CODES, OneTimeCode.id, OneTimeCode.sent_at),
    forget_nobodies,
)
