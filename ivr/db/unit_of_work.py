"""Database access outside a caller's turn: `work`, a unit of work that commits, and `look`, which only reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ivr.db.engines import LOOK_SECONDS, Database


@contextmanager
def work(database: Database, *, durable: bool = True) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any exception. Code inside never commits.

    A `durable` commit survives a power cut; without it, the last second may be lost, but nothing is corrupted.
    """
    with database.begin(durable=durable) as connection, Session(connection) as db:
        yield db
        db.flush()


@contextmanager
def look(database: Database, seconds: float = LOOK_SECONDS) -> Iterator[Session]:
    """A read-only transaction of at most `seconds`: on SQLite it neither waits for writers nor blocks them."""
    with database.look(seconds) as transaction, Session(transaction.connection) as db:
        yield db
