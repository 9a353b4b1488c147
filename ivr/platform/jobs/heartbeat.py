"""The workers' heartbeat: when one was last seen, for readiness and metrics."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from ivr.db import Database, work
from ivr.platform.jobs.gauges import GaugeCollector, GaugeValue, Scrape
from ivr.platform.jobs.models import WorkerBeat
from ivr.platform.jobs.tasks import Task

BEAT_SECONDS = 15.0


class TaskContext(Protocol):
    """What the heartbeat needs of the worker."""

    @property
    def database(self) -> Database: ...
    def now(self) -> datetime: ...


def note(db: Session, now: datetime) -> None:
    """Record that a worker is running."""
    db.merge(WorkerBeat(id=1, at=now))


def beat(database: Database, now: datetime) -> None:
    """`note` in a transaction of its own."""
    with work(database, durable=False) as db:
        note(db, now)


def unseen_seconds(connection: Connection, now: datetime) -> float | None:
    """Seconds since the last heartbeat; None before the first."""
    at = connection.scalar(select(WorkerBeat.at))
    return None if at is None else max(0.0, (now - at).total_seconds())


def _gauge_values(scrape: Scrape) -> Iterator[GaugeValue]:
    unseen = unseen_seconds(scrape.connection, scrape.now)
    if unseen is not None:
        yield GaugeValue("ivr_worker_seen_seconds", "Seconds since the last heartbeat of a worker", {}, unseen)


def _beat(context: TaskContext) -> None:
    beat(context.database, context.now())


TASKS: tuple[Task[TaskContext], ...] = (Task("heartbeat", BEAT_SECONDS, _beat),)
GAUGES: tuple[GaugeCollector, ...] = (_gauge_values,)
