"""Orders for a remote core: stored in a turn, read by later turns; the amounts of open orders are held."""

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
    """Reads and writes orders in an open transaction. `now` is aware UTC."""

    db: Session
    keyring: Keyring
    now: datetime

    def find(self, key: str) -> CoreOrder | None:
        """The order of a key, its row locked against a concurrent update by the worker."""
        found = select(CoreOrder).where(CoreOrder.key == key).with_for_update()
        return self.db.scalars(found, execution_options={"populate_existing": True}).one_or_none()

    def seen(self, asked: Instruction) -> CoreOrder | None:
        """The order of this key, None for a new key; `IdempotencyConflict` when the request differs."""
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
        """Store an order for the worker; one that is refused, or unnecessary (`earlier`), is stored as concluded.

        It is written to the audit log in the same transaction, whether or not the caller hears the outcome.
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
            heard=kind == "hold",  # the caller hears of a hold with the password change that causes it
        )
        self.db.add(order)
        self.db.flush()
        note(self.db, self.keyring, order, self.now, actor="caller", deed="order_made")
        return order

    def answer(self, order: CoreOrder, answer_seconds: int) -> Posting:
        """The order as a posting: working for some seconds, then pending. A final outcome is marked as heard."""
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
        """The verdict on one more transfer from the orders of this hotline, which the core may not know yet."""
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
        """The sum of open orders on an account, in fen."""
        held = select(func.coalesce(func.sum(CoreOrder.amount_fen), 0))
        return int(self.db.scalars(held.where(CoreOrder.account == account, CoreOrder.state.in_(OPEN))).one())

    def _transfers_held_until(self, customer_id: str) -> datetime | None:
        """The end of the hold on a customer's transfers, or None."""
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
        """The valid loss report of a card that this hotline took and the core did not refuse."""
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
        """Whether the hotline paid, or is paying, a bill."""
        paid = select(CoreOrder.key).where(CoreOrder.kind == "bill", CoreOrder.subject == bill, CoreOrder.refusal == "")
        return self.db.scalars(paid).first() is not None

    def has_ordered_transfer(
        self, customer_id: str, payee: str, amount_fen: int, since: datetime, not_call: str
    ) -> bool:
        """Whether another call ordered this amount for this payee since then, and it was not refused."""
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
    """Write an order's kind and state to the audit log; of an account only the last four characters."""
    details = {"key": order.key, "kind": order.kind, "state": order.state, "reference": order.reference}
    if order.amount_fen:
        details |= {"amount_fen": str(order.amount_fen), "account": order.account[-4:]}
    if order.refusal:
        details["refusal"] = order.refusal
    audit.append_last(db, keyring, at=at, actor=actor, deed=deed, subject=order.customer_id, details=details)


def body_of(keyring: Keyring, order: CoreOrder) -> dict[str, Any]:
    """The decrypted request body of an order."""
    body: dict[str, Any] = json.loads(keyring.open_text(_place(order.key), order.body))
    return body


def _place(key: str) -> str:
    return f"core_orders.body|{key}"
