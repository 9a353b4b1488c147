"""What a worker does for the bank: carries orders to a remote core, and reconciles the books once a day.

Whichever worker comes first reconciles; a fault is an error in the log and a figure.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import func, select

from ivr.bank import reconciliation
from ivr.bank.models import Reconciliation
from ivr.bank.remote.dispatch import Dispatch
from ivr.bank.remote.models import CoreOrder
from ivr.bank.states import OPEN
from ivr.db import Database, look, work
from ivr.foundation.crypto import Keyring
from ivr.platform.jobs.figures import Figure, Gauge, Look
from ivr.platform.jobs.tasks import ROUND_SECONDS, Task

LOG = structlog.get_logger("ivr.ledger")
LOOK_AGAIN_SECONDS = 600.0  # how often a worker asks whether it is due
INTERVAL = timedelta(hours=24)
READ_SECONDS = 900.0
MOST_TOLD = 20  # faults that are logged one by one
CARRIERS = 2  # orders that may be under way at once


class Means(Protocol):
    """What the bank needs of a worker; `dispatch` is None where the embedded ledger serves."""

    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def dispatch(self) -> Dispatch | None: ...
    def now(self) -> datetime: ...


def due(database: Database, now: datetime) -> bool:
    """Whether nobody has reconciled the books for a day."""
    with look(database) as db:
        last = reconciliation.last(db)
    return last is None or last.at <= now - INTERVAL


def reconcile(database: Database, keyring: Keyring, now: datetime) -> list[str]:
    """Every fault of the books, which are read without a lock; their number is kept for the figures."""
    with look(database, READ_SECONDS) as db:
        found = list(reconciliation.faults(db, keyring))
    with work(database) as db:
        reconciliation.note(db, now, len(found))
    for fault in found[:MOST_TOLD]:
        LOG.error("the books do not agree; python -m ivr reconcile tells all", fault=fault, faults=len(found))
    return found


def daily(database: Database, keyring: Keyring, now: datetime) -> None:
    """Reconcile where it is due."""
    if due(database, now):
        reconcile(database, keyring, now)


def _carry(means: Means) -> None:
    if means.dispatch is not None:
        means.dispatch.work()


def _reconcile(means: Means) -> None:
    daily(means.database, means.keyring, means.now())


def _figures(look: Look) -> Iterator[Figure]:
    """Orders that are open, and what the last reconciliation found; nothing where there never was one."""
    unsettled = select(func.count()).where(CoreOrder.state.in_(OPEN))
    number = look.connection.scalar(unsettled) or 0
    yield Figure("ivr_core_orders_open", "Instructions whose outcome is open", {}, number)
    row = look.connection.execute(select(Reconciliation.at, Reconciliation.faults)).one_or_none()
    if row is not None:
        yield Figure("ivr_ledger_faults", "Faults found when the books were last reconciled", {}, row.faults)
        seconds = max(0.0, (look.now - row.at).total_seconds())
        yield Figure("ivr_ledger_reconciled_seconds", "Seconds since the books were reconciled", {}, seconds)


TASKS: tuple[Task[Means], ...] = (
    Task("orders", ROUND_SECONDS, _carry, threads=CARRIERS),
    Task("reconciliation", LOOK_AGAIN_SECONDS, _reconcile),
)
GAUGES: tuple[Gauge, ...] = (_figures,)
