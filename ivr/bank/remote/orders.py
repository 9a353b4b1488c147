"""Orders for a remote core: made inside a turn, read back by later turns, their amounts held while they are open."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.bank.core import Account, Posting
from ivr.bank.instructions import Instruction, reference_for
from ivr.bank.limits import Verdict, card_verdict, first, funds_verdict, start_of_day
from ivr.bank.remote.models import CoreOrder
from ivr.bank.states import OPEN, OrderKind
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import IdempotencyConflict
from ivr.platform.audit import log as audit


@dataclass(frozen=True)
class Orders:
    """The order book inside an open transaction. `now` is aware UTC."""

    db: Session
    keyring: Keyring
    now: datetime

    def find(self, key: str) -> CoreOrder | None:
        """The order under a key, its row locked, so that the worker's outcome comes before or after, never between."""
        found = select(CoreOrder).where(CoreOrder.key == key).with_for_update()
        return self.db.scalars(found, execution_options={"populate_existing": True}).one_or_none()

    def seen(self, asked: Instruction) -> CoreOrder | None:
        """The order of this key; `IdempotencyConflict` where it was another request."""
        order = self.find(asked.key)
        if order is not None and order.request != asked.digest(self.keyring):
            raise IdempotencyConflict(f"the key {asked.key} came back with another request")
        return order

    def make(
        self,
        asked: Instruction,
        kind: OrderKind,
        body: dict[str, Any],
        verdict: Verdict,
        *,
        account: str = "",
        subject: str = "",
        earlier: str = "",
    ) -> CoreOrder:
        """Store an order for the worker, or the answer of one that is refused, or needs nothing done (`earlier`).

        It stands in the audit log with the turn that makes it, whether the caller stays to hear of it or not.
        """
        order = CoreOrder(
            key=asked.key,
            request=asked.digest(self.keyring),
            kind=kind,
            state="refused" if verdict.refusal else "done" if earlier else "waiting",
            customer_id=asked.customer_id,
            account=account,
            subject=subject,
            amount_fen=asked.amount_fen,
            body=self.keyring.seal_text(_place(asked.key), json.dumps(body)),
            reference=reference_for(self.keyring, asked.key, self._is_taken),
            refusal=verdict.refusal,
            room_fen=verdict.room_fen,
            until=verdict.until,
            earlier=earlier,
            made_at=self.now,
            due_at=self.now,
            tries=0,
            inquiries=0,
            heard=kind == "hold",  # a hold is told with the password that it follows
        )
        self.db.add(order)
        self.db.flush()
        note(self.db, self.keyring, order, self.now, actor="caller", deed="order_made")
        return order

    def answer(self, order: CoreOrder, answer_seconds: int) -> Posting:
        """The order as the port tells it: on its way for some seconds, then pending. A final one is heard by this."""
        if order.state not in OPEN:
            if not order.heard:
                order.heard = True
                self.db.flush()
            return Posting(
                "refused" if order.state == "refused" else "done",
                order.reference,
                order.refusal,
                order.room_fen,
                order.until,
            )
        if self.now < order.made_at + timedelta(seconds=answer_seconds):
            return Posting("working", order.reference, until=order.until)
        return Posting("pending", order.reference, until=order.until)

    def against_transfer(self, customer_id: str, source: Account, amount_fen: int, settings: Settings) -> Verdict:
        """What was ordered here and speaks against one more transfer, whatever the core knows of it yet."""
        held = self._transfers_held_until(customer_id)
        sent = self._ordered_since(customer_id, start_of_day(self.now, settings.bank.zone))
        room = max(0, settings.transfer.a_day_fen - sent)
        return first(
            [
                card_verdict(source.state),
                Verdict("held", until=held) if held else Verdict(),
                Verdict("over_day", room_fen=room) if amount_fen > room else Verdict(),
                funds_verdict(source.available_fen, amount_fen),
            ]
        )

    def held_fen(self, account: str) -> int:
        """What open orders hold of an account."""
        held = select(func.coalesce(func.sum(CoreOrder.amount_fen), 0))
        return int(self.db.scalars(held.where(CoreOrder.account == account, CoreOrder.state.in_(OPEN))).one())

    def _transfers_held_until(self, customer_id: str) -> datetime | None:
        """The end of the hold on a customer's transfers, None where none stands."""
        holds = select(func.max(CoreOrder.until)).where(CoreOrder.customer_id == customer_id, CoreOrder.kind == "hold")
        until = self.db.scalars(holds).one()
        return until if until is not None and until > self.now else None

    def _ordered_since(self, customer_id: str, since: datetime) -> int:
        ordered = select(func.coalesce(func.sum(CoreOrder.amount_fen), 0)).where(
            CoreOrder.customer_id == customer_id,
            CoreOrder.kind == "transfer",
            CoreOrder.refusal == "",
            CoreOrder.made_at >= since,
        )
        return int(self.db.scalars(ordered).one())

    def loss_report(self, customer_id: str, card_index: bytes) -> CoreOrder | None:
        """The report of loss that stands for a card, as far as the hotline took it and the core did not refuse it."""
        standing = select(CoreOrder).where(
            CoreOrder.customer_id == customer_id,
            CoreOrder.kind == "loss",
            CoreOrder.subject == card_index.hex(),
            CoreOrder.until > self.now,
            CoreOrder.earlier == "",
            CoreOrder.refusal == "",
        )
        return self.db.scalars(standing.order_by(CoreOrder.made_at)).first()

    def has_paid(self, bill: str) -> bool:
        """Whether a bill was paid, or is being paid, through the hotline."""
        paid = select(CoreOrder.key).where(CoreOrder.kind == "bill", CoreOrder.subject == bill, CoreOrder.refusal == "")
        return self.db.scalars(paid).first() is not None

    def has_ordered_transfer(
        self, customer_id: str, payee: str, amount_fen: int, since: datetime, not_call: str
    ) -> bool:
        """Whether this amount was ordered for this payee since then, in another call, and not refused."""
        same = select(CoreOrder.key).where(
            CoreOrder.customer_id == customer_id,
            CoreOrder.kind == "transfer",
            CoreOrder.subject == payee,
            CoreOrder.amount_fen == amount_fen,
            CoreOrder.refusal == "",
            CoreOrder.made_at >= since,
            ~CoreOrder.key.startswith(f"{not_call}:", autoescape=True),
        )
        return self.db.scalars(same).first() is not None

    def _is_taken(self, reference: str) -> bool:
        return self.db.scalars(select(CoreOrder.key).where(CoreOrder.reference == reference)).first() is not None


def note(db: Session, keyring: Keyring, order: CoreOrder, at: datetime, *, actor: str, deed: str) -> None:
    """Let the audit log say what an order is and where it stands; of an account its last four characters."""
    details = {"key": order.key, "kind": order.kind, "state": order.state, "reference": order.reference}
    if order.amount_fen:
        details |= {"amount_fen": str(order.amount_fen), "account": order.account[-4:]}
    if order.refusal:
        details["refusal"] = order.refusal
    audit.append_last(db, keyring, at=at, actor=actor, deed=deed, subject=order.customer_id, details=details)


def body_of(keyring: Keyring, order: CoreOrder) -> dict[str, Any]:
    """What is sent to the core for an order."""
    body: dict[str, Any] = json.loads(keyring.open_text(_place(order.key), order.body))
    return body


def _place(key: str) -> str:
    return f"core_orders.body|{key}"
