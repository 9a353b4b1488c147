"""The one way to the database beside a caller's turn: a unit of work that commits, and a look that only reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ivr.db.engines import LOOK_SECONDS, Database

_LAST = "done last"  # in the info of a session: what is to be done when everything else of its transaction is


@contextmanager
def work(database: Database, *, durable: bool = True) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any exception. Nothing inside commits by itself.

    `durable` survives a power cut; without it the last second may be lost, never torn.
    """
    with database.begin(durable=durable) as connection, Session(connection) as db:
        yield db
        finish(db)


@contextmanager
def look(database: Database, seconds: float = LOOK_SECONDS) -> Iterator[Session]:
    """A transaction that only reads, so many seconds at most: on SQLite it waits for no writer, and none for it."""
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
