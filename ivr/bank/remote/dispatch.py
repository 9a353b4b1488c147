"""The worker's task that sends orders to a remote core and inquires about open outcomes.

An order is marked as sent before it is sent. So after any failure its outcome is inquired under its key before it is
sent again; and the core executes each key once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.bank.core import LossReport, Posting
from ivr.bank.remote.client import CoreClient
from ivr.bank.remote.models import CoreOrder
from ivr.bank.remote.orders import body_of, note
from ivr.bank.remote.shapes import INSTRUCTIONS, OUTCOME
from ivr.bank.states import OPEN, TRANSITIONS, OrderEvent, next_inquiry
from ivr.db import Database, work
from ivr.db.states import move
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError, CoreUnavailable, IdempotencyConflict
from ivr.platform.jobs.leases import Work, work_off

LOG = structlog.get_logger("ivr.core")
LEASE = timedelta(seconds=60)  # longer than an inquiry and an instruction together can take
GRACE = timedelta(seconds=30)  # longer than a waiting caller needs to hear an outcome
AGAIN = timedelta(minutes=5)

Late = Callable[[Session, CoreOrder, datetime], None]


@dataclass(frozen=True)
class Claim:
    """An order leased for one try. Its outcome is stored only if `tries` is unchanged since then."""

    key: str
    tries: int
    kind: str
    body: dict[str, Any]
    is_first: bool


@dataclass(frozen=True)
class Owed:
    """An outcome that no call heard in time, leased for telling the customer."""

    key: str
    tries: int


def _at_once(act: Callable[[], None]) -> None:
    act()


@dataclass(frozen=True)
class Dispatch:
    """Sends orders. `late` is called for each outcome that no call heard, in the transaction that marks it as told.

    `building` runs a function that may need a bundle this process has not built; it builds it and retries.
    """

    database: Database
    keyring: Keyring
    settings: Settings
    client: CoreClient
    clock: Callable[[], datetime]
    late: Late
    building: Callable[[Callable[[], None]], None] = _at_once

    def work(self) -> int:
        """Send the orders that are due; returns how many were tried. Several processes may run this at once."""
        tried = work_off(self.database, self.orders, self.clock, lambda: self.client.is_open)
        work_off(self.database, Work(_owed, AGAIN, _owing, self._tell), self.clock, lambda: True)
        return tried

    @property
    def orders(self) -> Work[CoreOrder, Claim]:
        """Open orders as leased work."""
        return Work(_due, LEASE, self._take, self._carry)

    def _take(self, db: Session, order: CoreOrder, _now: datetime) -> Claim | None:
        """Lease an order. One that cannot be decrypted (its key is missing) is skipped until its lease ends."""
        try:
            body = body_of(self.keyring, order)
        except ConfigurationError as error:
            LOG.error("an order cannot be decrypted; it waits", kind=order.kind, key=order.key, fault=str(error))
            return None
        is_first = order.state == "waiting"
        event: OrderEvent = "send" if is_first else "silence"
        move(db, order, TRANSITIONS, event)
        return Claim(order.key, order.tries, order.kind, body, is_first)

    def _carry(self, claim: Claim) -> None:
        event, posting = self._try(claim)
        self._conclude(claim, event, posting)

    def _try(self, claim: Claim) -> tuple[OrderEvent, Posting | None]:
        """Send an order; on a retry, inquire first and send only if the core never saw it. Outside any transaction."""
        word, shape = INSTRUCTIONS[claim.kind]
        send = partial(self.client.ask, word, shape, claim.body, claim.key)
        try:
            told = None if claim.is_first else self.client.ask("outcome", OUTCOME, {"key": claim.key})
            return _understood(send() if told is None else told)
        except CoreUnavailable as error:
            LOG.warning("an order's outcome is open", kind=claim.kind, key=claim.key, fault=str(error))
        except (LookupError, IdempotencyConflict) as error:
            LOG.error("the core bank rejected an order", key=claim.key, fault=str(error))
        return "silence", None

    def _conclude(self, claim: Claim, event: OrderEvent, posting: Posting | None) -> None:
        with work(self.database) as db:
            order = _mine(db, claim)
            if order is None:
                return
            move(db, order, TRANSITIONS, event, lease_until=None, **self._concluded(order, event, posting))
            if order.state not in OPEN:
                note(db, self.keyring, order, self.clock(), actor="core", deed="order_concluded")

    def _concluded(self, order: CoreOrder, event: OrderEvent, posting: Posting | None) -> dict[str, object]:
        if event == "silence":
            wait = next_inquiry(order.inquiries, self.settings.core.inquiries_seconds)
            return {"due_at": self.clock() + wait, "inquiries": order.inquiries + 1}
        told: dict[str, object] = {"due_at": self.clock() + GRACE}
        if posting is not None:
            until = posting.until or order.until
            told |= {"refusal": posting.refusal, "room_fen": posting.room_fen, "until": until}
        return told

    def _tell(self, owed: Owed) -> None:
        try:
            self.building(lambda: self._told(owed))
        except Exception:  # goes on with the next; this one is retried
            LOG.exception("the text about an outcome failed", key=owed.key)

    def _told(self, owed: Owed) -> None:
        with work(self.database) as db:
            order = _mine(db, owed)
            if order is not None and not order.heard:
                self.late(db, order, self.clock())
                order.heard, order.lease_until = True, None


def _due(now: datetime) -> Select[CoreOrder]:
    open_still = select(CoreOrder).where(CoreOrder.state.in_(OPEN), CoreOrder.is_due(now))
    return open_still.order_by(CoreOrder.due_at, CoreOrder.key)


def _owed(now: datetime) -> Select[CoreOrder]:
    unheard = CoreOrder.state.in_(("done", "refused")), ~CoreOrder.heard, CoreOrder.is_due(now)
    return select(CoreOrder).where(*unheard).order_by(CoreOrder.due_at, CoreOrder.key)


def _owing(_db: Session, order: CoreOrder, _now: datetime) -> Owed:
    return Owed(order.key, order.tries)


def _mine(db: Session, claim: Claim | Owed) -> CoreOrder | None:
    """The order of a lease, locked; None when a newer lease took it over."""
    mine = select(CoreOrder).where(CoreOrder.key == claim.key, CoreOrder.tries == claim.tries)
    return db.scalars(mine.with_for_update()).one_or_none()


def _understood(answer: Posting | LossReport | None) -> tuple[OrderEvent, Posting | None]:
    """The order event for an answer of the core. null and a loss report count as confirmed."""
    if not isinstance(answer, Posting):
        return "confirmed", None
    if answer.state == "refused" and answer.refusal:
        return "declined", answer
    return ("confirmed", answer) if answer.state == "done" else ("silence", None)
