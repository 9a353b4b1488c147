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
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.core import LossReport, Posting
from ivr.bank.models import CoreOrder
from ivr.bank.remote.line import Line
from ivr.bank.remote.orders import body_of, note
from ivr.bank.remote.shapes import INSTRUCTIONS, OUTCOME
from ivr.bank.states import OPEN, TRANSITIONS, OrderEvent, next_inquiry
from ivr.db import Database
from ivr.db.states import move
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError, CoreUnavailable, IdempotencyConflict, NeedsBundle

LOG = structlog.get_logger("ivr.core")
LEASE = timedelta(seconds=60)  # longer than an inquiry and an instruction can take together
GRACE = timedelta(seconds=30)  # longer than a caller who waits needs to hear an outcome
AGAIN = timedelta(minutes=5)
AT_MOST = 50  # orders in one round, so that a round ends

Late = Callable[[Session, CoreOrder, datetime], None]


@dataclass(frozen=True)
class Claim:
    """An order taken for one try; it is concluded under `claims`, so an overtaken one changes nothing."""

    key: str
    claims: int
    kind: str
    body: dict[str, Any]
    is_first: bool


@dataclass(frozen=True)
class Dispatch:
    """What carrying orders takes. `late` is told of each outcome that no call heard, in the transaction of the note."""

    database: Database
    keyring: Keyring
    settings: Settings
    line: Line
    clock: Callable[[], datetime]
    late: Late

    def work(self) -> int:
        """Carry the orders that are due; returns how many were tried. Safe to run in several processes at once."""
        tried = 0
        while tried < AT_MOST and self.line.is_open and (claim := self._claim()) is not None:
            event, posting = self._try(claim)
            self._conclude(claim, event, posting)
            tried += 1
        for _ in range(AT_MOST):
            if not self._tell():
                break
        return tried

    def _claim(self) -> Claim | None:
        now = self.clock()
        with self.database.begin() as connection, Session(connection) as rows:
            due = select(CoreOrder).where(CoreOrder.state.in_(OPEN), CoreOrder.next_at <= now)
            oldest = due.order_by(CoreOrder.next_at, CoreOrder.key).limit(1).with_for_update(skip_locked=True)
            claim = None
            while claim is None and (order := rows.scalars(oldest).one_or_none()) is not None:
                claim = self._taken(rows, order, now)
                rows.flush()
            rows.commit()
        return claim

    def _taken(self, rows: Session, order: CoreOrder, now: datetime) -> Claim | None:
        """One that cannot be read (its key is missing) stays as it is for another lease, and keeps no other."""
        try:
            body = body_of(self.keyring, order)
        except ConfigurationError as error:
            LOG.error("an order cannot be read; it waits", kind=order.kind, key=order.key, fault=str(error))
            order.next_at = now + LEASE
            return None
        is_first = order.state == "waiting"
        event: OrderEvent = "send" if is_first else "silence"
        move(rows, order, TRANSITIONS, event, next_at=now + LEASE, claims=order.claims + 1)
        return Claim(order.key, order.claims, order.kind, body, is_first)

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
        with self.database.begin() as connection, Session(connection) as rows:
            mine = select(CoreOrder).where(CoreOrder.key == claim.key, CoreOrder.claims == claim.claims)
            order = rows.scalars(mine.with_for_update()).one_or_none()
            if order is None:
                return
            move(rows, order, TRANSITIONS, event, **self._concluded(order, event, posting))
            if order.state not in OPEN:
                note(rows, self.keyring, order, self.clock(), actor="core", deed="order_concluded")
            rows.commit()

    def _concluded(self, order: CoreOrder, event: OrderEvent, posting: Posting | None) -> dict[str, object]:
        if event == "silence":
            wait = next_inquiry(order.inquiries, self.settings.core.inquiries_seconds)
            return {"next_at": self.clock() + wait, "inquiries": order.inquiries + 1}
        told: dict[str, object] = {"next_at": self.clock() + GRACE}
        if posting is not None:
            until = posting.until or order.until
            told |= {"refusal": posting.refusal, "room_fen": posting.room_fen, "until": until}
        return told

    def _tell(self) -> bool:
        """Tell the oldest outcome that no call has heard in time; False where none is owed."""
        now = self.clock()
        with self.database.begin() as connection, Session(connection) as rows:
            owed = select(CoreOrder).where(
                CoreOrder.state.in_(("done", "refused")), ~CoreOrder.heard, CoreOrder.next_at <= now
            )
            order = rows.scalars(
                owed.order_by(CoreOrder.next_at, CoreOrder.key).limit(1).with_for_update(skip_locked=True)
            ).one_or_none()
            if order is None:
                return False
            key, order.next_at = order.key, now + AGAIN
            rows.flush()
            try:
                with rows.begin_nested():
                    self.late(rows, order, now)
                    order.heard = True
            except NeedsBundle:  # nothing is written: whoever asked for the work builds it, and asks again
                raise
            except Exception:  # the others are told; this one is tried again
                LOG.exception("an outcome could not be told", key=key)
            rows.commit()
        return True


def _understood(answer: Posting | LossReport | None) -> tuple[OrderEvent, Posting | None]:
    """What an answer of the core means for the order. Nothing to say, or a report of loss, is a plain yes."""
    if not isinstance(answer, Posting):
        return "confirmed", None
    if answer.state == "refused" and answer.refusal:
        return "declined", answer
    return ("confirmed", answer) if answer.state == "done" else ("silence", None)
