"""The worker's tasks for the bank: send orders to a remote core, and reconcile the books once a day.

Any worker may reconcile; faults are logged as errors and counted in a gauge.
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
from ivr.platform.jobs.gauges import GaugeCollector, GaugeValue, Scrape
from ivr.platform.jobs.tasks import ROUND_SECONDS, Task

LOG = structlog.get_logger("ivr.ledger")
LOOK_AGAIN_SECONDS = 600.0  # how often a worker checks whether a reconciliation is due
INTERVAL = timedelta(hours=24)
READ_SECONDS = 900.0
MOST_TOLD = 20  # faults that are logged individually
CARRIERS = 2  # threads that send orders


class TaskContext(Protocol):
    """What the bank's tasks need of the worker; `dispatch` is None with the embedded ledger."""

    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def dispatch(self) -> Dispatch | None: ...
    def now(self) -> datetime: ...


def due(database: Database, now: datetime) -> bool:
    """Whether the last reconciliation is more than a day ago."""
    with look(database) as db:
        last = reconciliation.last(db)
    return last is None or last.at <= now - INTERVAL


def reconcile(database: Database, keyring: Keyring, now: datetime) -> list[str]:
    """Reconcile the books without a lock; returns the faults and stores their number for the gauge."""
    with look(database, READ_SECONDS) as db:
        found = list(reconciliation.faults(db, keyring))
    with work(database) as db:
        reconciliation.note(db, now, len(found))
    for fault in found[:MOST_TOLD]:
        LOG.error("reconciliation found faults; run: python -m ivr reconcile", fault=fault, faults=len(found))
    return found


def daily(database: Database, keyring: Keyring, now: datetime) -> None:
    """Reconcile if it is due."""
    if due(database, now):
        reconcile(database, keyring, now)


def _carry(context: TaskContext) -> None:
    if context.dispatch is not None:
        context.dispatch.work()


def _reconcile(context: TaskContext) -> None:
    daily(context.database, context.keyring, context.now())


def _gauge_values(scrape: Scrape) -> Iterator[GaugeValue]:
    """Gauges of open orders and of the last reconciliation; the latter are absent until there was one."""
    unsettled = select(func.count()).where(CoreOrder.state.in_(OPEN))
    number = scrape.connection.scalar(unsettled) or 0
    yield GaugeValue("ivr_core_orders_open", "Orders for the core bank whose outcome is unknown", {}, number)
    row = scrape.connection.execute(select(Reconciliation.at, Reconciliation.faults)).one_or_none()
    if row is not None:
        yield GaugeValue("ivr_ledger_faults", "Faults found when the books were last reconciled", {}, row.faults)
        seconds = max(0.0, (scrape.now - row.at).total_seconds())
        yield GaugeValue("ivr_ledger_reconciled_seconds", "Seconds since the books were reconciled", {}, seconds)


TASKS: tuple[Task[TaskContext], ...] = (
    Task("orders", ROUND_SECONDS, _carry, threads=CARRIERS),
    Task("reconciliation", LOOK_AGAIN_SECONDS, _reconcile),
)
GAUGES: tuple[GaugeCollector, ...] = (_gauge_values,)
