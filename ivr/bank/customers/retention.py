"""Tries and codes that no limit counts any more are deleted, and the counters of numbers that are nobody's."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from ivr.bank.customers.directory import NOBODY
from ivr.bank.customers.models import Attempt, Lockout, OneTimeCode
from ivr.db import Database
from ivr.platform.jobs.retention import AT_ONCE, TRACES, DeleteAfter, Retention, in_batches

CODES = timedelta(days=30)


@in_batches
def forget_nobodies(database: Database, now: datetime) -> int:
    """Delete counters of numbers that are no customer's, once no lock of days can stand on them."""
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
