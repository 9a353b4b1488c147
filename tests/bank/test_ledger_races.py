"""Two calls at the same moment, on each database: one effect for each key, no limit passed, no deadlock left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.bank.core import CoreBank, Posting
from ivr.bank.ledger.ledger import LedgerBank
from ivr.bank.models import BankAccount, LedgerEntry, LedgerPosting
from ivr.foundation.errors import IdempotencyConflict
from tests.bank.harnesses import LedgerHarness

WANG, LI = "wang_fang", "li_qiang"
Deed = Callable[[CoreBank], Posting]
OVERLAP_SECONDS = 0.4  # how long the second call may run into the first one's open transaction


def together(ledger: LedgerHarness, deeds: list[Deed]) -> list[Posting]:
    """Run every operation on its own thread, all starting at once."""
    barrier = Barrier(len(deeds))

    def run(deed: Deed) -> Posting:
        barrier.wait(20)
        return ledger.ask(deed)

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(60) for future in [pool.submit(run, deed) for deed in deeds]]


def interleaved(ledger: LedgerHarness, first: Deed, second: Deed) -> tuple[Posting, Posting]:
    """Run the second operation while the first one's transaction is still open."""
    with ThreadPoolExecutor(1) as pool:
        finished = Event()
        with ledger.database.begin() as connection, Session(connection) as db:
            done = first(ledger.bank(db))
            db.commit()
            later = pool.submit(ledger.ask, second)
            later.add_done_callback(lambda _: finished.set())
            finished.wait(OVERLAP_SECONDS)
        return done, later.result(30)


def entries_of(ledger: LedgerHarness, key: str) -> list[int]:
    with ledger.database.begin() as connection:
        found = select(LedgerEntry.amount_fen).join(LedgerPosting).where(LedgerPosting.key == key)
        return sorted(connection.scalars(found))


def balances_equal_entries(ledger: LedgerHarness) -> bool:
    sums = select(LedgerEntry.account_id, func.sum(LedgerEntry.amount_fen)).group_by(LedgerEntry.account_id)
    with ledger.database.begin() as connection:
        kept = {row.id: row.balance_fen for row in connection.execute(select(BankAccount.id, BankAccount.balance_fen))}
        return kept == {account: total for account, total in connection.execute(sums) if account is not None}


def transfer(key: str, fen: int, customer_id: str = WANG, account: str = "1", payee: str = "payee.1") -> Deed:
    return lambda bank: bank.transfer(key, customer_id, account, payee, fen)


def test_one_key_from_many_calls_has_one_effect(ledger: LedgerHarness) -> None:
    for number in range(5):
        postings = together(ledger, [transfer(f"CA{number}:1", 100_00)] * 4)
        assert len(set(postings)) == 1
        assert entries_of(ledger, f"CA{number}:1") == [-100_00, 100_00]
    assert balances_equal_entries(ledger)


def test_a_key_in_use_is_not_used_again_while_its_transaction_is_open(ledger: LedgerHarness) -> None:
    first, second = interleaved(ledger, transfer("CA1:1", 100_00), transfer("CA1:1", 100_00))
    assert first == second
    assert entries_of(ledger, "CA1:1") == [-100_00, 100_00]


def test_one_key_of_two_customers_at_once_serves_the_first_and_alarms(ledger: LedgerHarness) -> None:
    with pytest.raises(IdempotencyConflict):
        interleaved(ledger, transfer("CA1:1", 100_00), transfer("CA1:1", 100_00, "chen_jing", "4", "payee.2"))
    assert entries_of(ledger, "CA1:1") == [-100_00, 100_00]


def test_two_transfers_that_together_overdraw_end_in_one(ledger: LedgerHarness) -> None:
    ledger.tries = 1  # the rule refuses; it is not the schema that stops it and a second try that finds out
    looked = Event()

    def after_a_look(bank: CoreBank) -> Posting:
        assert isinstance(bank, LedgerBank)
        seen_before = bank.books.db.scalars(
            select(BankAccount)
        ).all()  # held on to, so the session knows them as they were
        looked.set()
        posting = bank.transfer("CA2:1", WANG, "2", "payee.1", 5_000_00)
        assert len(seen_before) == 5
        return posting

    first, second = interleaved(ledger, transfer("CA1:1", 5_000_00, account="2"), after_a_look)
    assert looked.is_set()
    assert (first.state, second.refusal) == ("done", "no_funds")
    assert balances_equal_entries(ledger)


def test_two_accounts_at_once_do_not_pass_the_limit_of_the_day(ledger: LedgerHarness) -> None:
    elsewhere = ledger.register(WANG, "赵敏", "6228480402564890018")
    for number in range(3):
        ledger.ask(transfer(f"CA0:{number}", 5_000_00))
    first, second = interleaved(
        ledger, transfer("CA1:1", 5_000_00), transfer("CA2:1", 5_000_00, account="2", payee=elsewhere)
    )
    assert (first.state, second.refusal, second.room_fen) == ("done", "over_day", 0)


def test_two_payers_of_one_bill_pay_it_once(ledger: LedgerHarness) -> None:
    bill = ledger.ask(lambda bank: bank.find_bill("electricity", "3100458812"))
    assert bill is not None
    first, second = interleaved(
        ledger,
        lambda bank: bank.pay_bill("CA1:1", WANG, "1", bill),
        lambda bank: bank.pay_bill("CA2:1", "chen_jing", "4", bill),
    )
    assert (first.state, second.refusal) == ("done", "already_paid")
    assert entries_of(ledger, "CA2:1") == []


def test_transfers_against_each_other_all_go_through(ledger: LedgerHarness) -> None:
    deeds = [
        transfer(f"CA{number}:{side}", 1_00, account=str(side), payee=f"own.{3 - side}")
        for number in range(4)
        for side in (1, 2)
    ]
    postings = together(ledger, deeds)
    assert {posting.state for posting in postings} == {"done"}
    assert all(entries_of(ledger, f"CA{n}:{side}") == [-1_00, 1_00] for n in range(4) for side in (1, 2))
    assert balances_equal_entries(ledger)


def test_customers_who_pay_each_other_do_not_stop_each_other(ledger: LedgerHarness) -> None:
    to_wang = transfer("CA2:1", 1_00, "chen_jing", "4", "payee.2")
    for number in range(4):
        postings = together(ledger, [transfer(f"CA{number}:9", 1_00), transfer(f"CB{number}:9", 1_00), to_wang])
        assert {posting.state for posting in postings} == {"done"}
    assert entries_of(ledger, "CA2:1") == [-1_00, 1_00]
    assert balances_equal_entries(ledger)
