"""What is erased by itself: what calls said and knew, and rows that no rule looks at any more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, not_, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute

from ivr.bank.customers.directory import NOBODY
from ivr.bank.customers.models import Attempt, Lockout, OneTimeCode
from ivr.calls.models import Call, TurnTaken
from ivr.centre.queues.models import CallbackRow, QueuedCall
from ivr.db import Database
from ivr.platform.outbox.models import OutgoingText

KEPT = timedelta(hours=24)
CODES_KEPT = timedelta(days=30)
TRACES_KEPT = timedelta(days=90)  # tries, texts, stays in a queue: long enough to look into a complaint
CALLBACKS_KEPT = timedelta(days=180)
AT_ONCE = 200  # rows under one lock; what is left over waits for the next transaction
MOST = 50  # transactions in one round


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that go when they are old, and over."""

    key: InstrumentedAttribute[int]
    is_old: ColumnElement[bool]
    is_over: ColumnElement[bool] = field(default_factory=true)


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
        kept = and_(not_(Call.erased), Call.started_at < now - KEPT)  # the rows of ix_calls_kept
        calls = list(connection.scalars(select(Call.call).where(kept, over).order_by(Call.started_at).limit(AT_ONCE)))
        if calls:
            connection.execute(update(TurnTaken).where(TurnTaken.call.in_(calls)).values(answer=None))
            connection.execute(update(QueuedCall).where(QueuedCall.call.in_(calls)).values(answers=None))
            connection.execute(update(Call).where(Call.call.in_(calls)).values(state=b"", caller=None, erased=True))
    return len(calls)


def prune(database: Database, now: datetime) -> int:
    """Delete rows that are older than anything counts or asks for; returns how many."""
    return sum(_prune(database, rule) for rule in _rules(now)) + _forget_nobodies(database, now)


def _rules(now: datetime) -> Iterator[Rule]:
    traces = now - TRACES_KEPT
    yield Rule(Attempt.id, Attempt.at < traces)
    yield Rule(OneTimeCode.id, OneTimeCode.sent_at < now - CODES_KEPT)
    yield Rule(OutgoingText.id, OutgoingText.created_at < traces, OutgoingText.state.in_(("sent", "expired", "failed")))
    yield Rule(QueuedCall.id, QueuedCall.entered_at < traces, QueuedCall.left_at < traces)
    done = CallbackRow.state.in_(("completed", "cancelled"))
    yield Rule(CallbackRow.id, CallbackRow.created_at < now - CALLBACKS_KEPT, done)


def _prune(database: Database, rule: Rule) -> int:
    """Through the rows from the oldest on, until some in a row are all too young: ids count up with the time.

    So no index on their time is needed, no lock is held for long, and what stays keeps nothing behind it.
    """
    deleted, last = 0, 0
    goes = case((and_(rule.is_old, rule.is_over), 1), else_=0)
    while deleted < AT_ONCE * MOST:
        with database.begin(durable=False) as connection:
            some = select(rule.key, case((rule.is_old, 1), else_=0), goes).where(rule.key > last)
            rows = connection.execute(some.order_by(rule.key).limit(AT_ONCE)).all()
            gone = [key for key, _, is_gone in rows if is_gone]
            if gone:
                connection.execute(delete(rule.key.class_).where(rule.key.in_(gone)))
        deleted += len(gone)
        if not any(is_old for _, is_old, _ in rows):
            break
        last = rows[-1][0]
    return deleted


def _forget_nobodies(database: Database, now: datetime) -> int:
    """Counters of numbers that are no customer's, once no lock of days can stand on them."""
    deleted = 0
    for _ in range(MOST):
        batch = _forget_some(database, (now - TRACES_KEPT).date().isoformat())
        deleted += batch
        if batch < AT_ONCE:
            break
    return deleted


def _forget_some(database: Database, day: str) -> int:
    with database.begin(durable=False) as connection:
        stale = select(Lockout.subject).where(Lockout.subject.startswith(NOBODY), Lockout.day < day).limit(AT_ONCE)
        found = list(connection.scalars(stale))
        if found:
            connection.execute(delete(Lockout).where(Lockout.subject.in_(found), Lockout.day < day))
    return len(found)
