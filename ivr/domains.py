"""The tasks, retention rules and gauges of all domains; a new domain is added here."""

from datetime import datetime
from typing import Protocol

from ivr.bank import tasks as bank
from ivr.bank.customers import retention as customers
from ivr.calls import retention as calls
from ivr.calls import stale_queue_entries, stale_talks
from ivr.centre.desk import gauges as desk_gauges
from ivr.centre.desk import tasks as desk
from ivr.centre.floor import tasks as floor
from ivr.centre.queues import tasks as queues
from ivr.centre.staff import tasks as staff
from ivr.db import Database
from ivr.platform.audit import anchors
from ivr.platform.jobs import heartbeat
from ivr.platform.jobs.gauges import GaugeCollector
from ivr.platform.jobs.retention import Retention, erase_all
from ivr.platform.jobs.tasks import Task
from ivr.platform.outbox import sending, texts

RETENTION_SECONDS = 600.0


class TaskContext(
    heartbeat.TaskContext,
    anchors.TaskContext,
    sending.TaskContext,
    stale_queue_entries.TaskContext,
    stale_talks.TaskContext,
    desk.TaskContext,
    floor.TaskContext,
    bank.TaskContext,
    Protocol,
):
    """What the tasks of all domains need of the worker."""


RETENTION: tuple[Retention, ...] = (
    *calls.RETENTION,
    *customers.RETENTION,
    *queues.RETENTION,
    *staff.RETENTION,
    *texts.RETENTION,
)
GAUGES: tuple[GaugeCollector, ...] = (
    *queues.GAUGES,
    *desk_gauges.GAUGES,
    *texts.GAUGES,
    *heartbeat.GAUGES,
    *bank.GAUGES,
)


class Erasing(Protocol):
    """What retention needs of the worker."""

    @property
    def database(self) -> Database: ...
    def now(self) -> datetime: ...


def _erase(context: Erasing) -> None:
    erase_all(RETENTION, context.database, context.now())


TASKS: tuple[Task[TaskContext], ...] = (
    *heartbeat.TASKS,
    *anchors.TASKS,
    *sending.TASKS,
    *stale_queue_entries.TASKS,
    *stale_talks.TASKS,
    *desk.TASKS,
    *floor.TASKS,
    *bank.TASKS,
    Task("retention", RETENTION_SECONDS, _erase, waits=True),
)
