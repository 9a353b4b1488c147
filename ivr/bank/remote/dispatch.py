"""The worker that carries orders to a remote core and asks after the ones whose outcome is open.

What is certain: an order is marked as sent before it leaves, so whatever happens afterwards its outcome is asked for
under its key before it is sent again; and the core does one key once.
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
from ivr.bank.remote.line import Line
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
LEASE = timedelta(seconds=60)  # longer than an inquiry and an instruction can take together
GRACE = timedelta(seconds=30)  # longer than a caller who waits needs to hear an outcome
AGAIN = timedelta(minutes=5)

Late = Callable[[Session, CoreOrder, datetime], None]


@dataclass(frozen=True)
class Claim:
    """An order taken for one try; it is concluded under `tries`, so an overtaken one changes nothing."""

    key: str
    tries: int
    kind: str
    body: dict[str, Any]
    is_first: bool


@dataclass(frozen=True)
class Owed:
    """An outcome that no call heard in time, taken to be told."""

    key: str
    tries: int


def _at_once(act: Callable[[], None]) -> None:
    act()


@dataclass(frozen=True)
class Dispatch:
    """What carrying orders takes. `late` is told of each outcome that no call heard, in the transaction of the note.

    `building` runs what may need a bundle that this process has not built: outside any transaction, and again.
    """

    database: Database
    keyring: Keyring
    settings: Settings
    line: Line
    clock: Callable[[], datetime]
    late: Late
    building: Callable[[Callable[[], None]], None] = _at_once

    def work(self) -> int:
        """Carry the orders that are due; returns how many were tried. Safe to run in several processes at once."""
        tried = work_off(self.database, self.orders, self.clock, lambda: self.line.is_open)
        work_off(self.database, Work(_owed, AGAIN, _owing, self._tell), self.clock, lambda: True)
        return tried

    @property
    def orders(self) -> Work[CoreOrder, Claim]:
        """The orders that are open, as work under a lease."""
        return Work(_due, LEASE, self._take, self._carry)

    def _take(self, db: Session, order: CoreOrder, _now: datetime) -> Claim | None:
        """One that cannot be read (its key is missing) stays as it is for another lease, and keeps no other."""
        try:
            body = body_of(self.keyring, order)
        except ConfigurationError as error:
            LOG.error("an order cannot be read; it waits", kind=order.kind, key=order.key, fault=str(error))
            return None
        is_first = order.state == "waiting"
        event: OrderEvent = "send" if is_first else "silence"
        move(db, order, TRANSITIONS, event)
        return Claim(order.key, order.tries, order.kind, body, is_first)

    def _carry(self, claim: Claim) -> None:
        event, posting = self._try(claim)
        self._conclude(claim, event, posting)

    def _try(self, claim: Claim) -> tuple[OrderEvent, Posting | None]:
        """Send an order, or ask after it and send it again where the core never saw it. Outside any transaction."""
        word, shape = INSTRUCTIONS[claim.kind]
        send = partial(self.line.ask, word, shape, claim.body, claim.key)
        try:
            told = None if claim.is_first else self.line.ask("outcome", OUTCOME, {"key": claim.key})
            return _understood(send() if told is None else told)
        except CoreUnavailable as error:
            LOG.warning("an order's outcome is open", kind=claim.kind, key=claim.key, fault=str(error))
        except (LookupError, IdempotencyConflict) as error:
            LOG.error("the core bank does not accept an order; someone must look", key=claim.key, fault=str(error))
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
        except Exception:  # the others are told; this one is tried again
            LOG.exception("an outcome could not be told", key=owed.key)

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
    """The order of a claim, locked; None where a later one has the last word."""
    mine = select(CoreOrder).where(CoreOrder.key == claim.key, CoreOrder.tries == claim.tries)
    return db.scalars(mine.with_for_update()).one_or_none()


def _understood(answer: Posting | LossReport | None) -> tuple[OrderEvent, Posting | None]:
    """What an answer of the core means for the order. Nothing to say, or a report of loss, is a plain yes."""
    if not isinstance(answer, Posting):
        return "confirmed", None
    if answer.state == "refused" and answer.refusal:
        return "declined", answer
    return ("confirmed", answer) if answer.state == "done" else ("silence", None)
