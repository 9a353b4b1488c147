"""The port `CoreBank` on a remote core: queries over HTTP, instructions as orders for the worker.

A query goes through `ask`, which runs slow work outside the turn's transaction: the first time, the turn is rolled
back, the query is sent with no lock held, and the turn is retried with the answer. Instructions are never sent inside
a turn: the order is stored with the turn, and `Dispatch` sends it.
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
    PasswordReuse,
    Payee,
    Posting,
)
from ivr.bank.instructions import Instruction
from ivr.bank.limits import Verdict, card_verdict, first, funds_verdict
from ivr.bank.remote import shapes
from ivr.bank.remote.client import Budget, CoreClient
from ivr.bank.remote.models import CoreOrder
from ivr.bank.remote.orders import Orders
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import CoreUnavailable

T = TypeVar("T")


class Ask(Protocol):
    """Runs slow, repeatable work outside the turn's transaction; the result is cached under `key` for the turn."""

    def __call__(self, key: object, work: Callable[[], T]) -> T:
        """The cached result; without one, raises a request to run the work and retry the turn."""


class HttpBank(CoreBank):
    """The port on a remote core. An order counts at once in balances and limits, before the core knows it."""

    def __init__(
        self,
        db: Session,
        keyring: Keyring,
        now: datetime,
        settings: Settings,
        client: CoreClient,
        ask: Ask,
        budget: Budget | None = None,
    ) -> None:
        self._orders = Orders(db, keyring, now)
        self._keyring = keyring
        self._settings = settings
        self._client = client
        self._ask = ask
        self._budget = budget

    def holder_of_card(self, card: str) -> str | None:
        """The customer who holds this card."""
        return _unless_unknown(partial(self._question, "holder_of_card", shapes.HOLDER, card=card), None)

    def accounts(self, customer_id: str) -> tuple[Account, ...]:
        """The core's accounts, minus the amounts of open orders; cards with a loss report are shown as lost."""
        none: tuple[Account, ...] = ()
        known = _unless_unknown(partial(self._question, "accounts", shapes.ACCOUNTS, customer=customer_id), none)
        return tuple(self._with_orders(customer_id, account) for account in known)

    def movements(self, customer_id: str, account: str, limit: int) -> tuple[Movement, ...]:
        """The newest movements at the core."""
        return self._question("movements", shapes.MOVEMENTS, customer_id=customer_id, account=account, limit=limit)

    def password_check(self, customer_id: str, kind: PasswordKind, given: str) -> Callable[[], bool]:
        """Verify a password at the core. The returned callable raises `CoreUnavailable`, which counts as no wrong try.

        An unknown customer is asked about like any other, so that callers notice no difference.
        """
        check = self._later("password_check", shapes.YES_OR_NO, customer=customer_id, kind=kind, given=given)
        return partial(_unless_unknown, check, False)

    def password_reuse(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], PasswordReuse]:
        """Ask the core whether a new password repeats another one."""
        return self._later("password_standing", shapes.PASSWORD_REUSE, customer_id=customer_id, kind=kind, new=new)

    def password_prepare(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], str]:
        """The form of a new password that the core stores."""
        return self._later("password_prepare", shapes.PREPARED, customer_id=customer_id, kind=kind, new=new)

    def set_password(self, key: str, customer_id: str, kind: PasswordKind, prepared: str) -> None:
        """Order a new password; the old one stays valid until the worker has sent the order."""
        asked = Instruction(key, "password", customer_id, 0, (kind, prepared))
        if self._orders.seen(asked) is None:
            body = {"customer": customer_id, "kind": kind, "prepared": prepared}
            self._orders.make(asked, "password", body, Verdict())

    def hold_transfers(self, customer_id: str, until: datetime) -> None:
        """Hold transfers here at once, and order the hold at the core."""
        asked = Instruction(f"hold:{customer_id}:{until.isoformat()}", "hold", customer_id, 0, (until.isoformat(),))
        if self._orders.seen(asked) is None:
            body = {"customer": customer_id, "until": until.isoformat()}
            self._orders.make(asked, "hold", body, Verdict(until=until))

    def find_bill(self, biller: str, customer_number: str) -> Bill | None:
        """The open bill; None while an order is paying it."""
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
        """The core's verdict, after the orders of this hotline were checked."""
        said = self._question(
            "check_transfer", shapes.POSTING, customer=customer_id, account=account, payee=payee, amount_fen=amount_fen
        )
        if said.state == "refused":
            return said
        source = self._owned(customer_id, account)
        verdict = self._orders.against_transfer(customer_id, source, amount_fen, self._settings)
        return Posting("refused" if verdict.refusal else "done", "", verdict.refusal, verdict.room_fen, verdict.until)

    def recent_transfer(self, customer_id: str, payee: str, amount_fen: int, since: datetime, not_call: str) -> bool:
        """Whether another call ordered the same transfer."""
        return self._orders.has_ordered_transfer(customer_id, payee, amount_fen, since, not_call)

    def transfer(self, key: str, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        """Order a transfer that passed the core's check."""
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
        """Stop a card here at once, and order the stop at the core."""
        asked = Instruction(key, "loss", customer_id, 0, (card, until.isoformat()))
        order = self._orders.seen(asked)
        if order is None:
            order = self._report(asked, card, until)
        if order.until is None:
            raise RuntimeError("a report of loss without an end")
        return LossReport(card, order.until, not order.earlier, order.earlier or order.reference)

    def outcome(self, key: str) -> Posting | None:
        """The outcome of an order, from the hotline's own table."""
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
        stands = self._question("standing_report", shapes.REPORT_OR_NONE, customer_id=asked.customer_id, card=card)
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
        return partial(self._client.ask, name, shape, arguments, budget=self._budget)

    def _question(self, name: str, shape: TypeAdapter[T], **arguments: object) -> T:
        """The answer to a query; an error is cached for the turn like an answer, and raised here."""
        answer = self._ask(
            ("core", name, *arguments.values()), partial(_settled, self._later(name, shape, **arguments))
        )
        if isinstance(answer, CoreUnavailable | LookupError):
            raise answer
        return answer


def _unless_unknown(work: Callable[[], T], unknown: T) -> T:
    """The answer, or `unknown` for a 404: an unknown customer must not be recognisable by an apology."""
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
