"""What is erased by itself: what calls said and knew, and rows that no rule looks at any more."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from ivr.calls.models import Call, TurnTaken
from ivr.customers.directory import NOBODY
from ivr.customers.models import Attempt, Lockout, OneTimeCode
from ivr.db import Database
from ivr.outbox.models import OutgoingText
from ivr.queues.models import CallbackRow, QueuedCall

KEPT = timedelta(hours=24)
CODES_KEPT = timedelta(days=30)
TRACES_KEPT = timedelta(days=90)  # tries, texts, stays in a queue: long enough to look into a complaint
CALLBACKS_KEPT = timedelta(days=180)
AT_ONCE = 200  # rows under one lock; what is left over waits for the next transaction
MOST = 50  # transactions in one round

Rule = tuple[InstrumentedAttribute[int], ColumnElement[bool]]


def erase(database: Database, now: datetime) -> int:
    """Erase what calls said and knew a day after they ended; their trails stay. Returns how many calls."""
    erased = 0
    for _ in range(MOST):
        batch = _erase_calls(database, now)
        erased += batch
        if batch < AT_ONCE:
            break
    return erased


def _erase_calls(database: Database, now: datetime) -> int:
    with database.begin(durable=False) as connection:
        # a call whose end nobody reported is over too: no call lasts a day
        over = or_(Call.ended_at < now - KEPT, Call.started_at < now - 2 * KEPT)
        kept = and_(func.length(Call.state) > 0, Call.started_at < now - KEPT)  # the rows of ix_calls_kept
        calls = list(connection.scalars(select(Call.call).where(kept, over).order_by(Call.started_at).limit(AT_ONCE)))
        if calls:
            connection.execute(update(TurnTaken).where(TurnTaken.call.in_(calls)).values(answer=None))
            connection.execute(update(Call).where(Call.call.in_(calls)).values(state=b"", caller=None))
    return len(calls)


def prune(database: Database, now: datetime) -> int:
    """Delete rows that are older than anything counts or asks for; returns how many."""
    deleted = 0
    for key, old in _rules(now):
        for _ in range(MOST):
            batch = _delete(database, key, old)
            deleted += batch
            if batch < AT_ONCE:
                break
    return deleted + _forget_nobody(database, now)


def _rules(now: datetime) -> Iterator[Rule]:
    yield Attempt.id, Attempt.at < now - TRACES_KEPT
    yield OneTimeCode.id, OneTimeCode.sent_at < now - CODES_KEPT
    closed = OutgoingText.state.in_(("sent", "expired", "failed"))
    yield OutgoingText.id, and_(closed, OutgoingText.created_at < now - TRACES_KEPT)
    yield QueuedCall.id, QueuedCall.left_at < now - TRACES_KEPT
    done = CallbackRow.state.in_(("completed", "cancelled"))
    yield CallbackRow.id, and_(done, CallbackRow.created_at < now - CALLBACKS_KEPT)


def _delete(database: Database, key: InstrumentedAttribute[int], old: ColumnElement[bool]) -> int:
    """The oldest rows first: their ids count up, so no index on their time is needed."""
    with database.begin(durable=False) as connection:
        oldest = select(key).order_by(key).limit(AT_ONCE).subquery()
        found = list(connection.scalars(select(key).where(key.in_(select(oldest.c.id)), old)))
        if found:
            connection.execute(delete(key.class_).where(key.in_(found)))
    return len(found)


def _forget_nobody(database: Database, now: datetime) -> int:
    """Counters of numbers that are no customer's, once no lock of days can stand on them."""
    day = (now - TRACES_KEPT).date().isoformat()
    with database.begin(durable=False) as connection:
        stale = select(Lockout.subject).where(Lockout.subject.startswith(NOBODY), Lockout.day < day).limit(AT_ONCE)
        found = list(connection.scalars(stale))
        if found:
            connection.execute(delete(Lockout).where(Lockout.subject.in_(found), Lockout.day < day))
    return len(found)
