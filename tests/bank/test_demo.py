"""The demonstration bank that people try the hotline with."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.bank.ledger.demo import ACCOUNTS, MOVEMENTS, load_demo_bank
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.bank.models import BankAccount, BankCustomer, LedgerPosting
from ivr.db import Database
from ivr.foundation.crypto import Keyring
from tests.bank.harnesses import TEN_IN_THE_MORNING, LedgerHarness


def test_every_account_holds_what_it_should_after_months_of_movements(ledger: LedgerHarness) -> None:
    with ledger.database.begin() as connection:
        assert list(connection.scalars(select(BankAccount.balance_fen).order_by(BankAccount.id))) == [
            held.balance_fen for held in ACCOUNTS.values()
        ]
        first, last = connection.execute(select(func.min(LedgerPosting.at), func.max(LedgerPosting.at))).one()
    assert first < ledger.now - timedelta(days=90)
    assert ledger.now - timedelta(days=7) < last < ledger.now - timedelta(days=1)


def test_the_movements_are_in_the_order_of_their_days() -> None:
    days = [days_ago for days_ago, *_ in MOVEMENTS]
    assert days == sorted(days, reverse=True)


def test_loading_again_changes_nothing(ledger: LedgerHarness) -> None:
    with ledger.database.begin() as connection, Session(connection) as db:
        before = db.scalars(select(func.count(LedgerPosting.id))).one()
        assert load_demo_bank(db, ledger.keyring, ledger.hasher, ledger.now)
        assert db.scalars(select(func.count(LedgerPosting.id))).one() == before


def test_nothing_is_loaded_where_others_bank(database: Database, keyring: Keyring, fast_hasher: PasswordHasher) -> None:
    with database.begin() as connection, Session(connection) as db:
        db.add(BankCustomer(id="someone"))
        db.flush()
        assert not load_demo_bank(db, keyring, fast_hasher, TEN_IN_THE_MORNING)
        assert list(db.scalars(select(BankCustomer.id))) == ["someone"]
