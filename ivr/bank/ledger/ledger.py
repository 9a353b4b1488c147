"""The embedded bank: the port `CoreBank` on the ledger's own tables, inside the caller's transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
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
from ivr.bank.ledger.bills import Bills
from ivr.bank.ledger.books import Books, answer
from ivr.bank.ledger.cards import Cards
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.bank.ledger.passwords import Passwords
from ivr.bank.ledger.transfers import Transfers
from ivr.bank.models import LedgerPosting
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring


class LedgerBank(CoreBank):
    """A core bank whose instructions stand, or are refused, with the transaction they came in.

    Nothing is ever pending here. What commits with the transaction, commits once: a second transaction with the same
    key waits for the first on the customer's row, and finds its posting; where it cannot wait (another customer
    under the same key) it meets an IntegrityError, and the turn is taken again.

    It is put together from four counters at the same books; each method is told in `CoreBank`.
    """

    def __init__(
        self, db: Session, keyring: Keyring, now: datetime, settings: Settings, hasher: PasswordHasher
    ) -> None:
        books = Books(db, keyring, now)
        self.books = books
        self._cards, self._bills = Cards(books), Bills(books)
        self._transfers, self._passwords = Transfers(books, settings), Passwords(books, settings, hasher)

    def outcome(self, key: str) -> Posting | None:
        row = self.books.db.scalars(select(LedgerPosting).where(LedgerPosting.key == key)).one_or_none()
        return None if row is None else answer(row)

    def holder_of_card(self, card: str) -> str | None:
        return self._cards.holder_of_card(card)

    def accounts(self, customer_id: str) -> tuple[Account, ...]:
        return self._cards.accounts(customer_id)

    def movements(self, customer_id: str, account: str, limit: int) -> tuple[Movement, ...]:
        return self._cards.movements(customer_id, account, limit)

    def report_loss(self, key: str, customer_id: str, card: str, until: datetime) -> LossReport:
        return self._cards.report_loss(key, customer_id, card, until)

    def find_bill(self, biller: str, customer_number: str) -> Bill | None:
        return self._bills.find_bill(biller, customer_number)

    def pay_bill(self, key: str, customer_id: str, account: str, bill: Bill) -> Posting:
        return self._bills.pay_bill(key, customer_id, account, bill)

    def payees(self, customer_id: str) -> tuple[Payee, ...]:
        return self._transfers.payees(customer_id)

    def check_transfer(self, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        return self._transfers.check_transfer(customer_id, account, payee, amount_fen)

    def recent_transfer(self, customer_id: str, payee: str, amount_fen: int, since: datetime, not_call: str) -> bool:
        return self._transfers.recent_transfer(customer_id, payee, amount_fen, since, not_call)

    def transfer(self, key: str, customer_id: str, account: str, payee: str, amount_fen: int) -> Posting:
        return self._transfers.transfer(key, customer_id, account, payee, amount_fen)

    def password_check(self, customer_id: str, kind: PasswordKind, given: str) -> Callable[[], bool]:
        return self._passwords.password_check(customer_id, kind, given)

    def password_standing(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], PasswordStanding]:
        return self._passwords.password_standing(customer_id, kind, new)

    def password_prepare(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], str]:
        return self._passwords.password_prepare(customer_id, kind, new)

    def set_password(self, key: str, customer_id: str, kind: PasswordKind, prepared: str) -> None:
        self._passwords.set_password(key, customer_id, kind, prepared)

    def hold_transfers(self, customer_id: str, until: datetime) -> None:
        self._passwords.hold_transfers(customer_id, until)
