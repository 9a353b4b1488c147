"""The ledger as a state machine: whatever is asked in whatever order, the books hold, key by key."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.bank.core import Posting
from ivr.bank.ledger.ledger import LedgerBank
from ivr.bank.limits import start_of_day
from ivr.bank.models import BankAccount, LedgerEntry, LedgerPosting
from ivr.foundation.errors import IdempotencyConflict
from tests.bank.harnesses import LedgerHarness
from tests.support.selection import examples

ACCOUNTS = {"wang_fang": "12", "li_qiang": "3", "chen_jing": "4"}
PAYEES = ("own.1", "own.2", "payee.1", "payee.2", "nobody")
CUSTOMERS = st.sampled_from(sorted(ACCOUNTS))
KEYS = st.sampled_from([f"CA{call}:{visit}" for call in range(3) for visit in range(4)])
FEN = st.one_of(st.integers(1, 6_000_00), st.sampled_from([5_000_00, 5_000_01, 1_250_00, 8_000_00]))
PLACES = (("electricity", "3100458812"), ("water", "12000786"))


class Books(RuleBasedStateMachine):
    """One transaction for all steps, rolled back at the end; `answers` is what the keys were told so far."""

    def __init__(self, harness: LedgerHarness) -> None:
        super().__init__()
        self.harness = harness
        self.harness.now = start_of_day(harness.now, harness.settings.bank.zone) + timedelta(hours=10)
        self.connection = harness.database.durable.connect()
        self.transaction = self.connection.begin()
        self.db = Session(self.connection)
        self.answers: dict[str, tuple[object, Posting]] = {}
        self.sent: dict[tuple[str, datetime], int] = defaultdict(int)

    def teardown(self) -> None:
        self.db.close()
        self.transaction.rollback()
        self.connection.close()

    def bank(self) -> LedgerBank:
        """The bank for the next instruction, which elsewhere has a transaction of its own: it holds no lock yet."""
        self.connection.info.clear()
        return self.harness.bank(self.db)

    @rule(key=KEYS, customer_id=CUSTOMERS, number=st.integers(0, 1), payee=st.sampled_from(PAYEES), fen=FEN)
    def transfer(self, key: str, customer_id: str, number: int, payee: str, fen: int) -> None:
        account = ACCOUNTS[customer_id][number % len(ACCOUNTS[customer_id])]
        request = ("transfer", customer_id, account, payee, fen)
        bank = self.bank()
        if key in self.answers and self.answers[key][0] != request:
            with pytest.raises(IdempotencyConflict):
                bank.transfer(key, customer_id, account, payee, fen)
            return
        is_new = key not in self.answers
        self.keep(key, request, bank.transfer(key, customer_id, account, payee, fen))
        if is_new and self.answers[key][1].state == "done":
            self.sent[customer_id, start_of_day(self.harness.now, self.harness.settings.bank.zone)] += fen

    @rule(key=KEYS, customer_id=CUSTOMERS, place=st.sampled_from(PLACES), wrong_by=st.sampled_from([0, 0, 1]))
    def pay(self, key: str, customer_id: str, place: tuple[str, str], wrong_by: int) -> None:
        bank = self.bank()
        bill = bank.find_bill(*place)
        if bill is None:
            return
        bill = type(bill)(bill.id, bill.biller, bill.customer_number, bill.amount_fen + wrong_by)
        account = ACCOUNTS[customer_id][0]
        request = ("bill", customer_id, account, bill)
        if key in self.answers and self.answers[key][0] != request:
            with pytest.raises(IdempotencyConflict):
                bank.pay_bill(key, customer_id, account, bill)
            return
        self.keep(key, request, bank.pay_bill(key, customer_id, account, bill))

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.harness.now += timedelta(hours=hours)

    def keep(self, key: str, request: object, posting: Posting) -> None:
        assert self.answers.setdefault(key, (request, posting)) == (request, posting), "another answer for one key"

    @invariant()
    def every_key_has_exactly_its_own_entries(self) -> None:
        lines = defaultdict(list)
        for key, amount in self.db.execute(
            select(LedgerPosting.key, LedgerEntry.amount_fen)
            .join(LedgerEntry)
            .where(LedgerPosting.key.startswith("CA"))
        ):
            lines[key].append(amount)
        for key, (request, posting) in self.answers.items():
            assert isinstance(request, tuple)
            fen = request[-1] if isinstance(request[-1], int) else request[-1].amount_fen
            assert sorted(lines.pop(key, [])) == ([-fen, fen] if posting.state == "done" else [])
        assert not lines

    @invariant()
    def balances_are_sums_and_none_is_negative(self) -> None:
        sums = select(LedgerEntry.account_id, func.sum(LedgerEntry.amount_fen)).group_by(LedgerEntry.account_id)
        totals = {account: int(total) for account, total in self.db.execute(sums)}
        assert sum(totals.values()) == 0
        for account, balance in self.db.execute(select(BankAccount.id, BankAccount.balance_fen)):
            assert balance == totals[account] >= 0

    @invariant()
    def no_day_is_over_its_limit(self) -> None:
        assert all(total <= self.harness.settings.transfer.a_day_fen for total in self.sent.values())


def test_the_books_hold_whatever_is_asked(ledger: LedgerHarness) -> None:
    class BooksOfThisLedger(Books):
        def __init__(self) -> None:
            super().__init__(ledger)

    run_state_machine_as_test(
        BooksOfThisLedger,
        settings=settings(
            max_examples=examples(50),
            stateful_step_count=25,
            deadline=None,
            print_blob=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
