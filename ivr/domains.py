"""What the domains bring to the worker and to /metrics, collected: a new domain adds its lines here."""

from datetime import datetime
from typing import Protocol

from ivr.bank import tasks as bank
from ivr.bank.customers import retention as customers
from ivr.calls import retention as calls
from ivr.calls import stale_queue_entries
from ivr.centre.desk import figures as desk_figures
from ivr.centre.desk import tasks as desk
from ivr.centre.queues import figures as queues
from ivr.centre.staff import tasks as staff
from ivr.db import Database
from ivr.platform.audit import anchors
from ivr.platform.jobs import heartbeat
from ivr.platform.jobs.figures import Gauge
from ivr.platform.jobs.retention import Retention, erase_all
from ivr.platform.jobs.tasks import Task
from ivr.platform.outbox import sending, texts

RETENTION_SECONDS = 600.0


class Means(heartbeat.Means, anchors.Means, sending.Means, stale_queue_entries.Means, desk.Means, bank.Means, Protocol):
    """What the tasks of all domains need of a worker."""


RETENTION: tuple[Retention, ...] = (
    *calls.RETENTION,
    *customers.RETENTION,
    *queues.RETENTION,
    *staff.RETENTION,
    *texts.RETENTION,
)
GAUGES: tuple[Gauge, ...] = (*queues.GAUGES, *desk_figures.GAUGES, *texts.GAUGES, *heartbeat.GAUGES, *bank.GAUGES)


class Erasing(Protocol):
    """What retention needs of a worker."""

    @property
    def database(self) -> Database: ...
    def now(self) -> datetime: ...


def _erase(means: Erasing) -> None:
    erase_all(RETENTION, means.database, means.now())


TASKS: tuple[Task[Means], ...] = (
    *heartbeat.TASKS,
    *anchors.TASKS,
    *sending.TASKS,
    *stale_queue_entries.TASKS,
    *desk.TASKS,
    *bank.TASKS,
    Task("retention", RETENTION_SECONDS, _erase, waits=True),
)
