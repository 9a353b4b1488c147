"""Callers who stand in a queue without waiting there: their hang-up was lost, or an agent talks to them already."""

from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from ivr.calls.journal import Journal
from ivr.calls.queueing import left_queue
from ivr.crypto import Keyring
from ivr.db import Database
from ivr.errors import ProviderError
from ivr.queues import waiting

LOG = structlog.get_logger("ivr.queues")
SWEEP_SECONDS = 60.0
QUIET = timedelta(minutes=5)  # many rounds of waiting
AT_ONCE = 50


class CallProvider(Protocol):
    """Who knows whether a call goes on."""

    def is_over(self, call: str) -> bool:
        """True where a call has ended; raises `ProviderError`."""


def sweep(database: Database, keyring: Keyring, provider: CallProvider, now: datetime) -> int:
    """Take out of the queue whoever waits no longer, and end the calls that are over. Returns how many."""
    with database.look() as transaction, Session(bind=transaction.connection) as rows:
        calls = waiting.quiet(rows, now - QUIET, AT_ONCE)
    swept = 0
    for call in calls:
        try:
            is_over = provider.is_over(call)
        except ProviderError as fault:
            LOG.warning("whether a queued call goes on could not be asked", call=call, reason=str(fault))
            continue
        with database.turn() as transaction:
            if is_over:
                Journal(keyring).end(transaction, call, now, "hung_up")
            left_queue(transaction.connection, call, "hangup" if is_over else "bridged", now)
        swept += 1
    if swept:
        LOG.warning("callers stood in a queue without waiting", calls=swept)
    return swept
