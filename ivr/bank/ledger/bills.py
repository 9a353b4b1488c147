"""Bills: find the open one, and pay it once for exactly the amount that was read back."""

from dataclasses import dataclass

from sqlalchemy import select, update

from ivr.bank.core import Bill, Posting
from ivr.bank.instructions import Instruction
from ivr.bank.ledger.books import Books, answer
from ivr.bank.limits import Verdict, card_verdict, first, funds_verdict
from ivr.bank.models import BillerNumber, IssuedBill
from ivr.db.locks import Lock, note_lock


@dataclass(frozen=True)
class Bills:
    """The bill operations of the port."""

    books: Books

    def find_bill(self, biller: str, customer_number: str) -> Bill | None:
        """The open bill of a customer number; LookupError when the biller does not know the number."""
        known = select(BillerNumber).where(BillerNumber.biller == biller, BillerNumber.number == customer_number)
        number = self.books.db.scalars(known).one_or_none()
        if number is None:
            raise LookupError("no such customer number")
        due = select(IssuedBill).where(IssuedBill.number_id == number.id, IssuedBill.posting_id.is_(None))
        bill = self.books.db.scalars(due).one_or_none()
        return None if bill is None else Bill(str(bill.id), biller, customer_number, bill.amount_fen)

    def pay_bill(self, key: str, customer_id: str, account: str, bill: Bill) -> Posting:
        """Pay a bill once per key. LookupError when the account or the bill is unknown."""
        about = (account, bill.id, bill.biller, bill.customer_number)
        asked = Instruction(key, "bill", customer_id, bill.amount_fen, about)
        self.books.lock_customer(customer_id)
        known = self.books.seen(asked)
        if known is not None:
            return answer(known)
        source, card = self.books.owned(customer_id, account)
        self.books.lock_accounts([source.id])
        self.books.db.refresh(card)
        row = self._lock_bill(bill)
        has_funds = funds_verdict(source.balance_fen, bill.amount_fen)
        verdict = first([_bill_verdict(row, bill), card_verdict(self.books.card_state(card)), has_funds])
        posting = self.books.record(asked, verdict)
        if not verdict.refusal:
            self._settle(row, posting.id)
            self.books.move(posting, source, f"biller.{bill.biller}")
        return answer(posting)

    def _lock_bill(self, bill: Bill) -> IssuedBill:
        note_lock(self.books.db, Lock.BANK_BILL, bill.id.encode())
        found = (
            select(IssuedBill)
            .join(BillerNumber)
            .where(
                IssuedBill.id == (int(bill.id) if bill.id.isascii() and bill.id.isdigit() else 0),
                BillerNumber.biller == bill.biller,
                BillerNumber.number == bill.customer_number,
            )
            .with_for_update(key_share=True, of=IssuedBill)
        )
        row = self.books.db.scalars(found, execution_options={"populate_existing": True}).one_or_none()
        if row is None:
            raise LookupError("no such bill")
        return row

    def _settle(self, row: IssuedBill, posting: int) -> None:
        open_still = IssuedBill.id == row.id, IssuedBill.posting_id.is_(None), IssuedBill.amount_fen == row.amount_fen
        paid = self.books.db.execute(update(IssuedBill).where(*open_still).values(posting_id=posting))
        if paid.rowcount != 1:  # type: ignore[attr-defined]
            raise RuntimeError("the bill was paid by another transaction although its row is locked")


def _bill_verdict(row: IssuedBill, bill: Bill) -> Verdict:
    if row.posting_id is not None:
        return Verdict("already_paid")
    return Verdict("bill_changed" if row.amount_fen != bill.amount_fen else "")
