"""Leased work: one worker at a time leases a row, acts on it, and stores the outcome.

A row may be taken from `due_at` on, unless another worker's lease (`lease_until`) still runs. Taking it sets the lease,
counts `tries` on, leaves `due_at` as it is, and is committed before the world is touched: where the worker dies, the
lease runs out and another worker takes the row. What has the last word is the newest try, so an outcome is written only
where `tries` is what it was when the row was taken, and with it the lease ends (`lease_until=None`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, and_, or_
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.db import Database, Instant, work

AT_MOST = 50  # rows in one round, so that a round ends


class WorkRow:
    """The columns of a row that is worked on under a lease; its table adds an idempotency key of its own."""

    due_at: Mapped[datetime] = mapped_column(Instant)  # when a worker may take it; a lease does not move it
    lease_until: Mapped[datetime | None] = mapped_column(Instant)  # while a worker has it
    tries: Mapped[int] = mapped_column(Integer, default=0)  # the newest one is the one that may conclude

    @classmethod
    def is_free(cls, now: datetime) -> ColumnElement[bool]:
        """True of a row that no worker holds."""
        return or_(cls.lease_until.is_(None), cls.lease_until <= now)

    @classmethod
    def is_due(cls, now: datetime) -> ColumnElement[bool]:
        """True of a row that a worker may take."""
        return and_(cls.due_at <= now, cls.is_free(now))


Row = TypeVar("Row", bound=WorkRow)
Taken = TypeVar("Taken")


def _nothing(_db: Session, _now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Work(Generic[Row, Taken]):
    """One kind of work row.

    `due` selects the rows that may be taken (`WorkRow.is_due` and what else it asks), the first one first. `take` reads
    what acting needs while the row is locked; None leaves the row to a later lease and looks at the next one. `act`
    runs outside any transaction and writes the outcome in one of its own. `tidy` runs before each look. `lease` is
    longer than acting can take.
    """

    due: Callable[[datetime], Select[Row]]
    lease: timedelta
    take: Callable[[Session, Row, datetime], Taken | None]
    act: Callable[[Taken], object]
    tidy: Callable[[Session, datetime], object] = _nothing
    durable: bool = True


def claim(db: Session, job: Work[Row, Taken], now: datetime) -> Taken | None:
    """Take the first row that is due, this worker's alone until its lease ends; None where there is none."""
    job.tidy(db, now)
    first = job.due(now).limit(1).with_for_update(skip_locked=True)
    while (row := db.scalars(first).one_or_none()) is not None:
        row.lease_until, row.tries = now + job.lease, row.tries + 1
        taken = job.take(db, row, now)
        db.flush()
        if taken is not None:
            return taken
    return None


def take(database: Database, job: Work[Row, Taken], now: datetime) -> Taken | None:
    """`claim` in a transaction of its own."""
    with work(database, durable=job.durable) as db:
        return claim(db, job, now)


def work_off(
    database: Database, job: Work[Row, Taken], clock: Callable[[], datetime], goes_on: Callable[[], bool]
) -> int:
    """Take rows one at a time and act on each until none is due; returns how many were taken.

    One at a time: no lease ends behind the row before it.
    """
    done = 0
    while done < AT_MOST and goes_on() and (taken := take(database, job, clock())) is not None:
        job.act(taken)
        done += 1
    return done
