"""What is erased by itself: rows that no rule looks at any more."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ivr.db import Database

TRACES = timedelta(days=90)  # tries, texts, stays in a queue: long enough to look into a complaint
AT_ONCE = 200  # rows under one lock; what is left over waits for the next transaction
MOST = 50  # transactions in one round

Retention = Callable[[Database, datetime], int]
"""Erases what is due at a moment and returns how many rows that were."""


@dataclass(frozen=True, slots=True)
class DeleteAfter:
    """Rows of a table are deleted when they are so old, and over. Their `key` counts up with the time.

    It goes through the rows from the oldest on, until some in a row are all too young: so no index on their time is
    needed, no lock is held for long, and what must stay keeps nothing behind it.
    """

    age: timedelta
    key: InstrumentedAttribute[int]
    at: InstrumentedAttribute[datetime]
    is_over: ColumnElement[bool] = field(default_factory=true)

    def __call__(self, database: Database, now: datetime) -> int:
        """Delete; returns how many."""
        is_old = self.at < now - self.age
        goes = case((and_(is_old, self.is_over), 1), else_=0)
        some = select(self.key, case((is_old, 1), else_=0), goes).order_by(self.key).limit(AT_ONCE)
        deleted, last = 0, 0
        while deleted < AT_ONCE * MOST:
            with database.begin(durable=False) as connection:
                rows = connection.execute(some.where(self.key > last)).all()
                gone = [key for key, _, is_gone in rows if is_gone]
                if gone:
                    connection.execute(delete(self.key.class_).where(self.key.in_(gone)))
            deleted += len(gone)
            if not any(is_old for _, is_old, _ in rows):
                break
            last = rows[-1][0]
        return deleted


def in_batches(erase_some: Retention) -> Retention:
    """The same again and again, each time in a transaction of its own, until less than a whole batch was left."""

    def erase(database: Database, now: datetime) -> int:
        erased = 0
        for _ in range(MOST):
            batch = erase_some(database, now)
            erased += batch
            if batch < AT_ONCE:
                break
        return erased

    return erase


def erase_all(rules: Iterable[Retention], database: Database, now: datetime) -> int:
    """Erase what every rule says is due; returns how many rows."""
    return sum(rule(database, now) for rule in rules)
