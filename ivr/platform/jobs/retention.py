"""Retention: rules that delete or erase old rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ivr.db import Database

TRACES = timedelta(days=90)  # attempts, texts, queue entries: long enough to investigate a complaint
AT_ONCE = 200  # rows per transaction
MOST = 50  # transactions per round

Retention = Callable[[Database, datetime], int]
"""Erases what is due at the given time; returns the number of rows."""


@dataclass(frozen=True, slots=True)
class DeleteAfter:
    """Deletes rows older than `age` that are over. Their `key` must increase with time.

    It scans from the oldest row until a whole batch is too young. So it needs no index on the time, holds no lock for
    long, and rows that must stay do not block later ones.
    """

    age: timedelta
    key: InstrumentedAttribute[int]
    at: InstrumentedAttribute[datetime]
    is_over: ColumnElement[bool] = field(default_factory=true)

    def __call__(self, database: Database, now: datetime) -> int:
        """Delete; returns the number of rows."""
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
    """Repeat a rule, each batch in its own transaction, until a batch is not full."""

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
    """Apply every rule; returns the number of rows."""
    return sum(rule(database, now) for rule in rules)
