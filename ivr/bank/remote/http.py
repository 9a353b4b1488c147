"""A remote core bank behind the port: questions over the line, instructions as orders for the worker.

Questions go through `ask`, which is the turn's way of doing slow work outside its transaction: the first time a
question comes up the turn is rolled back, the question is put with no lock held, and the turn is taken again with
the answer. Instructions never leave inside a turn: the order is stored with it, and `Dispatch` carries it.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from ivr.bank.core import (
    Account,
    Bill,
    CoreBank,
    LossReport,
    Movement,
    PasswordKind,
    PasswordStanding,
    Payee,
    Posting,
)
from ivr.bank.instructions import Instruction
from ivr.bank.limits import Verdict, card_verdict, first, funds_verdict
from ivr.bank.remote import shapes
from ivr.bank.remote.line import Budget, Line
from ivr.bank.remote.models import CoreOrder
from ivr.bank.remote.orders import Orders
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import CoreUnavailable

T = TypeVar("T")


class Ask(Protocol):
    """How a turn does slow, repeatable work: the answer to `work`, kept under `key` for the rest of the turn."""

    def __call__(self, key: object, work: Callable[[], T]) -> T:
        """The answer, now or when the turn is taken again."""


class HttpBank(CoreBank):
    """The port on a remote core. What was ordered through the hotline counts at once, before the core knows of it."""

    def __init__(
        self,
        db: Session,
        keyring: Keyring,
        now: datetime,
        settings: Settings,
        line: Line,
        ask: Ask,
        budget: Budget | None = None,
    ) -> None:
        self._orders = Orders(db, keyring, now)
        self._keyring = keyring
        self._settings = settings
        self._line = line
        self._ask = ask
        self._budget = budget

    def holder_of_card(self, card: str) -> str | None:
        """The customer whose card this is."""
        return _unless_unknown(partial(self._question, "holder_of_card", shapes.HOLDER, card=card), None)

    def accounts(self, customer_id: str) -> tuple[Account, ...]:
        """The core's accounts, less what open orders hold, and with the cards stopped that were reported here."""
        none: tuple[Account, ...] = ()
        known = _unless_unknown(partial(self._question, "accounts", shapes.ACCOUNTS, customer=customer_id), none)
        return tuple(self._with_orders(customer_id, account) for account in known)

    def movements(self, customer_id: str, account: str, limit: int) -> tuple[Movement, ...]:
        """The newest movements that the core knows."""
        return self._question("movements", shapes.MOVEMENTS, customer=customer_id, account=account, limit=limit)

    def password_check(self, customer_id: str, kind: PasswordKind, given: str) -> Callable[[], bool]:
        """The core's word on a password; what is returned raises `CoreUnavailable`, which is no wrong password.

        A customer of nobody's is asked about like any other, so that no caller hears a difference.
        """
        check = self._later("password_check", shapes.YES_OR_NO, customer=customer_id, kind=kind, given=given)
        return partial(_unless_unknown, check, False)

    def password_standing(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], PasswordStanding]:
        """The core's word on a new password."""
        return self._later("password_standing", shapes.STANDING, customer=customer_id, kind=kind, new=new)

    def password_prepare(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], str]:
        """The form in which the core takes a new password."""
        return self._later("password_prepare", shapes.PREPARED, customer=customer_id, kind=kind, new=new)

    def set_password(self, key: str, customer_id: str, kind: PasswordKind, prepared: str) -> None:
        """Order a new password; the old one stands until the worker has brought it to the core."""
        asked = Instruction(key, "password", customer_id, 0, (kind, prepared))
        if self._orders.seen(asked) is None:
            body = {"customer": customer_id, "kind": kind, "prepared": prepared}
            self._orders.make(asked, "password", body, Verdict())

    def hold_transfers(self, customer_id: str, until: datetime) -> None:
        """Hold transfers at once here, and order it at the core."""
        asked = Instruction(f"hold:{customer_id}:{until.isoformat()}", "hold", customer_id, 0, (until.isoformat(),))
        if self._orders.seen(asked) is None:
            body = {"customer": customer_id, "until": until.isoformat()}
            self._orders.make(asked, "hold", body, Verdict(until=until))

    def find_bill(self, biller: str, customer_number: str) -> Bill | None:
        """The open bill, unless it is being paid already."""
        bill = self._question("find_bill", shapes.BILL, biller=biller, customer_number=customer_number)
        return None if bill is None or self._orders.has_paid(bill.id) else bill

    def pay_bill(self, key: str, customer_id: str, account: str, bill: Bill) -> Posting:
        """Order the payment of a bill."""
        about = (account, bill.id, bill.biller, bill.customer_number)
        asked = Instruction(key, "bill", customer_id, bill.amount_fen, about)
        order = self._orders.seen(asked)
        if order is None:
            source = self._owned(customer_id, account)
            due = self.find_bill(bill.biller, bill.customer_number)
            verdict = first(
                [
                    _bill_verdict(due, bill),
                    card_verdict(source.state),
                    funds_verdict(source.available_fen, bill.amount_fen),
                ]
            )
            body = {
                "customer": customer_id,
                "account": account,
                "bill": {
                    "id": bill.id,
                    "biller": bill.biller,
                    "customer_number": bill.customer_number,
                    "amount_fen": bill.amount_fen,
                },
            }
            order = self._orders.make(asked, "bill", body, verdict, account=account, subject=bill.id)
        return self._answer(order)

    def payees(self, customer_id: str) -> tuple[Payee, ...]:
        """The core's payees."""
        return self._question("payees", shapes.PAYEES, customer=customer_id)

    def check_transfer(self, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """What the core says, unless something ordered here stands against it."""
        said = self._question(
            "check_transfer", shapes.POSTING, customer=customer_id, account=account, payee=payee, amount_fen=amount_fen
        )
        if said.state == "refused":
            return said
        source = self._owned(customer_id, account)
        verdict = self._orders.against_transfer(customer_id, source, amount_fen, self._settings)
        return Posting("refused" if verdict.refusal else "done", "", verdict.refusal, verdict.room_fen, verdict.until)

    def recent_transfer(self, customer_id: str, payee: str, amount_fen: int, since: datetime, not_call: str) -> bool:
        """Whether the hotline ordered the same in another call."""
        return self._orders.has_ordered_transfer(customer_id, payee, amount_fen, since, not_call)

    def transfer(self, key: str, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """Order a transfer that the core finds nothing against."""
        asked = Instruction(key, "transfer", customer_id, amount_fen, (account, payee))
        order = self._orders.seen(asked)
        if order is None:
            if amount_fen <= 0:
                raise ValueError("a transfer needs an amount")
            said = self.check_transfer(customer_id, account, payee, amount_fen)
            body = {"customer": customer_id, "account": account, "payee": payee, "amount_fen": amount_fen}
            verdict = Verdict(said.refusal, said.room_fen, said.until)
            order = self._orders.make(asked, "transfer", body, verdict, account=account, subject=payee)
        return self._answer(order)

    def report_loss(self, key: str, customer_id: str, card: str, until: datetime) -> LossReport:
        """Stop a card at once here, and order it at the core."""
        asked = Instruction(key, "loss", customer_id, 0, (card, until.isoformat()))
        order = self._orders.seen(asked)
        if order is None:
            order = self._report(asked, card, until)
        if order.until is None:
            raise RuntimeError("a report of loss without an end")
        return LossReport(card, order.until, not order.earlier, order.earlier or order.reference)

    def outcome(self, key: str) -> Posting | None:
        """What became of an order; the hotline's own book knows every one."""
        order = self._orders.find(key)
        return None if order is None else self._answer(order)

    def _report(self, asked: Instruction, card: str, until: datetime) -> CoreOrder:
        if not any(account.card == card for account in self.accounts(asked.customer_id)):
            raise LookupError("not a card of this customer")
        index = self._keyring.blind_index("card", card)
        body: dict[str, object] = {"customer": asked.customer_id, "card": card, "until": until.isoformat()}
        earlier = self._orders.loss_report(asked.customer_id, index)
        if earlier is not None:
            return self._orders.make(asked, "loss", body, Verdict(until=earlier.until), earlier=earlier.reference)
        stands = self._question("standing_report", shapes.STANDING_REPORT, customer=asked.customer_id, card=card)
        if stands is not None:
            return self._orders.make(asked, "loss", body, Verdict(until=stands.until), earlier=stands.reference)
        return self._orders.make(asked, "loss", body, Verdict(until=until), subject=index.hex())

    def _with_orders(self, customer_id: str, account: Account) -> Account:
        index = self._keyring.blind_index("card", account.card)
        is_lost = account.state == "lost" or self._orders.loss_report(customer_id, index) is not None
        available = max(0, account.available_fen - self._orders.held_fen(account.id))
        return Account(account.id, account.card, "lost" if is_lost else account.state, account.balance_fen, available)

    def _owned(self, customer_id: str, account: str) -> Account:
        for each in self.accounts(customer_id):
            if each.id == account:
                return each
        raise LookupError("not an account of this customer")

    def _answer(self, order: CoreOrder) -> Posting:
        return self._orders.answer(order, self._settings.core.answer_seconds)

    def _later(self, name: str, shape: TypeAdapter[T], **arguments: object) -> Callable[[], T]:
        return partial(self._line.ask, name, shape, arguments, budget=self._budget)

    def _question(self, name: str, shape: TypeAdapter[T], **arguments: object) -> T:
        """A question's answer; what went wrong with it is kept as the answer of this turn too, and raised here."""
        answer = self._ask(
            ("core", name, *arguments.values()), partial(_settled, self._later(name, shape, **arguments))
        )
        if isinstance(answer, CoreUnavailable | LookupError):
            raise answer
        return answer


def _unless_unknown(work: Callable[[], T], unknown: T) -> T:
    """The answer, or what stands for it where the core answers 404: who is unknown must not show by an apology."""
    try:
        return work()
    except LookupError:
        return unknown


def _settled(work: Callable[[], T]) -> T | CoreUnavailable | LookupError:
    try:
        return work()
    except (CoreUnavailable, LookupError) as error:
        return error


def _bill_verdict(due: Bill | None, bill: Bill) -> Verdict:
    if due is None or due.id != bill.id:
        return Verdict("already_paid")
    return Verdict("bill_changed" if due.amount_fen != bill.amount_fen else "")
