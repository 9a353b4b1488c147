"""Send texts: lease what is due, look it up at the provider if it was tried before, and send it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from ivr.db import Database, look, work
from ivr.foundation import clock
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ProviderError
from ivr.platform.jobs.leases import work_off
from ivr.platform.jobs.tasks import ROUND_SECONDS, Task
from ivr.platform.outbox import texts
from ivr.platform.outbox.texts import Claimed

LOG = structlog.get_logger("ivr.worker")
SENDERS = 3  # threads that send texts
LOOK_SECONDS = 60.0  # interval of the check for late texts


class TextProvider(Protocol):
    """The provider operations that sending uses."""

    def send(self, to: str, body: str) -> str:
        """Send a text and return the provider's id for it."""

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """The id of a text with this body sent to a number since then, or None."""


@dataclass(frozen=True)
class Sender:
    """Sends texts; several senders may run, on several machines. `now` returns aware UTC; `stop` ends a round early."""

    database: Database
    keyring: Keyring
    provider: TextProvider
    now: Callable[[], datetime] = clock.now
    steady: Callable[[], float] = clock.steady
    stop: threading.Event = field(default_factory=threading.Event)

    def send_due(self, now: datetime) -> int:
        """Send the texts that are due at `now`, one at a time; returns how many were leased."""
        began = self.steady()

        def moment() -> datetime:
            return now + timedelta(seconds=int(self.steady() - began))

        work = texts.sending(self.keyring, self._send)
        return work_off(self.database, work, moment, lambda: not self.stop.is_set())

    def _send(self, text: Claimed) -> None:
        try:
            sid = self.provider.find(text.recipient, text.body, text.created_at) if text.is_repeat else None
            sid = sid or self.provider.send(text.recipient, text.body)
        except ProviderError as error:
            LOG.warning("the provider did not accept a text", text=text.id, tries=text.tries, reason=str(error))
            self._failed(text)
            return
        except Exception:  # an error with one text must not block the next
            LOG.exception("sending a text failed", text=text.id, tries=text.tries)
            self._failed(text)
            return
        with work(self.database, durable=False) as db:
            texts.sent(db, text, sid)

    def _failed(self, text: Claimed) -> None:
        with work(self.database, durable=False) as db:
            given_up = texts.failed(db, text, self.now())
        if given_up:
            LOG.critical("a text was given up after a day", text=text.id, tries=text.tries)


class TaskContext(Protocol):
    """What sending needs of the worker."""

    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def texts(self) -> TextProvider: ...
    @property
    def stop(self) -> threading.Event: ...
    def now(self) -> datetime: ...
    def steady(self) -> float: ...


def _send_due(context: TaskContext) -> None:
    sender = Sender(context.database, context.keyring, context.texts, context.now, context.steady, context.stop)
    sender.send_due(context.now())


def _alarm(context: TaskContext) -> None:
    with look(context.database) as db:
        late = texts.stuck(db, context.now())
    if late:
        LOG.error("texts wait for more than a minute; is the provider reachable?", texts=len(late))


TASKS: tuple[Task[TaskContext], ...] = (
    Task("texts", ROUND_SECONDS, _send_due, threads=SENDERS),
    Task("late texts", LOOK_SECONDS, _alarm, waits=True),
)
