"""The embedded bank: the port `CoreBank` on the ledger's tables, inside the caller's transaction."""

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
    PasswordReuse,
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
    """A core bank whose instructions are done or refused within the calling transaction.

    Nothing is ever pending here. Instructions are idempotent: a second transaction with the same key waits for the
    first on the customer's row and finds its posting; with another customer under the same key it gets an
    IntegrityError, and the turn is retried.

    It delegates to four parts that share the same books; `CoreBank` documents each method.
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

    def password_reuse(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], PasswordReuse]:
        return self._passwords.password_reuse(customer_id, kind, new)

    def password_prepare(self, customer_id: str, kind: PasswordKind, new: str) -> Callable[[], str]:
        return self._passwords.password_prepare(customer_id, kind, new)

    def set_password(self, key: str, customer_id: str, kind: PasswordKind, prepared: str) -> None:
        self._passwords.set_password(key, customer_id, kind, prepared)

    def hold_transfers(self, customer_id: str, until: datetime) -> None:
        self._passwords.hold_transfers(customer_id, until)
