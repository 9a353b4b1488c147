"""The sign of life of the workers: when one was last seen, for whoever watches the hotline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from ivr.db import Database, work
from ivr.platform.jobs.figures import Figure, Gauge, Look
from ivr.platform.jobs.models import WorkerBeat
from ivr.platform.jobs.tasks import Task

BEAT_SECONDS = 15.0


class Means(Protocol):
    """What the heartbeat needs of a worker."""

    @property
    def database(self) -> Database: ...
    def now(self) -> datetime: ...


def note(db: Session, now: datetime) -> None:
    """A worker is here."""
    db.merge(WorkerBeat(id=1, at=now))


def beat(database: Database, now: datetime) -> None:
    """`note` in a transaction of its own."""
    with work(database, durable=False) as db:
        note(db, now)


def unseen_seconds(connection: Connection, now: datetime) -> float | None:
    """How long ago a worker was seen; None where none ever was."""
    at = connection.scalar(select(WorkerBeat.at))
    return None if at is None else max(0.0, (now - at).total_seconds())


def _figures(look: Look) -> Iterator[Figure]:
    unseen = unseen_seconds(look.connection, look.now)
    if unseen is not None:
        yield Figure("ivr_worker_seen_seconds", "Seconds since a worker was last seen", {}, unseen)


def _beat(means: Means) -> None:
    beat(means.database, means.now())


TASKS: tuple[Task[Means], ...] = (Task("heartbeat", BEAT_SECONDS, _beat),)
GAUGES: tuple[Gauge, ...] = (_figures,)
