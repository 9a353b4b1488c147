"""What the books say against what stands beside it: each change that gets round the program is one line."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.bank import reconciliation, tasks
from ivr.bank.core import Bill
from tests.bank.harnesses import LedgerHarness
from tests.bank.remote import WANG, RemoteHarness, transfer

GUARDS = {
    "sqlite": ("drop trigger entries_no_update", "drop trigger postings_no_update", "drop trigger entries_no_delete"),
    "postgresql": ("drop trigger entries_no_change on entries", "drop trigger postings_no_change on postings"),
}
EXCHANGED = (
    "update passwords set hash = (select hash from passwords where customer_id = '{}' and kind = '{}') "
    "where customer_id = 'wang_fang' and kind = '{}'"
)
FORGED = (
    "insert into postings (key, request, kind, state, customer_id, amount_fen, reference, at, refusal, room_fen, "
    "earlier) select 'CA9:1', request, kind, state, customer_id, amount_fen, '999999999999', at, refusal, room_fen, "
    "earlier from postings where key = 'CA1:1'",
    "insert into entries (posting_id, line, account_id, book, amount_fen) "
    "select (select id from postings where key = 'CA9:1'), line, account_id, book, amount_fen from entries "
    "where posting_id = (select id from postings where key = 'CA1:1')",
    "update accounts set balance_fen = balance_fen - 100000 where id = 1",
    "update accounts set balance_fen = balance_fen + 100000 where id = 3",
)
CHANGES = {
    "a balance": (["update accounts set balance_fen = balance_fen + 1 where id = 2"], "account 2 holds 800001 fen"),
    "an account without entries": (
        ["insert into accounts (customer_id, balance_fen) values ('wang_fang', 5)"], "5 fen, its entries sum to 0",
    ),
    "two balances against each other": (
        ["update accounts set balance_fen = balance_fen - 7 where id = 1",
         "update accounts set balance_fen = balance_fen + 7 where id = 2"], "account 1 holds",
    ),
    "an entry": (
        ["update entries set amount_fen = 100001 where line = 1 and posting_id = "
         "(select id from postings where key = 'CA1:1')"], "posting CA1:1",
    ),
    "the amount of a posting": (["update postings set amount_fen = 5 where key = 'CA1:1'"], "posting CA1:1 over 5 fen"),
    "a posting of somebody else's": (FORGED, "posting CA9:1 was not written by the hotline"),
    "a bill that nobody paid": (
        ["update bills set posting_id = (select id from postings where key = 'CA1:1') where posting_id is null"],
        "marked as paid by posting CA1:1",
    ),
    "the amount of a paid bill": (
        ["update bills set amount_fen = 1 where posting_id is not null"], "marked as paid by posting CA1:2",
    ),
    "the password of another customer": (
        [EXCHANGED.format("li_qiang", "query", "query")], "the query password of customer wang_fang",
    ),
    "the password of the other kind": (
        [EXCHANGED.format("wang_fang", "query", "transaction")], "the transaction password of customer wang_fang",
    ),
    "the whole row of another customer": (
        ["delete from passwords where customer_id = 'wang_fang' and kind = 'query'",
         "update passwords set customer_id = 'wang_fang' where customer_id = 'li_qiang' and kind = 'query'"],
        "the query password of customer wang_fang",
    ),
}  # fmt: skip


def found(harness: LedgerHarness | RemoteHarness) -> list[str]:
    keyring = harness.keyring if isinstance(harness, LedgerHarness) else harness.core.harness.keyring
    with harness.database.look() as transaction, Session(transaction.connection) as db:
        return list(reconciliation.faults(db, keyring))


def do(harness: LedgerHarness | RemoteHarness, *statements: str) -> None:
    with harness.database.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def used(ledger: LedgerHarness) -> LedgerHarness:
    """A bank in which things were done: a transfer, a paid bill, one refused, a loss, a password twice."""
    bill = Bill("1", "electricity", "3100458812", 186_40)
    ledger.ask(transfer("CA1:1"))
    ledger.ask(lambda bank: bank.pay_bill("CA1:2", WANG, "1", bill))
    assert ledger.ask(transfer("CA1:3", 900_000_00)).state == "refused"
    ledger.ask(lambda bank: bank.report_loss("CA1:4", WANG, "6222021001987654321", ledger.now))
    for number, new in enumerate(("604271", "915038")):
        prepared = ledger.ask(lambda bank, new=new: bank.password_prepare(WANG, "query", new))()  # type: ignore[misc]
        ledger.ask(lambda bank, p=prepared, n=number: bank.set_password(f"CA2:{n}", WANG, "query", p))  # type: ignore[misc]
    return ledger


def test_books_that_nobody_touched_agree(used: LedgerHarness) -> None:
    assert found(used) == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_one_line(ledger: LedgerHarness, change: str) -> None:
    statements, said = CHANGES[change]
    ledger.ask(transfer("CA1:1"))
    ledger.ask(lambda bank: bank.pay_bill("CA1:2", WANG, "1", Bill("1", "electricity", "3100458812", 186_40)))
    if ledger.database.is_sqlite:
        do(ledger, *GUARDS["sqlite"])
    else:
        do(ledger, *GUARDS["postgresql"], "drop trigger entries_balanced on entries")
    assert found(ledger) == []
    do(ledger, *statements)
    faults = found(ledger)
    assert any(said in fault for fault in faults), faults
    assert not any(number in fault for fault in faults for number in ("6222021001122334458", "13800138000", "王芳"))


def test_an_old_password_that_is_made_the_present_one_again_is_noticed(used: LedgerHarness) -> None:
    do(
        used,
        "update passwords set current = false where customer_id = 'wang_fang' and kind = 'query'",
        "update passwords set current = true where id = "
        "(select min(id) from passwords where customer_id = 'wang_fang' and kind = 'query')",
    )
    assert len(found(used)) == 2


@pytest.mark.parametrize(
    ("source", "password"), [(("li_qiang", "query"), "582047"), (("wang_fang", "transaction"), "285907")]
)
def test_an_exchanged_hash_opens_nothing(ledger: LedgerHarness, source: tuple[str, str], password: str) -> None:
    """Who can write to the database and knows one password must not hold another customer's account with it."""
    assert not ledger.ask(lambda bank: bank.password_check(WANG, "query", password))()
    do(ledger, EXCHANGED.format(*source, "query"))
    assert not ledger.ask(lambda bank: bank.password_check(WANG, "query", password))()
    assert ledger.ask(lambda bank: bank.password_check("li_qiang", "query", "582047"))()


def test_what_an_order_holds_is_what_was_ordered(remote: RemoteHarness) -> None:
    remote.core.fail("transfer", "lost")
    until = remote.now
    remote.ask(transfer("CA1:1"))
    remote.ask(lambda bank: bank.pay_bill("CA1:2", WANG, "1", Bill("1", "electricity", "3100458812", 186_40)))
    remote.ask(lambda bank: bank.report_loss("CA1:3", WANG, "6222021001987654321", until))
    remote.ask(lambda bank: bank.set_password("CA1:4", WANG, "query", "prepared"))
    remote.ask(lambda bank: bank.hold_transfers(WANG, until))
    remote.deliver()
    assert found(remote) == []
    do(remote, "update core_orders set amount_fen = 1 where key = 'CA1:1'")
    assert found(remote) == ["order CA1:1 is not the one that was made: it holds 1 fen"]
    do(remote, "update core_orders set customer_id = 'li_qiang' where key = 'CA1:2'")
    assert len(found(remote)) == 2
    with remote.database.begin() as connection:
        connection.execute(text("update core_orders set body = :b where key = 'CA1:3'"), {"b": b"x" * 40})
    assert "order CA1:3 cannot be read" in found(remote)


def test_the_worker_reconciles_once_a_day_and_keeps_what_it_found(ledger: LedgerHarness) -> None:
    def kept() -> tuple[object, int] | None:
        with ledger.database.look() as transaction, Session(transaction.connection) as db:
            row = reconciliation.last(db)
            return None if row is None else (row.at, row.faults)

    assert kept() is None
    tasks.daily(ledger.database, ledger.keyring, ledger.now)
    assert kept() == (ledger.now, 0)
    first = ledger.now
    do(ledger, "update accounts set balance_fen = balance_fen + 1 where id = 2")
    ledger.pass_time(hours=23)
    tasks.daily(ledger.database, ledger.keyring, ledger.now)
    assert kept() == (first, 0)
    ledger.pass_time(hours=1)
    tasks.daily(ledger.database, ledger.keyring, ledger.now)
    assert kept() == (ledger.now, 1)
