"""Test harnesses of the bank: each adapter is called through the port, in one transaction per call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from ivr.bank.core import CoreBank, Posting
from ivr.bank.ledger.books import Books
from ivr.bank.ledger.demo import load_demo_bank, register_payee
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.bank.ledger.ledger import LedgerBank
from ivr.db import Database
from ivr.db.retry import is_retryable
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring

T = TypeVar("T")
TEN_IN_THE_MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Shanghai
TRIES = 8


class BankHarness(Protocol):
    """A bank adapter under test, with a clock that tests set."""

    now: datetime

    def ask(self, deed: Callable[[CoreBank], T]) -> T:
        """Run an operation of the bank in one committed transaction."""

    def post(self, deed: Callable[[CoreBank], Posting]) -> Posting:
        """Give an instruction and wait for its outcome."""

    def deliver(self) -> None:
        """Deliver the stored orders to the core."""


@dataclass
class LedgerHarness:
    """The embedded bank with its demonstration customers."""

    database: Database
    keyring: Keyring
    settings: Settings
    hasher: PasswordHasher
    now: datetime = field(default=TEN_IN_THE_MORNING)
    tries: int = TRIES

    def open(self) -> "LedgerHarness":
        """Load the demonstration bank."""
        with self.database.begin() as connection, Session(connection) as db:
            assert load_demo_bank(db, self.keyring, self.hasher, self.now)
            db.commit()
        return self

    def register(self, customer_id: str, name: str, card: str) -> str:
        """A payee as a branch registers one; returns its id."""
        with self.database.begin() as connection, Session(connection) as db:
            register_payee(Books(db, self.keyring, self.now), customer_id, name, card)
            db.commit()
        return self.ask(lambda bank: bank.payees(customer_id))[-1].id

    def bank(self, db: Session) -> LedgerBank:
        """The port inside a transaction."""
        return LedgerBank(db, self.keyring, self.now, self.settings, self.hasher)

    def ask(self, deed: Callable[[CoreBank], T]) -> T:
        """One transaction, taken again as a turn is when the database asks for it."""
        for _ in range(self.tries):
            try:
                with self.database.begin() as connection, Session(connection) as db:
                    answer = deed(self.bank(db))
                    db.commit()
                    return answer
            except IntegrityError:
                continue
            except OperationalError as error:
                if not is_retryable(error):
                    raise
        raise AssertionError(f"a transaction did not go through in {self.tries} tries")

    def post(self, deed: Callable[[CoreBank], Posting]) -> Posting:
        """Nothing is ever open here."""
        return self.ask(deed)

    def deliver(self) -> None:
        """Nothing is accepted for later."""

    def pass_time(self, **amount: float) -> None:
        """Move the clock, `timedelta` words."""
        self.now += timedelta(**amount)
