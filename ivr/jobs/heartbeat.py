"""The sign of life of the workers: when one was last seen, for whoever watches the hotline."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.db import Database
from ivr.platform.outbox.models import WorkerBeat


def note(rows: Session, now: datetime) -> None:
    """A worker is here."""
    rows.merge(WorkerBeat(id=1, at=now))


def beat(database: Database, now: datetime) -> None:
    """`note` in a transaction of its own."""
    with database.begin(durable=False) as connection, Session(connection) as rows:
        note(rows, now)
        rows.flush()
