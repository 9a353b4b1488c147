"""Gauges and retention of queues and callbacks."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from ivr.centre.queues.models import CallbackRow, QueuedCall
from ivr.centre.queues.waiting import HERE
from ivr.platform.jobs.gauges import GaugeCollector, GaugeValue, Scrape
from ivr.platform.jobs.retention import TRACES, DeleteAfter, Retention

CALLBACKS = timedelta(days=180)


def _gauge_values(scrape: Scrape) -> Iterator[GaugeValue]:
    """Waiting callers for each queue of the newest bundle, and unassigned callbacks."""
    here = select(QueuedCall.queue, func.count()).where(QueuedCall.state.in_(HERE)).group_by(QueuedCall.queue)
    waiting = {queue: number for queue, number in scrape.connection.execute(here)}  # noqa: C416 - a Row is no pair to mypy
    for queue in scrape.known.get("queue", ()):
        yield GaugeValue("ivr_callers_waiting", "Callers waiting for an agent", {"queue": queue}, waiting.get(queue, 0))
    owed = select(func.count()).where(CallbackRow.state == "requested")
    yield GaugeValue("ivr_callbacks_owed", "Unassigned callbacks", {}, scrape.connection.scalar(owed) or 0)


GAUGES: tuple[GaugeCollector, ...] = (_gauge_values,)
RETENTION: tuple[Retention, ...] = (
    DeleteAfter(TRACES, QueuedCall.id, QueuedCall.entered_at, QueuedCall.left_at.is_not(None)),
    DeleteAfter(CALLBACKS, CallbackRow.id, CallbackRow.created_at, CallbackRow.state.in_(("completed", "cancelled"))),
)
