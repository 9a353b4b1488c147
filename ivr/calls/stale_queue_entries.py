"""Stale queue entries: callers in a queue who were not heard of for a while. The provider knows whether they wait.

Silence proves nothing: a recording of many minutes may play. Only where the provider has nobody waiting and the call
goes on does an agent talk to the caller.
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
QUIET = timedelta(minutes=5)  # many rounds of waiting, where no long recording plays
AT_ONCE = 50


class CallProvider(Protocol):
    """Who knows where a call is."""

    def whereabouts(self, call: str, queue: str) -> Whereabouts:
        """Whether a call waits in a queue of the provider's, goes on elsewhere, or is over; raises `ProviderError`."""

    def is_over(self, call: str) -> bool:
        """True where a call has ended; raises `ProviderError`."""


class Means(Protocol):
    """What the sweep needs of a worker."""

    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def calls(self) -> CallProvider: ...
    def now(self) -> datetime: ...


def sweep(database: Database, keyring: Keyring, provider: CallProvider, now: datetime) -> int:
    """Take out of the queue whoever waits no longer, and end the calls that are over. Returns how many."""
    with look(database) as db:
        calls = waiting.quiet(db, now - QUIET, AT_ONCE)
    swept = 0
    for call, queue_sid in calls:
        try:
            found = _whereabouts(provider, call, queue_sid)
        except ProviderError as fault:
            LOG.warning("whether a queued call goes on could not be asked", call=call, reason=str(fault))
            continue
        swept += _settle(database, keyring, call, found, now)
    if swept:
        LOG.warning("callers stood in a queue without waiting", calls=swept)
    return swept


def _whereabouts(provider: CallProvider, call: str, queue_sid: str | None) -> Whereabouts:
    """Without the provider's word for the queue nobody can be looked for in it: a call that goes on is left alone."""
    if queue_sid is not None:
        return provider.whereabouts(call, queue_sid)
    return "over" if provider.is_over(call) else "waiting"


def _settle(database: Database, keyring: Keyring, call: str, found: Whereabouts, now: datetime) -> bool:
    """True where the caller stands in the queue no longer; who waits is asked about again after another silence."""
    with database.turn() as transaction:
        if found == "over":
            Journal(keyring).end(transaction, call, now, "hung_up")
            call_over(transaction.connection, call, now)
            return True
        with Session(bind=transaction.connection) as db:
            entry = waiting.latest(db, call)
            if entry is None or entry.state not in waiting.HERE or entry.seen_at >= now - QUIET:
                return False  # somebody was quicker
            if found == "elsewhere" and entry.state == "waiting":
                answered_unheard(db, entry)
                return True
            entry.seen_at = now
            db.flush()
    return False


def _sweep(means: Means) -> None:
    sweep(means.database, means.keyring, means.calls, means.now())


TASKS: tuple[Task[Means], ...] = (Task("stale queue entries", SWEEP_SECONDS, _sweep),)
