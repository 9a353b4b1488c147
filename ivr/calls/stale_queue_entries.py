"""Stale queue entries: entries whose wait loop sent no request for a while. The provider is asked about the call.

Silence proves nothing, since a long recording may play. An entry counts as answered only when the provider's queue
does not contain the call and the call is in progress.
"""

from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from ivr.calls.journal import Journal
from ivr.calls.queueing import answered_unheard, call_over
from ivr.centre.queues import waiting
from ivr.db import Database, look
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ProviderError
from ivr.platform.jobs.tasks import Task
from ivr.telephony.provider import Whereabouts

LOG = structlog.get_logger("ivr.centre.queues")
SWEEP_SECONDS = 60.0
QUIET = timedelta(minutes=5)  # longer than many rounds of the wait loop
AT_ONCE = 50


class CallProvider(Protocol):
    """The provider operations that the sweep uses."""

    def whereabouts(self, call: str, queue: str) -> Whereabouts:
        """Whether a call waits in this queue, is in progress elsewhere, or is over; raises `ProviderError`."""

    def is_over(self, call: str) -> bool:
        """True when a call has ended; raises `ProviderError`."""


class TaskContext(Protocol):
    """What the sweep needs of the worker."""

    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def calls(self) -> CallProvider: ...
    def now(self) -> datetime: ...


def sweep(database: Database, keyring: Keyring, provider: CallProvider, now: datetime) -> int:
    """Close entries whose caller no longer waits, and end calls that are over. Returns the number closed."""
    with look(database) as db:
        calls = waiting.quiet(db, now - QUIET, AT_ONCE)
    swept = 0
    for call, queue_sid in calls:
        try:
            found = _whereabouts(provider, call, queue_sid)
        except ProviderError as fault:
            LOG.warning("asking the provider about a queued call failed", call=call, reason=str(fault))
            continue
        swept += _settle(database, keyring, call, found, now)
    if swept:
        LOG.warning("stale queue entries were closed", calls=swept)
    return swept


def _whereabouts(provider: CallProvider, call: str, queue_sid: str | None) -> Whereabouts:
    """The call's whereabouts. Without the provider's queue id only the end of a call can be detected."""
    if queue_sid is not None:
        return provider.whereabouts(call, queue_sid)
    return "over" if provider.is_over(call) else "waiting"


def _settle(database: Database, keyring: Keyring, call: str, found: Whereabouts, now: datetime) -> bool:
    """Close the entry unless the caller waits; True if closed. A waiting one is checked again when stale again."""
    with database.turn() as transaction:
        if found == "over":
            Journal(keyring).end(transaction, call, now, "hung_up")
            call_over(transaction.connection, call, now)
            return True
        with Session(bind=transaction.connection) as db:
            entry = waiting.latest(db, call)
            if entry is None or entry.state not in waiting.HERE or entry.seen_at >= now - QUIET:
                return False  # another transaction closed it first
            if found == "elsewhere" and entry.state == "waiting":
                answered_unheard(db, entry)
                return True
            entry.seen_at = now
            db.flush()
    return False


def _sweep(context: TaskContext) -> None:
    sweep(context.database, context.keyring, context.calls, context.now())


TASKS: tuple[Task[TaskContext], ...] = (Task("stale queue entries", SWEEP_SECONDS, _sweep),)
