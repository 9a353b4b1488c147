"""The worker: a round a few times a second; whatever fails is logged and tried again in a later round."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from ivr import clock
from ivr.banking.dispatch import Dispatch
from ivr.calls.assembly import core_line
from ivr.calls.bundles import Bundles
from ivr.config import Environment, Settings
from ivr.crypto import Keyring
from ivr.db import Database
from ivr.errors import ProviderError
from ivr.jobs import anchors, retention, settled
from ivr.outbox import texts
from ivr.outbox.texts import Claimed
from ivr.services.registry import catalogue
from ivr.telephony.rest import Provider

LOG = structlog.get_logger("ivr.worker")
ROUND_SECONDS = 0.25
ANCHOR_SECONDS = 60.0
HOUSEKEEPING_SECONDS = 600.0


class TextProvider(Protocol):
    """Who sends texts."""

    def send_text(self, to: str, body: str) -> str:
        """Send a text and return the provider's sid for it."""

    def find_text(self, to: str, body: str, since: datetime) -> str | None:
        """The sid of a text with this body sent to a number since then, or None."""


@dataclass(slots=True)
class _Chore:
    """Something done every so many seconds."""

    seconds: float
    act: Callable[[datetime], object]
    due: float = 0.0


class Worker:
    """Sends texts and does what is due; several may run at once, on several machines."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        provider: TextProvider,
        anchor_file: Path,
        dispatch: Dispatch | None = None,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._provider = provider
        self._anchor_file = anchor_file
        self._chores = (
            _Chore(ROUND_SECONDS, self.send_texts),
            *([_Chore(ROUND_SECONDS, lambda _now: dispatch.work())] if dispatch else []),
            _Chore(ANCHOR_SECONDS, self._anchor, ANCHOR_SECONDS),
            _Chore(HOUSEKEEPING_SECONDS, lambda now: retention.erase(database, now), HOUSEKEEPING_SECONDS),
        )

    @classmethod
    def of(
        cls, environment: Environment, settings: Settings, database: Database, keyring: Keyring, var: Path
    ) -> "Worker":
        """The worker of an installation; `var` is where the audit log's anchors are kept."""
        provider = Provider(
            environment.account_sid, environment.auth_token, environment.hotline_number, environment.api_url
        )
        line = core_line(environment, clock.now)
        late = partial(settled.tell, Bundles(database, catalogue), keyring)
        dispatch = Dispatch(database, keyring, settings, line, clock.now, late) if line else None
        return cls(database, keyring, provider, var / anchors.FILE, dispatch)

    def run(self, stop: threading.Event) -> None:
        """Rounds until told to stop."""
        elapsed = 0.0
        while not stop.wait(ROUND_SECONDS):
            elapsed += ROUND_SECONDS
            for chore in self._chores:
                if elapsed >= chore.due:
                    chore.due = elapsed + chore.seconds
                    self._try(chore)

    def _try(self, chore: _Chore) -> None:
        try:
            chore.act(clock.now())
        except Exception:  # the next round comes, whatever this one met
            LOG.exception("a chore failed")

    def send_texts(self, now: datetime) -> int:
        """Send what is due; returns how many were taken on."""
        with self._database.begin(durable=False) as connection, Session(connection) as rows:
            claimed = texts.claim(rows, self._keyring, now)
            rows.flush()
        for text in claimed:
            self._send(text)
        return len(claimed)

    def _send(self, text: Claimed) -> None:
        try:
            sid = self._provider.find_text(text.recipient, text.body, text.created_at) if text.is_repeat else None
            sid = sid or self._provider.send_text(text.recipient, text.body)
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
            texts.failed(rows, text, clock.now())

    def _anchor(self, now: datetime) -> None:
        with self._database.begin(durable=False) as connection, Session(connection) as rows:
            late = texts.stuck(rows, now)
            anchors.keep(rows, self._anchor_file, now)
        if late:
            LOG.error("texts wait for more than a minute; is the provider reachable?", texts=len(late))
