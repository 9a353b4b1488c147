"""Leased work: one worker at a time leases a row, acts on it, and stores the outcome.

A row may be taken from `due_at` on. Taking it moves `due_at` to the end of the lease, counts `tries` on, and is
committed before the world is touched: where the worker dies, the row comes due again and another one takes it. What
has the last word is the newest try, so an outcome is written only where `tries` is what it was when the row was taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from ivr.db import Database, work

AT_MOST = 50  # rows in one round, so that a round ends


class WorkRow(Protocol):
    """What a row needs to be leased."""

    due_at: Any  # a datetime; SQLAlchemy's descriptors fit no narrower type
    tries: Any


Row = TypeVar("Row", bound=WorkRow)
Taken = TypeVar("Taken")


def _nothing(_db: Session, _now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Work(Generic[Row, Taken]):
    """One kind of work row.

    `due` selects the rows that may be taken, the first one first. `take` reads what acting needs while the row is
    locked; None leaves the row to a later lease and looks at the next one. `act` runs outside any transaction and
    writes the outcome in one of its own. `tidy` runs before each look. `lease` is longer than acting can take.
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
        row.due_at, row.tries = now + job.lease, row.tries + 1
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
