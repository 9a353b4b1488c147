"""The books are reconciled once a day, by whichever worker comes first; a fault is an error in the log and a figure."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from ivr.bank import reconciliation
from ivr.db import Database
from ivr.foundation.crypto import Keyring

LOG = structlog.get_logger("ivr.ledger")
LOOK_AGAIN_SECONDS = 600.0  # how often a worker asks whether it is due
INTERVAL = timedelta(hours=24)
READ_SECONDS = 900.0
MOST_TOLD = 20  # faults that are logged one by one


def due(database: Database, now: datetime) -> bool:
    """Whether nobody has reconciled the books for a day."""
    with database.look() as transaction, Session(transaction.connection) as rows:
        last = reconciliation.last(rows)
    return last is None or last.at <= now - INTERVAL


def reconcile(database: Database, keyring: Keyring, now: datetime) -> list[str]:
    """Every fault of the books, which are read without a lock; their number is kept for the figures."""
    with database.look(READ_SECONDS) as transaction, Session(transaction.connection) as rows:
        found = list(reconciliation.faults(rows, keyring))
    with database.begin() as connection, Session(connection) as rows:
        reconciliation.note(rows, now, len(found))
        rows.commit()
    for fault in found[:MOST_TOLD]:
        LOG.error("the books do not agree; python -m ivr reconcile tells all", fault=fault, faults=len(found))
    return found


def daily(database: Database, keyring: Keyring, now: datetime) -> None:
    """Reconcile where it is due."""
    if due(database, now):
        reconcile(database, keyring, now)
