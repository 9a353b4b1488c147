"""The one way to the database beside a caller's turn: a unit of work that commits, and a look that only reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ivr.db.engines import LOOK_SECONDS, Database


@contextmanager
def work(database: Database, *, durable: bool = True) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any exception. Nothing inside commits by itself.

    `durable` survives a power cut; without it the last second may be lost, never torn.
    """
    with database.begin(durable=durable) as connection, Session(connection) as db:
        yield db
        db.flush()


@contextmanager
def look(database: Database, seconds: float = LOOK_SECONDS) -> Iterator[Session]:
    """A transaction that only reads, so many seconds at most: on SQLite it waits for no writer, and none for it."""
    with database.look(seconds) as transaction, Session(transaction.connection) as db:
        yield db
