"""Money that leaves for a card of another bank."""

from sqlalchemy import select

from ivr.bank.models import LedgerEntry, LedgerPosting
from tests.bank.harnesses import LedgerHarness


def test_a_payee_at_another_bank_is_paid_through_the_interbank_book(ledger: LedgerHarness) -> None:
    payee = ledger.register("wang_fang", "赵敏", "6228480402564890018")
    posting = ledger.ask(lambda bank: bank.transfer("CA1:1", "wang_fang", "1", payee, 800_00))
    assert posting.state == "done"
    with ledger.database.begin() as connection:
        sides = select(LedgerEntry.account_id, LedgerEntry.book, LedgerEntry.amount_fen).join(LedgerPosting)
        found = connection.execute(sides.where(LedgerPosting.key == "CA1:1").order_by(LedgerEntry.line)).all()
    assert [tuple(side) for side in found] == [(1, "", -800_00), (None, "interbank", 800_00)]
