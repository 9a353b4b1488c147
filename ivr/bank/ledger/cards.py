"""Accounts and cards: balances, movements, and the loss report that stops a card at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ivr.bank.core import Account, LossReport, Movement
from ivr.bank.instructions import Instruction
from ivr.bank.ledger.books import Books
from ivr.bank.limits import Verdict
from ivr.bank.models import BankAccount, BankCard, LedgerEntry, LedgerPosting
from ivr.db.locks import Lock, note_lock


@dataclass(frozen=True)
class Cards:
    """The account and card operations of the port."""

    books: Books

    def holder_of_card(self, card: str) -> str | None:
        """The customer who holds this card, whatever its state."""
        held = (
            select(BankAccount.customer_id).join(BankCard).where(BankCard.number_index == self.books.card_index(card))
        )
        return self.books.db.scalars(held).one_or_none()

    def accounts(self, customer_id: str) -> tuple[Account, ...]:
        """The customer's accounts in the order they were opened."""
        found = self.books.db.execute(
            select(BankAccount, BankCard)
            .join(BankCard)
            .where(BankAccount.customer_id == customer_id)
            .order_by(BankAccount.id)
        )
        return tuple(self._account(account, card) for account, card in found)

    def movements(self, customer_id: str, account: str, limit: int) -> tuple[Movement, ...]:
        """The newest movements first, ordered by the ledger's sequence, not by time."""
        row, _ = self.books.owned(customer_id, account)
        newest = self.books.db.execute(
            select(LedgerPosting.at, LedgerEntry.amount_fen, LedgerPosting.kind)
            .join(LedgerPosting, LedgerPosting.id == LedgerEntry.posting_id)
            .where(LedgerEntry.account_id == row.id)
            .order_by(LedgerEntry.posting_id.desc())
            .limit(limit)
        )
        return tuple(Movement(at, amount, kind) for at, amount, kind in newest)

    def report_loss(self, key: str, customer_id: str, card: str, until: datetime) -> LossReport:
        """Stop a card until this time; a valid report keeps its end. LookupError for another customer's card."""
        asked = Instruction(key, "loss", customer_id, 0, (card, until.isoformat()))
        self.books.lock_customer(customer_id)
        known = self.books.seen(asked)
        row = self._lock_card(customer_id, card)
        if known is None:
            known = self._report(asked, row, until)
        if known.until is None:
            raise RuntimeError("a report of loss without an end")
        return LossReport(card, known.until, not known.earlier, known.earlier or known.reference)

    def _report(self, asked: Instruction, card: BankCard, until: datetime) -> LedgerPosting:
        if self.books.card_state(card) == "lost":
            return self.books.record(asked, Verdict(until=card.lost_until), earlier=card.lost_reference)
        posting = self.books.record(asked, Verdict(until=until))
        card.lost_until, card.lost_reference = until, posting.reference
        self.books.db.flush()
        return posting

    def _lock_card(self, customer_id: str, card: str) -> BankCard:
        note_lock(self.books.db, Lock.BANK_CARD, self.books.card_index(card))
        theirs = (
            select(BankCard)
            .join(BankAccount)
            .where(BankCard.number_index == self.books.card_index(card), BankAccount.customer_id == customer_id)
            .with_for_update(key_share=True, of=BankCard)
        )
        row = self.books.db.scalars(theirs, execution_options={"populate_existing": True}).one_or_none()
        if row is None:
            raise LookupError("not a card of this customer")
        return row

    def _account(self, account: BankAccount, card: BankCard) -> Account:
        fen = account.balance_fen
        return Account(str(account.id), self.books.card_number(card), self.books.card_state(card), fen, fen)
