"""Database access outside a caller's turn: `work`, a unit of work that commits, and `look`, which only reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ivr.db.engines import LOOK_SECONDS, Database

_LAST = "done last"  # in the info of a session: what is to be done when everything else of its transaction is


@contextmanager
def work(database: Database, *, durable: bool = True) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any exception. Code inside never commits.

    A `durable` commit survives a power cut; without it, the last second may be lost, but nothing is corrupted.
    """
    with database.begin(durable=durable) as connection, Session(connection) as db:
        yield db
        finish(db)


@contextmanager
def look(database: Database, seconds: float = LOOK_SECONDS) -> Iterator[Session]:
    """A read-only transaction of at most `seconds`: on SQLite it neither waits for writers nor blocks them."""
    with database.look(seconds) as transaction, Session(transaction.connection) as db:
        yield db


def do_last(db: Session, act: Callable[[], object]) -> None:
    """Do this at the end of the transaction, for what takes a lock that every transaction wants."""
    db.info.setdefault(_LAST, []).append(act)


def finish(db: Session) -> None:
    """Do what was put off and flush; `work` does so, and whoever made a session of their own before the commit."""
    for act in db.info.pop(_LAST, ()):
        act()
    db.flush()
