"""The worker: texts, orders for a core bank, and chores, each in lanes of their own."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from ivr.bank.remote.dispatch import Dispatch
from ivr.calls.assembly import core_line
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.services.registry import catalogue
from ivr.db import Database
from ivr.foundation import clock
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.environment import Environment
from ivr.foundation.errors import ProviderError
from ivr.jobs import anchors, ghosts, heartbeat, lanes, reconciled, retention, settled
from ivr.jobs.lanes import ROUND_SECONDS, Chore, Lane, Told
from ivr.platform.outbox import texts
from ivr.platform.outbox.texts import Claimed
from ivr.telephony.provider import Provider

LOG = structlog.get_logger("ivr.worker")
ANCHOR_SECONDS = 60.0
HOUSEKEEPING_SECONDS = 600.0
BEAT_SECONDS = 15.0
BUILD_SECONDS = 60.0  # nobody waits on the line for a text
SENDERS, CARRIERS = 3, 2  # texts, and orders, that may be under way at once
AT_MOST = 50  # texts in one round, so that a round ends


class TextProvider(Protocol):
    """Who sends texts."""

    def send(self, to: str, body: str) -> str:
        """Send a text and return the provider's id for it."""

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """The id of a text with this body sent to a number since then, or None."""


class Worker:
    """Sends texts and does what is due; several may run at once, on several machines. `now` gives aware UTC."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        provider: TextProvider,
        anchor_file: Path,
        carry: Callable[[], object] | None = None,
        now: Callable[[], datetime] = clock.now,
        steady: Callable[[], float] = clock.steady,
        more: tuple[Chore, ...] = (),
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._provider = provider
        self._anchor_file = anchor_file
        self._carry = carry
        self._now = now
        self._steady = steady
        self._more = more
        self._stop = threading.Event()
        self._told = Told()

    @classmethod
    def of(
        cls,
        environment: Environment,
        settings: Settings,
        database: Database,
        keyring: Keyring,
        provider: Provider,
        anchor_file: Path,
    ) -> "Worker":
        """The worker of an installation; `anchor_file` is where the audit log's anchors are kept."""
        line = core_line(environment)
        bundles = Bundles(database, catalogue)
        late = partial(settled.tell, bundles, keyring)
        dispatch = Dispatch(database, keyring, settings, line, clock.now, late) if line else None
        carry = partial(bundles.building, dispatch.work, BUILD_SECONDS) if dispatch else None
        sweep = Chore(ghosts.SWEEP_SECONDS, lambda: ghosts.sweep(database, keyring, provider.calls, clock.now()))
        books = Chore(reconciled.LOOK_AGAIN_SECONDS, lambda: reconciled.daily(database, keyring, clock.now()))
        return cls(database, keyring, provider.texts, anchor_file, carry, more=(sweep, books))

    def run(self, stop: threading.Event) -> None:
        """Every lane until told to stop."""
        self._stop = stop
        lanes.run(self.lanes(), stop)

    def lanes(self) -> list[Lane]:
        """What goes on side by side: senders of texts, carriers of orders, and the rest one after the other."""
        sending = [self._lane(f"texts-{n}", Chore(ROUND_SECONDS, self._send_due)) for n in range(SENDERS)]
        carry = [self._carry] * CARRIERS if self._carry is not None else []
        carrying = [self._lane(f"orders-{n}", Chore(ROUND_SECONDS, act)) for n, act in enumerate(carry)]
        others = [self._lane(f"others-{n}", chore) for n, chore in enumerate(self._more)]
        return [*sending, *carrying, *others, self._lane("chores", *self._chores())]

    def _lane(self, name: str, *chores: Chore) -> Lane:
        return Lane(name, chores, self._steady, self._told)

    def _chores(self) -> tuple[Chore, ...]:
        begin = self._steady()
        return (
            Chore(BEAT_SECONDS, lambda: heartbeat.beat(self._database, self._now())),
            Chore(ANCHOR_SECONDS, self._anchor, begin + ANCHOR_SECONDS),
            Chore(
                HOUSEKEEPING_SECONDS,
                self._keep_house,
                begin + HOUSEKEEPING_SECONDS,
            ),
        )

    def _keep_house(self) -> None:
        retention.erase(self._database, self._now())
        retention.prune(self._database, self._now())

    def _send_due(self) -> None:
        self.send_texts(self._now())

    def send_texts(self, now: datetime) -> int:
        """Send what is due from `now` on, one at a time; returns how many were taken on."""
        began, sent = self._steady(), 0
        while sent < AT_MOST and not self._stop.is_set():
            moment = now + timedelta(seconds=int(self._steady() - began))
            with self._database.begin(durable=False) as connection, Session(connection) as rows:
                text = texts.claim(rows, self._keyring, moment)
            if text is None:
                break
            self._send(text)
            sent += 1
        return sent

    def _send(self, text: Claimed) -> None:
        try:
            sid = self._provider.find(text.recipient, text.body, text.created_at) if text.is_repeat else None
            sid = sid or self._provider.send(text.recipient, text.body)
        except ProviderError as error:
            LOG.warning("a text was not taken", text=text.id, tries=text.tries, reason=str(error))
            self._failed(text)
            return
        except Exception:  # whatever this one met, the next one leaves
            LOG.exception("a text could not be sent", text=text.id, tries=text.tries)
            self._failed(text)
            return
        with self._database.begin(durable=False) as connection, Session(connection) as rows:
            texts.sent(rows, text, sid)

    def _failed(self, text: Claimed) -> None:
        with self._database.begin(durable=False) as connection, Session(connection) as rows:
            given_up = texts.failed(rows, text, self._now())
        if given_up:
            LOG.critical("a text was given up after a day; its customer was not told", text=text.id, tries=text.tries)

    def _anchor(self) -> None:
        now = self._now()
        with self._database.begin() as connection, Session(connection) as rows:
            late = texts.stuck(rows, now)
            head = anchors.due(rows, self._anchor_file)
            heartbeat.note(rows, now)  # a durable commit of its own: what is anchored survives a power cut
            rows.flush()
        if head is not None:
            anchors.keep(head, self._anchor_file, now)
        if late:
            LOG.error("texts wait for more than a minute; is the provider reachable?", texts=len(late))
