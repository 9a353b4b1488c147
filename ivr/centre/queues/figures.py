"""Figures of the queues, and what is kept of them."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from ivr.centre.queues.models import CallbackRow, QueuedCall
from ivr.centre.queues.waiting import HERE
from ivr.platform.jobs.figures import Figure, Gauge, Look
from ivr.platform.jobs.retention import TRACES, DeleteAfter, Retention

CALLBACKS = timedelta(days=180)


def _figures(look: Look) -> Iterator[Figure]:
    """Callers waiting, for each queue of the newest bundle, and callbacks owed."""
    here = select(QueuedCall.queue, func.count()).where(QueuedCall.state.in_(HERE)).group_by(QueuedCall.queue)
    waiting = {queue: number for queue, number in look.connection.execute(here)}  # noqa: C416 - a Row is no pair to mypy
    for queue in look.known.get("queue", ()):
        yield Figure("ivr_callers_waiting", "Callers waiting for an agent", {"queue": queue}, waiting.get(queue, 0))
    owed = select(func.count()).where(CallbackRow.state == "requested")
    yield Figure("ivr_callbacks_owed", "Callbacks that nobody has taken on", {}, look.connection.scalar(owed) or 0)


GAUGES: tuple[Gauge, ...] = (_figures,)
RETENTION: tuple[Retention, ...] = (
    DeleteAfter(TRACES, QueuedCall.id, QueuedCall.entered_at, QueuedCall.left_at.is_not(None)),
    DeleteAfter(CALLBACKS, CallbackRow.id, CallbackRow.created_at, CallbackRow.state.in_(("completed", "cancelled"))),
)
