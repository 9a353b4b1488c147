"""Gauges and retention of queues and callbacks."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import and_, func, select

from ivr.centre.queues.models import CallbackRow, Offer, QueuedCall
from ivr.centre.queues.promises import promises
from ivr.centre.queues.waiting import HERE
from ivr.platform.jobs.gauges import GaugeCollector, GaugeValue, Scrape
from ivr.platform.jobs.retention import TRACES, DeleteAfter, Retention

CALLBACKS = timedelta(days=180)
PROMISED = timedelta(hours=1)
_HAS_OFFERS = select(Offer.id).where(Offer.queued_call_id == QueuedCall.id).exists()


def _gauge_values(scrape: Scrape) -> Iterator[GaugeValue]:
    """Waiting callers for each queue of the newest bundle, and unassigned callbacks."""
    here = select(QueuedCall.queue, func.count()).where(QueuedCall.state.in_(HERE)).group_by(QueuedCall.queue)
    waiting = {queue: number for queue, number in scrape.connection.execute(here)}  # noqa: C416 - a Row is no pair to mypy
    for queue in scrape.known.get("queue", ()):
        yield GaugeValue("ivr_callers_waiting", "Callers waiting for an agent", {"queue": queue}, waiting.get(queue, 0))
        kept = promises(scrape.connection, queue, scrape.now - PROMISED)
        told = "Callers answered in the last hour who had been told a wait"
        yield GaugeValue("ivr_promised_waits", told, {"queue": queue}, kept.told)
        longer = "Of these, callers who waited over a minute longer than told"
        yield GaugeValue("ivr_broken_promises", longer, {"queue": queue}, kept.broken)
    owed = select(func.count()).where(CallbackRow.state == "requested")
    yield GaugeValue("ivr_callbacks_owed", "Unassigned callbacks", {}, scrape.connection.scalar(owed) or 0)


GAUGES: tuple[GaugeCollector, ...] = (_gauge_values,)
RETENTION: tuple[Retention, ...] = (
    DeleteAfter(TRACES, Offer.id, Offer.offered_at, Offer.state.not_in(("ringing", "accepted"))),
    DeleteAfter(TRACES, QueuedCall.id, QueuedCall.entered_at, and_(QueuedCall.left_at.is_not(None), ~_HAS_OFFERS)),
    DeleteAfter(CALLBACKS, CallbackRow.id, CallbackRow.created_at, CallbackRow.state.in_(("completed", "cancelled"))),
)
